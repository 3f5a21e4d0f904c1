//! Orders, fills, approvals: what was asked of a venue and what came back.

use ordercast_app::desk::order::Timeline;
use ordercast_model::{
    decision::{Approval, ApprovalState, Candidate},
    order::{
        identity::{Leg, Origin},
        intent::{CancelledBy, Fill, Order, Stages},
        shape::{OrderSide, OrderType},
        state::OrderState,
    },
    signal::instruction::{PositionSide, TimeInForce},
    time::Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, decimal, instruction::LevelView, text};

/// When each stage happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StagesView {
    /// Posted at the source.
    pub posted: Option<String>,
    /// Received by us.
    pub received: Option<String>,
    /// Read.
    pub parsed: Option<String>,
    /// Judged.
    pub decided: Option<String>,
    /// On disk.
    pub durable: Option<String>,
    /// First byte sent.
    pub sent: Option<String>,
    /// Answered by the venue.
    pub acknowledged: Option<String>,
    /// First fill.
    pub filled: Option<String>,
}

impl From<Stages> for StagesView {
    fn from(stages: Stages) -> Self {
        Self {
            posted: text(stages.posted),
            received: text(stages.received),
            parsed: text(stages.parsed),
            decided: text(stages.decided),
            durable: text(stages.durable),
            sent: text(stages.sent),
            acknowledged: text(stages.acknowledged),
            filled: text(stages.filled),
        }
    }
}

/// One order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderView {
    /// Id.
    pub id: String,
    /// Rises with every change.
    pub version: u64,
    /// Connection.
    pub connection_id: String,
    /// Signal it goes back to.
    #[schema(required)]
    pub signal_id: Option<String>,
    /// Provider of the signal.
    #[schema(required)]
    pub provider_id: Option<String>,
    /// What it goes back to.
    pub origin: code::OriginKind,
    /// The part it plays.
    pub leg: code::LegKind,
    /// Number of the ladder step, stop slice or target, from 1; null for the others.
    #[schema(required)]
    pub leg_number: Option<u32>,
    /// Instrument as text: `AAPL`, `BTC/USD`, `AAPL 2026-12-18 150 C`.
    pub symbol: String,
    /// Its class.
    #[schema(value_type = code::AssetClass)]
    pub asset: ordercast_model::instrument::AssetClass,
    /// Which way.
    #[schema(value_type = code::OrderSide)]
    pub side: OrderSide,
    /// Side of the position it belongs to.
    #[schema(value_type = code::PositionSide)]
    pub position_side: PositionSide,
    /// How it is worked.
    pub order_type: code::OrderKind,
    /// Limit price.
    #[schema(required)]
    pub limit_price: Option<String>,
    /// Trigger price.
    #[schema(required)]
    pub stop_price: Option<String>,
    /// Distance of a trailing stop.
    #[schema(required)]
    pub trail: Option<LevelView>,
    /// How long it may work.
    #[schema(value_type = code::TimeInForce)]
    pub time_in_force: TimeInForce,
    /// Wanted.
    pub quantity: String,
    /// Filled so far.
    pub filled: String,
    /// Still open.
    pub remaining: String,
    /// Average price of what is filled.
    #[schema(required)]
    pub average_price: Option<String>,
    /// Fees so far.
    pub fees: String,
    /// Where it stands.
    #[schema(value_type = code::OrderState)]
    pub state: OrderState,
    /// Whether nothing more can happen.
    pub is_final: bool,
    /// The venue's own id.
    #[schema(required)]
    pub broker_order_id: Option<String>,
    /// Our id at the venue.
    pub client_order_id: String,
    /// Stable code of why it ended as it did.
    #[schema(required)]
    pub reason: Option<String>,
    /// The same in words.
    #[schema(required)]
    pub message: Option<String>,
    /// What the user wrote beside it.
    #[schema(required)]
    pub note: Option<String>,
    /// Who ended it.
    #[schema(value_type = Option<code::CancelledBy>, required)]
    pub cancelled_by: Option<CancelledBy>,
    /// A cancel is on its way.
    pub cancel_requested: bool,
    /// A fill came after the final state.
    pub late_fill: bool,
    /// Until when it waits.
    #[schema(required)]
    pub due_at: Option<String>,
    /// Stage times.
    pub stages: StagesView,
    /// When it was decided.
    pub created_at: String,
    /// Last change.
    pub updated_at: String,
}

