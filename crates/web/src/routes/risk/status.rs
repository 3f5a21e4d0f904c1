//! GET /risk/status: what is used of the limits, and what is stopped.

use axum::{Json, extract::State};
use ordercast_app::desk::risk;

use crate::{errors::ApiError, openapi::Reading, session::Login, state::App, view::risk::RiskStatusView};

/// Switches that bind the user, and what each account uses of the limits.
#[utoipa::path(get, path = "/risk/status", tag = "risk", responses((status = 200, body = RiskStatusView), Reading))]
pub async fn risk_status(State(app): State<App>, login: Login) -> Result<Json<RiskStatusView>, ApiError> {
    Ok(Json(risk::status(&app.ctx, &login.user).await?.into()))
}
