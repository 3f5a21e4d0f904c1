//! What a lane does with a job: sends, cancels, protects. Every answer of a venue goes to `record` before anything
//! else happens; a missing answer makes the order unknown and is looked up, never sent blindly again.

mod cancel;
mod guard;
mod rejudge;
mod room;

pub(crate) use cancel::ask_cancel;
use room::Room;

use std::time::Duration;

use ordercast_model::{
    connection::Connection,
    gate::Approved,
    ids::ConnectionId,
    order::{
        intent::{CancelledBy, Intent, Order},
        shape::OrderRequest,
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::{
        broker::{Access, Broker, Dedupe, ErrorKind, NOTHING_HELD, NotSent, Sent},
        store::{CommitError, Query, StoreError, find, get},
    },
    tenant::TenantScope,
    time::Timestamp,
};

use crate::{
    context::Context,
    flatten,
    lane::{Follow, Job},
    protect, rate, reconcile,
    record::{Ending, Post},
    switchboard::{Concern, Flight},
};

/// Waits before a request that certainly had no effect is tried again (PRODUCT EX-04).
pub const RETRIES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];
/// Wait before a job is tried again while the store is away.
const STORE_AWAY: Duration = Duration::from_secs(1);

/// Why a job could not be done now.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The store refused or is away.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The credential does not open.
    #[error(transparent)]
    Vault(#[from] ordercast_model::ports::vault::VaultError),
    /// A figure does not fit.
    #[error(transparent)]
    Money(#[from] ordercast_model::money::MoneyError),
    /// The books refuse a fill.
    #[error("books: {0}")]
    Books(String),
    /// Another process decides and sends, or may by now.
    #[error("this process may not send: it does not hold the helm")]
    NoHelm,
    /// The adapter of this connection is not enabled.
    #[error("broker {0} is not enabled")]
    NoBroker(String),
}

/// Does one job. A job that could not be done because the store is away stays due: it is tried again.
pub async fn run(ctx: &Context, scope: &TenantScope, connection: ConnectionId, job: Job) -> Follow {
    let again = retry_of(&job);
    match attempt(ctx, scope, connection, job).await {
        Ok(follow) => follow,
        // Nothing is written down of it: what became of it is the next holder's to say.
        Err(JobError::NoHelm) => once_more(ctx, again),
        Err(error) => {
            tracing::error!(%connection, %error, "lane: job not done");
            once_more(ctx, again)
        }
    }
}

/// What to try later when a job fails half-way: every one of these finds its own way from the stored state.
pub(crate) fn retry_of(job: &Job) -> Job {
    match job {
        Job::Place(id, _) | Job::Rejudge(id) => Job::Rejudge(*id),
        Job::Resolve(id) => Job::Resolve(*id),
        Job::Protect(id) | Job::Touched(id, _) => Job::Protect(*id),
        Job::AfterTarget(id, target) => Job::AfterTarget(*id, *target),
        Job::Tidy(id) => Job::Tidy(*id),
        Job::Leave(id) => Job::Leave(*id),
        Job::Cancel(id, by) => Job::Cancel(*id, *by),
        Job::RateHit => Job::RateHit,
        Job::Check => Job::Check,
        Job::Sync | Job::Event(_) => Job::Sync,
    }
}

/// A job that came to nothing, a while later. A send that had begun is looked up: its first byte may have left.
pub(crate) fn once_more(ctx: &Context, job: Job) -> Follow {
    let job = match job {
        Job::Rejudge(id) if ctx.wire.has_begun(id) => Job::Resolve(id),
        job => job,
    };
    Follow::after(ctx, STORE_AWAY, job)
}

/// The rows of an order that is to be placed; nothing for other jobs.
async fn rows_of(
    ctx: &Context,
    scope: &TenantScope,
    job: &Job,
) -> Result<(Option<Order>, Option<Intent>), StoreError> {
    let Job::Place(id, _) = job else {
        return Ok((None, None));
    };
    let (store, key) = (ctx.store.as_ref(), id.to_string());
    let (order, intents) = futures::try_join!(
        get::<Order>(store, scope, &key),
        find::<Intent>(store, scope, Query::IntentOfOrder(*id)),
    )?;
    Ok((order, intents.into_iter().next()))
}

async fn attempt(ctx: &Context, scope: &TenantScope, id: ConnectionId, job: Job) -> Result<Follow, JobError> {
    let key = id.to_string();
    let (connection, rows) = futures::try_join!(
        get::<Connection>(ctx.store.as_ref(), scope, &key),
        rows_of(ctx, scope, &job)
    )?;
    let Some(connection) = connection else {
        return Ok(Follow::nothing());
    };
    let broker = ctx
        .broker(&connection)
        .ok_or_else(|| JobError::NoBroker(connection.broker.clone()))?
        .clone();
    let post = Post {
        ctx,
        scope,
        connection: &connection,
    };
    match job {
        Job::Place(_, approved) => match rows {
            (Some(order), Some(intent)) => place(&post, broker.as_ref(), &order, &intent, &approved).await,
            _ => Ok(Follow::nothing()),
        },
        Job::Rejudge(order) => rejudge::run(&post, broker.as_ref(), order).await,
        Job::Protect(lot) => protect::run(&post, broker.as_ref(), lot).await,
        Job::Touched(lot, quote) => protect::touched(&post, lot, &quote).await,
        Job::AfterTarget(lot, target) => protect::after_target(&post, lot, target).await,
        Job::Tidy(lot) => protect::tidy(&post, lot).await,
        Job::Leave(lot) => flatten::leave(&post, broker.as_ref(), lot).await,
        Job::Cancel(order, by) => cancel::run(&post, broker.as_ref(), order, by).await,
        Job::Resolve(order) => reconcile::resolve(&post, broker.as_ref(), order).await,
        Job::RateHit => rate::hit(&post).await,
        Job::Sync => reconcile::sync(&post, broker.as_ref()).await,
        Job::Check => reconcile::check(&post, broker.as_ref()).await,
        Job::Event(event) => reconcile::event(&post, event).await,
    }
}

/// Opens the credential for one broker call.
pub(crate) async fn access(post: &Post<'_>) -> Result<Access, JobError> {
    if !post.ctx.helmsman.may_send() {
        return Err(JobError::NoHelm);
    }
    Ok(post.ctx.vault.open(post.connection).await?)
}

/// Why an order may not leave now.
struct Held {
    state: OrderState,
    code: &'static str,
    why: String,
}

impl Held {
    fn stale() -> Self {
        Self {
            state: OrderState::Expired,
            code: "stale",
            why: "The signal grew too old before the order could be sent".to_owned(),
        }
    }
}

/// The last look before the wire: the signal's age, and the switches (for what closes, a freeze only). Nothing may wait between this
/// answer and the first byte.
fn last_look<'a>(
    post: &Post<'a>,
    order: &Order,
    intent: &Intent,
    concern: &Concern,
) -> Result<Flight<'a>, Held> {
    let now = post.ctx.now();
    if intent.send_before.is_some_and(|end| now > end) && !planted(Bug::SendStale) {
        return Err(Held::stale());
    }
    let opens = order.leg.opens() && !planted(Bug::ForgetTheKill);
    match post.ctx.switchboard.depart(concern, opens) {
        Ok(flight) => Ok(flight),
        Err(switches) => {
            let why = switches.first().map_or_else(String::new, |switch| {
                format!(
                    "Trading is stopped by {} since {}: {}",
                    switch.by, switch.since, switch.reason
                )
            });
            Err(Held {
                state: OrderState::Denied,
                code: "killed",
                why,
            })
        }
    }
}

