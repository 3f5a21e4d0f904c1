//! POST /auth/logout: ends this session.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use ordercast_app::identity::{self, discord};

use crate::{
    errors::ApiError,
    openapi::Writing,
    session::{From, Login, end_cookie},
    state::App,
};

/// Ends this session; its live connections close within a second. With the last one, what Discord gave is revoked there.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", responses((status = 204, description = "It has ended"), Writing))]
pub async fn logout(State(app): State<App>, login: Login, From(caller): From) -> Result<Response, ApiError> {
    identity::logout(&app.ctx, &login.session, &caller).await?;
    discord::release(&app.ctx, &login.user).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = end_cookie(&app.config) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
