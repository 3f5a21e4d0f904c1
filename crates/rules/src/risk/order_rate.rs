//! RK-26: refuses opens when an account or a provider sends orders faster than a person would.

use std::time::Duration;

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::MoneyError,
    time::Timestamp,
};

use super::word::breach;

/// The window of the per-minute counts.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// The rule.
pub(super) struct OrderRate;

impl Rule for OrderRate {
    fn id(&self) -> RuleId {
        RuleId::OrderRate
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let (account, limits) = (snapshot.account, &snapshot.limits.limits);
        let recent = |at: &Timestamp| snapshot.now.since(*at) < WINDOW;
        let minute = count(account.recent_orders.iter().filter(|at| recent(at)).count());
        let same_day = account.zone.day_of(snapshot.now) <= account.day;
        let today = if same_day { account.orders_today } else { 0 };
        let by_provider = proposal.provider_id.map_or(0, |provider| {
            let own = |r: &&ordercast_model::account::RecentOpen| r.provider_id == provider && recent(&r.at);
            count(account.recent_opens.iter().filter(own).count())
        });
        let checks = [
            (
                Bound::OrdersPerMinute,
                minute,
                limits.orders_per_minute,
                "orders in the last minute",
            ),
            (Bound::OrdersPerDay, today, limits.orders_per_day, "orders today"),
            (
                Bound::OpensPerMinute,
                by_provider,
                limits.opens_per_minute_per_provider,
                "opens from this provider in the last minute",
            ),
        ];
        for (bound, n, limit, what) in checks {
            if n >= limit {
                let message = format!("{n} {what} (limit {limit})");
                return Ok(Finding::Deny(breach(
                    self.id(),
                    bound,
                    snapshot.limits,
                    message,
                    limit,
                    n,
                )));
            }
        }
        Ok(Finding::Pass)
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
