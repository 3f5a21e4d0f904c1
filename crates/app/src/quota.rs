//! The plan's signals per day (PRODUCT RK-28, 11.1): how many signals led to an opening order since 00:00 UTC. Refuses to
//! judge exits: they never depend on a plan.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ordercast_model::{
    ids::{SignalId, UserId},
    order::{intent::Order, state::OrderState},
    plan::Plan,
    ports::store::{Page, Query, StoreError, find, get},
    tenant::{OwnedByUser, TenantScope},
    time::Timestamp,
    user::User,
};

use crate::context::Context;

/// How long a plan that was read is believed (PRODUCT BL-09: changes apply within 5 s).
const FRESH: Duration = Duration::from_secs(5);
/// Orders read at once.
const PAGE: u32 = 500;

/// Plans read a moment ago; at most one per user.
#[derive(Debug, Default)]
pub struct Plans(Mutex<BTreeMap<UserId, (Plan, Timestamp)>>);

async fn plan_of(ctx: &Context, scope: &TenantScope, user: UserId) -> Result<Plan, StoreError> {
    let now = ctx.now();
    let known = {
        let plans = ctx.plans.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.get(&user).copied()
    };
    if let Some((plan, at)) = known
        && now.since(at) < FRESH
    {
        return Ok(plan);
    }
    let row = get::<User>(ctx.store.as_ref(), scope, &user.to_string()).await?;
    let plan = row.map_or(Plan::Free, |u| u.plan);
    let mut plans = ctx.plans.0.lock().unwrap_or_else(PoisonError::into_inner);
    plans.insert(user, (plan, now));
    Ok(plan)
}

/// Why one more signal of today would exceed the owner's plan; none when it may open. A signal that was counted may
/// go on. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn exhausted(
    ctx: &Context,
    owned: &impl OwnedByUser,
    signal: SignalId,
) -> Result<Option<String>, StoreError> {
    let scope = TenantScope::of_user(owned);
    let Some(max) = plan_of(ctx, &scope, owned.owner())
        .await?
        .entitlement()
        .signals_per_day_max
    else {
        return Ok(None);
    };
    let used = used_today(ctx, &scope).await?;
    let count = used.len();
    Ok((count >= max as usize && !used.contains(&signal))
        .then(|| format!("{count} of {max} signals used today; resets 00:00 UTC")))
}

/// Signals with an opening order since 00:00 UTC; what was refused or never submitted costs nothing.
async fn used_today(ctx: &Context, scope: &TenantScope) -> Result<BTreeSet<SignalId>, StoreError> {
    let today = ctx.now().date();
    let mut used = BTreeSet::new();
    let mut page = Page::first(PAGE);
    loop {
        let orders = find::<Order>(ctx.store.as_ref(), scope, Query::Orders(None, page)).await?;
        let Some(last) = orders.last().map(|o| (o.id.to_string(), o.created_at.date())) else {
            return Ok(used);
        };
        let counts = |o: &&Order| {
            o.leg.opens()
                && o.created_at.date() == today
                && !matches!(o.state, OrderState::Denied | OrderState::Rejected)
        };
        used.extend(orders.iter().filter(counts).filter_map(|o| o.signal_id));
        if last.1 < today {
            return Ok(used);
        }
        page = Page {
            after: Some(last.0),
            limit: PAGE,
        };
    }
}
