//! POST /admin/users/{id}/unlock: lifts the locks of a user's accounts.

use axum::extract::State;
use ordercast_app::unlock::platform::{self, Hand};
use ordercast_model::ids::UserId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::lock::LocksView;
use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Json},
    routes::risk::body::confirmed,
    session::Login,
    state::App,
};

/// Why accounts are unlocked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UnlockUserBody {
    /// Why, 1 to 200 characters; the user reads it.
    #[schema(required, max_length = 200)]
    pub reason: String,
    /// `UNLOCK`, typed out.
    pub confirm: Option<String>,
}

/// Lifts every lock of the accounts of a user, whoever set it, the second of a session day too. For platform admins, with the
/// typed word, a reason and a step-up.
#[utoipa::path(post, path = "/admin/users/{id}/unlock", tag = "admin", request_body = UnlockUserBody,
    params(("id" = String, Path, description = "User")),
    responses((status = 200, body = LocksView), Writing))]
pub async fn unlock_user(
    State(app): State<App>,
    login: Login,
    Id(id): Id<UserId>,
    Json(body): Json<UnlockUserBody>,
) -> Result<axum::Json<LocksView>, ApiError> {
    confirmed(body.confirm.as_deref(), "UNLOCK")?;
    let user = platform::named(&app.ctx, &login.user, Some(&login.session), id).await?;
    let hand = Hand::Admin(&login.user);
    let lifted = platform::unlock(&app.ctx, hand, &user, &body.reason).await?;
    Ok(axum::Json(lifted.into()))
}
