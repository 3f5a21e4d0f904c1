//! RK-01 and RK-02: refuses opens while a kill, a pause or a lock covers the order, and closes while all is frozen.

use ordercast_model::{
    decision::SkipReason,
    gate::{Breach, Finding, Proposal, Rule, RuleId, Snapshot},
    limits::{Switch, SwitchKind, SwitchScope, Unlocker},
    money::MoneyError,
};

use super::word::{moment, plain};

/// The rule.
pub(super) struct Switches;

impl Rule for Switches {
    fn id(&self) -> RuleId {
        RuleId::Switches
    }
    fn binds_exits(&self) -> bool {
        true
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let zone = snapshot.account.zone;
        let on = snapshot
            .switches
            .iter()
            .filter(|s| s.on && (proposal.opens || s.freeze))
            .min_by(|a, b| rank(a).cmp(&rank(b)));
        let Some(switch) = on else {
            return Ok(Finding::Pass);
        };
        let since = moment(switch.since, zone);
        let (skip, message) = match switch.kind {
            SwitchKind::Lock if switch.scope == SwitchScope::Platform => {
                (SkipReason::Locked, stopped(switch, &since))
            }
            SwitchKind::Lock => (SkipReason::Locked, locked(switch, &since)),
            SwitchKind::Kill => (SkipReason::Killed, stopped(switch, &since)),
            SwitchKind::Pause => (SkipReason::Paused, stopped(switch, &since)),
        };
        Ok(Finding::Deny(Breach {
            skip: Some(skip),
            ..plain(RuleId::Switches, message)
        }))
    }
}

fn locked(switch: &Switch, since: &str) -> String {
    let how = match switch.unlocker() {
        Unlocker::User => "unlock in Risk".to_owned(),
        Unlocker::Staff(cap) => format!("ask the owner or an admin of {} to unlock it", cap.name),
        Unlocker::Platform => "ask a platform admin to unlock it".to_owned(),
    };
    format!("Account locked at {since}: {}; {how}", switch.reason)
}

fn stopped(switch: &Switch, since: &str) -> String {
    format!(
        "Trading is stopped by {} since {since}: {}",
        switch.by, switch.reason
    )
}

/// Kill before lock before pause; the widest scope first.
fn rank(switch: &Switch) -> (u8, &ordercast_model::limits::SwitchScope) {
    let kind = match switch.kind {
        SwitchKind::Kill => 0,
        SwitchKind::Lock => 1,
        SwitchKind::Pause => 2,
    };
    (kind, &switch.scope)
}
