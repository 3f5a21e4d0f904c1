//! RK-22: refuses one more signal's lot in an instrument than allowed, and a lot against the side that is held:
//! at the venue the two would net.

use std::collections::BTreeSet;

use ordercast_model::{
    account::Reservation,
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    ids::SignalId,
    limits::Bound,
    money::MoneyError,
    order::shape::OrderSide,
};
use rust_decimal::Decimal;

use super::{
    usage::{Outside, outside, pending},
    word::{breach, deny},
};

/// The rule.
pub(super) struct PerSymbol;

impl Rule for PerSymbol {
    fn id(&self) -> RuleId {
        RuleId::PerSymbol
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let working: Vec<&Reservation> = pending(snapshot)
            .filter(|r| r.instrument == proposal.instrument)
            .collect();
        let held = snapshot.account.holdings.get(&proposal.instrument);
        let signed = held.map_or(Decimal::ZERO, |h| h.quantity);
        let against = match proposal.side {
            OrderSide::Buy => signed < Decimal::ZERO,
            OrderSide::Sell => signed > Decimal::ZERO,
        } || working.iter().any(|r| r.side != proposal.side)
            || opposed_by_hand(proposal, snapshot)?;
        if against {
            return Ok(deny(
                self.id(),
                format!(
                    "The opposite side of {} is open or working; close it first",
                    proposal.instrument
                ),
            ));
        }
        if proposal.adds_to_own_lot {
            return Ok(Finding::Pass);
        }
        let limit = snapshot.limits.limits.per_symbol_max;
        let count = lots(held.map_or(0, |h| h.lots), &working, proposal.signal_id);
        if count < limit {
            return Ok(Finding::Pass);
        }
        let plural = if count == 1 { "position" } else { "positions" };
        let message = format!(
            "Already {count} {plural} in {} (limit {limit})",
            proposal.instrument
        );
        Ok(Finding::Deny(breach(
            self.id(),
            Bound::PerSymbol,
            snapshot.limits,
            message,
            limit,
            count,
        )))
    }
}

/// Whether an order placed at the broker by hand may open the other side.
fn opposed_by_hand(proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<bool, MoneyError> {
    let opposed = |o: &Outside<'_>| {
        o.order.terms.instrument == proposal.instrument && o.order.terms.side != proposal.side
    };
    Ok(outside(snapshot.account)?.iter().any(opposed))
}

/// Lots held plus lots that working orders will open; other legs of the order's own signal do not count.
fn lots(held: u32, working: &[&Reservation], own: Option<SignalId>) -> u32 {
    let fresh = || working.iter().filter(|r| !r.lot_held);
    let signals: BTreeSet<SignalId> = fresh().filter_map(|r| r.signal_id).collect();
    let signals = signals.iter().filter(|id| Some(**id) != own).count();
    let manual = fresh().filter(|r| r.signal_id.is_none()).count();
    let coming = u32::try_from(signals.saturating_add(manual)).unwrap_or(u32::MAX);
    held.saturating_add(coming)
}
