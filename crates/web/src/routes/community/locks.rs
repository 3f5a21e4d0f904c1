//! GET /communities/{id}/locks: whom the staff is to unlock.

use axum::{Json, extract::State};
use ordercast_app::unlock::staff::{self, LockedMember};
use ordercast_model::ids::CommunityId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{errors::ApiError, openapi::Reading, request::Id, session::Login, state::App};

/// A member whose account is locked by a limit of the community. What the account holds is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct LockedMemberView {
    /// The account's connection.
    pub connection_id: String,
    /// Who.
    pub user_id: String,
    /// Name shown.
    pub name: String,
    /// Since when.
    pub since: String,
    /// From when on it can be unlocked.
    pub unlockable_from: String,
    /// Locked for the second time on this session day: until the next one only a platform admin unlocks it.
    pub again: bool,
}

impl From<LockedMember> for LockedMemberView {
    fn from(one: LockedMember) -> Self {
        Self {
            connection_id: one.connection.to_string(),
            user_id: one.user.to_string(),
            name: one.name,
            since: one.since.to_string(),
            unlockable_from: one.from.to_string(),
            again: one.again,
        }
    }
}

/// Members whose accounts are locked.
#[derive(Debug, Serialize, ToSchema)]
pub struct LockedMembersView {
    /// Longest locked first.
    pub items: Vec<LockedMemberView>,
}

/// Members whom the staff of the community is to unlock: locked by its circuit breaker while it demands that. For its admins.
#[utoipa::path(get, path = "/communities/{id}/locks", tag = "risk",
    params(("id" = String, Path, description = "Community")),
    responses((status = 200, body = LockedMembersView), Reading))]
pub async fn list_locks(
    State(app): State<App>,
    login: Login,
    Id(id): Id<CommunityId>,
) -> Result<Json<LockedMembersView>, ApiError> {
    let found = staff::list(&app.ctx, &login.user, id).await?;
    let items = found.into_iter().map(LockedMemberView::from).collect();
    Ok(Json(LockedMembersView { items }))
}
