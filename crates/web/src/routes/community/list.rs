//! GET /communities: the communities one is in.

use axum::{Json, extract::State};
use ordercast_app::{desk::community, identity::discord};
use ordercast_model::community::{Community, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Reading,
    session::{From, Login},
    state::App,
    view::{code, risk::CommunityCapsView},
};

/// A community one is in.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunityView {
    /// Its id.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// The own role there.
    #[schema(value_type = code::Role)]
    pub role: Role,
    /// Whether one may set its limits.
    pub sets_caps: bool,
    /// Its limits with their version.
    pub limits: CommunityCapsView,
}

impl CommunityView {
    fn of((community, role): (Community, Role)) -> Self {
        Self {
            id: community.id.to_string(),
            name: community.name.clone(),
            role,
            sets_caps: role >= Role::Admin,
            limits: community.into(),
        }
    }
}

/// The communities one is in.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunitiesView {
    /// By name.
    pub items: Vec<CommunityView>,
}

/// The communities one is in, by name, with the limits they set.
#[utoipa::path(get, path = "/communities", tag = "risk", responses((status = 200, body = CommunitiesView), Reading))]
pub async fn list_communities(
    State(app): State<App>,
    login: Login,
    From(caller): From,
) -> Result<Json<CommunitiesView>, ApiError> {
    discord::stand(&app.ctx, &login.user, &login.session, &caller).await?;
    let found = community::list(&app.ctx, &login.user).await?;
    let items = found.into_iter().map(CommunityView::of).collect();
    Ok(Json(CommunitiesView { items }))
}
