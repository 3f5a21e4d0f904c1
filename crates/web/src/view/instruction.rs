//! What a message says is to be done, as read.

use ordercast_model::signal::{
    instruction::{
        Action, Entry, EntryKind, Instruction, PositionSide, StopLevel, Target, TargetLevel, TimeInForce,
        TrailBy, Trailing, WrittenExpiry,
    },
    reading::{Reading, Verdict},
};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, decimal, text};

/// A stop or target level.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LevelView {
    /// How it is given.
    pub kind: code::LevelKind,
    /// Price, per cent or distance; null for break-even.
    #[schema(required)]
    pub value: Option<String>,
}

impl LevelView {
    fn of(kind: code::LevelKind, value: Decimal) -> Self {
        Self {
            kind,
            value: Some(decimal(value)),
        }
    }
}

impl From<StopLevel> for LevelView {
    fn from(level: StopLevel) -> Self {
        match level {
            StopLevel::At(price) => Self::of(code::LevelKind::Price, price.value()),
            StopLevel::Percent(value) => Self::of(code::LevelKind::Percent, value),
            StopLevel::Offset(value) => Self::of(code::LevelKind::Offset, value),
            StopLevel::Pips(value) => Self::of(code::LevelKind::Pips, value),
            StopLevel::BreakEven => Self {
                kind: code::LevelKind::BreakEven,
                value: None,
            },
        }
    }
}

impl From<TargetLevel> for LevelView {
    fn from(level: TargetLevel) -> Self {
        match level {
            TargetLevel::At(price) => Self::of(code::LevelKind::Price, price.value()),
            TargetLevel::Percent(value) => Self::of(code::LevelKind::Percent, value),
            TargetLevel::Pips(value) => Self::of(code::LevelKind::Pips, value),
        }
    }
}

/// A target with its share.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TargetView {
    /// Where.
    pub level: LevelView,
    /// Share of the position, per cent; null = equal shares.
    #[schema(required)]
    pub split_pct: Option<String>,
}

impl From<Target> for TargetView {
    fn from(target: Target) -> Self {
        Self {
            level: target.level.into(),
            split_pct: target.split_pct.map(decimal),
        }
    }
}

/// A trailing stop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrailingView {
    /// Distance: `percent` or `offset`.
    pub by: LevelView,
    /// Price from which it trails.
    #[schema(required)]
    pub from: Option<String>,
}

impl From<TrailBy> for LevelView {
    fn from(by: TrailBy) -> Self {
        match by {
            TrailBy::Percent(value) => Self::of(code::LevelKind::Percent, value),
            TrailBy::Amount(value) => Self::of(code::LevelKind::Offset, value),
        }
    }
}

impl From<Trailing> for TrailingView {
    fn from(trailing: Trailing) -> Self {
        Self {
            by: trailing.by.into(),
            from: text(trailing.from),
        }
    }
}

/// An option as written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WrittenOptionView {
    /// `2026-12-18`, or `12-18` when the year is left out; null when nothing is said.
    #[schema(required)]
    pub expiry: Option<String>,
    /// Strike.
    pub strike: String,
    /// `C` or `P`.
    pub right: String,
}

/// One level of an entry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntryLevelView {
    /// Price.
    pub price: String,
    /// Share of the step, per cent; null = equal shares.
    #[schema(required)]
    pub split_pct: Option<String>,
}

/// Size as written; fields do not exclude each other.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SizeView {
    /// Shares, contracts, coins.
    pub quantity: Option<String>,
    /// Money to spend.
    pub notional: Option<String>,
    /// Per cent of the account.
    pub account_pct: Option<String>,
    /// Per cent of the position.
    pub position_pct: Option<String>,
    /// Per cent of the account at risk.
    pub risk_pct: Option<String>,
}

/// One action of a signal, as written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstructionView {
    /// What to do.
    #[schema(value_type = code::Action)]
    pub action: Action,
    /// Side of the position; null when not said.
    #[schema(value_type = Option<code::PositionSide>, required)]
    pub side: Option<PositionSide>,
    /// Symbol; null for a follow-up that rests on its reply.
    #[schema(required)]
    pub symbol: Option<String>,
    /// Class the message says or implies.
    #[schema(value_type = Option<code::AssetClass>, required)]
    pub asset: Option<ordercast_model::instrument::AssetClass>,
    /// Option contract.
    #[schema(required)]
    pub option: Option<WrittenOptionView>,
    /// How the entry is worked.
    #[schema(value_type = Option<code::EntryKind>, required)]
    pub kind: Option<EntryKind>,
    /// How the levels stand to each other.
    pub entry_form: code::EntryForm,
    /// Entry levels; a zone low first, a stop-limit trigger first.
    pub entry: Vec<EntryLevelView>,
    /// Stop.
    #[schema(required)]
    pub stop: Option<LevelView>,
    /// Trailing stop.
    #[schema(required)]
    pub trailing: Option<TrailingView>,
    /// Targets.
    pub targets: Vec<TargetView>,
    /// Size.
    pub size: SizeView,
    /// Leverage as a factor.
    #[schema(required)]
    pub leverage: Option<String>,
    /// Time in force.
    #[schema(value_type = Option<code::TimeInForce>, required)]
    pub time_in_force: Option<TimeInForce>,
    /// Every lot of the provider.
    pub all_lots: bool,
}

