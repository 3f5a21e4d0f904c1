//! GET /me: the own profile.

use axum::Json;

use crate::{openapi::Reading, session::Login, view::identity::ProfileView};

/// The own profile.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = ProfileView), Reading))]
pub async fn show_profile(login: Login) -> Json<ProfileView> {
    Json(login.user.into())
}
