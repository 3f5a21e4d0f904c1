//! PUT /communities/{id}/caps: sets the limits of a community.

use axum::extract::State;
use ordercast_app::desk::community;
use ordercast_model::ids::CommunityId;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, IfMatch, Json},
    session::{From, Login},
    state::App,
    view::risk::{CapsView, CommunityCapsView},
};

/// Sets all limits of the community; what is null adds nothing. For its admins. The strictest of platform, community, user
/// and follow applies, and a refusal says whose it was. They bind the orders by the community's signals and those its
/// traders give by hand. What tightens holds at once; what loosens needs a step-up and holds ten minutes later, and stands
/// under `pending` until then.
#[utoipa::path(put, path = "/communities/{id}/caps", tag = "risk", request_body = CapsView,
    params(("id" = String, Path, description = "Community"),
        ("If-Match" = String, Header, description = "Version that is changed")),
    responses((status = 200, body = CommunityCapsView), Writing))]
pub async fn set_caps(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<CommunityId>,
    IfMatch(version): IfMatch,
    Json(body): Json<CapsView>,
) -> Result<axum::Json<CommunityCapsView>, ApiError> {
    let actor = (&login.user, &login.session);
    let set = community::set_caps(&app.ctx, actor, id, version, body.read()?, &caller).await?;
    Ok(axum::Json(set.into()))
}
