//! Cancelling by hand: one own order, or every entry that works.

use ordercast_model::{
    connection::Connection,
    ids::OrderId,
    order::intent::{CancelledBy, Order},
    ports::store::{Query, find, get},
    tenant::TenantScope,
    user::User,
};

use super::ManualError;
use crate::{context::Context, execute::ask_cancel};

/// Cancels an own order. Safe to repeat while it works.
///
/// # Errors
/// When it is not the user's, or has ended already.
pub async fn cancel(ctx: &Context, user: &User, id: OrderId) -> Result<Order, ManualError> {
    let scope = TenantScope::of_user(user);
    let found = get::<Order>(ctx.store.as_ref(), &scope, &id.to_string()).await?;
    let order = found.ok_or(ManualError::NotFound)?;
    if order.state.is_final() {
        return Err(ManualError::AlreadyFinal(Box::new(order)));
    }
    ask_cancel(ctx, &order, CancelledBy::User).await?;
    Ok(order)
}

/// Cancels every own entry that works; protection stays. Safe to repeat.
///
/// # Errors
/// When the store is away.
pub async fn cancel_all(ctx: &Context, user: &User) -> Result<Vec<Order>, ManualError> {
    let scope = TenantScope::of_user(user);
    let mut cancelled = Vec::new();
    for connection in find::<Connection>(ctx.store.as_ref(), &scope, Query::Connections).await? {
        let query = Query::OrdersOpen(connection.id);
        for order in find::<Order>(ctx.store.as_ref(), &scope, query).await? {
            if order.leg.opens() {
                ask_cancel(ctx, &order, CancelledBy::User).await?;
                cancelled.push(order);
            }
        }
    }
    Ok(cancelled)
}
