//! POST /auth/refresh: a new cookie value for the same session.

use axum::{extract::State, response::Response};
use ordercast_app::identity::{self, discord};

use crate::{
    errors::ApiError,
    openapi::Writing,
    session::{From, Login, with_cookie},
    state::App,
    view::identity::SessionView,
};

/// Gives this session a new cookie value; the old one works on for a minute. What Discord gave at the login is renewed when
/// it ends within five minutes; where Discord refuses that, the session ends.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", responses((status = 200, body = SessionView), Writing))]
pub async fn refresh_session(
    State(app): State<App>,
    login: Login,
    From(caller): From,
) -> Result<Response, ApiError> {
    discord::stand(&app.ctx, &login.user, &login.session, &caller).await?;
    let (session, token) = identity::refresh(&app.ctx, &login.user, login.session.id).await?;
    let view = axum::Json(SessionView::of(&session, true));
    Ok(with_cookie(&app.config, &token, view))
}
