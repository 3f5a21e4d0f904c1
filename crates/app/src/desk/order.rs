//! Orders and their lives.

use ordercast_model::{
    ids::OrderId,
    journal::entry::Chained,
    order::{
        intent::{Fill, Order},
        state::OrderState,
    },
    ports::store::{Page, Query, find, get},
    tenant::TenantScope,
    user::User,
};

use super::DeskError;
use crate::context::Context;

/// Journal entries read at a time while looking for an order's own.
const STEP_BATCH: u32 = 500;
/// Batches looked through at most: an order's entries stand close to its creation.
const STEP_BATCHES_MAX: u32 = 40;

/// The life of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The order.
    pub order: Order,
    /// Journal entries about it, oldest first.
    pub steps: Vec<Chained>,
    /// Its fills, oldest first.
    pub fills: Vec<Fill>,
}

/// Orders of the user, newest first; in one state when asked. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(
    ctx: &Context,
    user: &User,
    state: Option<OrderState>,
    page: Page,
) -> Result<Vec<Order>, DeskError> {
    let query = Query::Orders(state.map(|s| s.code().to_owned()), page);
    Ok(find::<Order>(ctx.store.as_ref(), &TenantScope::of_user(user), query).await?)
}

/// One order. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: OrderId) -> Result<Order, DeskError> {
    get::<Order>(ctx.store.as_ref(), &TenantScope::of_user(user), &id.to_string())
        .await?
        .ok_or(DeskError::NotFound)
}

/// Orders that may still fill, of every connection, oldest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn open(ctx: &Context, user: &User) -> Result<Vec<Order>, DeskError> {
    let scope = TenantScope::of_user(user);
    let mut orders = Vec::new();
    for connection in super::connection::list(ctx, user).await? {
        orders.extend(find::<Order>(ctx.store.as_ref(), &scope, Query::OrdersOpen(connection.id)).await?);
    }
    orders.sort_by_key(|order| order.id);
    Ok(orders)
}

/// The life of one order. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn timeline(ctx: &Context, user: &User, id: OrderId) -> Result<Timeline, DeskError> {
    let order = one(ctx, user, id).await?;
    let scope = TenantScope::of_user(user);
    let fills = find::<Fill>(ctx.store.as_ref(), &scope, Query::FillsOfOrder(id)).await?;
    let steps = steps(ctx, &scope, &order).await?;
    Ok(Timeline { order, steps, fills })
}

async fn steps(ctx: &Context, scope: &TenantScope, order: &Order) -> Result<Vec<Chained>, DeskError> {
    let mut found = Vec::new();
    let mut before = None;
    for _ in 0..STEP_BATCHES_MAX {
        let batch = ctx.store.of_user(scope, before, None, STEP_BATCH).await?;
        let full = batch.len() >= usize::try_from(STEP_BATCH).unwrap_or(usize::MAX);
        let oldest = batch.last().map(|c| (c.seq, c.entry.at));
        found.extend(
            batch
                .into_iter()
                .filter(|c| c.entry.links.order == Some(order.id)),
        );
        match oldest {
            Some((seq, at)) if full && at >= order.created_at => before = Some(seq),
            _ => break,
        }
    }
    found.reverse();
    Ok(found)
}
