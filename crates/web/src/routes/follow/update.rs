//! PATCH /follows/{id}: changes the settings.

use axum::extract::State;
use ordercast_app::desk::follow;
use ordercast_model::ids::FollowId;

use super::body::FollowSettings;
use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, IfMatch, Json},
    session::{From, Login},
    state::App,
    view::signal::FollowView,
};

/// Changes the settings; what is left out stays. A cap that is loosened needs a step-up and holds ten minutes later; until
/// then it stands under `pending`.
#[utoipa::path(patch, path = "/follows/{id}", tag = "follows", request_body = FollowSettings,
    params(("id" = String, Path, description = "Follow"),
        ("If-Match" = String, Header, description = "Version that is changed")),
    responses((status = 200, body = FollowView), Writing))]
pub async fn update_follow(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<FollowId>,
    IfMatch(version): IfMatch,
    Json(body): Json<FollowSettings>,
) -> Result<axum::Json<FollowView>, ApiError> {
    let actor = (&login.user, &login.session);
    let changed = follow::change(&app.ctx, actor, id, version, body.read()?, &caller).await?;
    Ok(axum::Json(changed.into()))
}
