//! The rest of a close that went before or after the regular session and was cancelled there: asked for once more, at the
//! market of the regular session. What stands in the store decides; a lot's version lets nothing be closed twice.

use ordercast_model::{
    ids::LotId,
    order::{
        identity::Leg,
        intent::{CancelledBy, Order, Stages},
        shape::OrderType,
        state::OrderState,
    },
    ports::{
        broker::Broker,
        store::{Batch, CommitError},
    },
    position::Lot,
};

use crate::{
    decide::{
        again,
        exit::{self, Exit},
        view::view_of,
    },
    execute::JobError,
    flatten,
    lane::{Follow, Job},
    protect,
    record::Post,
};

/// Numbers tried for one close; they lie beyond those of closes that somebody asked for.
const NUMBERS: std::ops::Range<u32> = 0x4000_0000..0x4000_0010;

/// The close whose rest is to be asked for again, if it is the newest one of its lot: cancelled by its time and not by
/// anybody, outside of the regular session.
fn left(orders: &[Order]) -> Option<&Order> {
    let closes = orders.iter().filter(|o| o.leg == Leg::Flatten);
    let newest = closes.max_by_key(|o| (o.created_at, o.id))?;
    let timed_out = newest.state == OrderState::Cancelled && newest.cancelled_by == Some(CancelledBy::System);
    (timed_out && newest.request.extended_hours && !newest.remaining().is_zero()).then_some(newest)
}

/// Asks for the rest of such a close. Safe to repeat: the new close is the newest one then.
pub(crate) async fn leave(
    post: &Post<'_>,
    broker: &dyn Broker,
    (lot, orders): (&Lot, &[Order]),
) -> Result<Follow, JobError> {
    let ctx = post.ctx;
    let (Some(before), Some(free)) = (left(orders), flatten::free_of(lot, orders)) else {
        return Ok(Follow::nothing());
    };
    let Some(market) = ctx.market(post.connection) else {
        return Err(JobError::NoBroker(post.connection.broker.clone()));
    };
    let limits = again::limits(ctx, post.scope, None).await?;
    let Some(account) = post.account().await? else {
        return Ok(Follow::nothing());
    };
    let Ok(view) = view_of(market.as_ref(), &lot.instrument, ctx.now()).await else {
        return Ok(soon(post, lot.id));
    };
    for number in NUMBERS {
        let exit = Exit {
            connection: post.connection,
            account: &account,
            lot,
            quantity: before.remaining().min(free),
            origin: before.origin,
            index: before.instruction,
            number,
            limits: &limits,
            order_type: OrderType::Market,
            regular_only: true,
            stages: Stages {
                received: Some(ctx.now()),
                ..Stages::default()
            },
            decision_id: None,
            note: before.note.as_deref(),
            follow_id: None,
            send_before: None,
        };
        let mut batch = Batch::new();
        let leaving = match exit::decide(ctx, &exit, &view, &mut batch) {
            Ok(leaving) => leaving,
            Err(why) => {
                tracing::warn!(lot = %lot.id, why, "the rest of a close waits");
                return Ok(soon(post, lot.id));
            }
        };
        match ctx.commit(post.scope.clone(), batch).await {
            Ok(()) => {}
            Err(CommitError::Duplicate { .. }) => continue,
            Err(CommitError::Conflict { .. }) => return Ok(Follow::at_once(Job::Leave(lot.id))),
            Err(error) => return Err(error.into()),
        }
        let mut follow = Follow::nothing();
        if let Some(approved) = leaving.approved {
            follow = protect::run(post, broker, lot.id).await?;
            follow.now.push(Job::Place(leaving.order.id, approved));
        }
        return Ok(follow);
    }
    Ok(Follow::nothing())
}

fn soon(post: &Post<'_>, lot: LotId) -> Follow {
    Follow::after(post.ctx, flatten::DATA_AWAY, Job::Leave(lot))
}
