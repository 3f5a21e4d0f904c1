//! What a venue says no with: its own code and words beside a kind that is the same for every venue.

use serde::{Deserialize, Serialize};

/// Stable kinds of venue errors (PRODUCT BR-28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the codes are their own description")]
pub enum ErrorKind {
    InsufficientFunds,
    InvalidSymbol,
    InvalidOrder,
    MarketClosed,
    NotPermitted,
    Restricted,
    DuplicateClientId,
    OrderNotFound,
    AlreadyFinal,
    RateLimited,
    AuthFailed,
    Clock,
    VenueDown,
    UnknownOutcome,
    Unsupported,
}

impl ErrorKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InsufficientFunds => "insufficient_funds",
            Self::InvalidSymbol => "invalid_symbol",
            Self::InvalidOrder => "invalid_order",
            Self::MarketClosed => "market_closed",
            Self::NotPermitted => "not_permitted",
            Self::Restricted => "restricted",
            Self::DuplicateClientId => "duplicate_client_id",
            Self::OrderNotFound => "order_not_found",
            Self::AlreadyFinal => "already_final",
            Self::RateLimited => "rate_limited",
            Self::AuthFailed => "auth_failed",
            Self::Clock => "clock",
            Self::VenueDown => "venue_down",
            Self::UnknownOutcome => "unknown_outcome",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Code of a refusal of an order that closes: what it was to close is held no longer. Adapters give it whatever the venue's
/// own code is.
pub const NOTHING_HELD: &str = "exceeds_position";

/// A venue's refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Standard kind.
    pub kind: ErrorKind,
    /// The venue's own code.
    pub code: String,
    /// The venue's own words, for the owner of the order only.
    pub message: String,
}
