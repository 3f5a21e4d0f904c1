//! Holds what the words of one clause said, before anybody decides what they add up to.

use ordercast_model::{
    instrument::Right,
    signal::instruction::{TimeInForce, WrittenExpiry},
};
use rust_decimal::Decimal;

use super::{symbol::Ticker, vocabulary::Verb};

/// A number that may be an entry, and its share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) value: Decimal,
    pub(super) split: Option<Decimal>,
    /// A dash, an underscore or "to" stands between this and the one before.
    pub(super) ranged: bool,
}

/// A stop as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Distance {
    At(Decimal),
    Percent(Decimal),
    Pips(Decimal),
}

/// A target as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Goal {
    pub(super) level: Distance,
    pub(super) split: Option<Decimal>,
}

/// A verb with what matters about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deed {
    pub(super) verb: Verb,
    pub(super) past: bool,
    pub(super) at: usize,
    /// Whether prices stood before it.
    pub(super) priced: bool,
}

/// A number no label claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loose {
    pub(super) value: Decimal,
    pub(super) at: usize,
    pub(super) money: bool,
    pub(super) whole: bool,
    pub(super) after_at: bool,
    pub(super) after_from: bool,
    pub(super) ranged: bool,
    /// The share of the order this price gets: "1/3 at 142".
    pub(super) split: Option<Decimal>,
    /// `/` stands between this and the one before.
    pub(super) slashed: bool,
    /// Stands in a line of its own kind: only numbers and marks, or with a verb or symbol.
    pub(super) in_header: bool,
    /// Stands alone behind words that nobody knows: "Ankunft : 1.205".
    pub(super) stray: bool,
    pub(super) of: bool,
}

/// The field a stretch of text was read into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) field: &'static str,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Something impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: &'static str,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
        }
    }
}

/// Everything one clause said.
#[derive(Debug, Clone, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each flag is one word that was or was not said"
)]
pub(super) struct Draft {
    pub(super) verbs: Vec<Deed>,
    pub(super) subject: Option<Ticker>,
    pub(super) others: usize,
    /// The other name is joined to the subject: "AAPL, MSFT and NVDA".
    pub(super) listed: bool,
    /// A target is a multiple of the risk: "target 2R".
    pub(super) target_multiple: bool,
    pub(super) strike: Option<Decimal>,
    pub(super) right: Option<Right>,
    pub(super) expiry: Option<WrittenExpiry>,
    pub(super) relative_expiry: bool,
    /// What looks like a day and a strike stands here, and no word says call or put.
    pub(super) dated: bool,
    pub(super) contracts: usize,
    pub(super) loose: Vec<Loose>,
    /// Prices of lines whose words nobody knows.
    pub(super) strayed: Vec<Decimal>,
    pub(super) entries: Vec<Level>,
    pub(super) entry_labelled: bool,
    /// An entry is announced and its price is a blank: "Entry: TBD".
    pub(super) entry_blank: bool,
    pub(super) references: Vec<Decimal>,
    pub(super) stop: Option<Distance>,
    pub(super) stops: usize,
    pub(super) stop_named: bool,
    /// What stands behind the word is a number of another kind: "SL x175".
    pub(super) stop_unread: bool,
    /// "no stop", "without SL".
    pub(super) stop_denied: bool,
    pub(super) targets: Vec<Goal>,
    pub(super) target_named: bool,
    pub(super) target_index: Option<u8>,
    pub(super) quantity: Option<Decimal>,
    pub(super) notional: Option<Decimal>,
    pub(super) percent: Vec<(Decimal, usize)>,
    pub(super) account_pct: Option<Decimal>,
    pub(super) risk_pct: Option<Decimal>,
    /// A plain number behind "risk".
    pub(super) risk_level: Option<Decimal>,
    pub(super) share: Option<Decimal>,
    /// How often a part was named.
    pub(super) shares: usize,
    pub(super) leverage: Option<Decimal>,
    pub(super) times: Option<Decimal>,
    pub(super) trail: bool,
    pub(super) trail_percent: Option<Decimal>,
    pub(super) trail_amount: Option<Decimal>,
    /// The price from which the stop trails.
    pub(super) trail_from: Option<Decimal>,
    pub(super) break_even: bool,
    pub(super) break_even_after: Option<u8>,
    pub(super) market: bool,
    /// "not at market": what has no price is not sent.
    pub(super) market_denied: bool,
    pub(super) limit: bool,
    pub(super) stop_entry: bool,
    pub(super) stop_limit: bool,
    pub(super) above: bool,
    pub(super) below: bool,
    pub(super) all: bool,
    pub(super) rest: bool,
    /// "long from 15.85".
    pub(super) from_price: Option<Decimal>,
    /// A kind of instrument is named: "all crypto positions".
    pub(super) scoped: bool,
    /// The side stands behind the name: "SOL long".
    pub(super) behind: bool,
    /// What became of it is told: "for a small loss".
    pub(super) outcome: bool,
    /// A mark of what is done or failed stands behind the verb.
    pub(super) done: bool,
    /// "4 more": beside what is held.
    pub(super) more: bool,
    pub(super) average: bool,
    pub(super) average_price: Option<Decimal>,
    pub(super) toward: bool,
    pub(super) fund: bool,
    /// The subject stands in a report.
    pub(super) told: bool,
    /// A gain stands beside the order: `+145%`.
    pub(super) gain: bool,
    /// A price of each side of a trade that is over: "bought 2.10, sold 3.40".
    pub(super) round: bool,
    /// Something is kept: "keeping 2 runners".
    pub(super) keeps: bool,
    /// Numbers in the order's own words that nothing explains.
    pub(super) unread: Vec<Decimal>,
    /// "selling puts": perhaps an opening sale.
    pub(super) writes: bool,
    /// `2 of 5`.
    pub(super) part_of: bool,
    /// Unknown words before the first verb, in its sentence and in its part of the sentence.
    pub(super) lead: usize,
    pub(super) near_lead: usize,
    /// The lead is one word and a colon, the name of who writes.
    pub(super) signed: bool,
    /// Unknown words between the first verb and the subject.
    pub(super) between: usize,
    /// Such words, and a comma among them.
    pub(super) parted: bool,
    pub(super) bullish: Option<bool>,
    pub(super) extended: bool,
    pub(super) force: Option<TimeInForce>,
    pub(super) life_seconds: Option<u64>,
    /// Words nobody knows in the lines that carry the order.
    pub(super) strangers: usize,
    pub(super) faults: Vec<Fault>,
    pub(super) marks: Vec<Mark>,
}

impl Draft {
    pub(super) fn has(&self, verb: Verb) -> bool {
        self.verbs.iter().any(|d| d.verb == verb)
    }
    pub(super) fn mark(&mut self, field: &'static str, from: usize, to: usize) {
        self.marks.push(Mark { field, from, to });
    }
    pub(super) fn fault(&mut self, field: &'static str, message: impl Into<String>) {
        self.faults.push(Fault::new(field, message));
    }
    /// The whole contract is named.
    pub(super) fn is_option(&self) -> bool {
        self.strike.is_some() && self.right.is_some()
    }
    /// Some part of a contract is named.
    pub(super) fn touches_option(&self) -> bool {
        self.strike.is_some() || self.right.is_some()
    }
}