const fn leg(leg: Leg) -> (code::LegKind, Option<u32>) {
    match leg {
        Leg::Entry => (code::LegKind::Entry, None),
        Leg::Ladder(k) => (code::LegKind::Ladder, Some(k)),
        Leg::Stop(k) => (code::LegKind::Stop, Some(k)),
        Leg::StopExit => (code::LegKind::Stop, None),
        Leg::Target(k) | Leg::TargetExit(k) => (code::LegKind::Target, Some(k)),
        Leg::Flatten => (code::LegKind::Flatten, None),
    }
}

struct Shape {
    kind: code::OrderKind,
    limit: Option<String>,
    stop: Option<String>,
    trail: Option<LevelView>,
}

fn shape(order_type: OrderType) -> Shape {
    let plain = |kind, limit: Option<String>, stop: Option<String>| Shape {
        kind,
        limit,
        stop,
        trail: None,
    };
    match order_type {
        OrderType::Market => plain(code::OrderKind::Market, None, None),
        OrderType::Limit { limit } => plain(code::OrderKind::Limit, Some(limit.to_string()), None),
        OrderType::Stop { stop } => plain(code::OrderKind::Stop, None, Some(stop.to_string())),
        OrderType::StopLimit { stop, limit } => plain(
            code::OrderKind::StopLimit,
            Some(limit.to_string()),
            Some(stop.to_string()),
        ),
        OrderType::Trailing { by } => Shape {
            trail: Some(by.into()),
            ..plain(code::OrderKind::Trailing, None, None)
        },
    }
}

impl From<Order> for OrderView {
    fn from(order: Order) -> Self {
        let (leg, leg_number) = leg(order.leg);
        let shape = shape(order.request.order_type);
        Self {
            id: order.id.to_string(),
            version: order.version,
            connection_id: order.connection_id.to_string(),
            signal_id: text(order.signal_id),
            provider_id: text(order.provider_id),
            origin: match order.origin {
                Origin::Signal(_) => code::OriginKind::Signal,
                Origin::Manual(_) => code::OriginKind::Manual,
                Origin::Slash(_) => code::OriginKind::Slash,
                Origin::Kill(_) => code::OriginKind::Kill,
            },
            leg,
            leg_number,
            symbol: order.request.instrument.to_string(),
            asset: order.request.instrument.class(),
            side: order.request.side,
            position_side: order.position_side,
            order_type: shape.kind,
            limit_price: shape.limit,
            stop_price: shape.stop,
            trail: shape.trail,
            time_in_force: order.request.time_in_force,
            quantity: order.request.quantity.to_string(),
            filled: order.filled.to_string(),
            remaining: order.remaining().to_string(),
            average_price: text(order.average_price),
            fees: decimal(order.fees.amount),
            state: order.state,
            is_final: order.state.is_final(),
            broker_order_id: order.broker_order_id.clone(),
            client_order_id: order.client_order_id().to_string(),
            reason: order.reason.clone(),
            message: order.message.clone(),
            note: order.note.clone(),
            cancelled_by: order.cancelled_by,
            cancel_requested: order.cancel_requested,
            late_fill: order.late_fill,
            due_at: text(order.due_at),
            stages: order.stages.into(),
            created_at: order.created_at.to_string(),
            updated_at: order.updated_at.to_string(),
        }
    }
}

/// One execution.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FillView {
    /// Id.
    pub id: String,
    /// Order.
    pub order_id: String,
    /// Connection.
    pub connection_id: String,
    /// The venue's id.
    pub venue_fill_id: String,
    /// Instrument as text.
    pub symbol: String,
    /// Which way.
    #[schema(value_type = code::OrderSide)]
    pub side: OrderSide,
    /// How much.
    pub quantity: String,
    /// At which price.
    pub price: String,
    /// What it cost.
    pub fee: String,
    /// Currency of fee and result.
    pub currency: String,
    /// Realised result of the part it closed, before fees.
    pub realised: String,
    /// When, as the venue says.
    pub at: String,
    /// When we booked it.
    pub booked_at: String,
}

