//! The rules by name, what a rule finds, and the set that must be complete.

use serde::{Deserialize, Serialize};

use super::proposal::{Proposal, Snapshot};
use crate::{
    decision::SkipReason,
    limits::LimitOwner,
    money::{MoneyError, Quantity},
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
    OpenOrders = "EX-25", "Open and queued orders";
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
pub struct RuleSet(pub(super) Vec<&'static dyn Rule>);

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
