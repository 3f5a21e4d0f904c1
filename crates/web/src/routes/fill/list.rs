//! GET /fills: the own executions.

use axum::{Json, extract::State};
use ordercast_app::desk::fill;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        order::FillView,
        page::{Page, PageQuery},
    },
};

/// The own executions, newest first.
#[utoipa::path(get, path = "/fills", tag = "fills", params(PageQuery),
    responses((status = 200, body = Page<FillView>), Reading))]
pub async fn list_fills(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<FillView>>, ApiError> {
    let cut = query.checked()?;
    let rows = fill::list(&app.ctx, &login.user, cut.store()).await?;
    Ok(Json(cut.page(rows, |fill| fill.id.to_string(), FillView::from)))
}
