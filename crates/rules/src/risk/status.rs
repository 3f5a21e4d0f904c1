//! Decides how much of each limit is used, for the dashboard. Refuses to judge an order.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    account::Account,
    gate::{Effective, RuleId},
    limits::{Bound, LimitOwner},
    money::{self, MoneyError, decimal_text},
    time::Timestamp,
};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    account_fresh, daily_loss,
    order_rate::WINDOW,
    usage::{held, in_flight, needed_outside, open_instruments, reserved, used},
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
    let table = Table {
        account,
        limits,
        now,
        equity: account.equity.max(Decimal::ZERO),
    };
    Ok(vec![
        table.fresh(),
        table.balance(),
        table.day()?,
        table.position()?,
        table.power()?,
        table.exposure()?,
        table.open()?,
        table.rate(),
    ])
}

/// What the rows are made from.
struct Table<'a> {
    account: &'a Account,
    limits: &'a Effective,
    now: Timestamp,
    equity: Decimal,
}

impl Table<'_> {
    fn row(
        &self,
        what: (RuleId, Option<Bound>),
        used: Decimal,
        limit: Decimal,
        unit: Unit,
        breached: bool,
    ) -> Used {
        let (rule, bound) = what;
        Used {
            rule,
            title: rule.title(),
            used: used.normalize(),
            limit: limit.normalize(),
            unit,
            owner: bound.map_or(LimitOwner::User, |bound| self.limits.owner(bound)),
            breached,
        }
    }
    fn of_equity(&self, value: Decimal) -> Result<Decimal, MoneyError> {
        if self.equity.is_zero() {
            return Ok(if value.is_zero() {
                value
            } else {
                Decimal::ONE_HUNDRED
            });
        }
        percent_of(value, self.equity)
    }
    fn fresh(&self) -> Used {
        let age = Decimal::from(self.now.since(self.account.synced_at).as_secs());
        let limit = Decimal::from(account_fresh::AGE_MAX.as_secs());
        self.row(
            (RuleId::AccountFresh, None),
            age,
            limit,
            Unit::Seconds,
            age > limit,
        )
    }
    fn balance(&self) -> Used {
        let (equity, least) = (self.account.equity, self.limits.limits.min_balance);
        self.row(
            (RuleId::MinBalance, Some(Bound::MinBalance)),
            equity,
            least,
            Unit::Money,
            equity < least,
        )
    }
    fn day(&self) -> Result<Used, MoneyError> {
        let day = daily_loss::day(self.account, &self.limits.limits, self.now)?;
        Ok(self.row(
            (RuleId::DailyLoss, day.bound()),
            day.loss,
            day.limit,
            Unit::Money,
            day.tripped,
        ))
    }
    fn position(&self) -> Result<Used, MoneyError> {
        let largest = largest(self.account)?;
        let limit = self.limits.limits.position_pct;
        let full = largest >= share_of(limit, self.equity)?;
        Ok(self.row(
            (RuleId::PositionSize, Some(Bound::Position)),
            self.of_equity(largest)?,
            limit,
            Unit::Percent,
            full,
        ))
    }
    fn power(&self) -> Result<Used, MoneyError> {
        let working = in_flight(self.account, None).try_fold(needed_outside(self.account)?, |sum, r| {
            money::add(sum, reserved(r)?)
        })?;
        let usable = share_of(self.limits.limits.buying_power_pct, self.account.buying_power)?;
        Ok(self.row(
            (RuleId::BuyingPower, Some(Bound::BuyingPower)),
            working,
            usable,
            Unit::Money,
            working >= usable,
        ))
    }
    fn exposure(&self) -> Result<Used, MoneyError> {
        let exposed = used(self.account, None, |_| true)?;
        let limit = self.limits.limits.exposure_pct;
        let full = exposed >= share_of(limit, self.equity)?;
        Ok(self.row(
            (RuleId::Exposure, Some(Bound::Exposure)),
            self.of_equity(exposed)?,
            limit,
            Unit::Percent,
            full,
        ))
    }
    fn open(&self) -> Result<Used, MoneyError> {
        let open = Decimal::from(open_instruments(self.account, None)?.len());
        let limit = Decimal::from(self.limits.limits.positions_max);
        Ok(self.row(
            (RuleId::OpenPositions, Some(Bound::Positions)),
            open,
            limit,
            Unit::Count,
            open >= limit,
        ))
    }
    fn rate(&self) -> Used {
        let young = |at: &&Timestamp| self.now.since(**at) < WINDOW;
        let minute = Decimal::from(self.account.recent_orders.iter().filter(young).count());
        let limit = Decimal::from(self.limits.limits.orders_per_minute);
        self.row(
            (RuleId::OrderRate, Some(Bound::OrdersPerMinute)),
            minute,
            limit,
            Unit::Count,
            minute >= limit,
        )
    }
}

/// Value of the greatest holding.
fn largest(account: &Account) -> Result<Decimal, MoneyError> {
    account.holdings.keys().try_fold(Decimal::ZERO, |most, own| {
        Ok(most.max(held(account, |i| i == own)?))
    })
}
