//! Whom a user follows, and how.

use ordercast_model::{
    community::{ProviderStatus, Role},
    connection::Health,
    follow::{BelowMin, Follow, FollowMode, OnDelete, Sizing, WhenClosed},
    ids::{ConnectionId, FollowId, ProviderId},
    instrument::AssetClass,
    journal::{entry::Actor, kind::Kind},
    limits::{Bound, Caps},
    ports::store::{Batch, Query, find, get},
    signal::reading::Confidence,
    tenant::TenantScope,
    time::Timestamp,
    user::{Session, User},
};
use rust_decimal::Decimal;

use super::{DeskError, connection, loosening, provider};
use crate::{
    context::Context,
    identity::{Caller, factor},
};

/// What happened to a follow, and who asked for it.
type What<'a> = (Kind, &'a Caller);

/// Most symbols a follow may deny.
const DENY_MAX: usize = 5_000;

/// What is to be changed of a follow; what is none stays.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "named after the fields of the follow")]
pub struct FollowChange {
    pub mode: Option<FollowMode>,
    pub min_confidence: Option<Confidence>,
    pub below_min: Option<BelowMin>,
    pub sizing: Option<Sizing>,
    /// `Some(None)` goes back to the default connection.
    pub connection_id: Option<Option<ConnectionId>>,
    pub asset_classes: Option<Vec<AssetClass>>,
    pub deny_symbols: Option<Vec<String>>,
    pub copy_adds: Option<bool>,
    pub follow_stops: Option<bool>,
    pub break_even_after_tp1: Option<bool>,
    pub on_delete: Option<OnDelete>,
    pub when_closed: Option<WhenClosed>,
    pub priority: Option<u8>,
    pub caps: Option<Caps>,
}

/// Follows of the user, newest first; ended ones are not shown. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(ctx: &Context, user: &User) -> Result<Vec<Follow>, DeskError> {
    let rows = find::<Follow>(ctx.store.as_ref(), &TenantScope::of_user(user), Query::Follows).await?;
    let now = ctx.now();
    let shown = rows.into_iter().filter(|f| f.ended_at.is_none());
    Ok(shown.map(|follow| settled(follow, now)).collect())
}

/// One follow, with the caps that hold now. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: FollowId) -> Result<Follow, DeskError> {
    Ok(settled(row(ctx, user, id).await?, ctx.now()))
}

async fn row(ctx: &Context, user: &User, id: FollowId) -> Result<Follow, DeskError> {
    get::<Follow>(ctx.store.as_ref(), &TenantScope::of_user(user), &id.to_string())
        .await?
        .filter(|f| f.ended_at.is_none())
        .ok_or(DeskError::NotFound)
}

/// A follow as its caps hold now.
fn settled(mut follow: Follow, now: Timestamp) -> Follow {
    loosening::settle_caps(&mut follow.caps, &mut follow.pending, now);
    follow
}

/// Begins to follow a provider of one of the user's communities.
///
/// # Errors
/// `NotFound` when the provider is not for the user to see, `Forbidden` when the role may not trade, `Conflict` when it
/// is followed already, `Invalid` when a setting is out of range.
pub async fn create(
    ctx: &Context,
    user: &User,
    provider_id: ProviderId,
    change: FollowChange,
    caller: &Caller,
) -> Result<Follow, DeskError> {
    let listed = provider::one(ctx, user, provider_id).await?;
    if listed.role < Role::Trader {
        return Err(DeskError::Forbidden(
            "your role in this community may see signals, not follow them".to_owned(),
        ));
    }
    if matches!(
        listed.provider.status,
        ProviderStatus::Suspended | ProviderStatus::Banned
    ) {
        return Err(DeskError::Conflict("this provider is not active".to_owned()));
    }
    let rows = find::<Follow>(ctx.store.as_ref(), &TenantScope::of_user(user), Query::Follows).await?;
    let earlier = rows.into_iter().find(|f| f.provider_id == provider_id);
    let mut batch = Batch::new();
    let follow = match earlier {
        Some(row) if row.ended_at.is_none() => {
            return Err(DeskError::Conflict("you follow this provider already".to_owned()));
        }
        // A follow that ended begins again with the defaults, under its old id and not looser than it was.
        Some(row) => {
            let fresh = Follow {
                version: row.version + 1,
                ..Follow::new(row.id, user.id, provider_id, ctx.now())
            };
            let mut fresh = apply(ctx, user, fresh, change).await?;
            // Leaving and coming back loosens nothing: that takes a change, a second factor and its time.
            fresh.caps = loosening::caps((&row.caps, &row.pending), &fresh.caps, ctx.now())?.caps;
            batch.update(fresh.clone());
            fresh
        }
        None => {
            let fresh = Follow::new(ctx.id(), user.id, provider_id, ctx.now());
            let fresh = apply(ctx, user, fresh, change).await?;
            batch.insert(fresh.clone());
            fresh
        }
    };
    note(ctx, &mut batch, (Kind::FollowCreated, caller), None, &follow).await?;
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(follow)
}

