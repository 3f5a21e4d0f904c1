//! Judging a stored order once more before it is sent: at the open, after a restart, when a level was touched.

use ordercast_model::{
    calendar,
    ids::OrderId,
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::broker::Broker,
};

use super::{JobError, after_end, hold, place};
use crate::{decide, lane::Follow, protect, record::Post};

/// Whether the session that an order was queued for is over, or the day when it was for the hours before one: it was to be sent in that one or not at all
/// (PRODUCT EX-12). A venue with hours of its own is not held to the exchange's.
fn missed(post: &Post<'_>, order: &Order) -> bool {
    let due = order.due_at;
    let end = due
        .and_then(calendar::end_of)
        .or_else(|| due.and_then(calendar::late_of));
    calendar::governs(order.request.instrument.class()) && end.is_some_and(|end| post.ctx.now() >= end)
}

pub(super) async fn run(post: &Post<'_>, broker: &dyn Broker, id: OrderId) -> Result<Follow, JobError> {
    let (Some(mut order), Some(intent)) = futures::try_join!(post.order(id), post.intent(id))? else {
        return Ok(Follow::nothing());
    };
    if order.leg.protects() {
        return Ok(after_end(&order));
    }
    if !matches!(
        order.state,
        OrderState::Queued | OrderState::Pending | OrderState::Unknown
    ) {
        return Ok(Follow::nothing());
    }
    if order.state == OrderState::Queued && order.cancel_requested {
        let by = order.cancelled_by.unwrap_or(CancelledBy::System);
        return super::cancel::unsent(post, &order, by).await;
    }
    if order.state == OrderState::Queued && missed(post, &order) {
        let why = "The session it was queued for has ended";
        return hold(post, broker, &order, why, OrderState::Expired, "market_closed").await;
    }
    match decide::again(post, &order, &intent).await? {
        decide::Again::Send(approved) => {
            if order.state == OrderState::Queued {
                match post.opened(id, approved.get(), &intent).await? {
                    Some(opened) => order = opened,
                    None => return Ok(Follow::nothing()),
                }
            }
            let room = protect::make_room(post, broker, &order).await?;
            let mut follow = place(post, broker, &order, &intent, &approved).await?;
            follow.add(room);
            Ok(follow)
        }
        decide::Again::Wait(until) => {
            // Its own open has passed: it was to be sent in that session or not at all (PRODUCT EX-12). What leaves waits
            // on within that session, however long the venue halts.
            // What was for the hours before a session may still wait for that session.
            let passed = |due| until > due && post.ctx.now() > due && !calendar::opens_that_day(due, until);
            let missed = order.leg.opens() && order.due_at.is_some_and(passed);
            if order.state == OrderState::Queued && !missed {
                post.amend(id, |o| o.due_at = Some(until)).await?;
                return Ok(Follow::nothing());
            }
            let why = "The market closed before the order could be sent";
            hold(post, broker, &order, why, OrderState::Expired, "market_closed").await
        }
        decide::Again::Refuse { state, code, message } => {
            hold(post, broker, &order, &message, state, &code).await
        }
    }
}
