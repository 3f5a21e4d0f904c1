//! Decides whether an order may pass: folds every risk rule over it and seals what is left. What leaves the gate is
//! `Approved`, and a broker takes nothing else. Refuses a rule set that lacks any rule.

mod proposal;
mod rule;

use rust_decimal::Decimal;

pub use self::{
    proposal::{Effective, Extended, OnCap, Proposal, Snapshot},
    rule::{Breach, Finding, IncompleteRules, Rule, RuleId, RuleSet},
};
use crate::{
    instrument::Instrument,
    money::{self, MoneyError, Quantity},
    order::shape::{OrderRequest, OrderSide, OrderType, ProtectionGroup},
    planted::{Bug, planted},
    signal::instruction::PositionSide,
    time::Timestamp,
};

/// Something that passed the gate. Cannot be made in any other way, nor read back from storage: what was stored is
/// judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved<T>(T);

impl<T> Approved<T> {
    /// What passed.
    pub const fn get(&self) -> &T {
        &self.0
    }
    /// What passed, without the seal.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// Why a part cannot be cut from an approved order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    /// The parts differ from what was judged.
    #[error("a part differs from what was judged: {0}")]
    Differs(&'static str),
    /// The parts add up to more than was judged.
    #[error("parts of {parts} exceed the approved {approved}")]
    TooMuch {
        /// Sum of the parts.
        parts: Quantity,
        /// What was approved.
        approved: Quantity,
    },
    /// Numbers too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Approved<Proposal> {
    /// Cuts the approved total into the orders that are sent. Together they are never more than what was judged, and
    /// none pays more than the judged price.
    ///
    /// # Errors
    /// When a part is not of what was judged.
    pub fn cut(&self, parts: Vec<OrderRequest>) -> Result<Vec<Approved<OrderRequest>>, CutError> {
        let judged = &self.0;
        let mut sum = Quantity::ZERO;
        for part in &parts {
            if part.instrument != judged.instrument || part.side != judged.side {
                return Err(CutError::Differs("instrument or side"));
            }
            if part.quantity.is_zero() {
                return Err(CutError::Differs("quantity of zero"));
            }
            if !judged.opens && !part.reduce_only {
                return Err(CutError::Differs("a closing order must be reduce-only"));
            }
            let worse = match (&part.order_type, judged.side) {
                (OrderType::Limit { limit } | OrderType::StopLimit { limit, .. }, OrderSide::Buy) => {
                    *limit > judged.price
                }
                _ => false,
            };
            if judged.opens && worse {
                return Err(CutError::Differs("limit above the judged price"));
            }
            sum = sum.plus(part.quantity)?;
        }
        if sum > judged.quantity {
            return Err(CutError::TooMuch {
                parts: sum,
                approved: judged.quantity,
            });
        }
        Ok(parts.into_iter().map(Approved).collect())
    }
}

/// Seals a protection group: every leg closes, and together the slices never exceed the open lot.
///
/// # Errors
/// When a leg could open or the group would cover more than is held.
pub fn protect(
    group: ProtectionGroup,
    instrument: &Instrument,
    side: PositionSide,
    open: Quantity,
) -> Result<Approved<ProtectionGroup>, CutError> {
    let closing = OrderSide::closing(side);
    let mut sum = Quantity::ZERO;
    for slice in &group.slices {
        let legs = [slice.stop.as_ref(), slice.target.as_ref()];
        let mut covered = Quantity::ZERO;
        for leg in legs.into_iter().flatten() {
            if &leg.instrument != instrument || leg.side != closing || !leg.reduce_only {
                return Err(CutError::Differs("protection must only close the lot"));
            }
            covered = covered.max(leg.quantity);
        }
        sum = sum.plus(covered)?;
    }
    if sum > open {
        return Err(CutError::TooMuch {
            parts: sum,
            approved: open,
        });
    }
    Ok(Approved(group))
}

/// What the gate decided.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one per order, moved once")]
pub enum Judgement {
    /// Passes, possibly smaller; `reductions` says why.
    Approved {
        /// The sealed order.
        order: Approved<Proposal>,
        /// Why it is smaller, strictest first.
        reductions: Vec<Breach>,
        /// Remarks.
        notes: Vec<Breach>,
    },
    /// Passes later: to be judged again then.
    Wait {
        /// When.
        until: Timestamp,
        /// Why.
        breach: Breach,
    },
    /// Does not pass; every failing rule in table order, the headline first.
    Denied {
        /// Why.
        breaches: Vec<Breach>,
    },
}

/// Judges an order. Pure: the same arguments give the same answer.
#[must_use]
pub fn judge(mut proposal: Proposal, snapshot: &Snapshot<'_>, rules: &RuleSet) -> Judgement {
    let mut denials = Vec::new();
    let mut reductions: Vec<(Quantity, Breach)> = Vec::new();
    let mut notes = Vec::new();
    let mut wait: Option<(Timestamp, Breach)> = None;
    for rule in &rules.0 {
        if !proposal.opens && !rule.binds_exits() {
            continue;
        }
        match rule.check(&proposal, snapshot) {
            Ok(Finding::Pass) => {}
            Ok(Finding::Note(breach)) => notes.push(breach),
            Ok(Finding::Reduce(to, breach)) if proposal.on_cap == OnCap::Reduce => {
                reductions.push((to, breach))
            }
            Ok(Finding::Reduce(_, breach) | Finding::Deny(breach)) => denials.push(breach),
            Ok(Finding::Wait(until, breach)) => {
                if wait.as_ref().is_none_or(|(at, _)| until > *at) {
                    wait = Some((until, breach));
                }
            }
            Err(error) => denials.push(Breach {
                rule: rule.id(),
                message: format!("{} cannot be computed: {error}", rule.id().title()),
                limit: None,
                actual: None,
                whose: None,
                skip: None,
            }),
        }
    }
    if !denials.is_empty() {
        return Judgement::Denied { breaches: denials };
    }
    if let Some((until, breach)) = wait {
        return Judgement::Wait { until, breach };
    }
    reductions.sort_by_key(|reduction| reduction.0);
    if let Some((least, _)) = reductions.first() {
        let lot = snapshot.rules.map_or(Decimal::ONE, |r| r.lot);
        let least = (*least).min(proposal.quantity);
        let up = if planted(Bug::RoundUp) { lot } else { Decimal::ZERO };
        proposal.quantity = money::floor_to(least.value() + up, lot)
            .and_then(Quantity::new)
            .unwrap_or(Quantity::ZERO);
    }
    let reductions: Vec<Breach> = reductions.into_iter().map(|(_, breach)| breach).collect();
    if proposal.opens && too_small(&proposal, snapshot) {
        return Judgement::Denied {
            breaches: if reductions.is_empty() {
                vec![below_minimum(&proposal, snapshot)]
            } else {
                reductions
            },
        };
    }
    Judgement::Approved {
        order: Approved(proposal),
        reductions,
        notes,
    }
}

fn too_small(proposal: &Proposal, snapshot: &Snapshot<'_>) -> bool {
    let Some(rules) = snapshot.rules else { return true };
    let value = money::mul(proposal.quantity.value(), proposal.price.value())
        .and_then(|v| money::mul(v, proposal.instrument.multiplier()));
    proposal.quantity.is_zero()
        || proposal.quantity.value() < rules.quantity_min
        || value.is_ok_and(|v| v < rules.notional_min)
}

fn below_minimum(proposal: &Proposal, snapshot: &Snapshot<'_>) -> Breach {
    let (least, message) = match snapshot.rules {
        Some(rules) => (
            Some(rules.quantity_min.to_string()),
            format!(
                "Size {} of {} is below the venue's minimum ({} units, {} in value)",
                proposal.quantity,
                proposal.instrument,
                rules.quantity_min,
                money::show(rules.notional_min)
            ),
        ),
        None => (
            None,
            format!("{} is not known at this venue", proposal.instrument),
        ),
    };
    Breach {
        rule: RuleId::OrderValue,
        message,
        limit: least,
        actual: Some(proposal.quantity.to_string()),
        whose: None,
        skip: None,
    }
}
