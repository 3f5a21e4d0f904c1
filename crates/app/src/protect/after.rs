//! What follows a fill of a protected lot: the stop moves to break-even, entries and exits of a flat lot are cancelled.

use ordercast_model::{
    ids::LotId,
    order::intent::{CancelledBy, Order},
    ports::store::{Batch, CommitError, Query, find, get},
    position::Lot,
};
use ordercast_rules::protect as rules;

use crate::{
    execute::JobError,
    lane::{Follow, Job},
    record::Post,
};

/// Moves the stop to the average entry after a target, once (PRODUCT EX-14). Safe to repeat.
pub async fn after_target(post: &Post<'_>, id: LotId, target: u32) -> Result<Follow, JobError> {
    loop {
        let Some(lot) = get::<Lot>(post.ctx.store.as_ref(), post.scope, &id.to_string()).await? else {
            return Ok(Follow::nothing());
        };
        let Some(mut next) = rules::after_target(&lot, target) else {
            return Ok(Follow::nothing());
        };
        next.version = lot.version + 1;
        next.updated_at = post.ctx.now();
        let mut batch = Batch::new();
        batch.update(next);
        match post.ctx.commit(post.scope.clone(), batch).await {
            Ok(()) => return Ok(Follow::at_once(Job::Protect(id))),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Cancels entries and exits that still work for a lot that was closed (PRODUCT EX-16). Safe to repeat.
pub async fn tidy(post: &Post<'_>, id: LotId) -> Result<Follow, JobError> {
    let orders = find::<Order>(post.ctx.store.as_ref(), post.scope, Query::OrdersOfLot(id)).await?;
    let mut follow = Follow::nothing();
    for order in orders {
        let due = order.leg.opens() || order.leg.triggered();
        if due && !order.state.is_final() && !order.cancel_requested {
            follow.now.push(Job::Cancel(order.id, CancelledBy::System));
        }
    }
    follow.now.push(Job::Protect(id));
    Ok(follow)
}
