//! GET /journal/checkpoints: what the journal was, signed.

use axum::{Json, extract::State};
use ordercast_app::desk::journal;

use crate::{
    errors::ApiError,
    openapi::Opening,
    request::Query,
    state::App,
    view::{
        journal::CheckpointView,
        page::{Page, PageQuery},
    },
};

/// The journal's checkpoints, newest first. Open to everybody: who keeps one can later show that entries are missing
/// or were changed (`ordercast journal verify --checkpoint FILE`).
#[utoipa::path(get, path = "/journal/checkpoints", tag = "journal", security(()), params(PageQuery),
    responses((status = 200, body = Page<CheckpointView>), Opening))]
pub async fn list_checkpoints(
    State(app): State<App>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<CheckpointView>>, ApiError> {
    let cut = query.checked()?;
    let rows = journal::checkpoints(&app.ctx, cut.store()).await?;
    Ok(Json(cut.page(
        rows,
        |row| row.id.to_string(),
        CheckpointView::from,
    )))
}
