//! DELETE /risk/kill: lifts a kill.

use axum::extract::State;
use ordercast_app::switch;

use super::body::SwitchBody;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App, view::risk::SwitchView,
};

/// Lifts a kill: with the typed word and a step-up; the platform's with a reason as well.
#[utoipa::path(delete, path = "/risk/kill", tag = "risk", request_body = SwitchBody,
    responses((status = 200, body = SwitchView), Writing))]
pub async fn lift_kill(
    State(app): State<App>,
    login: Login,
    Json(body): Json<SwitchBody>,
) -> Result<axum::Json<SwitchView>, ApiError> {
    body.confirmed("RESUME")?;
    body.plain()?;
    let scope = body.scope(&login.user)?;
    let switch = switch::lift(&app.ctx, &login.user, &login.session, scope, body.reason()?).await?;
    Ok(axum::Json(switch.into()))
}
