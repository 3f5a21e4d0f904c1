//! GET /communities/{id}/caps: the limits a community sets.

use axum::{Json, extract::State};
use ordercast_app::desk::community;
use ordercast_model::ids::CommunityId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App,
    view::risk::CommunityCapsView,
};

/// The limits that bind orders by the community's signals; for its members.
#[utoipa::path(get, path = "/communities/{id}/caps", tag = "risk",
    params(("id" = String, Path, description = "Community")),
    responses((status = 200, body = CommunityCapsView), Reading))]
pub async fn show_caps(
    State(app): State<App>,
    login: Login,
    Id(id): Id<CommunityId>,
) -> Result<Json<CommunityCapsView>, ApiError> {
    Ok(Json(community::show(&app.ctx, &login.user, id).await?.into()))
}
