//! POST /risk/pause: stops opening.

use axum::extract::State;
use ordercast_app::switch;
use ordercast_model::limits::SwitchKind;

use super::body::SwitchBody;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App, view::risk::SwitchView,
};

/// Stops opening; what is held stays, exits go on.
#[utoipa::path(post, path = "/risk/pause", tag = "risk", request_body = SwitchBody,
    responses((status = 200, body = SwitchView), Writing))]
pub async fn pause(
    State(app): State<App>,
    login: Login,
    Json(body): Json<SwitchBody>,
) -> Result<axum::Json<SwitchView>, ApiError> {
    body.plain()?;
    let scope = body.scope(&login.user)?;
    let switch = switch::set(&app.ctx, &login.user, SwitchKind::Pause, scope, body.reason()?).await?;
    Ok(axum::Json(switch.into()))
}
