//! Closing what is held because a kill, a lock or a tripped daily loss says so (PRODUCT RK-36). What stands in the store
//! decides, so that a restart goes on where it stopped; a lot's version lets nothing be closed twice.

use std::time::Duration;

use ordercast_model::{
    connection::Connection,
    follow::Follow as Following,
    gate::Approved,
    ids::{LotId, OrderId},
    instrument::AssetClass,
    limits::{Flatten, Switch, SwitchScope},
    money::{MoneyError, Quantity},
    order::{
        identity::{Leg, Origin},
        intent::{CancelledBy, Order, Stages},
        shape::{OrderRequest, OrderSide, OrderType},
        state::OrderState,
    },
    ports::{
        broker::Broker,
        store::{Batch, CommitError, Query, StoreError, SystemQuery, find, find_any, get},
    },
    position::Lot,
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::User,
};
use ordercast_rules::{risk::moment, route::bound};
use rust_decimal::Decimal;

use crate::{
    alert,
    context::Context,
    decide::{
        again,
        exit::{self, Exit},
        view::{View, view_of},
    },
    execute::JobError,
    lane::{Follow, Job},
    pages::Pages,
    protect,
    record::Post,
    rest,
    switchboard::Concern,
};

/// Lots read at once.
const PAGE: u32 = 500;
/// Closes in a row that took nothing before what is left is told.
const TOLD_AFTER: usize = 3;
/// Longest wait before a close that took nothing is tried again.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// Numbers tried for one close.
const NUMBERS_MAX: usize = 4;
/// Wait when the venue's market data is away.
pub(crate) const DATA_AWAY: Duration = Duration::from_secs(1);

/// Hands every lot that is to be closed to its lane. Safe to repeat: a lot that is being closed is left alone
/// there.
///
/// # Errors
/// When the store does not answer.
pub async fn round(ctx: &Context) -> Result<(), StoreError> {
    let mut lots = Vec::new();
    for switch in ctx.switchboard.all() {
        if let Some(flatten) = switch.flatten {
            lots.extend(covered_by(ctx, &switch, flatten).await?);
        }
    }
    hand_over(ctx, &lots).await;
    Ok(())
}

/// Hands the lots that one switch closes to their lanes; gives them. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn begin(ctx: &Context, switch: &Switch) -> Result<Vec<LotId>, StoreError> {
    let Some(flatten) = switch.flatten else {
        return Ok(Vec::new());
    };
    let lots = covered_by(ctx, switch, flatten).await?;
    hand_over(ctx, &lots).await;
    Ok(lots.iter().map(|l| l.id).collect())
}

/// Takes in at the start how late the lots that are open were made, so that a kill covers them also when the clock was set
/// back since. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn recall(ctx: &Context) -> Result<(), StoreError> {
    for lot in all_open(ctx).await? {
        ctx.saw(lot.created_at);
    }
    Ok(())
}

/// Hands the lots of one connection that are to be closed to its lane; true when there are any.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn of_account(
    ctx: &Context,
    connection: &Connection,
    flatten: Flatten,
) -> Result<bool, StoreError> {
    let scope = TenantScope::of_user(connection);
    let mut lots = find::<Lot>(ctx.store.as_ref(), &scope, Query::LotsOpen(None)).await?;
    lots.retain(|l| l.connection_id == connection.id && l.created_at <= flatten.since);
    hand_over(ctx, &lots).await;
    Ok(!lots.is_empty())
}

async fn hand_over(ctx: &Context, lots: &[Lot]) {
    for lot in lots {
        ctx.lanes.push_for(lot, Job::Leave(lot.id)).await;
    }
}

/// Every lot of which something is held.
async fn all_open(ctx: &Context) -> Result<Vec<Lot>, StoreError> {
    let system = SystemScope::housekeeping("a kill closes what it covers");
    let (mut lots, mut pages) = (Vec::new(), Pages::of(PAGE));
    while let Some(page) = pages.next() {
        let found = find_any::<Lot>(ctx.store.as_ref(), system, SystemQuery::LotsOpen(page)).await?;
        pages.read(&found, |last| last.id.to_string());
        lots.extend(found);
    }
    Ok(lots)
}

