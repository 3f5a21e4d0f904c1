//! POST /hooks/{id}/preview: what a body would be taken for.

use axum::extract::State;
use ordercast_app::hook;
use ordercast_model::ids::HookId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Json},
    session::Login,
    state::App,
    view::instruction::ReadingView,
};

/// A body to be tried.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewBody {
    /// The body as a sender would post it.
    pub body: String,
}

/// Reads a body as a delivery to this webhook would be read. Nothing is stored, nothing is traded.
#[utoipa::path(post, path = "/hooks/{id}/preview", tag = "hooks", request_body = PreviewBody,
    params(("id" = String, Path, description = "Webhook")),
    responses((status = 200, body = ReadingView), Writing))]
pub async fn preview_hook(
    State(app): State<App>,
    login: Login,
    Id(id): Id<HookId>,
    Json(body): Json<PreviewBody>,
) -> Result<axum::Json<ReadingView>, ApiError> {
    let reading = hook::preview(&app.ctx, &login.user, id, &body.body).await?;
    Ok(axum::Json(ReadingView::from(&reading)))
}