impl From<Fill> for FillView {
    fn from(fill: Fill) -> Self {
        Self {
            id: fill.id.to_string(),
            order_id: fill.order_id.to_string(),
            connection_id: fill.connection_id.to_string(),
            venue_fill_id: fill.venue_fill_id,
            symbol: fill.instrument.to_string(),
            side: fill.side,
            quantity: fill.quantity.to_string(),
            price: fill.price.to_string(),
            fee: decimal(fill.fee.amount),
            currency: fill.fee.currency.to_string(),
            realised: decimal(fill.realised),
            at: fill.at.to_string(),
            booked_at: fill.booked_at.to_string(),
        }
    }
}

/// One step in the life of an order, as the journal has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepView {
    /// When.
    pub at: String,
    /// Kind of the journal entry.
    pub kind: String,
    /// Journal entry.
    pub journal_id: String,
    /// Stable code of why.
    #[schema(required)]
    pub reason: Option<String>,
    /// What it became; the shape depends on the kind.
    #[schema(value_type = Option<Object>, required)]
    pub data: Option<serde_json::Value>,
}

/// Stage times, journal steps and fills of one order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineView {
    /// The order.
    pub order: OrderView,
    /// Milliseconds from receiving the message to the first byte sent.
    #[schema(required)]
    pub received_to_sent_ms: Option<u64>,
    /// Milliseconds from the first byte sent to the venue's answer.
    #[schema(required)]
    pub sent_to_acknowledged_ms: Option<u64>,
    /// Journal entries about the order, oldest first.
    pub steps: Vec<StepView>,
    /// Fills, oldest first.
    pub fills: Vec<FillView>,
}

fn between(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<u64> {
    u64::try_from(to?.since(from?).as_millis()).ok()
}

impl From<Timeline> for TimelineView {
    fn from(timeline: Timeline) -> Self {
        let stages = timeline.order.stages;
        let step = |c: ordercast_model::journal::entry::Chained| StepView {
            at: c.entry.at.to_string(),
            kind: c.entry.kind.code().to_owned(),
            journal_id: c.entry.id.to_string(),
            reason: c.entry.reason,
            data: c.entry.after,
        };
        Self {
            received_to_sent_ms: between(stages.received, stages.sent),
            sent_to_acknowledged_ms: between(stages.sent, stages.acknowledged),
            order: timeline.order.into(),
            steps: timeline.steps.into_iter().map(step).collect(),
            fills: timeline.fills.into_iter().map(FillView::from).collect(),
        }
    }
}

/// Something a card offers to choose.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OptionView {
    /// Its number, from 1.
    pub number: u32,
    /// What it is, in words.
    pub label: String,
    /// Signal that opened it.
    #[schema(required)]
    pub signal_id: Option<String>,
}

/// A card that asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Id.
    pub id: String,
    /// Signal.
    pub signal_id: String,
    /// Index of the instruction.
    pub instruction: u32,
    /// Follow it came by.
    pub follow_id: String,
    /// How it stands.
    #[schema(value_type = code::ApprovalState)]
    pub state: ApprovalState,
    /// What is asked.
    #[schema(value_type = code::Asks)]
    pub asks: &'static str,
    /// What may be chosen, when the card asks which signal is meant.
    pub options: Vec<OptionView>,
    /// Number of the option that was chosen.
    #[schema(required)]
    pub choice: Option<u32>,
    /// What would be done, as it stood when the card was made.
    #[schema(value_type = Object)]
    pub preview: serde_json::Value,
    /// When it ends unanswered.
    pub expires_at: String,
    /// When it was shown.
    pub created_at: String,
    /// When it was answered.
    #[schema(required)]
    pub answered_at: Option<String>,
}

fn options(candidates: &[Candidate]) -> Vec<OptionView> {
    (1..)
        .zip(candidates)
        .map(|(number, candidate)| OptionView {
            number,
            label: candidate.label.clone(),
            signal_id: text(candidate.signal_id),
        })
        .collect()
}

impl From<Approval> for ApprovalView {
    fn from(card: Approval) -> Self {
        Self {
            id: card.id.to_string(),
            signal_id: card.signal_id.to_string(),
            instruction: card.instruction,
            follow_id: card.follow_id.to_string(),
            state: card.state,
            asks: card.question.code(),
            options: options(card.question.candidates()),
            choice: card.choice,
            preview: card.preview,
            expires_at: card.expires_at.to_string(),
            created_at: card.created_at.to_string(),
            answered_at: text(card.answered_at),
        }
    }
}
