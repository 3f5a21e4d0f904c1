//! The shape of an order as a venue takes it: what, which way, how much, at which price.

use serde::{Deserialize, Serialize};

use super::identity::ClientOrderId;
use crate::{
    instrument::Instrument,
    money::{Price, Quantity},
    signal::instruction::{PositionSide, TimeInForce, TrailBy},
};

/// Buy or sell: the side of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderSide {
    /// Buys.
    Buy,
    /// Sells.
    Sell,
}

impl OrderSide {
    /// The order side that opens a position.
    #[must_use]
    pub const fn opening(side: PositionSide) -> Self {
        match side {
            PositionSide::Long => Self::Buy,
            PositionSide::Short => Self::Sell,
        }
    }
    /// The order side that closes a position.
    #[must_use]
    pub const fn closing(side: PositionSide) -> Self {
        match side {
            PositionSide::Long => Self::Sell,
            PositionSide::Short => Self::Buy,
        }
    }
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}

/// How the order is worked at the venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OrderType {
    /// At once at any price.
    Market,
    /// At the limit or better.
    Limit {
        /// Limit price.
        limit: Price,
    },
    /// Market once the stop is touched.
    Stop {
        /// Trigger price.
        stop: Price,
    },
    /// Limit once the stop is touched.
    StopLimit {
        /// Trigger price.
        stop: Price,
        /// Limit price.
        limit: Price,
    },
    /// A stop that follows the best price.
    Trailing {
        /// Its distance.
        by: TrailBy,
    },
}

impl OrderType {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::Limit { .. } => "limit",
            Self::Stop { .. } => "stop",
            Self::StopLimit { .. } => "stop_limit",
            Self::Trailing { .. } => "trailing",
        }
    }
    /// The price an order is judged by: the limit, else the trigger.
    #[must_use]
    pub const fn price(self) -> Option<Price> {
        match self {
            Self::Limit { limit } | Self::StopLimit { limit, .. } => Some(limit),
            Self::Stop { stop } => Some(stop),
            Self::Market | Self::Trailing { .. } => None,
        }
    }
}

/// One order for one account, ready to be sent once it is approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRequest {
    /// Our id at the venue.
    pub client_order_id: ClientOrderId,
    /// What.
    pub instrument: Instrument,
    /// Which way.
    pub side: OrderSide,
    /// How much; above zero.
    pub quantity: Quantity,
    /// How.
    pub order_type: OrderType,
    /// How long.
    pub time_in_force: TimeInForce,
    /// Outside regular hours too.
    pub extended_hours: bool,
    /// May only make a position smaller.
    pub reduce_only: bool,
}

/// One slice of protection: a stop, and a target that cancels it and is cancelled by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectionSlice {
    /// The stop (or trailing stop).
    pub stop: Option<OrderRequest>,
    /// The target.
    pub target: Option<OrderRequest>,
}

/// The whole protection of one lot, swapped at the venue as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectionGroup {
    /// Names the group at the venue: one per lot.
    pub group_id: String,
    /// Rises with every change; repeating a version changes nothing.
    pub version: u32,
    /// One-cancels-other slices; together they never exceed the open lot.
    pub slices: Vec<ProtectionSlice>,
}
