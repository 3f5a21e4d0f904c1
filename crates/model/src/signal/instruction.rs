//! One action of a signal, exactly as written: no venue has been asked yet.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    instrument::{AssetClass, Right},
    money::{Price, decimal_text},
};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Open a position.
    Open,
    /// Open more of one.
    Add,
    /// Close a part.
    Reduce,
    /// Close all of it.
    Close,
    /// Move the stop.
    UpdateStop,
    /// Move the targets.
    UpdateTarget,
    /// Cancel what has not filled.
    Cancel,
}

impl Action {
    /// Whether it takes on risk.
    #[must_use]
    pub const fn opens(self) -> bool {
        matches!(self, Self::Open | Self::Add)
    }
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Add => "add",
            Self::Reduce => "reduce",
            Self::Close => "close",
            Self::UpdateStop => "update_stop",
            Self::UpdateTarget => "update_target",
            Self::Cancel => "cancel",
        }
    }
}

/// Long or short: the side of the position, not of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionSide {
    /// Gains when the price rises.
    Long,
    /// Gains when the price falls.
    Short,
}

/// An option as written; what the message leaves out stays out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenOption {
    /// When it expires.
    pub expiry: Option<WrittenExpiry>,
    /// Exact strike.
    #[serde(with = "decimal_text")]
    pub strike: Decimal,
    /// Call or put.
    pub right: Right,
}

/// An expiry as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenExpiry {
    /// A full date, or one resolved from relative words ("0DTE", "Friday") against the posting time in New York.
    Date(NaiveDate),
    /// Month and day without a year.
    MonthDay {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
}

/// What the instruction is about, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Upper-case symbol, pair separators and exchange prefix removed (`BTCUSDT`, `BRK.B`). For an option the underlying.
    pub symbol: String,
    /// The class the message says or implies; none when it leaves it open.
    pub asset: Option<AssetClass>,
    /// The option contract.
    pub option: Option<WrittenOption>,
    /// A perpetual or other derivative of a coin (`ETHUSDT.P`).
    #[serde(default)]
    pub perpetual: bool,
}

/// How the entry is to be worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// At the market; a named price is a reference.
    Market,
    /// A stated limit.
    Limit,
    /// A price without a word.
    ImpliedLimit,
    /// A stop entry ("buy stop", "enter above").
    Stop,
    /// A stop that becomes a limit; the levels are stop, then limit.
    StopLimit,
}

/// The entry levels.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// No price.
    #[default]
    None,
    /// One price.
    At(Price),
    /// Anywhere between the two, low first.
    Zone(Price, Price),
    /// Up to five steps in message order, each with its share in per cent when stated.
    Ladder(Vec<LadderStep>),
    /// Trigger, then limit.
    StopThenLimit(Price, Price),
}

/// One step of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LadderStep {
    /// Limit price of the step.
    pub price: Price,
    /// Share in per cent; none when all shares are equal.
    #[serde(with = "decimal_text::option", default)]
    pub split_pct: Option<Decimal>,
}

/// A stop level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopLevel {
    /// An absolute price.
    At(Price),
    /// Per cent away from the entry.
    Percent(#[serde(with = "decimal_text")] Decimal),
    /// A distance in price.
    Offset(#[serde(with = "decimal_text")] Decimal),
    /// A distance in pips (FX and metals only).
    Pips(#[serde(with = "decimal_text")] Decimal),
    /// The follower's own average entry.
    BreakEven,
}

/// A trailing stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailing {
    /// Distance behind the best price.
    pub by: TrailBy,
    /// Price from which it trails.
    pub from: Option<Price>,
}

/// The distance of a trailing stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrailBy {
    /// Per cent of the best price.
    Percent(#[serde(with = "decimal_text")] Decimal),
    /// Amount of price.
    Amount(#[serde(with = "decimal_text")] Decimal),
}

/// A target level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetLevel {
    /// An absolute price.
    At(Price),
    /// Per cent of gain.
    Percent(#[serde(with = "decimal_text")] Decimal),
    /// A distance in pips (FX and metals only).
    Pips(#[serde(with = "decimal_text")] Decimal),
}

/// One target with its share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Where.
    pub level: TargetLevel,
    /// Share of the position in per cent; none when all shares are equal.
    #[serde(with = "decimal_text::option", default)]
    pub split_pct: Option<Decimal>,
}

/// What the message says about size. Fields do not exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SizeHint {
    /// Shares, contracts, coins.
    #[serde(with = "decimal_text::option", default)]
    pub quantity: Option<Decimal>,
    /// Money to spend, in the quote currency.
    #[serde(with = "decimal_text::option", default)]
    pub notional: Option<Decimal>,
    /// Per cent of the account (open, add).
    #[serde(with = "decimal_text::option", default)]
    pub account_pct: Option<Decimal>,
    /// Per cent of the position (reduce): half = 50, a third = 33.33.
    #[serde(with = "decimal_text::option", default)]
    pub position_pct: Option<Decimal>,
    /// Per cent of the account at risk.
    #[serde(with = "decimal_text::option", default)]
    pub risk_pct: Option<Decimal>,
}

/// How long an entry may work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// Until the session ends.
    Day,
    /// Until cancelled.
    Gtc,
    /// At once, the rest cancelled.
    Ioc,
    /// All at once or not at all.
    Fok,
}

/// One action of a signal (PRODUCT SG-09).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// What to do.
    pub action: Action,
    /// Side of the position; none when a follow-up does not say.
    pub side: Option<PositionSide>,
    /// What it is about; none for a follow-up that rests on its reply ("half out, SL to BE").
    pub subject: Option<Subject>,
    /// How the entry or exit is worked; none when undecided.
    pub kind: Option<EntryKind>,
    /// Entry (or exit) levels.
    pub entry: Entry,
    /// Stop level.
    pub stop: Option<StopLevel>,
    /// Trailing stop.
    pub trailing: Option<Trailing>,
    /// Up to six targets.
    pub targets: Vec<Target>,
    /// Size.
    pub size: SizeHint,
    /// Leverage as a factor.
    #[serde(with = "decimal_text::option", default)]
    pub leverage: Option<Decimal>,
    /// Time in force.
    pub time_in_force: Option<TimeInForce>,
    /// Whether trading outside regular hours is asked for.
    pub extended_hours: bool,
    /// Stated life of the entry, seconds.
    pub expires_after_seconds: Option<u64>,
    /// Move the stop to the average entry after this target (1-based).
    pub break_even_after_target: Option<u32>,
    /// Which target an update moves (1-based); none when all of them are replaced.
    #[serde(default)]
    pub target_index: Option<u32>,
    /// "close all", "all runners": every lot of this provider.
    pub all_lots: bool,
}

impl Instruction {
    /// An instruction with nothing but its action.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self {
            action,
            side: None,
            subject: None,
            kind: None,
            entry: Entry::None,
            stop: None,
            trailing: None,
            targets: Vec::new(),
            size: SizeHint::default(),
            leverage: None,
            time_in_force: None,
            extended_hours: false,
            expires_after_seconds: None,
            break_even_after_target: None,
            target_index: None,
            all_lots: false,
        }
    }
}
