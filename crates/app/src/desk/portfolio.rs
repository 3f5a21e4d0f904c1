//! What the user's accounts are worth now, and were before.

use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    account::{Account, EquityPoint},
    connection::{Connection, Mode},
    ids::ConnectionId,
    money::{self, Currency, MoneyError},
    ports::{
        market::Market,
        store::{Query, find},
    },
    tenant::TenantScope,
    time::Timestamp,
    user::User,
};
use rust_decimal::Decimal;

use super::DeskError;
use crate::context::Context;

/// What one account is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the figures are described where they are shown")]
pub struct AccountLine {
    pub connection_id: ConnectionId,
    pub label: String,
    pub broker: String,
    pub mode: Mode,
    pub currency: Currency,
    pub equity: Decimal,
    pub cash: Decimal,
    pub buying_power: Decimal,
    pub day_pnl: Decimal,
    pub day_pnl_pct: Decimal,
    pub unrealised: Decimal,
    pub exposure: Decimal,
    pub exposure_pct: Decimal,
    pub drawdown_pct: Decimal,
    pub open_positions: u32,
    pub open_orders: u32,
    pub synced_at: Timestamp,
}

/// Sum over the accounts of one mode and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the figures are described where they are shown")]
pub struct Total {
    pub mode: Mode,
    pub currency: Currency,
    pub equity: Decimal,
    pub cash: Decimal,
    pub day_pnl: Decimal,
    pub exposure: Decimal,
}

/// Every account, and totals; paper and live are never added together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portfolio {
    /// When.
    pub as_of: Timestamp,
    /// Accounts, by connection.
    pub accounts: Vec<AccountLine>,
    /// Totals, by mode and currency.
    pub totals: Vec<Total>,
}

/// How far back the equity curve goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Range {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Range {
    const fn span(self) -> Duration {
        let hours: u64 = match self {
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 24 * 7,
            Self::Month => 24 * 31,
            Self::Year => 24 * 366,
        };
        Duration::from_secs(hours * 3_600)
    }
}

/// `part` in per cent of `whole`, to two places; 0 when there is no whole.
pub(super) fn percent(part: Decimal, whole: Decimal) -> Result<Decimal, MoneyError> {
    if whole.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let ratio = money::times(money::div(part, whole.abs())?, Decimal::ONE_HUNDRED)?;
    Ok(ratio.round_dp(2).normalize())
}

/// What every account is worth now. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn show(ctx: &Context, user: &User) -> Result<Portfolio, DeskError> {
    let scope = TenantScope::of_user(user);
    let connections: BTreeMap<ConnectionId, Connection> = super::connection::list(ctx, user)
        .await?
        .into_iter()
        .map(|c| (c.id, c))
        .collect();
    let mut accounts = Vec::new();
    for account in find::<Account>(ctx.store.as_ref(), &scope, Query::Accounts).await? {
        if let Some(connection) = connections.get(&account.connection_id) {
            let market = ctx.markets.get(&connection.broker).map(AsRef::as_ref);
            accounts.push(line(&account, connection, market)?);
        }
    }
    accounts.sort_by_key(|line| line.connection_id);
    let totals = totals(&accounts)?;
    Ok(Portfolio {
        as_of: ctx.now(),
        accounts,
        totals,
    })
}

/// What one account is worth at the newest quotes; a holding without a quote keeps its last mark.
///
/// # Errors
/// When a figure does not fit.
pub fn line(
    account: &Account,
    connection: &Connection,
    market: Option<&dyn Market>,
) -> Result<AccountLine, MoneyError> {
    let (mut value, mut exposure, mut cost, mut held) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO, 0);
    for (instrument, holding) in &account.holdings {
        if holding.quantity.is_zero() {
            continue;
        }
        let quote = market.and_then(|m| m.latest(instrument));
        let mark = quote.map_or(holding.mark, |q| q.last);
        let units = money::times(holding.quantity, instrument.multiplier())?;
        let worth = money::times(units, mark.value())?;
        value = money::add(value, worth)?;
        exposure = money::add(exposure, worth.abs())?;
        cost = money::add(cost, money::times(units, holding.average_price.value())?)?;
        held += 1;
    }
    let equity = money::add(account.cash, value)?;
    let mut reserved = Decimal::ZERO;
    for order in account.reservations.values().filter(|r| r.opens) {
        let units = money::times(order.quantity.value(), order.instrument.multiplier())?;
        reserved = money::add(reserved, money::times(units, order.price.value())?)?;
    }
    let day_pnl = money::sub(equity, account.day_start_equity)?;
    let high = account.day_high_equity.max(equity);
    Ok(AccountLine {
        connection_id: connection.id,
        label: connection.label.clone(),
        broker: connection.broker.clone(),
        mode: connection.mode,
        currency: account.currency,
        equity,
        cash: account.cash,
        buying_power: money::sub(account.buying_power, reserved)?.max(Decimal::ZERO),
        day_pnl,
        day_pnl_pct: percent(day_pnl, account.day_start_equity)?,
        unrealised: money::sub(value, cost)?,
        exposure,
        exposure_pct: percent(exposure, equity)?,
        drawdown_pct: percent(money::sub(high, equity)?, high)?,
        open_positions: held,
        open_orders: u32::try_from(account.reservations.len().saturating_add(account.outside.len()))
            .unwrap_or(u32::MAX),
        synced_at: account.synced_at,
    })
}

fn totals(accounts: &[AccountLine]) -> Result<Vec<Total>, MoneyError> {
    let mut sums: BTreeMap<(Mode, Currency), Total> = BTreeMap::new();
    for line in accounts {
        let sum = sums.entry((line.mode, line.currency)).or_insert_with(|| Total {
            mode: line.mode,
            currency: line.currency,
            equity: Decimal::ZERO,
            cash: Decimal::ZERO,
            day_pnl: Decimal::ZERO,
            exposure: Decimal::ZERO,
        });
        sum.equity = money::add(sum.equity, line.equity)?;
        sum.cash = money::add(sum.cash, line.cash)?;
        sum.day_pnl = money::add(sum.day_pnl, line.day_pnl)?;
        sum.exposure = money::add(sum.exposure, line.exposure)?;
    }
    Ok(sums.into_values().collect())
}

/// The equity curve of every account, oldest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn history(ctx: &Context, user: &User, range: Range) -> Result<Vec<EquityPoint>, DeskError> {
    let since = ctx.now().minus(range.span());
    let scope = TenantScope::of_user(user);
    let mut points = find::<EquityPoint>(ctx.store.as_ref(), &scope, Query::EquityCurve(since)).await?;
    points.reverse();
    Ok(points)
}
