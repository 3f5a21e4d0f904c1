//! RK-08: refuses symbols that the platform, the community, the user or the Follow restricts.

use ordercast_model::{
    gate::{Breach, Finding, Proposal, Rule, RuleId, Snapshot},
    instrument::Instrument,
    limits::LimitOwner,
    money::MoneyError,
};

use super::word::plain;

/// The rule.
pub(super) struct Restricted;

impl Rule for Restricted {
    fn id(&self) -> RuleId {
        RuleId::Restricted
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let limits = snapshot.limits;
        let found = spellings(&proposal.instrument).into_iter().find(|name| {
            limits.restricted_by.contains_key(name)
                || limits
                    .limits
                    .deny_symbols
                    .iter()
                    .any(|s| s.eq_ignore_ascii_case(name))
        });
        let Some(name) = found else {
            return Ok(Finding::Pass);
        };
        let whose = limits
            .restricted_by
            .get(&name)
            .copied()
            .unwrap_or(LimitOwner::User);
        let who = match whose {
            LimitOwner::Platform => "the platform".to_owned(),
            LimitOwner::Community => match limits.restricted_in.get(&name) {
                Some(community) if !community.is_empty() => format!("your community {community}"),
                _ => "your community".to_owned(),
            },
            LimitOwner::User => "your own list".to_owned(),
            LimitOwner::Follow => "your settings for this provider".to_owned(),
        };
        Ok(Finding::Deny(Breach {
            whose: Some(whose),
            actual: Some(name.clone()),
            ..plain(self.id(), format!("{name} is restricted by {who}"))
        }))
    }
}

/// Every way a list may name the instrument.
fn spellings(instrument: &Instrument) -> Vec<String> {
    let mut names = vec![instrument.underlying().to_owned(), instrument.to_string()];
    if let Instrument::Crypto { base, quote } = instrument {
        names.push(format!("{base}{quote}"));
    }
    names
}