/// Open lots a switch may cover; the lane looks closer.
async fn covered_by(ctx: &Context, switch: &Switch, flatten: Flatten) -> Result<Vec<Lot>, StoreError> {
    let store = ctx.store.as_ref();
    let mut lots = Vec::new();
    if let Some(id) = switch.user_id {
        let system = SystemScope::housekeeping("a kill closes what it covers");
        for user in find_any::<User>(store, system, SystemQuery::User(id)).await? {
            lots.extend(find::<Lot>(store, &TenantScope::of_user(&user), Query::LotsOpen(None)).await?);
        }
    } else {
        lots = all_open(ctx).await?;
    }
    let mut covered = Vec::new();
    for lot in lots {
        let in_reach = match &switch.scope {
            SwitchScope::Platform | SwitchScope::User(_) | SwitchScope::Follow(_) => true,
            SwitchScope::Connection(id) => lot.connection_id == *id,
            SwitchScope::Provider(id) => lot.provider_id == Some(*id),
            SwitchScope::Community(id) => match lot.provider_id {
                Some(provider) => ctx.community_of(provider).await? == Some(*id),
                None => false,
            },
        };
        if in_reach && lot.created_at <= flatten.since {
            covered.push(lot);
        }
    }
    Ok(covered)
}

/// What orders a lot to be closed, if anything does.
async fn standing(post: &Post<'_>, lot: &Lot) -> Result<Option<Flatten>, JobError> {
    let ctx = post.ctx;
    let mut concern = Concern {
        provider: lot.provider_id,
        user: Some(lot.user_id),
        connection: Some(lot.connection_id),
        ..Concern::default()
    };
    if let Some(provider) = lot.provider_id {
        concern.community = ctx.community_of(provider).await?;
        let follows = find::<Following>(ctx.store.as_ref(), post.scope, Query::Follows).await?;
        concern.follow = follows.iter().find(|f| f.provider_id == provider).map(|f| f.id);
    }
    let covers = |f: &Flatten| lot.created_at <= f.since;
    let by_switch = ctx.switchboard.covering(&concern);
    if let Some(found) = by_switch.iter().filter_map(|s| s.flatten).find(covers) {
        return Ok(Some(found));
    }
    Ok(post.account().await?.and_then(|a| a.flatten).filter(covers))
}

/// Closes what is held of a lot: entries are cancelled, protection makes room, then one order for what no other close has
/// taken yet. Safe to repeat.
pub async fn leave(post: &Post<'_>, broker: &dyn Broker, id: LotId) -> Result<Follow, JobError> {
    let store = post.ctx.store.as_ref();
    let Some(lot) = get::<Lot>(store, post.scope, &id.to_string()).await? else {
        return Ok(Follow::nothing());
    };
    if lot.closed || !post.ctx.switchboard.frozen().is_empty() {
        return Ok(Follow::nothing());
    }
    let orders = find::<Order>(store, post.scope, Query::OrdersOfLot(id)).await?;
    let Some(flatten) = standing(post, &lot).await? else {
        return rest::leave(post, broker, (&lot, &orders)).await;
    };
    let mut follow = Follow::nothing();
    for entry in orders.iter().filter(|o| o.leg.opens() && !o.cancel_requested) {
        if !entry.state.is_final() && entry.state != OrderState::PendingApproval {
            let by = CancelledBy::System;
            post.cancel_requested(entry.id, by).await?;
            follow.now.push(Job::Cancel(entry.id, by));
        }
    }
    let tried = Tried::of(&orders, flatten);
    let Some(free) = free_of(&lot, &orders) else {
        return Ok(follow);
    };
    let now = post.ctx.now();
    // A wait that is longer than any was begun before the clock was set back.
    let waits = |at: &Timestamp| *at > now && at.since(now) <= WAIT_MAX;
    if let Some(at) = tried.again_at().filter(waits) {
        follow.later.push((at, Job::Leave(id)));
        return Ok(follow);
    }
    let Some((order, approved)) = close(post, &lot, free, flatten, &tried).await? else {
        follow
            .later
            .push((post.ctx.now().plus(DATA_AWAY), Job::Leave(id)));
        return Ok(follow);
    };
    if let Some(approved) = approved {
        let room = protect::run(post, broker, id).await?;
        follow.now.extend(room.now);
        follow.later.extend(room.later);
        follow.soon.extend(room.soon);
        follow.now.push(Job::Place(order, approved));
    }
    Ok(follow)
}

/// What of a lot no working close has taken yet; none when nothing is.
pub(crate) fn free_of(lot: &Lot, orders: &[Order]) -> Option<Quantity> {
    let mut free = protect::held(lot);
    for order in orders {
        if order.leg.leaves() && !order.state.is_final() {
            free = free.minus_to_zero(order.remaining());
        }
    }
    (!free.is_zero()).then_some(free)
}

/// Closes that were tried for one event.
struct Tried<'a> {
    closes: Vec<&'a Order>,
    /// In a row, at the end, that took nothing.
    in_vain: usize,
}

