//! GET /connections/{id}: one connection.

use axum::{Json, extract::State};
use ordercast_app::desk::connection;
use ordercast_model::ids::ConnectionId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App,
    view::account::ConnectionView,
};

/// One connection.
#[utoipa::path(get, path = "/connections/{id}", tag = "connections",
    params(("id" = String, Path, description = "Connection")),
    responses((status = 200, body = ConnectionView), Reading))]
pub async fn show_connection(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ConnectionId>,
) -> Result<Json<ConnectionView>, ApiError> {
    Ok(Json(connection::one(&app.ctx, &login.user, id).await?.into()))
}
