//! Judging a stored order once more: at the open, after a restart, before a repeat. Its own reservation does not count
//! against it; a stored approval counts for nothing.

use ordercast_model::{
    community::{Community, Membership, Provider, Role},
    connection::Connection,
    follow::Follow,
    gate::{self, Approved, Breach, Effective, Judgement, OnCap, Proposal, Snapshot},
    limits::{Caps, UserLimits},
    money::MoneyError,
    order::{
        intent::{Intent, Order},
        shape::{OrderRequest, OrderType},
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::store::{Query, StoreError, SystemQuery, find, find_any, get},
    signal::instruction::TimeInForce,
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
};
use ordercast_rules::{
    risk::{self, CommunityCaps, loosen},
    route::bound,
    sizing::limit_or_touch,
};

use super::{
    hours::{Reach, can_be_limit},
    view::{View, view_of},
};
use crate::{context::Context, execute::JobError, mark, record::Post, switchboard::Concern};

/// What is to be done with a stored order.
#[allow(clippy::large_enum_variant, reason = "one per order, moved once")]
pub enum Again {
    /// Send it.
    Send(Approved<OrderRequest>),
    /// Not before this instant.
    Wait(Timestamp),
    /// End it.
    Refuse {
        /// Final state.
        state: OrderState,
        /// Stable code.
        code: String,
        /// Sentence.
        message: String,
    },
}

fn refuse(state: OrderState, code: &str, message: impl Into<String>) -> Again {
    Again::Refuse {
        state,
        code: code.to_owned(),
        message: message.into(),
    }
}

/// The limits that apply to an account under a Follow.
///
/// # Errors
/// When the store does not answer.
pub async fn limits(
    ctx: &Context,
    scope: &TenantScope,
    follow: Option<&Follow>,
) -> Result<Effective, StoreError> {
    let own = find::<UserLimits>(ctx.store.as_ref(), scope, Query::UserLimits).await?;
    let own = own
        .into_iter()
        .next()
        .map(|l| loosen::in_force(&l, ctx.now()))
        .unwrap_or_default();
    let (communities, caps) = match follow {
        Some(follow) => (
            community_caps(ctx, follow).await?,
            loosen::caps_in_force(&follow.caps, &follow.pending, ctx.now()),
        ),
        None => (Vec::new(), Caps::default()),
    };
    Ok(risk::effective(&ctx.platform_caps, &communities, &own, &caps))
}

/// The limits that apply to what a user opens by hand: those of every community in which the user may trade bind the
/// account as well, the strictest first (PRODUCT RK-29).
///
/// # Errors
/// When the store does not answer.
pub async fn limits_by_hand(ctx: &Context, scope: &TenantScope) -> Result<Effective, StoreError> {
    let own = find::<UserLimits>(ctx.store.as_ref(), scope, Query::UserLimits).await?;
    let own = own.into_iter().next();
    let own = own.map(|l| loosen::in_force(&l, ctx.now())).unwrap_or_default();
    let mut communities = Vec::new();
    for member in find::<Membership>(ctx.store.as_ref(), scope, Query::Memberships).await? {
        if member.role >= Role::Trader {
            let of = TenantScope::of_community(&member);
            let key = member.community_id.to_string();
            let found = get::<Community>(ctx.store.as_ref(), &of, &key).await?;
            communities.extend(found.map(|c| caps_of(&c, ctx.now())));
        }
    }
    Ok(risk::effective(
        &ctx.platform_caps,
        &communities,
        &own,
        &Caps::default(),
    ))
}

/// The caps of a community as they hold now.
pub(crate) fn caps_of(community: &Community, now: Timestamp) -> CommunityCaps {
    CommunityCaps {
        id: community.id,
        name: community.name.clone(),
        caps: loosen::caps_in_force(&community.caps, &community.pending, now),
    }
}

/// What the community of a Follow's provider caps.
async fn community_caps(ctx: &Context, follow: &Follow) -> Result<Vec<CommunityCaps>, StoreError> {
    let Some(provider) = provider(ctx, follow.provider_id).await? else {
        return Ok(Vec::new());
    };
    let scope = TenantScope::of_community(&provider);
    let key = provider.community_id.to_string();
    let found = get::<Community>(ctx.store.as_ref(), &scope, &key).await?;
    Ok(found.iter().map(|c| caps_of(c, ctx.now())).collect())
}

/// Judges a stored order again.
pub async fn again(post: &Post<'_>, order: &Order, intent: &Intent) -> Result<Again, JobError> {
    let ctx = post.ctx;
    let now = ctx.now();
    if intent.send_before.is_some_and(|end| now > end) && !planted(Bug::SendStale) {
        return Ok(refuse(
            OrderState::Expired,
            "stale",
            "The signal grew too old before the order could be sent",
        ));
    }
    let Some(market) = ctx.market(post.connection) else {
        return Err(JobError::NoBroker(post.connection.broker.clone()));
    };
    let view = match view_of(market.as_ref(), &order.request.instrument, now).await {
        Ok(view) => view,
        Err(refusal) => return Ok(refuse(OrderState::Denied, refusal.reason.code(), refusal.message)),
    };
    let Some(account) = post.account().await? else {
        return Ok(refuse(OrderState::Denied, "no_connection", "The account is gone"));
    };
    let account = mark::fresh(&account, market.as_ref(), now)?;
    let follow = follow_of(post, intent).await?;
    let limits = match (&follow, order.leg.opens() && order.signal_id.is_none()) {
        (None, true) => limits_by_hand(ctx, post.scope).await?,
        (follow, _) => limits(ctx, post.scope, follow.as_ref()).await?,
    };
    let reach = reach(ctx, post, order, &limits, &view);
    // The gate lets an exit pass at any hour; one that waits for the open goes on waiting while the venue is closed.
    if order.state == OrderState::Queued && !order.leg.opens() && !reach.session.open {
        let again = now.plus(super::exit::CLOSED_WAIT);
        return Ok(Again::Wait(reach.session.next_open.unwrap_or(again)));
    }
    let outside = match reach.outside {
        true => Some(around(order, &view, &limits)?),
        false => None,
    };
    let order = outside.as_ref().unwrap_or(order);
    let switches = ctx.switchboard.covering(&concern(post, order, intent).await?);
    let snapshot = Snapshot {
        now,
        account: &account,
        own: Some(order.id),
        limits: &limits,
        rules: Some(&view.rules),
        quote: view.quote.as_ref(),
        session: reach.session,
        extended: reach.extended,
        switches: &switches,
    };
    let Some(proposal) = proposal(order, intent, &view) else {
        let message = format!("No quote for {}", order.request.instrument);
        return Ok(refuse(OrderState::Denied, "connection_unhealthy", message));
    };
    Ok(match gate::judge(proposal, &snapshot, &ctx.rules) {
        Judgement::Approved { order: approved, .. } => sealed(order, &approved),
        Judgement::Wait { until, .. } => Again::Wait(until),
        Judgement::Denied { breaches } => denied(&breaches),
    })
}

/// The hours of a stored order: what waits for an open may go around the regular session, and what was made for that.
fn reach<'a>(ctx: &'a Context, post: &Post<'_>, order: &Order, limits: &Effective, view: &View) -> Reach<'a> {
    let request = &order.request;
    let may = order.state == OrderState::Queued || request.extended_hours;
    let reach = Reach::of(ctx, post.connection, limits, view, ctx.now());
    let priced = view.quote.is_some() || matches!(request.order_type, OrderType::Limit { .. });
    if may && can_be_limit(request.order_type) && (priced || !reach.outside) {
        return reach;
    }
    Reach::regular(view)
}

/// A stored order as it goes around the regular session: a limit for the day.
fn around(order: &Order, view: &View, limits: &Effective) -> Result<Order, MoneyError> {
    let mut next = order.clone();
    let request = &mut next.request;
    if let (OrderType::Market, Some(quote)) = (request.order_type, &view.quote) {
        let drift = limits.limits.drift_pct.equity;
        let limit = bound(request.side, quote, view.rules.tick, drift)?;
        request.order_type = OrderType::Limit { limit };
    }
    if !matches!(request.time_in_force, TimeInForce::Gtc) {
        request.time_in_force = TimeInForce::Day;
    }
    request.extended_hours = true;
    Ok(next)
}

fn sealed(order: &Order, approved: &Approved<Proposal>) -> Again {
    let mut request = order.request.clone();
    request.quantity = request.quantity.min(approved.get().quantity);
    let waits_for_open = order.state == OrderState::Queued;
    if request.quantity < order.request.quantity && !waits_for_open {
        // A stored order is sent as it was decided or not at all: its reservation and its card say that size.
        return refuse(
            OrderState::Denied,
            "risk_changed",
            "The limits no longer allow this size",
        );
    }
    match approved.cut(vec![request]) {
        Ok(mut parts) => match parts.pop() {
            Some(part) => Again::Send(part),
            None => refuse(OrderState::Denied, "risk_changed", "Nothing is left to send"),
        },
        Err(error) => refuse(OrderState::Denied, "risk_changed", error.to_string()),
    }
}

fn denied(breaches: &[Breach]) -> Again {
    let code = breaches
        .first()
        .map_or("risk_denied", |b| b.skip.map_or(b.rule.code(), |s| s.code()));
    let message: Vec<&str> = breaches.iter().map(|b| b.message.as_str()).collect();
    let stale = breaches.first().and_then(|b| b.skip) == Some(ordercast_model::decision::SkipReason::Stale);
    refuse(
        if stale {
            OrderState::Expired
        } else {
            OrderState::Denied
        },
        code,
        message.join(". "),
    )
}

fn proposal(order: &Order, intent: &Intent, view: &View) -> Option<Proposal> {
    let request = &order.request;
    let limit = match request.order_type {
        OrderType::Limit { limit } | OrderType::StopLimit { limit, .. } => Some(limit),
        OrderType::Stop { stop } => Some(stop),
        OrderType::Market | OrderType::Trailing { .. } => None,
    };
    let touch = view
        .quote
        .as_ref()
        .map(|q| limit_or_touch(limit, request.side, q));
    let price = limit.or(touch).or(intent.reserved_price)?;
    Some(Proposal {
        instrument: request.instrument.clone(),
        opens: order.leg.opens(),
        position_side: order.position_side,
        side: request.side,
        quantity: order.remaining(),
        orders: 1,
        price,
        marketable: intent.marketable,
        alert_price: intent.alert_price,
        stop: intent.stop_price,
        stop_added: intent.protection.stop_added,
        first_target: None,
        leverage: None,
        signal_id: order.signal_id,
        provider_id: order.provider_id,
        posted_at: None,
        max_age: None,
        on_cap: OnCap::Reduce,
        priority: 50,
        adds_to_own_lot: false,
    })
}

async fn follow_of(post: &Post<'_>, intent: &Intent) -> Result<Option<Follow>, StoreError> {
    let Some(id) = intent.follow_id else {
        return Ok(None);
    };
    ordercast_model::ports::store::get(post.ctx.store.as_ref(), post.scope, &id.to_string()).await
}

async fn concern(post: &Post<'_>, order: &Order, intent: &Intent) -> Result<Concern, StoreError> {
    Ok(Concern {
        community: post.community(order).await?,
        provider: order.provider_id,
        user: Some(order.user_id),
        follow: intent.follow_id,
        connection: Some(order.connection_id),
    })
}

/// A provider by its id.
///
/// # Errors
/// When the store does not answer.
pub async fn provider(
    ctx: &Context,
    id: ordercast_model::ids::ProviderId,
) -> Result<Option<Provider>, StoreError> {
    let system = SystemScope::housekeeping("a provider serves followers of every tenant");
    let all = find_any::<Provider>(ctx.store.as_ref(), system, SystemQuery::Providers).await?;
    Ok(all.into_iter().find(|p| p.id == id))
}

/// The connection a Follow sends to: the named one, else the user's default for the class.
#[must_use]
pub fn connection_for<'a>(
    connections: &'a [Connection],
    follow: &Follow,
    class: ordercast_model::instrument::AssetClass,
) -> Option<&'a Connection> {
    let own = |c: &&Connection| c.user_id == follow.user_id;
    match follow.connection_id {
        Some(id) => connections.iter().filter(own).find(|c| c.id == id),
        None => connections
            .iter()
            .filter(own)
            .find(|c| c.default_for.contains(&class)),
    }
}
