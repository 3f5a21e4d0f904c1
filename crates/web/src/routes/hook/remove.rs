//! DELETE /hooks/{id}: removes a webhook.

use axum::{extract::State, http::StatusCode};
use ordercast_app::hook;
use ordercast_model::ids::HookId;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Id,
    session::{From, Login},
    state::App,
};

/// Removes a webhook for good; its address ends at once.
#[utoipa::path(delete, path = "/hooks/{id}", tag = "hooks",
    params(("id" = String, Path, description = "Webhook")),
    responses((status = 204, description = "It is gone"), Writing))]
pub async fn remove_hook(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<HookId>,
) -> Result<StatusCode, ApiError> {
    hook::remove(&app.ctx, &login.user, id, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
