//! Decides the answers with which Alpaca says no: HTTP status, eight-digit code, message. Refuses to tell inner causes.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::venue::refusal::{Code, Refusal};

/// A refusal as it is answered: `{"code": 40310000, "message": "..."}`, some with more fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Their code: the status and a number.
    pub code: u32,
    /// For people.
    pub message: String,
    /// Further fields beside code and message.
    pub extra: Map<String, Value>,
}

impl Problem {
    /// Any refusal.
    #[must_use]
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            extra: Map::new(),
        }
    }
    /// A field is missing, malformed or does not go with the others.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(422, 40_010_001, message)
    }
    /// Well-formed, but not for this asset, order or moment.
    #[must_use]
    pub fn unprocessable(message: impl Into<String>) -> Self {
        Self::new(422, 42_210_000, message)
    }
    /// The account may not, cannot pay or does not hold enough.
    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, 40_310_000, message)
    }
    /// No such thing in this account.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, 40_410_000, message)
    }
    /// No key, a wrong one, or one of the other host.
    #[must_use]
    pub fn stranger() -> Self {
        Self::new(401, 40_110_000, "request is not authorized")
    }
    /// Names nothing that is listed.
    #[must_use]
    pub fn asset(symbol: &str) -> Self {
        let symbol: String = symbol.chars().take(40).collect();
        Self::unprocessable(format!("asset \"{symbol}\" not found"))
    }
    /// One more field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(field.to_owned(), value.into());
        self
    }
    /// The body.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({"code": self.code, "message": self.message});
        if let Some(map) = body.as_object_mut() {
            map.extend(self.extra.clone());
        }
        body
    }
}

impl From<Refusal> for Problem {
    /// What the matching refused beside funds and holdings, which are told with their amounts where they are known.
    fn from(refusal: Refusal) -> Self {
        let message = refusal.message;
        match refusal.code {
            Code::InsufficientFunds => Self::forbidden("insufficient buying power"),
            Code::ExceedsPosition => Self::forbidden("insufficient qty available for order"),
            Code::NotPermitted => Self::forbidden(message),
            Code::InvalidOrder | Code::UnknownSymbol | Code::MarketClosed | Code::Halted => {
                Self::unprocessable(message)
            }
            Code::AlreadyFinal => Self::unprocessable("order is not open"),
            Code::NotFound | Code::OrderNotFound => Self::not_found("order not found"),
            _ => Self::new(500, 50_010_000, "internal server error occurred"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self.body())).into_response()
    }
}
