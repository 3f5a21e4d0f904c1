//! RK-14: refuses an entry at the market on an old quote, and any entry without a quote.

use std::time::Duration;

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::MoneyError,
};

use super::word::{breach, deny};

/// The rule.
pub(super) struct QuoteFresh;

impl Rule for QuoteFresh {
    fn id(&self) -> RuleId {
        RuleId::QuoteFresh
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let Some(quote) = snapshot.quote else {
            return Ok(deny(self.id(), format!("No quote for {}", proposal.instrument)));
        };
        // While the session is closed the order waits and is judged again at the open.
        if !proposal.marketable || !snapshot.opens_now() {
            return Ok(Finding::Pass);
        }
        let limit = u64::from(snapshot.limits.limits.quote_age_seconds);
        let age = snapshot.now.since(quote.at);
        if age <= Duration::from_secs(limit) {
            return Ok(Finding::Pass);
        }
        let n = age.as_secs();
        let message = format!("No fresh quote for {} ({n}s old)", proposal.instrument);
        Ok(Finding::Deny(breach(
            self.id(),
            Bound::QuoteAge,
            snapshot.limits,
            message,
            format!("{limit}s"),
            format!("{n}s"),
        )))
    }
}
