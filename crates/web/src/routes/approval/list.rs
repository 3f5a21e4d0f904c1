//! GET /approvals: the cards that are shown.

use axum::{Json, extract::State};
use ordercast_app::desk::approval;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        order::ApprovalView,
        page::{Page, PageQuery},
    },
};

/// The cards that wait for an answer, newest first.
#[utoipa::path(get, path = "/approvals", tag = "approvals", params(PageQuery),
    responses((status = 200, body = Page<ApprovalView>), Reading))]
pub async fn list_approvals(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ApprovalView>>, ApiError> {
    let cut = query.checked()?;
    let cards = approval::pending(&app.ctx, &login.user).await?;
    Ok(Json(cut.whole(
        cards,
        |card| card.id.to_string(),
        ApprovalView::from,
    )))
}
