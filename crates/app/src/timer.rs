//! What falls due: queued orders at the open, rests of partial fills, entries past their time, unanswered cards, limits
//! that are to be loosened, counts of deliveries over a quota, what kills cancel, and points of curves that grew old.
//! Works from the store, so that a restart forgets nothing.

use std::time::Duration;

use ordercast_model::{
    connection::{Connection, Health},
    decision::Approval,
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::store::{Page, StoreError, SystemQuery, find_any},
    tenant::SystemScope,
};
use tokio_util::sync::CancellationToken;

use crate::{
    approve, context::Context, curve::Thinner, desk::loosening, flatten, hook::overflow, lane::Job,
    switch::sweep,
};

/// How often due work is looked for.
const EVERY: Duration = Duration::from_millis(250);
/// How often what a kill or a lock closes, and limits that came into force, are looked for.
const LEAVE_EVERY: Duration = Duration::from_secs(2);
/// How often points of equity curves are looked for that grew old.
const THIN_EVERY: Duration = Duration::from_secs(60);
/// How often connections are looked for that are to be checked.
const HEALTH_LOOK: Duration = Duration::from_secs(5);
/// Rows taken at once.
const PAGE: u32 = 500;

/// Runs until the token is cancelled.
pub async fn run(ctx: Context, stop: CancellationToken) {
    futures::join!(rounds(&ctx, &stop), sweep::run(&ctx, &stop));
}

async fn rounds(ctx: &Context, stop: &CancellationToken) {
    let mut leave_at = ctx.now();
    let (mut thinner, mut thin_at) = (Thinner::default(), ctx.now().plus(THIN_EVERY));
    while !stop.is_cancelled() {
        if let Err(error) = round(ctx).await {
            tracing::warn!(%error, "due work waits");
        }
        if ctx.now() >= leave_at {
            leave_at = ctx.now().plus(LEAVE_EVERY);
            if let Err(error) = flatten::round(ctx).await {
                tracing::warn!(%error, "what is to be closed waits");
            }
            if let Err(error) = loosening::due(ctx).await {
                tracing::warn!(%error, "limits that came into force are written down later");
            }
        }
        if ctx.now() >= thin_at {
            thin_at = ctx.now().plus(THIN_EVERY);
            if let Err(error) = thinner.round(ctx).await {
                tracing::warn!(%error, "old points of equity curves stay for now");
            }
        }
        let next = ctx.clock.sleep_until(ctx.now().plus(EVERY));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = next => {}
        }
    }
}

/// What also a process does that decides nothing: it says what it counted, and forgets the messages another deals with.
pub async fn stand_by(ctx: &Context) {
    overflow::flush(ctx).await;
    ctx.backlog.remove(0, true);
}

/// Hands everything due to its lane. Safe to repeat: what is no longer due is left alone there.
///
/// # Errors
/// When the store is away.
pub async fn round(ctx: &Context) -> Result<(), StoreError> {
    overflow::flush(ctx).await;
    let system = SystemScope::housekeeping("due work of every tenant");
    let now = ctx.now();
    let mut page = Page::first(PAGE);
    loop {
        let due = find_any::<Order>(ctx.store.as_ref(), system, SystemQuery::OrdersDue(now, page)).await?;
        let Some(last) = due.last().map(|o| o.id.to_string()) else {
            break;
        };
        for order in &due {
            let job = match order.state {
                OrderState::Queued => Job::Rejudge(order.id),
                OrderState::Submitted | OrderState::PartiallyFilled if !order.cancel_requested => {
                    Job::Cancel(order.id, CancelledBy::System)
                }
                _ => continue,
            };
            ctx.lanes.push_for(order, job).await;
        }
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
    for approval in find_any::<Approval>(ctx.store.as_ref(), system, SystemQuery::ApprovalsDue(now)).await? {
        if let Err(error) = approve::expire(ctx, &approval).await {
            tracing::warn!(approval = %approval.id, %error, "card not expired, to be tried again");
        }
    }
    Ok(())
}

/// Asks every venue for account, fills and working orders each `every` (PRODUCT EX-19), and once at start before
/// anything new is sent (EX-22).
pub async fn sync(ctx: Context, every: Duration, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let asked = each(&ctx, || Job::Sync, |c| c.health != Health::Unauthorised);
        if let Err(error) = asked.await {
            tracing::warn!(%error, "connections not synchronised");
        }
        let next = ctx.clock.sleep_until(ctx.now().plus(every));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = next => {}
        }
    }
}

/// Queues a comparison with the venue for every connection in use, also where the credential was refused before.
///
/// # Errors
/// When the store is away.
pub async fn sync_all(ctx: &Context) -> Result<(), StoreError> {
    each(ctx, || Job::Sync, |_| true).await
}

/// Asks whether connections work that nothing was heard of for `every` (PRODUCT BR-22). Where the credential was refused
/// nobody asks again until its user does.
pub async fn health(ctx: Context, every: Duration, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let now = ctx.clock.monotonic();
        let due = |c: &Connection| c.health != Health::Unauthorised && ctx.pulse.is_due(c.id, every, now);
        if let Err(error) = each(&ctx, || Job::Check, due).await {
            tracing::warn!(%error, "connections not checked");
        }
        let next = ctx.clock.sleep_until(ctx.now().plus(HEALTH_LOOK));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = next => {}
        }
    }
}

/// Queues a job for every connection in use that is wanted.
async fn each(
    ctx: &Context,
    job: impl Fn() -> Job,
    wanted: impl Fn(&Connection) -> bool,
) -> Result<(), StoreError> {
    let system = SystemScope::housekeeping("every connection is compared with its venue");
    let mut page = Page::first(PAGE);
    loop {
        let found =
            find_any::<Connection>(ctx.store.as_ref(), system, SystemQuery::Connections(page)).await?;
        let Some(last) = found.last().map(|c| c.id.to_string()) else {
            return Ok(());
        };
        for connection in found.iter().filter(|c| wanted(c)) {
            ctx.lanes.push_for(connection, job()).await;
        }
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}
