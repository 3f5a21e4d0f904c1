//! SG-32 and SG-33: refuses to act on a signal that is too old, or from the future.
#![deny(clippy::arithmetic_side_effects)]

use std::time::Duration;

use ordercast_model::{
    decision::SkipReason,
    gate::{Breach, Finding, Proposal, Rule, RuleId, Snapshot},
    money::MoneyError,
};

use super::word::{breach, seconds};

/// How far ahead of us a source's clock may be.
const AHEAD_MAX: Duration = Duration::from_secs(5);

/// The rule.
pub(super) struct Age;

impl Rule for Age {
    fn id(&self) -> RuleId {
        RuleId::Age
    }
    fn binds_exits(&self) -> bool {
        true
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let (Some(posted), Some(max)) = (proposal.posted_at, proposal.max_age) else {
            return Ok(Finding::Pass);
        };
        let ahead = posted.since(snapshot.now);
        if ahead > AHEAD_MAX {
            let message = format!(
                "clock_skew: the signal is dated {}s in the future (limit {}s)",
                seconds(ahead),
                AHEAD_MAX.as_secs()
            );
            return Ok(skip(snapshot, message, AHEAD_MAX, ahead));
        }
        let age = snapshot.now.since(posted);
        if age <= max {
            return Ok(Finding::Pass);
        }
        let message = format!("Signal is {}s old (limit {}s)", seconds(age), max.as_secs());
        Ok(skip(snapshot, message, max, age))
    }
}

fn skip(snapshot: &Snapshot<'_>, message: String, limit: Duration, actual: Duration) -> Finding {
    let found = breach(
        RuleId::Age,
        None,
        snapshot.limits,
        message,
        format!("{}s", limit.as_secs()),
        format!("{}s", seconds(actual)),
    );
    Finding::Deny(Breach {
        skip: Some(SkipReason::Stale),
        ..found
    })
}
