//! POST /discord/interactions: somebody typed a command or pressed a button. Whatever is wrong gets one answer.

use axum::{
    Json,
    body::to_bytes,
    extract::{Request, State},
    http::HeaderMap,
};
use ordercast_model::ports::chat::{InletError, Posting};
use serde_json::Value;

use crate::{errors::ApiError, openapi::Interacting, state::App};

/// Largest body: a pressed card comes along whole, with the people chosen in a menu.
const BODY_MAX: usize = 128 * 1_024;

/// Takes one interaction that Discord posts, at most 128 KiB, signed with Ed25519 over timestamp and body. No login and no
/// CSRF token; the signature is the key. A timestamp more than 300 s off is refused; the same interaction is answered again
/// and carried out once.
#[utoipa::path(post, path = "/discord/interactions", tag = "discord", security(()),
    request_body(content = Value, content_type = "application/json", description = "An interaction, as Discord posts it"),
    params(("X-Signature-Ed25519" = String, Header, description = "128 hex digits"),
        ("X-Signature-Timestamp" = String, Header, description = "Unix seconds")),
    responses((status = 200, body = Value, description = "The answer, in Discord's form"),
        Interacting))]
pub async fn take_interaction(State(app): State<App>, request: Request) -> Result<Json<Value>, ApiError> {
    let inlet = app.inlet.clone().ok_or(ApiError::NotFound)?;
    let headers = request.headers();
    let (signature, timestamp) = (
        text(headers, "x-signature-ed25519")?,
        text(headers, "x-signature-timestamp")?,
    );
    let body = to_bytes(request.into_body(), BODY_MAX)
        .await
        .map_err(|_| ApiError::HookRefused)?
        .to_vec();
    let posting = Posting {
        signature,
        timestamp,
        body,
    };
    match inlet.post(posting).await {
        Ok(answer) => Ok(Json(answer)),
        Err(InletError::Refused) => Err(ApiError::HookRefused),
        Err(InletError::Busy) => Err(ApiError::Unavailable(InletError::Busy.to_string())),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Result<String, ApiError> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.map(str::to_owned).ok_or(ApiError::HookRefused)
}
