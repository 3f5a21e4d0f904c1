//! Cancelling: what was never sent ends here; what may be at the venue is asked for there.

use std::time::Duration;

use ordercast_model::{
    connection::Connection,
    ids::OrderId,
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::{
        broker::{Broker, CancelOutcome},
        store::{CommitError, StoreError, get},
    },
    tenant::TenantScope,
};

use crate::{
    context::Context,
    lane::{Follow, Job},
    reconcile,
    record::{Ending, Post},
};

use super::{JobError, access, after_end};

/// Wait before a cancel is asked for again after the credential was refused.
const REFUSED_WAIT: Duration = Duration::from_secs(60);

pub(super) async fn unsent(post: &Post<'_>, order: &Order, by: CancelledBy) -> Result<Follow, JobError> {
    let ending = Ending::new(OrderState::Cancelled, "cancelled", "Cancelled before it was sent").by(by);
    post.finish(order.id, ending).await?;
    Ok(after_end(order))
}

pub(super) async fn run(
    post: &Post<'_>,
    broker: &dyn Broker,
    id: OrderId,
    by: CancelledBy,
) -> Result<Follow, JobError> {
    let Some(order) = post.order(id).await? else {
        return Ok(Follow::nothing());
    };
    match order.state {
        OrderState::Queued => return unsent(post, &order, by).await,
        OrderState::Pending if !post.ctx.wire.may_have_left(&order) => {
            return unsent(post, &order, by).await;
        }
        // The venue may hold it: only the venue's word ends it.
        OrderState::Pending | OrderState::Submitted | OrderState::PartiallyFilled | OrderState::Unknown => {}
        _ => return Ok(Follow::nothing()),
    }
    post.cancel_requested(id, by).await?;
    let access = access(post).await?;
    let asked = broker.cancel_of(&access, order.client_order_id(), &order.request.instrument);
    let answer = post.ctx.helmsman.under_permit(asked).await;
    match answer.ok_or(JobError::NoHelm)? {
        CancelOutcome::Done(venue) => reconcile::venue_order(post, &venue).await,
        CancelOutcome::NotFound => Ok(Follow::at_once(Job::Resolve(id))),
        CancelOutcome::Unauthorised(why) => {
            post.unauthorised(&why).await?;
            Ok(Follow::after(post.ctx, REFUSED_WAIT, Job::Cancel(id, by)))
        }
        CancelOutcome::Unknown(_) if planted(Bug::CancelUnheard) => unsent(post, &order, by).await,
        CancelOutcome::Unknown(why) => {
            tracing::warn!(order = %id, why, "cancel: no definite answer, asking again");
            Ok(Follow::after(
                post.ctx,
                Duration::from_secs(2),
                Job::Cancel(id, by),
            ))
        }
    }
}

/// Asks for the cancel of an order: durable first, so that a restart repeats it, then in its lane. Safe to repeat.
///
/// # Errors
/// When the store does not answer; then nothing was asked.
pub(crate) async fn ask_cancel(ctx: &Context, order: &Order, by: CancelledBy) -> Result<(), CommitError> {
    let scope = TenantScope::of_user(order);
    let connection = order.connection_id.to_string();
    if let Some(connection) = get::<Connection>(ctx.store.as_ref(), &scope, &connection).await? {
        let post = Post {
            ctx,
            scope: &scope,
            connection: &connection,
        };
        post.cancel_requested(order.id, by)
            .await
            .map_err(|error| match error {
                JobError::Commit(error) => error,
                other => StoreError::Unavailable(other.to_string()).into(),
            })?;
    }
    ctx.lanes.push_for(order, Job::Cancel(order.id, by)).await;
    Ok(())
}
