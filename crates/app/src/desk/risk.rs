//! The user's limits, what is used of them, and the switches that bind the user.

use ordercast_model::{
    account::Account,
    community::Membership,
    ids::ConnectionId,
    journal::{entry::Actor, kind::Kind},
    limits::{Caps, Limits, PerClass, Switch, SwitchScope, UserLimits},
    ports::store::{Batch, Query, SystemQuery, find, find_any, get},
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::User,
};
pub use ordercast_rules::risk::status::{Unit, Used};
use ordercast_rules::risk::{self, effective};
use rust_decimal::Decimal;

use super::{DeskError, follow};
use crate::context::Context;

/// What one account uses of the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct AccountRisk {
    pub connection_id: ConnectionId,
    pub daily_loss_tripped: bool,
    pub usage: Vec<Used>,
}

/// Everything that may stop an order of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// When.
    pub as_of: Timestamp,
    /// No new position is opened anywhere.
    pub stopped: bool,
    /// Switches that are on and cover the user in whole or part.
    pub switches: Vec<Switch>,
    /// Accounts, by connection.
    pub accounts: Vec<AccountRisk>,
}

/// The user's limits; the defaults at version 0 when they were never changed. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn limits(ctx: &Context, user: &User) -> Result<UserLimits, DeskError> {
    let scope = TenantScope::of_user(user);
    let row = get::<UserLimits>(ctx.store.as_ref(), &scope, &user.id.to_string()).await?;
    Ok(row.unwrap_or_else(|| UserLimits {
        user_id: user.id,
        version: 0,
        limits: Limits::default(),
        updated_at: ctx.now(),
    }))
}

