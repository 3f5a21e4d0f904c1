//! RK-17: cuts an order so that existing, in-flight and new stay within the share of equity one instrument may take.
//! Options count by contract and, added up, by underlying.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, OnCap, Proposal, Rule, RuleId, Snapshot},
    instrument::{AssetClass, Instrument},
    limits::Bound,
    money::{self, MoneyError, Quantity, show},
};
use rust_decimal::Decimal;

use super::{
    usage::used,
    word::{breach, fitting, share_of, unit_value, units, value_of},
};

/// The rule.
pub(super) struct PositionSize;

impl Rule for PositionSize {
    fn id(&self) -> RuleId {
        RuleId::PositionSize
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let percent = snapshot.limits.limits.position_pct;
        let equity = snapshot.account.equity.max(Decimal::ZERO);
        let limit = share_of(percent, equity)?;
        let same = |other: &Instrument| counts_with(other, &proposal.instrument);
        let used = used(snapshot.account, snapshot.own, same)?;
        let total = money::add(used, value_of(proposal, proposal.quantity)?)?;
        if total <= limit {
            return Ok(Finding::Pass);
        }
        let lot = snapshot.rules.map_or(Decimal::ONE, |r| r.lot);
        let room = money::sub(limit, used)?;
        let fits = fitting(room, unit_value(proposal)?, lot, proposal.quantity)?;
        let bound = format!(
            "max position {}% of {} = {}",
            percent.normalize(),
            show(equity),
            show(limit)
        );
        let message = match proposal.on_cap {
            OnCap::Reduce => reduced(proposal, fits, &bound)?,
            OnCap::Reject => format!("Position would be {}: {bound}", show(total)),
        };
        let found = breach(
            self.id(),
            Bound::Position,
            snapshot.limits,
            message,
            limit.normalize(),
            total,
        );
        Ok(Finding::Reduce(fits, found))
    }
}

/// `Reduced from 100 to 5 shares (900.00): ...`
pub(super) fn reduced(proposal: &Proposal, fits: Quantity, bound: &str) -> Result<String, MoneyError> {
    Ok(format!(
        "Reduced from {} to {fits} {} ({}): {bound}",
        proposal.quantity,
        units(&proposal.instrument),
        show(value_of(proposal, fits)?)
    ))
}

fn counts_with(other: &Instrument, own: &Instrument) -> bool {
    let both_options = other.class() == AssetClass::Option && own.class() == AssetClass::Option;
    other == own || (both_options && other.underlying() == own.underlying())
}
