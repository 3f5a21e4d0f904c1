//! POST /communities/{id}/unlock: the staff lifts the lock of a member.

use axum::{extract::State, http::StatusCode};
use ordercast_app::unlock::staff;
use ordercast_model::ids::CommunityId;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Json},
    routes::risk::body::UnlockBody,
    session::{From, Login},
    state::App,
};

/// Lifts the lock that a limit of the community set on the account of a member, where the community demands that its staff
/// does: from 15 minutes after it, once per session day. For its admins, with the typed word and a step-up; it stands in the
/// journals of both, and the member is told. Until it can be lifted 423 says from when.
#[utoipa::path(post, path = "/communities/{id}/unlock", tag = "risk", request_body = UnlockBody,
    params(("id" = String, Path, description = "Community")),
    responses((status = 204, description = "Unlocked"), Writing))]
pub async fn unlock_member(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<CommunityId>,
    Json(body): Json<UnlockBody>,
) -> Result<StatusCode, ApiError> {
    body.confirmed()?;
    let actor = (&login.user, &login.session);
    staff::unlock(&app.ctx, actor, id, body.connection()?, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
