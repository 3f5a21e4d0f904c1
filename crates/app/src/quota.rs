//! The plan's signals per day (PRODUCT RK-28, 11.1): how many signals led to an opening order since 00:00 UTC. Refuses to
//! judge exits: they never depend on a plan.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::future::try_join_all;
use ordercast_model::{
    ids::{SignalId, UserId},
    order::{intent::Order, state::OrderState},
    plan::Plan,
    ports::{
        BoxFuture,
        store::{Page, Query, StoreError, find},
    },
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

impl Plans {
    fn known(&self, user: UserId, now: Timestamp) -> Option<Plan> {
        let plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (plan, at) = *plans.get(&user)?;
        (now.since(at) < FRESH).then_some(plan)
    }
    fn learn(&self, users: impl Iterator<Item = (UserId, Plan)>, now: Timestamp) {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.extend(users.map(|(user, plan)| (user, (plan, now))));
    }
}

/// Which of these owners may open no further signal today, and why. The store is asked once for all plans that are
/// not known. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn exhausted_among(
    ctx: &Context,
    scope: &TenantScope,
    owned: &[impl OwnedByUser],
    signal: SignalId,
) -> Result<BTreeMap<UserId, String>, StoreError> {
    let now = ctx.now();
    if owned.iter().any(|o| ctx.plans.known(o.owner(), now).is_none()) {
        let found = find::<User>(ctx.store.as_ref(), scope, Query::Users).await?;
        ctx.plans.learn(found.into_iter().map(|u| (u.id, u.plan)), now);
    }
    let mut counts: Vec<BoxFuture<'_, Result<Over, StoreError>>> = Vec::new();
    for owned in owned {
        let plan = ctx.plans.known(owned.owner(), now).unwrap_or(Plan::Free);
        if let Some(max) = plan.entitlement().signals_per_day_max {
            counts.push(Box::pin(over(
                ctx,
                owned.owner(),
                TenantScope::of_user(owned),
                max,
                signal,
            )));
        }
    }
    let counted = try_join_all(counts).await?;
    Ok(counted.into_iter().flatten().collect())
}

/// A user who may open nothing more today, and the words.
type Over = Option<(UserId, String)>;

/// A user with the words, when this signal would be one too many.
async fn over(
    ctx: &Context,
    user: UserId,
    scope: TenantScope,
    max: u32,
    signal: SignalId,
) -> Result<Over, StoreError> {
    let used = used_today(ctx, &scope).await?;
    let count = used.len();
    let message = format!("{count} of {max} signals used today; resets 00:00 UTC");
    Ok((count >= max as usize && !used.contains(&signal)).then_some((user, message)))
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
    let mut found = exhausted_among(ctx, &scope, std::slice::from_ref(owned), signal).await?;
    Ok(found.remove(&owned.owner()))
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
