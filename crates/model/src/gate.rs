//! Decides whether an order may pass: folds every risk rule over it and seals what is left. What leaves the gate is
//! `Approved`, and a broker takes nothing else. Refuses a rule set that lacks any rule.

use std::{collections::BTreeMap, time::Duration};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    decision::SkipReason,
    ids::{OrderId, ProviderId, SignalId},
    instrument::Instrument,
    limits::{LimitOwner, Limits, Switch},
    market::{InstrumentRules, Quote, Session},
    money::{self, MoneyError, Price, Quantity},
    order::shape::{OrderRequest, OrderSide, OrderType, ProtectionGroup},
    signal::instruction::PositionSide,
    time::Timestamp,
};

macro_rules! rules {
    ($($variant:ident = $code:literal, $what:literal;)+) => {
        /// Every rule of the gate, in order of evaluation (PRODUCT 3.1; SG-32 for age).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RuleId { $(#[doc = $what] #[serde(rename = $code)] $variant,)+ }
        impl RuleId {
            /// Every rule, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
            /// What it guards, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$variant => $what,)+ } }
        }
    };
}

rules! {
    Age = "SG-32", "Signal age";
    Switches = "RK-01", "Kill and pause";
    AccountFresh = "RK-03", "Account data fresh";
    MinBalance = "RK-04", "Minimum balance";
    DailyLoss = "RK-05", "Daily loss";
    SessionOpen = "RK-07", "Session open";
    SameInstrument = "RK-25", "Same-instrument window";
    Restricted = "RK-08", "Restricted symbols";
    AssetClass = "RK-09", "Asset class and shorting";
    Leverage = "RK-10", "Leverage";
    LevelsCrossed = "RK-11", "Stop or target already passed";
    Drift = "RK-12", "Price drift";
    Implausible = "RK-13", "Implausible price";
    QuoteFresh = "RK-14", "Fresh quote";
    OptionFilter = "RK-15", "Option filter";
    OptionSize = "RK-16", "Option size";
    PositionSize = "RK-17", "Position size";
    OrderValue = "RK-18", "Order value";
    BuyingPower = "RK-19", "Buying power";
    Exposure = "RK-20", "Portfolio exposure";
    OpenPositions = "RK-21", "Open positions";
    PerSymbol = "RK-22", "Positions per symbol";
    RiskPerTrade = "RK-23", "Risk per trade";
    StopRequired = "RK-24", "Stop required";
    OrderRate = "RK-26", "Order rate";
}

/// What a rule found, with both numbers in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// Which rule.
    pub rule: RuleId,
    /// The sentence for the follower, quoting the numbers.
    pub message: String,
    /// The limit, as text.
    pub limit: Option<String>,
    /// The figure that was compared with it, as text.
    pub actual: Option<String>,
    /// Whose limit it was.
    pub whose: Option<LimitOwner>,
    /// The skip code this counts as instead of a denial (`stale`, `merged`, `conflict`, `killed` ...).
    pub skip: Option<SkipReason>,
}

/// The answer of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nothing to say.
    Pass,
    /// Passes with a remark (a stop was added).
    Note(Breach),
    /// Passes up to this quantity.
    Reduce(Quantity, Breach),
    /// Must wait until this instant.
    Wait(Timestamp, Breach),
    /// Does not pass.
    Deny(Breach),
}

/// What happens when a cap would be exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnCap {
    /// The order becomes smaller (signals, slash commands, copies).
    Reduce,
    /// The order is refused (manual orders).
    Reject,
}

