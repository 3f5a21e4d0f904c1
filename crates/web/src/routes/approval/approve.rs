//! POST /approvals/{id}/approve: says yes to a card, or which of its signals is meant.

use axum::{Json, extract::State};
use ordercast_app::approve::{self as card, Answer};
use ordercast_model::ids::ApprovalId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Perhaps},
    session::Login,
    state::App,
    view::order::ApprovalView,
};

/// What is agreed to.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApproveBody {
    /// Number of the chosen option, from 1; for a card that asks `which_signal`, and only for such a one.
    pub choice: Option<u32>,
}

/// Says yes; what is asked is judged afresh with the numbers of this moment.
#[utoipa::path(post, path = "/approvals/{id}/approve", tag = "approvals", request_body = Option<ApproveBody>,
    params(("id" = String, Path, description = "Approval")),
    responses((status = 200, body = ApprovalView), (status = 410, description = "gone: the card has expired"), Writing))]
pub async fn approve(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ApprovalId>,
    Perhaps(body): Perhaps<ApproveBody>,
) -> Result<Json<ApprovalView>, ApiError> {
    let said = body.choice.map_or(Answer::Yes, Answer::Choose);
    Ok(Json(card::answer(&app.ctx, &login.user, id, said).await?.into()))
}
