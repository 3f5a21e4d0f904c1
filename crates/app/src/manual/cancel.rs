//! Cancelling by hand: one own order, or every entry that works.

use ordercast_model::{
    connection::Connection,
    gate::{Breach, RuleId},
    ids::OrderId,
    limits::LimitOwner,
    order::intent::{CancelledBy, Order},
    ports::store::{Query, find, get},
    tenant::TenantScope,
    user::User,
};

use super::ManualError;
use crate::{context::Context, decide::again::limits, execute::ask_cancel};

/// Cancels an own order. Safe to repeat while it works.
///
/// # Errors
/// When it is not the user's, has ended already, or protects what is held while the user's limits demand a stop: one
/// leg takes its pair with it at the venue, and nothing may be left without a stop.
pub async fn cancel(ctx: &Context, user: &User, id: OrderId) -> Result<Order, ManualError> {
    let scope = TenantScope::of_user(user);
    let found = get::<Order>(ctx.store.as_ref(), &scope, &id.to_string()).await?;
    let order = found.ok_or(ManualError::NotFound)?;
    if order.state.is_final() {
        return Err(ManualError::AlreadyFinal(Box::new(order)));
    }
    if (order.leg.protects() || order.leg.triggered())
        && limits(ctx, &scope, None).await?.limits.stop_required
    {
        return Err(ManualError::Denied(vec![Breach {
            rule: RuleId::StopRequired,
            message: format!(
                "This {} protects what you hold and your settings require a stop: close the position instead",
                order.leg
            ),
            limit: None,
            actual: None,
            whose: Some(LimitOwner::User),
            skip: None,
        }]));
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
