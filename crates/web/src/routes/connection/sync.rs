//! POST /connections/{id}/sync: asks the broker now.

use axum::{extract::State, http::StatusCode};
use ordercast_app::desk::connection;
use ordercast_model::ids::ConnectionId;

use crate::{
    errors::ApiError, openapi::Writing, request::Id, session::Login, state::App,
    view::account::ConnectionView,
};

/// Asks the broker whether the connection works and compares the books with it. This is how a connection whose credential
/// was refused is tried again. Safe to repeat.
#[utoipa::path(post, path = "/connections/{id}/sync", tag = "connections",
    params(("id" = String, Path, description = "Connection")),
    responses((status = 202, body = ConnectionView, description = "As it stands; the comparison is on its way"), Writing))]
pub async fn sync_connection(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ConnectionId>,
) -> Result<(StatusCode, axum::Json<ConnectionView>), ApiError> {
    let connection = connection::sync(&app.ctx, &login.user, id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(connection.into())))
}
