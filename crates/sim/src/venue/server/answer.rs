//! Decides which HTTP status a refusal has. Refuses to tell inner causes.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::venue::{
    refusal::{Code, Refusal},
    server::wire,
};

/// What a handler gives back.
pub type Answer = Result<(StatusCode, Json<Value>), Refusal>;

/// 200 with a body.
///
/// # Errors
/// Never.
pub fn ok(value: Value) -> Answer {
    Ok((StatusCode::OK, Json(value)))
}
/// 201 with a body.
///
/// # Errors
/// Never.
pub fn created(value: Value) -> Answer {
    Ok((StatusCode::CREATED, Json(value)))
}

/// The status of a code.
#[must_use]
pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::Unauthorised => StatusCode::UNAUTHORIZED,
        Code::NotFound | Code::OrderNotFound | Code::UnknownSymbol => StatusCode::NOT_FOUND,
        Code::DuplicateClientId | Code::DuplicateName | Code::StaleVersion | Code::AlreadyFinal => {
            StatusCode::CONFLICT
        }
        Code::InvalidOrder
        | Code::InsufficientFunds
        | Code::ExceedsPosition
        | Code::NotPermitted
        | Code::MarketClosed
        | Code::Halted => StatusCode::UNPROCESSABLE_ENTITY,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Malformed => StatusCode::BAD_REQUEST,
        Code::Gone => StatusCode::GONE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = json!({"code": self.code, "message": self.message});
        if let (Some(field), Some(map)) = (self.field, body.as_object_mut()) {
            map.insert("field".to_owned(), json!(field));
        }
        if let (Some(order), Some(map)) = (&self.order, body.as_object_mut()) {
            map.insert("order".to_owned(), wire::order(order));
        }
        (status(self.code), Json(body)).into_response()
    }
}

/// 429 with the seconds to wait.
#[must_use]
pub fn too_many(seconds: u32) -> Response {
    let mut response = Refusal::new(Code::RateLimited, "too many requests").into_response();
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}
