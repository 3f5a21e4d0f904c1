//! GET /approvals/{id}: one card.

use axum::{Json, extract::State};
use ordercast_app::desk::approval;
use ordercast_model::ids::ApprovalId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::order::ApprovalView,
};

/// One card, answered or not.
#[utoipa::path(get, path = "/approvals/{id}", tag = "approvals",
    params(("id" = String, Path, description = "Approval")),
    responses((status = 200, body = ApprovalView), Reading))]
pub async fn show_approval(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ApprovalId>,
) -> Result<Json<ApprovalView>, ApiError> {
    Ok(Json(approval::one(&app.ctx, &login.user, id).await?.into()))
}
