//! Decides the stable codes with which the venue says no. Refuses to know HTTP.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{market::listing::UnknownSymbol, venue::order::Order};

/// The kinds of refusal; each changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No key or a wrong one.
    Unauthorised,
    /// No such thing, or another account's.
    NotFound,
    /// No such order in this account.
    OrderNotFound,
    /// Names nothing that trades here.
    UnknownSymbol,
    /// A field is malformed or out of rule.
    InvalidOrder,
    /// Buying power too small.
    InsufficientFunds,
    /// More than is held.
    ExceedsPosition,
    /// This account or instrument may not do this.
    NotPermitted,
    /// Session closed.
    MarketClosed,
    /// Instrument halted.
    Halted,
    /// Client order id taken.
    DuplicateClientId,
    /// Account name taken.
    DuplicateName,
    /// Group version lower than the one in force.
    StaleVersion,
    /// The order is finished.
    AlreadyFinal,
    /// Too many requests.
    RateLimited,
    /// The request itself cannot be read.
    Malformed,
    /// Older than what is kept.
    Gone,
    /// Failed in the middle: may have taken effect.
    Internal,
    /// Cannot serve now.
    Unavailable,
}

/// A named refusal, with the field it is about where there is one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable code.
    pub code: Code,
    /// For people, quoting what was given and what was expected.
    pub message: String,
    /// The field that is wrong.
    pub field: Option<&'static str>,
    /// The order it is about: the one that has the id, or the finished one.
    pub order: Option<Box<Order>>,
}

impl Refusal {
    /// A refusal without a field.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            order: None,
        }
    }
    /// A field of an order is wrong.
    #[must_use]
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field),
            ..Self::new(Code::InvalidOrder, format!("{field}: {}", message.into()))
        }
    }
    /// About an order.
    #[must_use]
    pub fn about(mut self, order: &Order) -> Self {
        self.order = Some(Box::new(order.clone()));
        self
    }
    /// No such order.
    #[must_use]
    pub fn no_order(id: &str) -> Self {
        Self::new(
            Code::OrderNotFound,
            format!("no order {}", id.chars().take(80).collect::<String>()),
        )
    }
    /// No such account.
    #[must_use]
    pub fn no_account() -> Self {
        Self::new(Code::NotFound, "no such account")
    }
    /// A number does not fit.
    #[must_use]
    pub fn too_large(field: &'static str) -> Self {
        Self::field(field, "too large: the value has more than 28 digits")
    }
    /// Buying power too small.
    #[must_use]
    pub fn funds(needed: Decimal, available: Decimal) -> Self {
        let (needed, available) = (needed.normalize(), available.normalize());
        Self::new(
            Code::InsufficientFunds,
            format!("buying power {available} USD is below the {needed} USD needed"),
        )
    }
}

impl From<UnknownSymbol> for Refusal {
    fn from(unknown: UnknownSymbol) -> Self {
        Self {
            field: Some("symbol"),
            ..Self::new(Code::UnknownSymbol, unknown.to_string())
        }
    }
}
