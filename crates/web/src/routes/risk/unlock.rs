//! POST /risk/unlock: lifts the lock of an account.

use axum::extract::State;
use ordercast_app::unlock;

use super::body::UnlockBody;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App, view::risk::SwitchView,
};

/// Lifts the lock that the circuit breaker set on a connection: from 15 minutes after it, once per session day. A second
/// lock in one session day is lifted by a platform admin, or on the next session day. Until then 423 says from when.
/// What a limit of a community locked that demands so is lifted by its staff alone, and what the platform locked by a platform
/// admin. Needs the typed word and a step-up.
#[utoipa::path(post, path = "/risk/unlock", tag = "risk", request_body = UnlockBody,
    responses((status = 200, body = SwitchView), Writing))]
pub async fn unlock(
    State(app): State<App>,
    login: Login,
    Json(body): Json<UnlockBody>,
) -> Result<axum::Json<SwitchView>, ApiError> {
    body.confirmed()?;
    let switch = unlock::unlock(&app.ctx, &login.user, &login.session, body.connection()?).await?;
    Ok(axum::Json(switch.into()))
}