/// Changes a follow at the version the caller knows. A cap that is loosened needs a session that was stepped up, and holds
/// ten minutes later.
///
/// # Errors
/// `NotFound`, `Version`, `Invalid`, `Identity` without a step-up where one is needed.
pub async fn change(
    ctx: &Context,
    (user, session): (&User, &Session),
    id: FollowId,
    version: u64,
    change: FollowChange,
    caller: &Caller,
) -> Result<Follow, DeskError> {
    let before = row(ctx, user, id).await?;
    if before.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: before.version,
        });
    }
    let wants_caps = change.caps.is_some();
    let mut fresh = apply(ctx, user, before.clone(), change).await?;
    if wants_caps {
        let wish = loosening::caps((&before.caps, &before.pending), &fresh.caps, ctx.now())?;
        if !wish.asked.is_empty() {
            factor::proven(ctx, user, session).await?;
        }
        (fresh.caps, fresh.pending) = (wish.caps, wish.pending);
    }
    fresh.version += 1;
    write(ctx, user, (Kind::FollowChanged, caller), before, fresh)
        .await
        .map(|follow| settled(follow, ctx.now()))
}

/// Switches a follow on or off. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn enable(
    ctx: &Context,
    user: &User,
    id: FollowId,
    enabled: bool,
    caller: &Caller,
) -> Result<Follow, DeskError> {
    let before = row(ctx, user, id).await?;
    if before.enabled == enabled {
        return Ok(before);
    }
    let mut fresh = before.clone();
    fresh.version += 1;
    fresh.enabled = enabled;
    write(ctx, user, (Kind::FollowChanged, caller), before, fresh).await
}

/// Ends a follow; what it opened stays open and protected.
///
/// # Errors
/// `NotFound`.
pub async fn end(ctx: &Context, user: &User, id: FollowId, caller: &Caller) -> Result<(), DeskError> {
    let before = row(ctx, user, id).await?;
    let mut fresh = before.clone();
    fresh.version += 1;
    fresh.enabled = false;
    fresh.ended_at = Some(ctx.now());
    write(ctx, user, (Kind::FollowEnded, caller), before, fresh)
        .await
        .map(|_| ())
}

async fn write(
    ctx: &Context,
    user: &User,
    what: What<'_>,
    before: Follow,
    after: Follow,
) -> Result<Follow, DeskError> {
    let mut batch = Batch::new();
    batch.update(after.clone());
    note(ctx, &mut batch, what, Some(&before), &after).await?;
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(after)
}

async fn note(
    ctx: &Context,
    batch: &mut Batch,
    (kind, caller): What<'_>,
    before: Option<&Follow>,
    after: &Follow,
) -> Result<(), DeskError> {
    let value = |row: &Follow| {
        serde_json::to_value(row)
            .map_err(|e| DeskError::Unavailable(format!("a follow cannot be written: {e}")))
    };
    let mut entry = ctx.entry(kind, Actor::user(after.user_id), ("follow", after.id.to_string()));
    entry.user = Some(after.user_id);
    entry.before = before.map(value).transpose()?;
    entry.after = Some(value(after)?);
    entry.origin = caller.sealed(ctx, after.user_id).await?;
    batch.note(entry);
    Ok(())
}

