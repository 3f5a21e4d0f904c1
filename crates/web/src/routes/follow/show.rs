//! GET /follows/{id}: one follow.

use axum::{Json, extract::State};
use ordercast_app::desk::follow;
use ordercast_model::ids::FollowId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::signal::FollowView,
};

/// One follow.
#[utoipa::path(get, path = "/follows/{id}", tag = "follows",
    params(("id" = String, Path, description = "Follow")),
    responses((status = 200, body = FollowView), Reading))]
pub async fn show_follow(
    State(app): State<App>,
    login: Login,
    Id(id): Id<FollowId>,
) -> Result<Json<FollowView>, ApiError> {
    Ok(Json(follow::one(&app.ctx, &login.user, id).await?.into()))
}
