//! RK-05: refuses opens from 97 % of the daily loss limit on, until the next session day.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    account::Account,
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Limits,
    money::{self, MoneyError, show},
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::word::{breach, pct, percent_of, share_of, weekday};

/// How the day stands against its limit.
pub(super) struct Day {
    /// Lost since the start of the session day; zero when nothing is.
    pub loss: Decimal,
    /// What may be lost.
    pub limit: Decimal,
    /// Lost, in per cent of the limit.
    pub used_pct: Decimal,
    /// No more opens today.
    pub tripped: bool,
}

/// The day's loss as of `now`; a new session day has lost nothing.
pub(super) fn day(account: &Account, limits: &Limits, now: Timestamp) -> Result<Day, MoneyError> {
    let same = account.zone.day_of(now) <= account.day;
    let start = if same {
        account.day_start_equity
    } else {
        account.equity
    };
    let by_percent = share_of(limits.daily_loss_pct, start.max(Decimal::ZERO))?;
    let limit = limits
        .daily_loss_amount
        .map_or(by_percent, |amount| amount.min(by_percent));
    let loss = money::sub(start, account.equity)?.max(Decimal::ZERO);
    let used_pct = if limit > Decimal::ZERO {
        percent_of(loss, limit)?
    } else {
        Decimal::ONE_HUNDRED
    };
    let tripped = (same && account.daily_loss_tripped) || used_pct >= limits.daily_loss_trip_pct;
    Ok(Day {
        loss,
        limit,
        used_pct,
        tripped,
    })
}

/// The sentence of RK-05.
pub(super) fn sentence(account: &Account, day: &Day, now: Timestamp) -> String {
    let today = account.zone.day_of(now);
    let next = today
        .succ_opt()
        .map_or(now, |tomorrow| account.zone.start_of(tomorrow));
    format!(
        "Down {} of {} today ({}%). New trades resume {}",
        show(day.loss),
        show(day.limit),
        pct(day.used_pct),
        weekday(next, account.zone)
    )
}

/// The rule.
pub(super) struct DailyLoss;

impl Rule for DailyLoss {
    fn id(&self) -> RuleId {
        RuleId::DailyLoss
    }
    fn check(&self, _: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let day = day(snapshot.account, &snapshot.limits.limits, snapshot.now)?;
        if !day.tripped {
            return Ok(Finding::Pass);
        }
        let message = sentence(snapshot.account, &day, snapshot.now);
        Ok(Finding::Deny(breach(
            self.id(),
            snapshot.limits,
            message,
            day.limit,
            day.loss,
        )))
    }
}
