//! Keeps every lot protected by exactly what is held: a new version of its group whenever fills, closes or moved
//! levels ask for one. The version is durable before it is sent, so that a version never means two things. What a venue
//! cannot hold, or refuses, is watched by us.

mod after;
mod emulate;
mod patience;
mod rows;

use std::time::Duration;

use ordercast_model::{
    gate,
    ids::{LotId, OrderId},
    journal::kind::Kind,
    market::InstrumentRules,
    money::Quantity,
    order::{
        identity::Leg,
        intent::{CancelledBy, Order},
        shape::ProtectionGroup,
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::{
        broker::{Access, Broker, NotSent, Protected, VenueOrder},
        store::{Batch, CommitError, Query, find, get},
    },
    position::Lot,
};
use ordercast_rules::protect::{self as rules, Planned, emulate as watch};
use rust_decimal::Decimal;

use crate::{
    execute::{JobError, access},
    lane::{Follow, Job},
    narrate,
    record::{Ending, Post},
    switchboard::Concern,
};

pub use self::{
    after::{after_target, tidy},
    emulate::{clear_way, touched},
};
use patience::{is_race, patience, refused_lately};

pub(crate) use emulate::working;
pub(crate) use rows::{covered, overtaken};

/// When the legs of a replaced version are looked for.
const CHECK_AFTER: Duration = Duration::from_secs(2);
/// When protection is tried again that a freeze held back.
const FROZEN_WAIT: Duration = Duration::from_secs(2);
/// Waits between repeats of the same version while the venue gives no definite answer.
const REPEATS: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Brings a lot's protection into line. Safe to repeat: when nothing is to change nothing is sent.
pub async fn run(post: &Post<'_>, broker: &dyn Broker, id: LotId) -> Result<Follow, JobError> {
    let store = post.ctx.store.as_ref();
    let Some(lot) = get::<Lot>(store, post.scope, &id.to_string()).await? else {
        return Ok(Follow::nothing());
    };
    let orders = find::<Order>(store, post.scope, Query::OrdersOfLot(id)).await?;
    let lot = close_if_over(post, lot, &orders).await?;
    let mut view = lot.clone();
    view.open = lot.open.minus_to_zero(closing(&orders)?);
    let native = watch::is_native(broker.capabilities(), lot.instrument.class(), &lot.protection);
    let ours = !native || (lot.emulated() && !may_ask(post, &orders));
    // A lot that is leaving altogether gives its protection up first: never two exits for one share (TR-10). Legs that
    // work are in force also when a changed plan no longer counts them; what we watch ourselves is nowhere to be given up.
    let works = orders.iter().any(|o| o.leg.protects() && !o.state.is_final());
    let leaves = view.open.is_zero() && (works || !view.covered.is_zero());
    if lot.emulated() && leaves && !lot.open.is_zero() {
        return Ok(Follow::nothing());
    }
    if !leaves && !rules::needs_group(&view) && (ours || !lot.emulated()) {
        return Ok(Follow::nothing());
    }
    let Some(entry) = orders.first() else {
        return Ok(Follow::nothing());
    };
    let Some(venue_rules) = venue_rules(post, &lot).await? else {
        return Ok(Follow::after(post.ctx, Duration::from_secs(1), Job::Protect(id)));
    };
    let planned = match rules::group(&view, entry.instruction, &venue_rules) {
        Ok(Some(planned)) => planned,
        Ok(None) if view.covered.is_zero() && !leaves => return Ok(Follow::nothing()),
        Ok(None) => nothing_left(&view),
        Err(error) => {
            missing(post, &lot, &error.to_string()).await?;
            return Ok(Follow::nothing());
        }
    };
    // Legs that still stand there are taken back by the venue itself, in one step.
    let native_class = broker
        .capabilities()
        .native_protection
        .contains(&lot.instrument.class());
    let there = leaves && works && native_class;
    if ours && !there {
        return emulate::take_over(post, &lot, &planned, venue_rules.tick, None).await;
    }
    let due = Due {
        lot: &lot,
        open: view.open,
        entry,
        planned: &planned,
        tick: venue_rules.tick,
        orders: &orders,
    };
    send(post, broker, &due).await
}

/// A version that is due at the venue.
struct Due<'a> {
    lot: &'a Lot,
    /// What is open less what working closes take.
    open: Quantity,
    entry: &'a Order,
    planned: &'a Planned,
    tick: Decimal,
    orders: &'a [Order],
}

