//! POST /admin/users/{id}/lock: locks the accounts of a user.

use axum::extract::State;
use ordercast_app::unlock::platform::{self, Hand};
use ordercast_model::{ids::UserId, limits::Switch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Json},
    session::Login,
    state::App,
    view::risk::SwitchView,
};

/// Why accounts are locked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LockBody {
    /// Why, 1 to 200 characters; the user reads it.
    #[schema(required, max_length = 200)]
    pub reason: String,
}

/// Locks that were set or lifted.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocksView {
    /// One for each account.
    pub items: Vec<SwitchView>,
}

impl From<Vec<Switch>> for LocksView {
    fn from(locks: Vec<Switch>) -> Self {
        Self {
            items: locks.into_iter().map(SwitchView::from).collect(),
        }
    }
}

/// Locks every account of a user: nothing opens until a platform admin unlocks; what works at the broker stays, closing and
/// protection go on. For platform admins.
#[utoipa::path(post, path = "/admin/users/{id}/lock", tag = "admin", request_body = LockBody,
    params(("id" = String, Path, description = "User")),
    responses((status = 200, body = LocksView), Writing))]
pub async fn lock_user(
    State(app): State<App>,
    login: Login,
    Id(id): Id<UserId>,
    Json(body): Json<LockBody>,
) -> Result<axum::Json<LocksView>, ApiError> {
    let user = platform::named(&app.ctx, &login.user, None, id).await?;
    let hand = Hand::Admin(&login.user);
    let locks = platform::lock(&app.ctx, hand, &user, &body.reason).await?;
    Ok(axum::Json(locks.into()))
}