async fn place(
    post: &Post<'_>,
    broker: &dyn Broker,
    order: &Order,
    intent: &Intent,
    approved: &Approved<OrderRequest>,
) -> Result<Follow, JobError> {
    let id = order.id;
    let sendable = match order.state {
        OrderState::Pending => true,
        // Sent before: only a venue that takes the same id once may be asked again.
        OrderState::Unknown => {
            broker.capabilities().client_id_dedupe == Dedupe::Always || planted(Bug::ResubmitOnTimeout)
        }
        _ => false,
    };
    if !sendable || order.cancel_requested {
        return Ok(match order.state {
            OrderState::Pending | OrderState::Unknown => {
                Follow::after(post.ctx, Duration::from_secs(1), Job::Resolve(id))
            }
            _ => Follow::nothing(),
        });
    }
    if order.state == OrderState::Pending
        && let Some(wait) = protect::clear_way(post, order).await?
    {
        return Ok(wait);
    }
    if guard::exceeds(post, order, intent, approved.get()).await? {
        return Ok(after_end(order));
    }
    let besides = match room::make(post, broker, order).await? {
        Room::Made(besides) => besides,
        Room::None(instead) => return Ok(instead),
    };
    let durable_at = post.ctx.now();
    let (community, access) = futures::join!(post.community(order), access(post));
    let (community, access) = (community?, access?);
    let concern = Concern {
        provider: order.provider_id,
        user: Some(order.user_id),
        connection: Some(order.connection_id),
        follow: intent.follow_id,
        community,
    };
    let flight = match last_look(post, order, intent, &concern) {
        Ok(flight) => flight,
        Err(held) => return hold(post, broker, order, &held.why, held.state, held.code).await,
    };
    let sent_at = post.ctx.now();
    let repeats = may_be_on_its_way(post, broker, order);
    let inherited = post.ctx.wire.is_inherited(id);
    post.ctx.wire.leaves(id, post.ctx.clock.monotonic());
    let sent = tokio::select! {
        biased;
        () = flight.stopped() => Some(Sent::Unknown("stopped while it was being sent".to_owned())),
        sent = post.ctx.helmsman.under_permit(broker.place(&access, approved)) => sent,
    };
    drop(flight);
    let sent = sent.ok_or(JobError::NoHelm)?;
    let sent = weigh(sent, repeats, &access);
    if let Sent::NotSent(NotSent::Wait { after, .. }) = &sent {
        let mut follow = turn(post, order, intent, *after, inherited);
        follow.add(besides);
        return Ok(follow);
    }
    post.ctx.wire.leaves(id, post.ctx.clock.monotonic());
    let mut follow = settle(post, broker, order, sent, (durable_at, sent_at)).await?;
    post.ctx.wire.written(id);
    follow.add(besides);
    Ok(follow)
}

