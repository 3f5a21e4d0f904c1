//! POST /auth/logout-all: ends every session of the user.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use ordercast_app::identity::{self, discord};

use crate::{
    errors::ApiError,
    openapi::Writing,
    session::{From, Login, end_cookie},
    state::App,
    view::identity::EndedView,
};

/// Ends every session of the user, this one included.
#[utoipa::path(post, path = "/auth/logout-all", tag = "auth", responses((status = 200, body = EndedView), Writing))]
pub async fn logout_all(
    State(app): State<App>,
    login: Login,
    From(caller): From,
) -> Result<Response, ApiError> {
    let ended = identity::end_all(&app.ctx, &login.user, &caller).await?;
    discord::release(&app.ctx, &login.user).await?;
    let mut response = Json(EndedView { ended }).into_response();
    if let Some(cookie) = end_cookie(&app.config) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