/// An order as it is put to the gate; quantities are totals over all steps of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What.
    pub instrument: Instrument,
    /// Takes on risk; else it only reduces and most rules do not apply.
    pub opens: bool,
    /// Side of the position.
    pub position_side: PositionSide,
    /// Side of the order.
    pub side: OrderSide,
    /// Wanted quantity, on the lot step.
    pub quantity: Quantity,
    /// Worst price it may pay (buy) or take (sell): the limit, else ask or bid. Sizes and reservations use it.
    pub price: Price,
    /// Executes at once if it can (market, or limit through the market).
    pub marketable: bool,
    /// Price named by the signal.
    pub alert_price: Option<Price>,
    /// Stop of the protection.
    pub stop: Option<Price>,
    /// The stop was added by rule.
    pub stop_added: bool,
    /// Nearest target.
    pub first_target: Option<Price>,
    /// Leverage the signal asks for.
    pub leverage: Option<Decimal>,
    /// Signal it came from.
    pub signal_id: Option<SignalId>,
    /// Provider it came from.
    pub provider_id: Option<ProviderId>,
    /// First posting of the signal, or opening of the approval window.
    pub posted_at: Option<Timestamp>,
    /// Age at which it is stale; none when it does not age (protection, queued for the open).
    pub max_age: Option<Duration>,
    /// What a cap does.
    pub on_cap: OnCap,
    /// Priority of the Follow.
    pub priority: u8,
    /// It is an addition to a lot of the same provider that the follower agreed to copy.
    pub adds_to_own_lot: bool,
}

/// The limits that apply: the strictest of platform, community, user and Follow, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The limits.
    pub limits: Limits,
    /// Whose limit it is where it is not the user's own.
    pub owners: BTreeMap<RuleId, LimitOwner>,
    /// Who restricted each symbol of `limits.deny_symbols`, upper case.
    pub restricted_by: BTreeMap<String, LimitOwner>,
}

impl Effective {
    /// Whose limit a rule applies.
    #[must_use]
    pub fn owner(&self, rule: RuleId) -> LimitOwner {
        self.owners.get(&rule).copied().unwrap_or(LimitOwner::User)
    }
}

/// Everything a rule may look at. Missing data denies: no rule assumes a figure.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// Now.
    pub now: Timestamp,
    /// The account at the version the caller will commit against.
    pub account: &'a Account,
    /// Order whose own reservation is not counted: it is being judged again.
    pub own: Option<OrderId>,
    /// The limits.
    pub limits: &'a Effective,
    /// The venue's rules for the instrument; none = unknown there.
    pub rules: Option<&'a InstrumentRules>,
    /// The newest quote; none = no quote.
    pub quote: Option<&'a Quote>,
    /// Session of the instrument.
    pub session: Session,
    /// Switches that are on and cover this order.
    pub switches: &'a [Switch],
}

/// One risk rule: a plain function of its arguments.
pub trait Rule: Sync {
    /// Which rule it is.
    fn id(&self) -> RuleId;
    /// Whether it also binds orders that only reduce risk.
    fn binds_exits(&self) -> bool {
        false
    }
    /// Judges.
    ///
    /// # Errors
    /// When a figure does not fit an exact decimal; the gate denies.
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError>;
}

/// Why a rule set is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the rule set lacks {0:?} or holds it twice")]
pub struct IncompleteRules(pub Vec<RuleId>);

/// A complete set of rules, in order of evaluation.
pub struct RuleSet(Vec<&'static dyn Rule>);

impl RuleSet {
    /// Takes the rules if each of [`RuleId::ALL`] is there exactly once.
    ///
    /// # Errors
    /// Names the rules that are missing or doubled.
    pub fn new(mut rules: Vec<&'static dyn Rule>) -> Result<Self, IncompleteRules> {
        rules.sort_by_key(|r| r.id());
        let wrong: Vec<RuleId> = RuleId::ALL
            .iter()
            .copied()
            .filter(|id| rules.iter().filter(|r| r.id() == *id).count() != 1)
            .collect();
        if wrong.is_empty() {
            Ok(Self(rules))
        } else {
            Err(IncompleteRules(wrong))
        }
    }
}

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
        proposal.quantity = money::floor_to(least.value(), lot)
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
