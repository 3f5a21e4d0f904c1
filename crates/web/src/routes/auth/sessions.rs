//! GET /auth/sessions: the devices that are logged in.

use axum::{Json, extract::State};
use ordercast_app::identity;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        identity::SessionView,
        page::{Page, PageQuery},
    },
};

/// The devices that are logged in, newest first.
#[utoipa::path(get, path = "/auth/sessions", tag = "auth", params(PageQuery), responses((status = 200, body = Page<SessionView>), Reading))]
pub async fn list_sessions(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<SessionView>>, ApiError> {
    let sessions = identity::sessions(&app.ctx, &login.user).await?;
    let cut = query.checked()?;
    let view = |s: ordercast_model::user::Session| SessionView::of(&s, s.id == login.session.id);
    Ok(Json(cut.whole(sessions, |s| s.id.to_string(), view)))
}
