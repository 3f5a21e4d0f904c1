//! What a lane does with a job: sends, cancels, protects. Every answer of a venue goes to `record` before anything
//! else happens; a missing answer makes the order unknown and is looked up, never sent blindly again.

use std::time::Duration;

use ordercast_model::{
    connection::Connection,
    gate::Approved,
    ids::{ConnectionId, OrderId},
    journal::kind::Kind,
    order::{
        intent::{CancelledBy, Order},
        shape::OrderRequest,
        state::OrderState,
    },
    ports::{
        broker::{Access, Broker, CancelOutcome, Dedupe, NotSent, Sent},
        store::{CommitError, get},
    },
    tenant::TenantScope,
};

use crate::{
    context::Context,
    decide,
    lane::{Follow, Job},
    protect, reconcile,
    record::{Ending, Post},
    switchboard::Concern,
};

/// Waits before a request that certainly had no effect is tried again (PRODUCT EX-04).
pub const RETRIES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];
/// What a venue answers to a reduce-only order when nothing is held any more.
const NOTHING_HELD: &str = "exceeds_position";
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
    Store(#[from] ordercast_model::ports::store::StoreError),
    /// The credential does not open.
    #[error(transparent)]
    Vault(#[from] ordercast_model::ports::vault::VaultError),
    /// A figure does not fit.
    #[error(transparent)]
    Money(#[from] ordercast_model::money::MoneyError),
    /// The books refuse a fill.
    #[error("books: {0}")]
    Books(String),
    /// The adapter of this connection is not enabled.
    #[error("broker {0} is not enabled")]
    NoBroker(String),
}

/// Does one job. A job that could not be done because the store is away stays due: it is tried again.
pub async fn run(ctx: &Context, scope: &TenantScope, connection: ConnectionId, job: Job) -> Follow {
    let again = retry_of(&job);
    match attempt(ctx, scope, connection, job).await {
        Ok(follow) => follow,
        Err(error) => {
            tracing::error!(%connection, %error, "lane: job not done");
            again.map_or_else(Follow::nothing, |job| Follow::after(ctx, STORE_AWAY, job))
        }
    }
}

/// What to try later when a job fails half-way: every one of these finds its own way from the stored state.
fn retry_of(job: &Job) -> Option<Job> {
    match job {
        Job::Place(id, _) | Job::Rejudge(id) => Some(Job::Rejudge(*id)),
        Job::Protect(id) => Some(Job::Protect(*id)),
        Job::AfterTarget(id, target) => Some(Job::AfterTarget(*id, *target)),
        Job::Tidy(id) => Some(Job::Tidy(*id)),
        Job::Cancel(id, by) => Some(Job::Cancel(*id, *by)),
        Job::Resolve(id) => Some(Job::Resolve(*id)),
        Job::Sync | Job::Event(_) => Some(Job::Sync),
    }
}

async fn attempt(ctx: &Context, scope: &TenantScope, id: ConnectionId, job: Job) -> Result<Follow, JobError> {
    let Some(connection) = get::<Connection>(ctx.store.as_ref(), scope, &id.to_string()).await? else {
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
        Job::Place(order, approved) => place(&post, broker.as_ref(), order, &approved).await,
        Job::Rejudge(order) => rejudge(&post, broker.as_ref(), order).await,
        Job::Protect(lot) => protect::run(&post, broker.as_ref(), lot).await,
        Job::AfterTarget(lot, target) => protect::after_target(&post, lot, target).await,
        Job::Tidy(lot) => protect::tidy(&post, lot).await,
        Job::Cancel(order, by) => cancel(&post, broker.as_ref(), order, by).await,
        Job::Resolve(order) => reconcile::resolve(&post, broker.as_ref(), order).await,
        Job::Sync => reconcile::sync(&post, broker.as_ref()).await,
        Job::Event(event) => reconcile::event(&post, event).await,
    }
}

/// Opens the credential for one broker call.
pub(crate) async fn access(post: &Post<'_>) -> Result<Access, JobError> {
    Ok(post.ctx.vault.open(post.connection).await?)
}

/// The last look before the wire: the signal's age and the switches.
async fn last_look(post: &Post<'_>, order: &Order) -> Result<bool, JobError> {
    if !order.leg.opens() {
        return Ok(true);
    }
    let now = post.ctx.now();
    let intent = post.intent(order.id).await?;
    if intent
        .as_ref()
        .and_then(|i| i.send_before)
        .is_some_and(|end| now > end)
    {
        let why = "The signal grew too old before the order could be sent";
        post.finish(order.id, Ending::new(OrderState::Expired, "stale", why))
            .await?;
        return Ok(false);
    }
    let concern = Concern {
        provider: order.provider_id,
        user: Some(order.user_id),
        connection: Some(order.connection_id),
        follow: intent.as_ref().and_then(|i| i.follow_id),
        community: post.community(order).await?,
    };
    if let Some(switch) = post.ctx.switchboard.covering(&concern).first() {
        let why = format!(
            "Trading is stopped by {} since {}: {}",
            switch.by, switch.since, switch.reason
        );
        post.finish(order.id, Ending::new(OrderState::Denied, "killed", &why))
            .await?;
        return Ok(false);
    }
    Ok(true)
}

async fn place(
    post: &Post<'_>,
    broker: &dyn Broker,
    id: OrderId,
    approved: &Approved<OrderRequest>,
) -> Result<Follow, JobError> {
    let Some(order) = post.order(id).await? else {
        return Ok(Follow::nothing());
    };
    let dedupes = broker.capabilities().client_id_dedupe == Dedupe::Always;
    let sendable = match order.state {
        OrderState::Pending => true,
        // Looked up while it still waited here, or sent before at a venue that takes the same id once.
        OrderState::Unknown => dedupes || order.attempts == 0,
        _ => false,
    };
    if !sendable || order.cancel_requested {
        return Ok(Follow::nothing());
    }
    if !last_look(post, &order).await? {
        return Ok(after_end(&order));
    }
    let durable_at = post.ctx.now();
    let access = access(post).await?;
    let sent_at = post.ctx.now();
    let sent = broker.place(&access, approved).await;
    match sent {
        Sent::Accepted(venue) => {
            post.accepted(id, &venue, Some((durable_at, sent_at))).await?;
            Ok(if venue.state.is_final() {
                Follow::after(post.ctx, Duration::from_secs(2), Job::Resolve(id))
            } else {
                Follow::nothing()
            })
        }
        Sent::Rejected(refusal) if order.request.reduce_only && refusal.code == NOTHING_HELD => {
            let words = "Nothing is left to close: its protection filled first";
            let ending =
                Ending::new(OrderState::Cancelled, "nothing_to_close", words).by(CancelledBy::System);
            post.finish(id, ending.sent(sent_at)).await?;
            Ok(after_end(&order))
        }
        Sent::Rejected(refusal) => {
            let message = format!("Broker refused: {}", refusal.message);
            let ending = Ending::new(OrderState::Rejected, refusal.kind.code(), &message).sent(sent_at);
            post.finish(id, ending).await?;
            Ok(after_end(&order))
        }
        Sent::NotSent(NotSent::Retry { after, why }) => retry(post, &order, after, &why).await,
        Sent::NotSent(NotSent::Unauthorised(why)) => {
            post.unauthorised(&why).await?;
            let message = format!("Not submitted: reconnect your broker ({why})");
            post.finish(id, Ending::new(OrderState::Rejected, "auth_failed", &message))
                .await?;
            Ok(after_end(&order))
        }
        Sent::NotSent(NotSent::Unsupported(why)) => {
            let message = format!("Not submitted: {why}");
            post.finish(id, Ending::new(OrderState::Rejected, "unsupported", &message))
                .await?;
            Ok(after_end(&order))
        }
        Sent::Unknown(why) => {
            post.unknown(id, sent_at, &why).await?;
            Ok(Follow::after(post.ctx, Duration::from_secs(1), Job::Resolve(id)))
        }
    }
}

/// A request that certainly had no effect: tried again after 1, 2, 4 s, then ended.
async fn retry(post: &Post<'_>, order: &Order, after: Duration, why: &str) -> Result<Follow, JobError> {
    let wait = RETRIES.get(order.attempts as usize).copied();
    match wait {
        Some(wait) => {
            post.attempted(order.id).await?;
            Ok(Follow::after(post.ctx, wait.max(after), Job::Rejudge(order.id)))
        }
        None => {
            let message = format!("Not submitted: {why}");
            post.finish(
                order.id,
                Ending::new(OrderState::Rejected, "venue_down", &message),
            )
            .await?;
            Ok(after_end(order))
        }
    }
}

/// What must be looked at once an order has ended without filling: the lot it belongs to.
pub(crate) fn after_end(order: &Order) -> Follow {
    order
        .lot_id
        .map_or_else(Follow::nothing, |lot| Follow::at_once(Job::Protect(lot)))
}

async fn rejudge(post: &Post<'_>, broker: &dyn Broker, id: OrderId) -> Result<Follow, JobError> {
    let Some(order) = post.order(id).await? else {
        return Ok(Follow::nothing());
    };
    if order.leg.protects() {
        return Ok(order
            .lot_id
            .map_or_else(Follow::nothing, |lot| Follow::at_once(Job::Protect(lot))));
    }
    if !matches!(
        order.state,
        OrderState::Queued | OrderState::Pending | OrderState::Unknown
    ) {
        return Ok(Follow::nothing());
    }
    let Some(intent) = post.intent(id).await? else {
        return Ok(Follow::nothing());
    };
    match decide::again(post, &order, &intent).await? {
        decide::Again::Send(approved) => {
            if order.state == OrderState::Queued {
                post.step(id, OrderState::Pending, Kind::OrderResolved, |o| o.due_at = None)
                    .await?;
            }
            place(post, broker, id, &approved).await
        }
        decide::Again::Wait(until) => {
            if order.state == OrderState::Queued {
                post.amend(id, |o| o.due_at = Some(until)).await?;
                return Ok(Follow::nothing());
            }
            let why = "The market closed before the order could be sent";
            post.finish(id, Ending::new(OrderState::Expired, "market_closed", why))
                .await?;
            Ok(after_end(&order))
        }
        decide::Again::Refuse { state, code, message } => {
            post.finish(id, Ending::new(state, &code, &message)).await?;
            Ok(after_end(&order))
        }
    }
}

async fn cancel(
    post: &Post<'_>,
    broker: &dyn Broker,
    id: OrderId,
    by: CancelledBy,
) -> Result<Follow, JobError> {
    let Some(order) = post.order(id).await? else {
        return Ok(Follow::nothing());
    };
    match order.state {
        OrderState::Queued | OrderState::Pending => {
            let ending =
                Ending::new(OrderState::Cancelled, "cancelled", "Cancelled before it was sent").by(by);
            post.finish(id, ending).await?;
            return Ok(after_end(&order));
        }
        OrderState::Submitted | OrderState::PartiallyFilled | OrderState::Unknown => {}
        _ => return Ok(Follow::nothing()),
    }
    post.cancel_requested(id, by).await?;
    let access = access(post).await?;
    match broker.cancel(&access, order.client_order_id()).await {
        CancelOutcome::Done(venue) => reconcile::venue_order(post, &venue).await,
        CancelOutcome::NotFound => Ok(Follow::at_once(Job::Resolve(id))),
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
