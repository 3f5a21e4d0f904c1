//! GET /auth/me: who is logged in.

use axum::{Json, extract::State};
use ordercast_app::identity;

use crate::{errors::ApiError, openapi::Reading, session::Login, state::App, view::identity::MeView};

/// Who is logged in, with communities and what the plan allows.
#[utoipa::path(get, path = "/auth/me", tag = "auth", responses((status = 200, body = MeView), Reading))]
pub async fn show_me(State(app): State<App>, login: Login) -> Result<Json<MeView>, ApiError> {
    let who = identity::who(&app.ctx, login.user, login.session).await?;
    Ok(Json(who.into()))
}