/// Asks the venue for a version, durable before it leaves.
async fn send(post: &Post<'_>, broker: &dyn Broker, due: &Due<'_>) -> Result<Follow, JobError> {
    let Due { lot, planned, .. } = *due;
    let sealed = match gate::protect(planned.group.clone(), &lot.instrument, lot.side, due.open) {
        Ok(sealed) => sealed,
        Err(error) => {
            missing(post, lot, &error.to_string()).await?;
            return Ok(Follow::nothing());
        }
    };
    let concern = Concern {
        user: Some(lot.user_id),
        connection: Some(lot.connection_id),
        ..Concern::default()
    };
    // A freeze is the platform's: nothing is asked of the venue until it is lifted.
    let Ok(flight) = post.ctx.switchboard.depart(&concern, false) else {
        return Ok(Follow::after(post.ctx, FROZEN_WAIT, Job::Protect(lot.id)));
    };
    if planted(Bug::ProtectBeforeDurable) {
        broker.protect(&access(post).await?, &sealed).await;
    }
    let Some(legs) = rows::durable(post, lot, due.entry, planned).await? else {
        return Ok(Follow::at_once(Job::Protect(lot.id)));
    };
    let access = access(post).await?;
    let leaves = || {
        let now = post.ctx.clock.monotonic();
        legs.iter().for_each(|id| post.ctx.wire.leaves(*id, now));
    };
    leaves();
    let answer = tokio::select! {
        biased;
        () = flight.stopped() => Some(Protected::Unknown("stopped while it was being sent".to_owned())),
        answer = post.ctx.helmsman.under_permit(ask(post, broker, &access, &sealed)) => answer,
    };
    leaves();
    drop(flight);
    let answer = answer.ok_or(JobError::NoHelm)?;
    let mut follow = settle(post, due, &legs, answer).await?;
    // The legs of the version before must be gone; the venue tells, and it is checked (PRODUCT EX-16).
    let check = post.ctx.now().plus(CHECK_AFTER);
    let before = due
        .orders
        .iter()
        .filter(|o| o.leg.protects() && !o.state.is_final());
    follow.later.extend(before.map(|o| (check, Job::Resolve(o.id))));
    Ok(follow)
}

/// Before a close that was decided earlier is sent: its lot's protection makes room for it, should whoever decided have
/// been cut off before that. Safe to repeat.
pub async fn make_room(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> Result<Follow, JobError> {
    match order.lot_id.filter(|_| order.leg == Leg::Flatten) {
        Some(lot) => run(post, broker, lot).await,
        None => Ok(Follow::nothing()),
    }
}

/// Asks the venue for a version, again while it gives no definite answer. Once one asking may have arrived, only that the
/// version is in force is definite: a refusal of the repeat says nothing of the first.
async fn ask(
    post: &Post<'_>,
    broker: &dyn Broker,
    access: &Access,
    sealed: &gate::Approved<ProtectionGroup>,
) -> Protected {
    let mut answer = broker.protect(access, sealed).await;
    for wait in REPEATS {
        let Protected::Unknown(_) = answer else { break };
        post.ctx.clock.sleep_until(post.ctx.now().plus(wait)).await;
        answer = match broker.protect(access, sealed).await {
            Protected::NotSent(_) => Protected::Unknown("the broker is unavailable".to_owned()),
            Protected::Rejected(refusal) => Protected::Unknown(refusal.message),
            answer => answer,
        };
    }
    answer
}

/// The venue does not give the protection of a lot up that is leaving: its legs are taken back one by one, and count until
/// each is gone.
fn taken_back(orders: &[Order]) -> Follow {
    let stand = orders.iter().filter(|o| o.leg.protects() && !o.state.is_final());
    Follow {
        now: stand.map(|o| Job::Cancel(o.id, CancelledBy::System)).collect(),
        ..Follow::default()
    }
}

/// Whether the venue may be asked again to hold what we watch for it.
fn may_ask(post: &Post<'_>, orders: &[Order]) -> bool {
    let (refused, last) = refused_lately(orders);
    last.is_none_or(|order| {
        let code = order.reason.as_deref().unwrap_or("");
        post.ctx.now().since(order.updated_at) >= patience(refused.saturating_sub(1), code)
    })
}

fn nothing_left(view: &Lot) -> Planned {
    Planned {
        group: ProtectionGroup {
            group_id: view.id.to_string(),
            version: view.group_version.saturating_add(1),
            slices: Vec::new(),
        },
        stop_price: None,
        target_prices: Vec::new(),
        covered: Quantity::ZERO,
    }
}

/// What of a lot is held, for whoever closes it.
pub(crate) fn held(lot: &Lot) -> Quantity {
    if planted(Bug::CloseTheEntered) {
        lot.entered
    } else {
        lot.open
    }
}

/// What working closes will take; protection leaves room for it first (PRODUCT EX-13, TR-10).
pub(crate) fn closing(orders: &[Order]) -> Result<Quantity, JobError> {
    emulate::working(orders, Leg::leaves)
}

/// A lot nothing works for and nothing is held of is over.
async fn close_if_over(post: &Post<'_>, lot: Lot, orders: &[Order]) -> Result<Lot, JobError> {
    let entries = orders.iter().any(|o| o.leg.opens() && !o.state.is_final());
    if lot.closed || entries || !lot.open.is_zero() {
        return Ok(lot);
    }
    let mut over = lot.clone();
    over.closed = true;
    over.version += 1;
    over.updated_at = post.ctx.now();
    let mut batch = Batch::new();
    batch.update(over.clone());
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) => Ok(over),
        Err(CommitError::Conflict { .. }) => Ok(lot),
        Err(error) => Err(error.into()),
    }
}

