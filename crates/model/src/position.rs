//! Holdings: a position per (connection, instrument, opening), lots per signal within it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ConnectionId, LotId, PositionId, ProviderId, SignalId, UserId},
    instrument::Instrument,
    money::{Price, Quantity, decimal_text},
    order::{identity::Origin, intent::ProtectionPlan},
    signal::instruction::PositionSide,
    time::Timestamp,
};

/// A holding from opening to closing. A closed position is kept; a re-opened one is a new position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its id.
    pub id: PositionId,
    /// Rises with every change.
    pub version: u64,
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub connection_id: ConnectionId,
    /// What.
    pub instrument: Instrument,
    /// Long or short.
    pub side: PositionSide,
    /// Opened by Ordercast; else found at the venue.
    pub managed: bool,
    /// Held now; zero when closed.
    pub quantity: Quantity,
    /// Most ever held.
    pub quantity_max: Quantity,
    /// Closed so far; `exit_price` is its average.
    pub exited: Quantity,
    /// Average entry of what is held (last held, when closed).
    pub average_price: Price,
    /// Average exit of what was closed.
    pub exit_price: Option<Price>,
    /// Realised result before fees.
    #[serde(with = "decimal_text")]
    pub realised: Decimal,
    /// Fees paid.
    #[serde(with = "decimal_text")]
    pub fees: Decimal,
    /// First fill.
    pub opened_at: Timestamp,
    /// Last fill that brought it to zero.
    pub closed_at: Option<Timestamp>,
}

/// The part of a position that came from one signal or manual order; follow-ups act on lots of their own signal only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// Rises with every change.
    pub version: u64,
    /// Position it is part of; none until the first fill.
    pub position_id: Option<PositionId>,
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub connection_id: ConnectionId,
    /// What it goes back to.
    pub origin: Origin,
    /// Signal it came from.
    pub signal_id: Option<SignalId>,
    /// Provider it came from.
    pub provider_id: Option<ProviderId>,
    /// What.
    pub instrument: Instrument,
    /// Long or short.
    pub side: PositionSide,
    /// Filled by entries so far.
    pub entered: Quantity,
    /// Held now.
    pub open: Quantity,
    /// Average entry.
    pub average_price: Option<Price>,
    /// FIFO of entries not yet closed: quantity and price.
    pub entries: Vec<LotEntry>,
    /// Realised result before fees.
    #[serde(with = "decimal_text")]
    pub realised: Decimal,
    /// How it is to be protected.
    pub protection: ProtectionPlan,
    /// Version of the protection group at the venue; 0 before the first.
    pub group_version: u32,
    /// Quantity the group covers that the venue holds.
    pub covered: Quantity,
    /// The plan changed since that group was made: it stands at the venue until the next one has taken its place.
    #[serde(default)]
    pub replanned: bool,
    /// Stop in force.
    pub stop_price: Option<Price>,
    /// Targets in force, in order.
    pub target_prices: Vec<Price>,
    /// Targets filled so far.
    pub targets_filled: u32,
    /// What Ordercast watches for this lot itself; none when the venue holds all of its protection.
    #[serde(default)]
    pub watch: Option<Watch>,
    /// No entry works any more and nothing is held.
    pub closed: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// One entry of a lot's FIFO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotEntry {
    /// Not yet closed.
    pub quantity: Quantity,
    /// Price paid.
    pub price: Price,
}

/// What Ordercast watches against live quotes because no venue does (PRODUCT EX-11). Durable, so that a restart goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Watch {
    /// Stop and targets are watched: it works only while Ordercast runs. Else only the price at which a trailing stop
    /// starts is.
    pub emulated: bool,
    /// Best price since the entry, for a trailing stop: moves one way only (PRODUCT RK-34).
    pub mark: Option<Price>,
    /// A price that was seen lately, to tell a jump by.
    pub seen: Option<Price>,
    /// There is no fresh quote, and that was told.
    pub stale: bool,
    /// The price jumped without a trade: nothing is sent until the user has looked (PRODUCT EX-21).
    pub suspended: bool,
}

impl Lot {
    /// Whether stop and targets are watched by us instead of held by the venue.
    #[must_use]
    pub fn emulated(&self) -> bool {
        self.watch.as_ref().is_some_and(|w| w.emulated)
    }
    /// Whether it has to be compared with quotes.
    #[must_use]
    pub fn watched(&self) -> bool {
        !self.closed && !self.open.is_zero() && self.watch.is_some()
    }
}
