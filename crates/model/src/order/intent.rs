//! What is stored of an intent (never changes) and of its order (changes with every answer of the venue).

use serde::{Deserialize, Serialize};

use super::{
    identity::{ClientOrderId, Leg, Origin},
    shape::OrderRequest,
    state::OrderState,
};
use crate::{
    ids::{ConnectionId, DecisionId, FollowId, IntentId, LotId, OrderId, ProviderId, SignalId, UserId},
    money::{Money, Price, Quantity, decimal_text},
    signal::instruction::{PositionSide, StopLevel, Target, Trailing},
    time::Timestamp,
};

/// How a filled entry is to be protected; levels are resolved against the fill.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProtectionPlan {
    /// Where the stop goes; none only when the user switched the automatic stop off.
    pub stop: Option<StopLevel>,
    /// Whether the stop was added by us (RK-24, RK-33).
    pub stop_added: bool,
    /// Trailing stop.
    pub trailing: Option<Trailing>,
    /// Targets with their splits.
    pub targets: Vec<Target>,
    /// Move the stop to the average entry after this target.
    pub break_even_after_target: Option<u32>,
}

/// Our durable decision to place one leg for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its id.
    pub id: IntentId,
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub connection_id: ConnectionId,
    /// The order it leads to.
    pub order_id: OrderId,
    /// Decision it follows from; none for protection and manual orders.
    pub decision_id: Option<DecisionId>,
    /// What it goes back to.
    pub origin: Origin,
    /// Index of the instruction within the signal.
    pub instruction: u32,
    /// The leg.
    pub leg: Leg,
    /// Lot it opens or closes.
    pub lot_id: Option<LotId>,
    /// Provider the signal came from.
    pub provider_id: Option<ProviderId>,
    /// Follow it was decided under.
    pub follow_id: Option<FollowId>,
    /// What was approved.
    pub request: OrderRequest,
    /// How the entry is to be protected.
    pub protection: ProtectionPlan,
    /// Price the risk was reserved at; none for orders that only reduce risk at the market.
    pub reserved_price: Option<Price>,
    /// Price named by the signal, against which drift is measured when it is judged again.
    pub alert_price: Option<Price>,
    /// Planned stop at the time of judging.
    pub stop_price: Option<Price>,
    /// Leaves at the market, or at once if it can.
    pub marketable: bool,
    /// How long it works once a session opened that it waited for, seconds (EX-07 guard, stated life); none = as long as
    /// the venue lets it.
    #[serde(default)]
    pub works_seconds: Option<u64>,
    /// Nothing may be sent after this instant (SG-32); none for protection and closes asked by the user.
    pub send_before: Option<Timestamp>,
    /// When it was decided.
    pub created_at: Timestamp,
}

/// When each stage of an order happened (PRODUCT EX-27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stages {
    /// Posted at the source.
    pub posted: Option<Timestamp>,
    /// Received by us.
    pub received: Option<Timestamp>,
    /// Read.
    pub parsed: Option<Timestamp>,
    /// Judged.
    pub decided: Option<Timestamp>,
    /// On disk.
    pub durable: Option<Timestamp>,
    /// First byte sent.
    pub sent: Option<Timestamp>,
    /// Answered by the venue.
    pub acknowledged: Option<Timestamp>,
    /// First fill.
    pub filled: Option<Timestamp>,
}

/// Who ended an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    /// The user.
    User,
    /// Ordercast, by rule.
    System,
    /// The provider, by edit, delete or cancel.
    Provider,
    /// At the venue, not by us.
    Broker,
}

/// The intent as it exists at the venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Rises with every change.
    pub version: u64,
    /// Intent it came from.
    pub intent_id: IntentId,
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub connection_id: ConnectionId,
    /// Signal it goes back to.
    pub signal_id: Option<SignalId>,
    /// Provider the signal came from.
    pub provider_id: Option<ProviderId>,
    /// What it goes back to.
    pub origin: Origin,
    /// Index of the instruction.
    pub instruction: u32,
    /// The leg.
    pub leg: Leg,
    /// Lot it opens, protects or closes.
    pub lot_id: Option<LotId>,
    /// Side of the position it belongs to.
    pub position_side: PositionSide,
    /// What is asked of the venue; quantity and price follow replacements.
    pub request: OrderRequest,
    /// Where it stands.
    pub state: OrderState,
    /// The venue's own id.
    pub broker_order_id: Option<String>,
    /// Filled so far, as the venue counts it.
    pub filled: Quantity,
    /// Average price of what is filled.
    pub average_price: Option<Price>,
    /// Fees so far.
    pub fees: Money,
    /// Stable code of why it ended as it did.
    pub reason: Option<String>,
    /// The same in words, for the owner.
    pub message: Option<String>,
    /// What the user wrote beside it, when it was given by hand.
    #[serde(default)]
    pub note: Option<String>,
    /// Who ended it.
    pub cancelled_by: Option<CancelledBy>,
    /// A cancel was sent or is to be sent.
    pub cancel_requested: bool,
    /// A fill arrived after the final state; still booked.
    pub late_fill: bool,
    /// Sends so far.
    pub attempts: u32,
    /// Until when it waits (session open, approval, remainder time-out); what then is decided by the state.
    pub due_at: Option<Timestamp>,
    /// Stage times.
    pub stages: Stages,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

impl Order {
    /// What is still open.
    #[must_use]
    pub fn remaining(&self) -> Quantity {
        self.request.quantity.minus_to_zero(self.filled)
    }
    /// Our id at the venue.
    #[must_use]
    pub const fn client_order_id(&self) -> &ClientOrderId {
        &self.request.client_order_id
    }
}

/// One execution report, booked once by the venue's fill id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// Its id.
    pub id: crate::ids::FillId,
    /// The venue's id: unique per connection.
    pub venue_fill_id: String,
    /// Order it belongs to.
    pub order_id: OrderId,
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub connection_id: ConnectionId,
    /// What.
    pub instrument: crate::instrument::Instrument,
    /// Which way.
    pub side: super::shape::OrderSide,
    /// How much.
    pub quantity: Quantity,
    /// At which price.
    pub price: Price,
    /// What it cost.
    pub fee: Money,
    /// Realised result of the part it closed, before fees; zero when it opened.
    #[serde(with = "decimal_text")]
    pub realised: rust_decimal::Decimal,
    /// When, as the venue says.
    pub at: Timestamp,
    /// When we booked it.
    pub booked_at: Timestamp,
}
