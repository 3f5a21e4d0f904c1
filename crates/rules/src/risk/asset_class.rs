//! RK-09: refuses classes and short sales that are switched off, and what the venue does not trade.

use ordercast_model::{
    gate::{Breach, Finding, Proposal, Rule, RuleId, Snapshot},
    instrument::AssetClass,
    limits::LimitOwner,
    money::MoneyError,
    signal::instruction::PositionSide,
};

use super::word::{deny, plain};

/// The rule.
pub(super) struct AssetClassAllowed;

impl Rule for AssetClassAllowed {
    fn id(&self) -> RuleId {
        RuleId::AssetClass
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let Some(venue) = snapshot.rules else {
            return Ok(deny(
                self.id(),
                format!("{} is not known at this venue", proposal.instrument),
            ));
        };
        if !venue.tradable {
            return Ok(deny(
                self.id(),
                format!("{} cannot be traded at this venue now", proposal.instrument),
            ));
        }
        let limits = &snapshot.limits.limits;
        let (on, name) = match proposal.instrument.class() {
            AssetClass::Equity => (limits.allow_equity, "Share trading is"),
            AssetClass::Option => (limits.allow_option, "Options are"),
            AssetClass::Crypto => (limits.allow_crypto, "Crypto is"),
            other => {
                return Ok(deny(
                    self.id(),
                    format!("{} ({}) is not traded", proposal.instrument, other.code()),
                ));
            }
        };
        if !on {
            return Ok(off(format!("{name} off in your settings")));
        }
        if proposal.position_side == PositionSide::Long {
            return Ok(Finding::Pass);
        }
        Ok(match proposal.instrument.class() {
            AssetClass::Option => deny(
                self.id(),
                "Selling options to open is not offered: the risk has no limit".to_owned(),
            ),
            AssetClass::Crypto => deny(
                self.id(),
                format!("{} cannot be sold short on a spot venue", proposal.instrument),
            ),
            _ if !limits.allow_short => off("Short selling is off in your settings".to_owned()),
            _ if !venue.shortable => deny(
                self.id(),
                format!("{} cannot be sold short at this venue", proposal.instrument),
            ),
            _ => Finding::Pass,
        })
    }
}

fn off(message: String) -> Finding {
    Finding::Deny(Breach {
        whose: Some(LimitOwner::User),
        ..plain(RuleId::AssetClass, message)
    })
}
