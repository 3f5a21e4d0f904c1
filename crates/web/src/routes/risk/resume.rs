//! POST /risk/resume: lifts a pause.

use axum::extract::State;
use ordercast_app::switch;

use super::body::SwitchBody;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App, view::risk::SwitchView,
};

/// Lifts a pause. A kill or a lock is lifted elsewhere.
#[utoipa::path(post, path = "/risk/resume", tag = "risk", request_body = SwitchBody,
    responses((status = 200, body = SwitchView), Writing))]
pub async fn resume(
    State(app): State<App>,
    login: Login,
    Json(body): Json<SwitchBody>,
) -> Result<axum::Json<SwitchView>, ApiError> {
    body.plain()?;
    let scope = body.scope(&login.user)?;
    let switch = switch::resume(&app.ctx, &login.user, scope).await?;
    Ok(axum::Json(switch.into()))
}
