//! GET /approvals: the cards that are shown.

use axum::{Json, extract::State};
use ordercast_app::desk::approval;

use crate::{
    errors::ApiError,
    openapi::Reading,
    session::Login,
    state::App,
    view::{order::ApprovalView, page::List},
};

/// The cards that wait for an answer, newest first.
#[utoipa::path(get, path = "/approvals", tag = "approvals",
    responses((status = 200, body = List<ApprovalView>), Reading))]
pub async fn list_approvals(
    State(app): State<App>,
    login: Login,
) -> Result<Json<List<ApprovalView>>, ApiError> {
    Ok(Json(List::of(approval::pending(&app.ctx, &login.user).await?)))
}
