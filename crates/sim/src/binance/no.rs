//! Decides the answers with which Binance says no: HTTP status, code, message. Refuses to tell inner causes.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::venue::refusal::{Code, Refusal};

/// A refusal as it is answered: `{"code": -1121, "msg": "Invalid symbol."}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct No {
    /// HTTP status.
    pub status: u16,
    /// Their code.
    pub code: i64,
    /// Their words.
    pub message: String,
    /// Seconds to wait.
    pub retry_after: Option<u32>,
}

impl No {
    /// Any refusal.
    #[must_use]
    pub fn new(status: u16, code: i64, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
        }
    }
    /// The sender's fault.
    #[must_use]
    pub fn bad(code: i64, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }
    /// The matching says no to an order.
    #[must_use]
    pub fn order(message: &str) -> Self {
        Self::bad(-2010, message)
    }
    /// A rule of the symbol is broken.
    #[must_use]
    pub fn filter(name: &str) -> Self {
        Self::bad(-1013, format!("Filter failure: {name}"))
    }
    /// Nothing is there to pay or sell with.
    #[must_use]
    pub fn balance() -> Self {
        Self::order("Account has insufficient balance for requested action.")
    }
    /// A parameter is missing.
    #[must_use]
    pub fn missing(name: &str) -> Self {
        let text = format!("Mandatory parameter '{name}' was not sent, was empty/null, or malformed.");
        Self::bad(-1102, text)
    }
    /// No such symbol.
    #[must_use]
    pub fn symbol() -> Self {
        Self::bad(-1121, "Invalid symbol.")
    }
    /// No such order.
    #[must_use]
    pub fn no_order() -> Self {
        Self::bad(-2013, "Order does not exist.")
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        match refusal.code {
            Code::InsufficientFunds | Code::ExceedsPosition => Self::balance(),
            Code::MarketClosed | Code::Halted => Self::bad(-1013, "Market is closed."),
            Code::UnknownSymbol => Self::symbol(),
            Code::InvalidOrder => Self::bad(-1013, format!("Filter failure: {}", refusal.message)),
            Code::NotPermitted => Self::order("This symbol is not permitted for this account."),
            Code::OrderNotFound | Code::AlreadyFinal => Self::bad(-2011, "Unknown order sent."),
            _ => Self::new(
                500,
                -1000,
                "An unknown error occurred while processing the request.",
            ),
        }
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Json(json!({"code": self.code, "msg": self.message}));
        let mut response = (status, body).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