fn levels(entry: &Entry) -> (code::EntryForm, Vec<EntryLevelView>) {
    let plain = |price: &ordercast_model::money::Price| EntryLevelView {
        price: price.to_string(),
        split_pct: None,
    };
    match entry {
        Entry::None => (code::EntryForm::None, Vec::new()),
        Entry::At(price) => (code::EntryForm::At, vec![plain(price)]),
        Entry::Zone(low, high) => (code::EntryForm::Zone, vec![plain(low), plain(high)]),
        Entry::StopThenLimit(stop, limit) => {
            (code::EntryForm::StopThenLimit, vec![plain(stop), plain(limit)])
        }
        Entry::Ladder(steps) => {
            let step = |s: &ordercast_model::signal::instruction::LadderStep| EntryLevelView {
                price: s.price.to_string(),
                split_pct: s.split_pct.map(decimal),
            };
            (code::EntryForm::Ladder, steps.iter().map(step).collect())
        }
    }
}

impl From<&Instruction> for InstructionView {
    fn from(one: &Instruction) -> Self {
        let (entry_form, entry) = levels(&one.entry);
        let option = one.subject.as_ref().and_then(|s| s.option.as_ref());
        Self {
            action: one.action,
            side: one.side,
            symbol: one.subject.as_ref().map(|s| s.symbol.clone()),
            asset: one.subject.as_ref().and_then(|s| s.asset),
            option: option.map(|o| WrittenOptionView {
                expiry: o.expiry.map(|e| match e {
                    WrittenExpiry::Date(day) => day.to_string(),
                    WrittenExpiry::MonthDay { month, day } => format!("{month:02}-{day:02}"),
                }),
                strike: decimal(o.strike),
                right: o.right.letter().to_string(),
            }),
            kind: one.kind,
            entry_form,
            entry,
            stop: one.stop.map(LevelView::from),
            trailing: one.trailing.map(TrailingView::from),
            targets: one.targets.iter().copied().map(TargetView::from).collect(),
            size: SizeView {
                quantity: one.size.quantity.map(decimal),
                notional: one.size.notional.map(decimal),
                account_pct: one.size.account_pct.map(decimal),
                position_pct: one.size.position_pct.map(decimal),
                risk_pct: one.size.risk_pct.map(decimal),
            },
            leverage: one.leverage.map(decimal),
            time_in_force: one.time_in_force,
            all_lots: one.all_lots,
        }
    }
}

/// The part of the text a field was read from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SpanView {
    /// Index of the instruction.
    pub instruction: usize,
    /// Name of the field.
    pub field: String,
    /// First byte in `text`, UTF-8.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// First character in `text`, counted in UTF-16 units as browsers do.
    pub start_utf16: usize,
    /// Unit after the last.
    pub end_utf16: usize,
}

/// The reading of one message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadingView {
    /// The text that was read, to which the spans point.
    pub text: String,
    /// What it was taken for.
    pub verdict: code::Verdict,
    /// Why it is not a trade, or which field is at fault.
    #[schema(required)]
    pub reason: Option<String>,
    /// What is wrong with the field at fault.
    #[schema(required)]
    pub message: Option<String>,
    /// What is to be done; for an invalid one, what was read all the same.
    pub instructions: Vec<InstructionView>,
    /// Certainty, `0.000` to `1.000`.
    pub confidence: String,
    /// Why, in plain words.
    pub reasons: Vec<String>,
    /// Which words led to which field.
    pub spans: Vec<SpanView>,
    /// Structured fields that were not understood.
    pub ignored: Vec<String>,
}

fn utf16(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).encode_utf16().count()
}

impl From<&Reading> for ReadingView {
    fn from(reading: &Reading) -> Self {
        let (verdict, reason, message, instructions) = match &reading.verdict {
            Verdict::Trade { instructions } => (code::Verdict::Trade, None, None, instructions.as_slice()),
            Verdict::NotATrade { reason } => (
                code::Verdict::NotATrade,
                Some(reason.code().to_owned()),
                None,
                [].as_slice(),
            ),
            Verdict::Invalid {
                field,
                message,
                instructions,
            } => (
                code::Verdict::Invalid,
                Some(field.clone()),
                Some(message.clone()),
                instructions.as_slice(),
            ),
        };
        Self {
            text: reading.text.clone(),
            verdict,
            reason,
            message,
            instructions: instructions.iter().map(InstructionView::from).collect(),
            confidence: reading.confidence.to_string(),
            reasons: reading.reasons.clone(),
            spans: reading
                .spans
                .iter()
                .map(|s| SpanView {
                    instruction: s.instruction,
                    field: s.field.clone(),
                    start: s.start,
                    end: s.end,
                    start_utf16: utf16(&reading.text, s.start),
                    end_utf16: utf16(&reading.text, s.end),
                })
                .collect(),
            ignored: reading.ignored.clone(),
        }
    }
}
