//! POST /follows/{id}/resume: switches a follow on again.

use axum::{Json, extract::State};
use ordercast_app::desk::follow;
use ordercast_model::ids::FollowId;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Id,
    session::{From, Login},
    state::App,
    view::signal::FollowView,
};

/// Switches a follow on again.
#[utoipa::path(post, path = "/follows/{id}/resume", tag = "follows",
    params(("id" = String, Path, description = "Follow")),
    responses((status = 200, body = FollowView), Writing))]
pub async fn resume_follow(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<FollowId>,
) -> Result<Json<FollowView>, ApiError> {
    Ok(Json(
        follow::enable(&app.ctx, &login.user, id, true, &caller)
            .await?
            .into(),
    ))
}
