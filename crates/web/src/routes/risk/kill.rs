//! POST /risk/kill: stops opening and cancels open entries.

use axum::extract::State;
use ordercast_app::switch;
use ordercast_model::limits::SwitchKind;

use super::body::SwitchBody;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App, view::risk::SwitchView,
};

/// Stops opening and cancels open entries; stops and targets stay. Answered when it is durable: nothing new goes out after the answer.
/// Needs no confirmation: stopping is never made slower; lifting takes the typed word.
#[utoipa::path(post, path = "/risk/kill", tag = "risk", request_body = SwitchBody,
    responses((status = 200, body = SwitchView), Writing))]
pub async fn kill(
    State(app): State<App>,
    login: Login,
    Json(body): Json<SwitchBody>,
) -> Result<axum::Json<SwitchView>, ApiError> {
    let scope = body.scope(&login.user)?;
    let switch = switch::set(&app.ctx, &login.user, SwitchKind::Kill, scope, body.reason()?).await?;
    Ok(axum::Json(switch.into()))
}