/// Sets all limits at the version the caller knows.
///
/// # Errors
/// `Version`, or `Invalid` with the first limit that is out of its range.
pub async fn set_limits(
    ctx: &Context,
    user: &User,
    version: u64,
    mut wanted: Limits,
) -> Result<UserLimits, DeskError> {
    wanted.deny_symbols = follow::symbols("deny_symbols", wanted.deny_symbols)?;
    check(&wanted)?;
    let before = limits(ctx, user).await?;
    if before.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: before.version,
        });
    }
    if before.limits == wanted {
        return Ok(before);
    }
    let fresh = UserLimits {
        user_id: user.id,
        version: before.version + 1,
        limits: wanted,
        updated_at: ctx.now(),
    };
    let value = |limits: &Limits| {
        serde_json::to_value(limits)
            .map_err(|e| DeskError::Unavailable(format!("limits cannot be written: {e}")))
    };
    let mut entry = ctx.entry(
        Kind::RiskLimitChanged,
        Actor::user(user.id),
        ("risk_limits", user.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.before = Some(value(&before.limits)?);
    entry.after = Some(value(&fresh.limits)?);
    let mut batch = Batch::new();
    if before.version == 0 {
        batch.insert(fresh.clone());
    } else {
        batch.update(fresh.clone());
    }
    batch.note(entry);
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(fresh)
}

type Bound = (&'static str, Decimal, Decimal, Decimal);

fn check(limits: &Limits) -> Result<(), DeskError> {
    let n = |value: i64| Decimal::from(value);
    let tenth = |value: i64| Decimal::new(value, 1);
    let whole = |value: u32| Decimal::from(value);
    let classes = |name: [&'static str; 3],
                   value: &PerClass,
                   equity: [Decimal; 2],
                   option: [Decimal; 2]|
     -> [Bound; 3] {
        [
            (name[0], value.equity, equity[0], equity[1]),
            (name[1], value.option, option[0], option[1]),
            (name[2], value.crypto, equity[0], equity[1]),
        ]
    };
    let mut bounds: Vec<Bound> = vec![
        ("min_balance", limits.min_balance, n(0), n(100_000)),
        ("daily_loss_pct", limits.daily_loss_pct, tenth(5), n(20)),
        ("daily_loss_trip_pct", limits.daily_loss_trip_pct, n(80), n(100)),
        ("breaker_pct", limits.breaker_pct, n(2), n(25)),
        (
            "same_instrument_seconds",
            whole(limits.same_instrument_seconds),
            n(1),
            n(60),
        ),
        ("leverage_max", limits.leverage_max, n(1), n(3)),
        ("quote_age_seconds", whole(limits.quote_age_seconds), n(1), n(30)),
        ("option_spread_pct", limits.option_spread_pct, n(1), n(50)),
        (
            "option_price_min",
            limits.option_price_min,
            Decimal::new(1, 2),
            n(5),
        ),
        ("option_contracts_max", limits.option_contracts_max, n(1), n(500)),
        ("position_pct", limits.position_pct, tenth(5), n(50)),
        ("buying_power_pct", limits.buying_power_pct, n(10), n(100)),
        ("exposure_pct", limits.exposure_pct, n(5), n(100)),
        ("positions_max", whole(limits.positions_max), n(1), n(100)),
        ("per_symbol_max", whole(limits.per_symbol_max), n(1), n(5)),
        ("orders_per_minute", whole(limits.orders_per_minute), n(1), n(120)),
        ("orders_per_day", whole(limits.orders_per_day), n(1), n(2_000)),
        (
            "opens_per_minute_per_provider",
            whole(limits.opens_per_minute_per_provider),
            n(1),
            n(120),
        ),
        ("open_age_seconds", whole(limits.open_age_seconds), n(5), n(300)),
        (
            "exit_age_seconds",
            whole(limits.exit_age_seconds),
            n(30),
            n(3_600),
        ),
        ("approval_seconds", whole(limits.approval_seconds), n(15), n(900)),
        (
            "remainder_seconds",
            whole(limits.remainder_seconds),
            n(0),
            n(86_400),
        ),
    ];
    let optional = [
        ("daily_loss_amount", limits.daily_loss_amount, n(1), n(1_000_000)),
        ("order_value_max", limits.order_value_max, n(1), n(1_000_000)),
        ("risk_per_trade_pct", limits.risk_per_trade_pct, tenth(1), n(10)),
    ];
    bounds.extend(
        optional
            .into_iter()
            .filter_map(|(f, v, low, high)| Some((f, v?, low, high))),
    );
    let names = ["drift_pct.equity", "drift_pct.option", "drift_pct.crypto"];
    bounds.extend(classes(
        names,
        &limits.drift_pct,
        [tenth(1), n(10)],
        [n(1), n(50)],
    ));
    let names = [
        "implausible_pct.equity",
        "implausible_pct.option",
        "implausible_pct.crypto",
    ];
    bounds.extend(classes(
        names,
        &limits.implausible_pct,
        [n(5), n(50)],
        [n(20), n(95)],
    ));
    let names = [
        "auto_stop_pct.equity",
        "auto_stop_pct.option",
        "auto_stop_pct.crypto",
    ];
    bounds.extend(classes(
        names,
        &limits.auto_stop_pct,
        [tenth(5), n(20)],
        [n(5), n(90)],
    ));
    match bounds
        .into_iter()
        .find(|(_, value, low, high)| value < low || value > high)
    {
        None => Ok(()),
        Some((field, value, low, high)) => Err(DeskError::invalid(
            field,
            format!("expected {low} to {high}, got {}", value.normalize()),
        )),
    }
}

/// Switches, and what each account uses of the limits. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn status(ctx: &Context, user: &User) -> Result<Status, DeskError> {
    let scope = TenantScope::of_user(user);
    let store = ctx.store.as_ref();
    let switches = switches(ctx, user).await?;
    let own = limits(ctx, user).await?.limits;
    let limits = effective(&ctx.platform_caps, &Caps::default(), &own, &Caps::default());
    let mut accounts = Vec::new();
    for account in find::<Account>(store, &scope, Query::Accounts).await? {
        accounts.push(AccountRisk {
            connection_id: account.connection_id,
            daily_loss_tripped: account.daily_loss_tripped,
            usage: risk::status::status(&account, &limits, ctx.now())?,
        });
    }
    accounts.sort_by_key(|a| a.connection_id);
    let stopped = switches
        .iter()
        .any(|s| matches!(s.scope, SwitchScope::Platform | SwitchScope::User(_)));
    Ok(Status {
        as_of: ctx.now(),
        stopped,
        switches,
        accounts,
    })
}

/// Switches that are on and cover the user, a community, a provider, a follow or a connection of the user.
async fn switches(ctx: &Context, user: &User) -> Result<Vec<Switch>, DeskError> {
    let store = ctx.store.as_ref();
    let scope = SystemScope::housekeeping("switches of the platform and of communities bind their members");
    let on = find_any::<Switch>(store, scope, SystemQuery::SwitchesOn).await?;
    let memberships = find::<Membership>(store, &TenantScope::of_user(user), Query::Memberships).await?;
    let follows = follow::list(ctx, user).await?;
    let connections = super::connection::list(ctx, user).await?;
    let covers = |switch: &Switch| match &switch.scope {
        SwitchScope::Platform => true,
        SwitchScope::User(id) => *id == user.id,
        SwitchScope::Community(id) => memberships.iter().any(|m| m.community_id == *id),
        SwitchScope::Provider(id) => follows.iter().any(|f| f.provider_id == *id),
        SwitchScope::Follow(id) => follows.iter().any(|f| f.id == *id),
        SwitchScope::Connection(id) => connections.iter().any(|c| c.id == *id),
    };
    Ok(on.into_iter().filter(covers).collect())
}
