//! POST /auth/socket-token: a token for the live connection.

use axum::{Json, extract::State};

use crate::{
    errors::ApiError, openapi::Writing, session::Login, socket::token, state::App,
    view::identity::SocketTokenView,
};

/// A token for the live connection, bound to this session.
#[utoipa::path(post, path = "/auth/socket-token", tag = "auth", responses((status = 200, body = SocketTokenView), Writing))]
pub async fn socket_token(State(app): State<App>, login: Login) -> Result<Json<SocketTokenView>, ApiError> {
    let now = app.ctx.now();
    let expires_at = now
        .plus(app.config.socket_token_life)
        .min(login.session.expires_at);
    let claims = token::Claims::new(login.user.id, login.session.id, now, expires_at);
    let token = token::sign(&app.config.socket_keys, &claims)
        .ok_or_else(|| ApiError::Internal("no socket key is configured".to_owned()))?;
    Ok(Json(SocketTokenView {
        token,
        expires_at: expires_at.to_string(),
    }))
}
