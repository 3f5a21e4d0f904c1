//! PUT /communities/{id}/staff-unlocks: who unlocks whom a limit of the community locks.

use axum::extract::State;
use ordercast_app::desk::community;
use ordercast_model::ids::CommunityId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, IfMatch, Json},
    session::{From, Login},
    state::App,
    view::risk::CommunityCapsView,
};

/// Whether staff alone unlocks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffUnlocksBody {
    /// On: whoever the community's circuit breaker locks from now on is unlocked by its owner or an admin alone. Off: users
    /// unlock themselves, those that are locked now too.
    pub on: bool,
}

/// Says who unlocks a follower whom the community's circuit breaker locks. For its admins; taking it back needs a step-up.
#[utoipa::path(put, path = "/communities/{id}/staff-unlocks", tag = "risk", request_body = StaffUnlocksBody,
    params(("id" = String, Path, description = "Community"),
        ("If-Match" = String, Header, description = "Version that is changed")),
    responses((status = 200, body = CommunityCapsView), Writing))]
pub async fn set_staff_unlocks(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<CommunityId>,
    IfMatch(version): IfMatch,
    Json(body): Json<StaffUnlocksBody>,
) -> Result<axum::Json<CommunityCapsView>, ApiError> {
    let actor = (&login.user, &login.session);
    let set = community::set_staff_unlocks(&app.ctx, actor, id, version, body.on, &caller).await?;
    Ok(axum::Json(set.into()))
}
