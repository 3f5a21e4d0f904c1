//! RK-05: refuses opens from 97 % of the daily loss limit on, until the next session day.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    account::{Account, LossCap},
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::{Bound, Limits},
    money::{self, MoneyError, show},
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::word::{breach, pct, percent_of, share_of, weekday};

/// How the day stands against its limit.
pub(super) struct Day<'a> {
    /// Lost since the start of the session day; zero when nothing is.
    pub loss: Decimal,
    /// What may be lost.
    pub limit: Decimal,
    /// Lost, in per cent of the limit.
    pub used_pct: Decimal,
    /// No more opens today.
    pub tripped: bool,
    /// The smaller limit is the user's own amount.
    pub by_amount: bool,
    /// What tripped was the limit of somebody else, and a smaller one than this.
    pub cap: Option<&'a LossCap>,
}

impl Day<'_> {
    /// The limit that applies as one that may be another's.
    pub(super) const fn bound(&self) -> Option<Bound> {
        if self.by_amount {
            None
        } else {
            Some(Bound::DailyLoss)
        }
    }
}

/// The day's loss as of `now`; a new session day has lost nothing.
pub(super) fn day<'a>(account: &'a Account, limits: &Limits, now: Timestamp) -> Result<Day<'a>, MoneyError> {
    let same = account.zone.day_of(now) <= account.day;
    let start = if same {
        account.day_start_equity
    } else {
        account.equity
    };
    let by_percent = share_of(limits.daily_loss_pct, start.max(Decimal::ZERO))?;
    let own = limits.daily_loss_amount.filter(|amount| *amount < by_percent);
    let limit = own.unwrap_or(by_percent);
    let tripped = same && account.daily_loss_tripped;
    let cap = account.daily_loss_cap.as_ref();
    let cap = cap.filter(|cap| tripped && cap.limit < limit);
    let limit = cap.map_or(limit, |cap| cap.limit);
    let loss = money::sub(start, account.equity)?.max(Decimal::ZERO);
    let used_pct = if limit > Decimal::ZERO {
        percent_of(loss, limit)?
    } else {
        Decimal::ONE_HUNDRED
    };
    let tripped = tripped || used_pct >= limits.daily_loss_trip_pct;
    Ok(Day {
        loss,
        limit,
        used_pct,
        tripped,
        by_amount: own.is_some(),
        cap,
    })
}

/// The sentence of RK-05.
pub(super) fn sentence(account: &Account, day: &Day<'_>, now: Timestamp) -> String {
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
        if let Some(cap) = day.cap {
            let message = format!("{message} ({})", cap.words);
            return Ok(Finding::Deny(breach(
                self.id(),
                None,
                snapshot.limits,
                message,
                day.limit,
                day.loss,
            )));
        }
        Ok(Finding::Deny(breach(
            self.id(),
            day.bound(),
            snapshot.limits,
            message,
            day.limit,
            day.loss,
        )))
    }
}
