//! The last guard before a send: never more than was meant.

use ordercast_model::order::{
    intent::{Intent, Order},
    shape::OrderRequest,
    state::OrderState,
};

use super::JobError;
use crate::{
    alert,
    record::{Ending, Post},
    switch,
};

/// More than was meant must never leave (PRODUCT RK-27). Cannot happen; if it does, the account stops.
pub(super) async fn exceeds(
    post: &Post<'_>,
    order: &Order,
    intent: &Intent,
    sealed: &OrderRequest,
) -> Result<bool, JobError> {
    let meant = &order.request;
    let most = meant.quantity.min(intent.request.quantity);
    if sealed.quantity <= most && sealed.client_order_id == meant.client_order_id {
        return Ok(false);
    }
    let why = "Internal safety stop: more sent than intended";
    tracing::error!(order = %order.id, sealed = %sealed.quantity, meant = %meant.quantity, why);
    switch::lock(post.ctx, post.connection, why).await?;
    let told = format!(
        "{why}: order {} of {}, {most} were meant",
        order.id, sealed.quantity
    );
    alert::admins(post.ctx, post.connection, &told).await?;
    post.finish(order.id, Ending::new(OrderState::Denied, "RK-27", why))
        .await?;
    Ok(true)
}
