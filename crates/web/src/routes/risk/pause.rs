//! POST /risk/pause: stops opening.

use axum::extract::State;
use ordercast_app::{identity::factor, switch};
use ordercast_model::limits::{SwitchKind, SwitchScope};

use super::body::SwitchBody;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App, view::risk::SwitchView,
};

/// Stops opening; what is held stays, exits go on. The platform's pause needs a step-up.
#[utoipa::path(post, path = "/risk/pause", tag = "risk", request_body = SwitchBody,
    responses((status = 200, body = SwitchView), Writing))]
pub async fn pause(
    State(app): State<App>,
    login: Login,
    Json(body): Json<SwitchBody>,
) -> Result<axum::Json<SwitchView>, ApiError> {
    body.plain()?;
    let scope = body.scope(&login.user)?;
    if scope == SwitchScope::Platform {
        factor::proven(&app.ctx, &login.user, &login.session).await?;
    }
    let switch = switch::set(&app.ctx, &login.user, SwitchKind::Pause, scope, body.reason()?).await?;
    Ok(axum::Json(switch.into()))
}
