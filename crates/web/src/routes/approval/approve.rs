//! POST /approvals/{id}/approve: says yes to a card.

use axum::{Json, extract::State};
use ordercast_app::approve as card;
use ordercast_model::ids::ApprovalId;

use crate::{
    errors::ApiError, openapi::Writing, request::Id, session::Login, state::App, view::order::ApprovalView,
};

/// Says yes; the order is judged afresh with the numbers of this moment.
#[utoipa::path(post, path = "/approvals/{id}/approve", tag = "approvals",
    params(("id" = String, Path, description = "Approval")),
    responses((status = 200, body = ApprovalView), (status = 410, description = "gone: the card has expired"), Writing))]
pub async fn approve(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ApprovalId>,
) -> Result<Json<ApprovalView>, ApiError> {
    Ok(Json(card::answer(&app.ctx, &login.user, id, true).await?.into()))
}
