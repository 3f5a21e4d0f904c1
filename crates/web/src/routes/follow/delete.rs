//! DELETE /follows/{id}: ends a follow.

use axum::{extract::State, http::StatusCode};
use ordercast_app::desk::follow;
use ordercast_model::ids::FollowId;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Id,
    session::{From, Login},
    state::App,
};

/// Ends a follow; what it opened stays open and protected.
#[utoipa::path(delete, path = "/follows/{id}", tag = "follows",
    params(("id" = String, Path, description = "Follow")),
    responses((status = 204, description = "It has ended"), Writing))]
pub async fn end_follow(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<FollowId>,
) -> Result<StatusCode, ApiError> {
    follow::end(&app.ctx, &login.user, id, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
