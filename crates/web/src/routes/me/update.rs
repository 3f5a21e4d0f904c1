//! PATCH /me: changes the name shown.

use axum::extract::State;
use ordercast_app::identity;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Json,
    session::{From, Login},
    state::App,
    view::identity::ProfileView,
};

/// What is changed of a profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// Name shown, 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
}

/// Changes the name shown.
#[utoipa::path(patch, path = "/me", tag = "me", request_body = ProfileChange,
    responses((status = 200, body = ProfileView), Writing))]
pub async fn update_profile(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Json(body): Json<ProfileChange>,
) -> Result<axum::Json<ProfileView>, ApiError> {
    let user = identity::rename(&app.ctx, login.user, &body.name, &caller).await?;
    Ok(axum::Json(user.into()))
}