/// What an answer is worth: a refusal of a repeat says nothing of what was asked before it, which may arrive yet.
fn weigh(sent: Sent, repeats: bool, access: &Access) -> Sent {
    match sent {
        Sent::Rejected(refusal) if repeats => Sent::Unknown(refusal.message),
        Sent::Unknown(why) if planted(Bug::TellTheSecret) => {
            Sent::Unknown(access.fields.values().fold(why, |why, f| why + f.expose()))
        }
        sent => sent,
    }
}

/// Writes down what became of a send.
async fn settle(
    post: &Post<'_>,
    broker: &dyn Broker,
    order: &Order,
    sent: Sent,
    (durable_at, sent_at): (Timestamp, Timestamp),
) -> Result<Follow, JobError> {
    let id = order.id;
    match sent {
        Sent::Accepted(venue) => {
            post.accepted(order, &venue, Some((durable_at, sent_at))).await?;
            Ok(if venue.state.is_final() {
                Follow::after(post.ctx, Duration::from_secs(2), Job::Resolve(id))
            } else {
                Follow::nothing()
            })
        }
        // An order of this id is there already: it is looked up and adopted (BR-28).
        Sent::Rejected(refusal) if refusal.kind == ErrorKind::DuplicateClientId => {
            post.unknown(id, sent_at, &refusal.message).await?;
            Ok(Follow::at_once(Job::Resolve(id)))
        }
        Sent::Rejected(refusal) if order.request.reduce_only && refusal.code == NOTHING_HELD => {
            let words = "Nothing is left to close: its protection filled first";
            let ending =
                Ending::new(OrderState::Cancelled, "nothing_to_close", words).by(CancelledBy::System);
            post.finish(id, ending.sent(sent_at)).await?;
            Ok(after_end(order))
        }
        Sent::Rejected(refusal) => {
            let message = format!("Broker refused: {}", refusal.message);
            let ending = Ending::new(OrderState::Rejected, refusal.kind.code(), &message).sent(sent_at);
            post.finish(id, ending).await?;
            Ok(after_end(order))
        }
        Sent::NotSent(NotSent::Retry { after, why } | NotSent::Wait { after, why }) => {
            retry(post, broker, order, after, &why).await
        }
        Sent::NotSent(NotSent::Unauthorised(why)) => {
            post.unauthorised(&why).await?;
            let message = format!("Not submitted: reconnect your broker ({why})");
            hold(post, broker, order, &message, OrderState::Rejected, "auth_failed").await
        }
        Sent::NotSent(NotSent::Unsupported(why)) => {
            let message = format!("Not submitted: {why}");
            hold(post, broker, order, &message, OrderState::Rejected, "unsupported").await
        }
        Sent::Unknown(why) => {
            post.unknown(id, sent_at, &why).await?;
            let wait = RETRIES.get(order.attempts as usize).copied();
            let wait = wait.unwrap_or(Duration::from_secs(1));
            if planted(Bug::ResubmitOnTimeout) {
                return Ok(Follow::after(post.ctx, wait, Job::Rejudge(id)));
            }
            Ok(Follow::after(post.ctx, wait, Job::Resolve(id)))
        }
    }
}

