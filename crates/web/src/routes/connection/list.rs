//! GET /connections: the own connections.

use axum::{Json, extract::State};
use ordercast_app::desk::connection;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        account::ConnectionView,
        page::{Page, PageQuery},
    },
};

/// The own connections, newest first.
#[utoipa::path(get, path = "/connections", tag = "connections", params(PageQuery),
    responses((status = 200, body = Page<ConnectionView>), Reading))]
pub async fn list_connections(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ConnectionView>>, ApiError> {
    let cut = query.checked()?;
    let rows = connection::list(&app.ctx, &login.user).await?;
    Ok(Json(cut.whole(
        rows,
        |row| row.id.to_string(),
        ConnectionView::from,
    )))
}
