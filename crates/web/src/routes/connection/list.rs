//! GET /connections: the own connections.

use axum::{Json, extract::State};
use ordercast_app::desk::connection;

use crate::{
    errors::ApiError,
    openapi::Reading,
    session::Login,
    state::App,
    view::{account::ConnectionView, page::List},
};

/// The own connections, newest first.
#[utoipa::path(get, path = "/connections", tag = "connections",
    responses((status = 200, body = List<ConnectionView>), Reading))]
pub async fn list_connections(
    State(app): State<App>,
    login: Login,
) -> Result<Json<List<ConnectionView>>, ApiError> {
    Ok(Json(List::of(connection::list(&app.ctx, &login.user).await?)))
}