async fn apply(
    ctx: &Context,
    user: &User,
    mut follow: Follow,
    change: FollowChange,
) -> Result<Follow, DeskError> {
    macro_rules! take {
        ($($field:ident),+) => { $(if let Some(value) = change.$field { follow.$field = value; })+ };
    }
    take!(
        mode,
        min_confidence,
        below_min,
        sizing,
        connection_id,
        asset_classes,
        deny_symbols,
        copy_adds,
        follow_stops,
        break_even_after_tp1,
        on_delete,
        when_closed,
        priority,
        caps
    );
    follow.deny_symbols = symbols("deny_symbols", follow.deny_symbols)?;
    follow.caps.deny_symbols = symbols("caps.deny_symbols", follow.caps.deny_symbols)?;
    if follow.asset_classes.is_empty() {
        return Err(DeskError::invalid(
            "asset_classes",
            "expected at least one of equity, option, crypto",
        ));
    }
    if follow
        .asset_classes
        .iter()
        .any(|c| matches!(c, AssetClass::Fx | AssetClass::Future))
    {
        return Err(DeskError::invalid(
            "asset_classes",
            "fx and futures are read but never traded",
        ));
    }
    if follow.priority > 100 {
        return Err(DeskError::invalid("priority", "expected 0 to 100"));
    }
    check_sizing(follow.sizing)?;
    check_caps(&follow.caps)?;
    if let Some(id) = follow.connection_id {
        let connection = connection::one(ctx, user, id)
            .await
            .map_err(|_| DeskError::invalid("connection_id", "expected one of your connections"))?;
        if connection.health == Health::Disabled {
            return Err(DeskError::invalid("connection_id", "this connection is disabled"));
        }
    }
    Ok(follow)
}

/// Upper-case symbols without doubles.
pub(super) fn symbols(field: &'static str, list: Vec<String>) -> Result<Vec<String>, DeskError> {
    if list.len() > DENY_MAX {
        return Err(DeskError::invalid(
            field,
            format!("expected at most {DENY_MAX} symbols"),
        ));
    }
    let mut clean = Vec::with_capacity(list.len());
    for symbol in list {
        let symbol = symbol.trim().to_ascii_uppercase();
        let plain = (1..=15).contains(&symbol.len())
            && symbol
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/'));
        if !plain {
            return Err(DeskError::invalid(
                field,
                format!("{symbol:?} is not a symbol such as AAPL or BTC"),
            ));
        }
        clean.push(symbol);
    }
    clean.sort_unstable();
    clean.dedup();
    Ok(clean)
}

fn within(field: &'static str, value: Decimal, low: Decimal, high: Decimal) -> Result<(), DeskError> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(DeskError::invalid(
            field,
            format!("expected {low} to {high}, got {}", value.normalize()),
        ))
    }
}

fn check_sizing(sizing: Sizing) -> Result<(), DeskError> {
    let field = "sizing.value";
    match sizing {
        Sizing::Signal { multiplier } => within(field, multiplier, Decimal::new(1, 2), Decimal::TEN),
        Sizing::FixedQuantity { quantity } if quantity > Decimal::ZERO => Ok(()),
        Sizing::FixedQuantity { .. } => Err(DeskError::invalid(field, "expected a quantity above 0")),
        Sizing::FixedNotional { amount } => within(field, amount, Decimal::ONE, Decimal::from(1_000_000)),
        Sizing::PercentOfEquity { percent } => within(field, percent, Decimal::new(1, 1), Decimal::from(50)),
        Sizing::RiskPercent { percent } => within(field, percent, Decimal::new(1, 1), Decimal::TEN),
    }
}

/// Every cap must be within its range.
pub(super) fn check_caps(caps: &Caps) -> Result<(), DeskError> {
    for bound in Bound::ALL {
        if let Some(value) = bound.of(caps) {
            let (low, high) = bound.range();
            within(bound.field(), value, low, high)?;
        }
    }
    Ok(())
}
