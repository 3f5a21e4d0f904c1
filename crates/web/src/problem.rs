//! The one shape of every refusal: RFC 9457 with a stable code and a request id.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// One field at fault, or one rule that refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Field of the request, or the rule.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What was expected.
    pub message: String,
    /// The limit, when a rule refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The figure that was compared with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
}

/// A refusal (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Names the code as an address within this API.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is, in a few words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// Stable code.
    pub code: String,
    /// Id of the request, also in `X-Request-Id`.
    pub request_id: String,
    /// Fields at fault, or rules that refused.
    pub errors: Vec<FieldProblem>,
}

/// A refusal on its way out; the request id is filled in by the outermost layer.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What happened.
    pub detail: String,
    /// Fields or rules.
    pub errors: Vec<FieldProblem>,
    /// Seconds to wait.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// As JSON.
    #[must_use]
    pub fn problem(&self, request_id: &str) -> Problem {
        Problem {
            kind: format!("/api/v1/docs#problem-{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.to_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
        }
    }
    /// The finished answer.
    #[must_use]
    pub fn answer(&self, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.problem(request_id)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