/// Whether an earlier send of it may still come to light: its outcome is unknown, or whoever decided it was cut off and the
/// venue's window has not passed since.
fn may_be_on_its_way(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> bool {
    let inherited = order.state == OrderState::Pending && post.ctx.wire.is_inherited(order.id);
    order.state == OrderState::Unknown || (inherited && !reconcile::is_certain(post, broker, order))
}

/// Ends an order that may not be sent. One that may have reached the venue before is looked up to the end first.
async fn hold(
    post: &Post<'_>,
    broker: &dyn Broker,
    order: &Order,
    why: &str,
    state: OrderState,
    code: &str,
) -> Result<Follow, JobError> {
    if may_be_on_its_way(post, broker, order) {
        return reconcile::unsent(post, broker, order).await;
    }
    post.finish(order.id, Ending::new(state, code, why)).await?;
    Ok(after_end(order))
}

/// What we may ask of the vendor is used up: judged again when its turn comes, and in any case when it grows too old (PRODUCT
/// BR-21). Waiting is no attempt.
fn turn(post: &Post<'_>, order: &Order, intent: &Intent, after: Duration, inherited: bool) -> Follow {
    // As if it had not been tried: what another process may have sent is still not known.
    if inherited {
        post.ctx.wire.over(order.id);
    } else {
        post.ctx.wire.written(order.id);
    }
    let now = post.ctx.now();
    let rest = intent
        .send_before
        .map(|end| end.since(now) + Duration::from_millis(1));
    let wait = rest.map_or(after, |rest| rest.min(after));
    let job = if order.state == OrderState::Unknown {
        Job::Resolve(order.id)
    } else {
        Job::Rejudge(order.id)
    };
    Follow::after(post.ctx, wait, job)
}

/// A request that certainly had no effect: tried again after 1, 2, 4 s, then ended.
async fn retry(
    post: &Post<'_>,
    broker: &dyn Broker,
    order: &Order,
    after: Duration,
    why: &str,
) -> Result<Follow, JobError> {
    let Some(wait) = RETRIES.get(order.attempts as usize) else {
        let message = format!("Not submitted: {why}");
        return hold(post, broker, order, &message, OrderState::Rejected, "venue_down").await;
    };
    post.attempted(order.id).await?;
    let job = if order.state == OrderState::Unknown {
        Job::Resolve(order.id)
    } else {
        Job::Rejudge(order.id)
    };
    Ok(Follow::after(post.ctx, (*wait).max(after), job))
}

/// What must be looked at once an order has ended without filling: the lot it belongs to.
pub(crate) fn after_end(order: &Order) -> Follow {
    let Some(lot) = order.lot_id else {
        return Follow::nothing();
    };
    let mut follow = Follow::at_once(Job::Protect(lot));
    // Its rest may have to be asked for once more.
    let may_rest = order.leg.leaves() && order.request.extended_hours;
    follow.now.extend(may_rest.then_some(Job::Leave(lot)));
    follow
}