async fn venue_rules(post: &Post<'_>, lot: &Lot) -> Result<Option<InstrumentRules>, JobError> {
    let Some(market) = post.ctx.market(post.connection) else {
        return Err(JobError::NoBroker(post.connection.broker.clone()));
    };
    match market.rules(&lot.instrument.to_string()).await {
        Ok(rules) => Ok(Some(rules)),
        Err(error) => {
            tracing::warn!(lot = %lot.id, %error, "protection waits for market data");
            Ok(None)
        }
    }
}

async fn settle(
    post: &Post<'_>,
    due: &Due<'_>,
    legs: &[OrderId],
    answer: Protected,
) -> Result<Follow, JobError> {
    let Due { lot, planned, .. } = *due;
    // Versions in a row that it refused before.
    let refused = refused_lately(due.orders).0;
    match answer {
        Protected::Placed(orders) => {
            in_force(post, lot, planned, &orders).await?;
            Ok(Follow::nothing())
        }
        Protected::Rejected(refusal) => {
            let code = refusal.kind.code();
            for id in legs {
                let message = format!("Broker refused: {}", refusal.message);
                post.finish(*id, Ending::new(OrderState::Rejected, code, &message))
                    .await?;
            }
            let mut follow = Follow::after(post.ctx, patience(refused, code), Job::Protect(lot.id));
            // Once refused it may have been a race with a fill; after that the lot is naked.
            if planned.group.slices.is_empty() {
                follow.add(taken_back(due.orders));
            } else if !is_race(code) || refused > 0 {
                let why = format!(
                    "the broker refused it ({}); Ordercast watches it, which works only while Ordercast runs",
                    refusal.message
                );
                let ours = emulate::take_over(post, lot, planned, due.tick, Some(&why)).await?;
                follow.add(ours);
            }
            if refused == 0 {
                follow.now.push(Job::Sync);
            }
            Ok(follow)
        }
        Protected::NotSent(not) => {
            let (wait, code, words) = match &not {
                NotSent::Wait { after, .. } => {
                    (*after, "rate_limited", "waiting for the broker's rate limit")
                }
                _ => (Duration::ZERO, "venue_down", "the broker is unavailable"),
            };
            for id in legs {
                let words = format!("Not submitted: {words}");
                post.finish(*id, Ending::new(OrderState::Rejected, code, &words))
                    .await?;
            }
            if let NotSent::Unauthorised(why) = &not {
                // Asked again when the credential works again, not before: asking on would lock it out.
                post.unauthorised(why).await?;
                return emulate::take_over(
                    post,
                    lot,
                    planned,
                    due.tick,
                    Some("the broker refuses the credential"),
                )
                .await;
            }
            let wait = wait.max(Duration::from_secs(1));
            Ok(Follow::after(post.ctx, wait, Job::Protect(lot.id)))
        }
        Protected::Unknown(why) => {
            for id in legs {
                post.unknown(*id, post.ctx.now(), &why).await?;
            }
            Ok(Follow::after(
                post.ctx,
                Duration::from_secs(1),
                Job::Protect(lot.id),
            ))
        }
    }
}

/// The venue has this version: the legs work, the lot is covered. One transaction tells it.
async fn in_force(
    post: &Post<'_>,
    lot: &Lot,
    planned: &Planned,
    orders: &[VenueOrder],
) -> Result<(), JobError> {
    let first = lot.group_version == 0;
    loop {
        let Some(now) = get::<Lot>(post.ctx.store.as_ref(), post.scope, &lot.id.to_string()).await? else {
            return Ok(());
        };
        if now.group_version != planned.group.version {
            return Ok(());
        }
        let mut next = rules::apply(&now, planned, post.ctx.now());
        // Whoever changed the plan while this version was on its way wants another one.
        next.replanned = now.protection != lot.protection;
        next.version = now.version + 1;
        let mut batch = Batch::new();
        for venue in orders {
            if let Some(taken) = post.taken(venue).await? {
                batch.note(narrate::order(
                    post.ctx,
                    post.connection,
                    &taken,
                    Kind::OrderAccepted,
                ));
                batch.update(taken);
            }
        }
        if !planned.group.slices.is_empty() {
            let kind = if first {
                Kind::ProtectionPlaced
            } else {
                Kind::ProtectionMoved
            };
            batch.note(narrate::protection(post.ctx, post.connection, &next, kind, None));
        }
        batch.update(next);
        match post.ctx.commit(post.scope.clone(), batch).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A lot that cannot be protected is told at once (TR-11).
async fn missing(post: &Post<'_>, lot: &Lot, why: &str) -> Result<(), JobError> {
    tracing::error!(lot = %lot.id, why, "a lot is without its protection");
    let mut batch = Batch::new();
    batch.note(narrate::protection(
        post.ctx,
        post.connection,
        lot,
        Kind::ProtectionMissing,
        Some(why),
    ));
    post.ctx.commit(post.scope.clone(), batch).await?;
    Ok(())
}
