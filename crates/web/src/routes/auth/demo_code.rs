//! GET /auth/demo/code: what the authenticator of a demo user would show. Exists in demo mode only, and there for users of
//! the demo only.

use axum::{Json, extract::State};
use ordercast_app::identity::factor;

use crate::{errors::ApiError, openapi::Reading, session::Login, state::App, view::factor::DemoCodeView};

/// The code that the demo's authenticator would show now, so that a newcomer can step up without one.
#[utoipa::path(get, path = "/auth/demo/code", tag = "auth", responses((status = 200, body = DemoCodeView), Reading))]
pub async fn demo_code(State(app): State<App>, login: Login) -> Result<Json<DemoCodeView>, ApiError> {
    Ok(Json(factor::shown_in_demo(&app.ctx, &login.user).await?.into()))
}