impl<'a> Tried<'a> {
    fn of(orders: &'a [Order], flatten: Flatten) -> Self {
        let own = |o: &&Order| o.leg == Leg::Flatten && o.origin == Origin::Kill(flatten.event);
        let closes: Vec<&Order> = orders.iter().filter(own).collect();
        let vain = |o: &&&Order| o.state.is_final() && o.filled.is_zero();
        let in_vain = closes.iter().rev().take_while(vain).count();
        Self { closes, in_vain }
    }
    /// Not before this instant: patience grows with every close that took nothing.
    fn again_at(&self) -> Option<Timestamp> {
        let last = self.closes.last()?;
        let doubled = Duration::from_secs(1 << self.in_vain.min(6));
        (self.in_vain > 0).then(|| last.updated_at.plus(doubled.min(WAIT_MAX)))
    }
}

/// A close that is durable, with its seal unless it waits for the open.
type Closing = (OrderId, Option<Approved<OrderRequest>>);

/// Writes the close of a lot down; none when it has to wait for market data, or was changed meanwhile.
async fn close(
    post: &Post<'_>,
    lot: &Lot,
    free: Quantity,
    flatten: Flatten,
    tried: &Tried<'_>,
) -> Result<Option<Closing>, JobError> {
    let ctx = post.ctx;
    let Some(market) = ctx.market(post.connection) else {
        return Err(JobError::NoBroker(post.connection.broker.clone()));
    };
    let limits = again::limits(ctx, post.scope, None).await?;
    let Some(account) = post.account().await? else {
        return Ok(None);
    };
    let Ok(view) = view_of(market.as_ref(), &lot.instrument, ctx.now()).await else {
        return Ok(None);
    };
    let Some(order_type) = order_type(lot, &view, limits.limits.drift_pct.option)? else {
        return Ok(None);
    };
    for shift in 0..NUMBERS_MAX {
        let exit = Exit {
            connection: post.connection,
            account: &account,
            lot,
            quantity: free,
            origin: Origin::Kill(flatten.event),
            index: 0,
            number: number(lot.id, tried.closes.len() + shift),
            limits: &limits,
            order_type,
            regular_only: false,
            stages: Stages {
                received: Some(ctx.now()),
                ..Stages::default()
            },
            decision_id: None,
            note: None,
            follow_id: None,
            send_before: None,
        };
        let mut batch = Batch::new();
        let leaving = match exit::decide(ctx, &exit, &view, &mut batch) {
            Ok(leaving) => leaving,
            Err(why) => {
                tracing::warn!(lot = %lot.id, why, "a lot that is to be closed waits");
                return Ok(None);
            }
        };
        if let Some(message) = told(post, lot, free, &leaving, tried) {
            batch.note(alert::entry(ctx, lot.user_id, post.connection, &message));
        }
        match ctx.commit(post.scope.clone(), batch).await {
            Ok(()) => return Ok(Some((leaving.order.id, leaving.approved))),
            // Another lot of the account has this number.
            Err(CommitError::Duplicate { .. }) => {}
            Err(CommitError::Conflict { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// What the user is to be told of a close: that it waits for the open, or that it does not succeed.
fn told(
    post: &Post<'_>,
    lot: &Lot,
    free: Quantity,
    leaving: &exit::Leaving,
    tried: &Tried<'_>,
) -> Option<String> {
    let what = format!("{free} {}", lot.instrument);
    if let Some(until) = leaving.queued_until {
        let open = moment(until, post.connection.zone);
        return Some(format!("Market closed; closing {what} is queued for {open}"));
    }
    let why = tried.closes.last().and_then(|o| o.message.as_deref());
    let why = why.unwrap_or("nothing was filled");
    (tried.in_vain == TOLD_AFTER)
        .then(|| format!("{what} could not be closed yet ({why}); it is tried again every minute"))
}

/// At the market; an option at a limit as far from the touch as drift may go. None while it has no price.
fn order_type(lot: &Lot, view: &View, drift_pct: Decimal) -> Result<Option<OrderType>, MoneyError> {
    if lot.instrument.class() != AssetClass::Option {
        return Ok(Some(OrderType::Market));
    }
    let Some(quote) = &view.quote else {
        return Ok(None);
    };
    let limit = bound(OrderSide::closing(lot.side), quote, view.rules.tick, drift_pct)?;
    Ok(Some(OrderType::Limit { limit }))
}

/// Tells the closes of one event on one connection apart: by lot, then by try. The same try always has the same number.
fn number(lot: LotId, tries: usize) -> u32 {
    let folded = lot.to_string().bytes().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (folded << 8) | u32::try_from(tries & 0xff).unwrap_or(0)
}
