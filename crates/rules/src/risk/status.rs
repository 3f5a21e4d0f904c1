//! Decides how much of each limit is used, for the dashboard. Refuses to judge an order.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    account::Account,
    gate::{Effective, RuleId},
    limits::LimitOwner,
    money::{self, MoneyError, decimal_text},
    time::Timestamp,
};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    account_fresh, daily_loss,
    order_rate::WINDOW,
    usage::{held, in_flight, open_instruments, reserved, used},
    word::{percent_of, share_of},
};

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The account's currency.
    Money,
    /// Per cent of equity.
    Percent,
    /// Things.
    Count,
    /// Seconds.
    Seconds,
}

/// One limit and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Which rule.
    pub rule: RuleId,
    /// What it guards.
    pub title: &'static str,
    /// Used.
    #[serde(with = "decimal_text")]
    pub used: Decimal,
    /// The limit.
    #[serde(with = "decimal_text")]
    pub limit: Decimal,
    /// Of what.
    pub unit: Unit,
    /// Whose limit it is.
    pub owner: LimitOwner,
    /// Opens are refused because of it now.
    pub breached: bool,
}

/// Used and limit of every rule that has a running total.
///
/// # Errors
/// `Overflow`.
pub fn status(account: &Account, limits: &Effective, now: Timestamp) -> Result<Vec<Used>, MoneyError> {
    let all = &limits.limits;
    let equity = account.equity.max(Decimal::ZERO);
    let row = |rule: RuleId, used: Decimal, limit: Decimal, unit: Unit, breached: bool| Used {
        rule,
        title: rule.title(),
        used,
        limit,
        unit,
        owner: limits.owner(rule),
        breached,
    };
    let of_equity = |value: Decimal| match equity.is_zero() {
        true => Ok(if value.is_zero() {
            value
        } else {
            Decimal::ONE_HUNDRED
        }),
        false => percent_of(value, equity),
    };
    let age = Decimal::from(now.since(account.synced_at).as_secs());
    let age_max = Decimal::from(account_fresh::AGE_MAX.as_secs());
    let day = daily_loss::day(account, all, now)?;
    let largest = largest(account)?;
    let exposed = used(account, None, |_| true)?;
    let open = Decimal::from(open_instruments(account, None).len());
    let open_max = Decimal::from(all.positions_max);
    let working = in_flight(account, None).try_fold(Decimal::ZERO, |sum, r| money::add(sum, reserved(r)?))?;
    let usable = share_of(all.buying_power_pct, account.buying_power)?;
    let minute = account
        .recent_orders
        .iter()
        .filter(|at| now.since(**at) < WINDOW)
        .count();
    let minute = Decimal::from(minute);
    let minute_max = Decimal::from(all.orders_per_minute);
    Ok(vec![
        row(RuleId::AccountFresh, age, age_max, Unit::Seconds, age > age_max),
        row(
            RuleId::MinBalance,
            account.equity,
            all.min_balance,
            Unit::Money,
            account.equity < all.min_balance,
        ),
        row(RuleId::DailyLoss, day.loss, day.limit, Unit::Money, day.tripped),
        row(
            RuleId::PositionSize,
            of_equity(largest)?,
            all.position_pct,
            Unit::Percent,
            largest >= share_of(all.position_pct, equity)?,
        ),
        row(
            RuleId::BuyingPower,
            working,
            usable,
            Unit::Money,
            working >= usable,
        ),
        row(
            RuleId::Exposure,
            of_equity(exposed)?,
            all.exposure_pct,
            Unit::Percent,
            exposed >= share_of(all.exposure_pct, equity)?,
        ),
        row(
            RuleId::OpenPositions,
            open,
            open_max,
            Unit::Count,
            open >= open_max,
        ),
        row(
            RuleId::OrderRate,
            minute,
            minute_max,
            Unit::Count,
            minute >= minute_max,
        ),
    ])
}

/// Value of the greatest holding.
fn largest(account: &Account) -> Result<Decimal, MoneyError> {
    account.holdings.keys().try_fold(Decimal::ZERO, |most, own| {
        Ok(most.max(held(account, |i| i == own)?))
    })
}
