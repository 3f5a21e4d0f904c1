//! GET /auth/sessions: the devices that are logged in.

use axum::{Json, extract::State};
use ordercast_app::identity;

use crate::{
    errors::ApiError,
    openapi::Reading,
    session::Login,
    state::App,
    view::{identity::SessionView, page::List},
};

/// The devices that are logged in, newest first.
#[utoipa::path(get, path = "/auth/sessions", tag = "auth", responses((status = 200, body = List<SessionView>), Reading))]
pub async fn list_sessions(
    State(app): State<App>,
    login: Login,
) -> Result<Json<List<SessionView>>, ApiError> {
    let sessions = identity::sessions(&app.ctx, &login.user).await?;
    let view = |s: &ordercast_model::user::Session| SessionView::of(s, s.id == login.session.id);
    Ok(Json(List {
        items: sessions.iter().map(view).collect(),
    }))
}
