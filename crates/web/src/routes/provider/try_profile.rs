//! POST /providers/{id}/profile/trial: what a profile would change in the last messages.

use axum::extract::State;
use ordercast_app::teach;
use ordercast_model::{ids::ProviderId, signal::profile::Profile};

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Json},
    session::Login,
    state::App,
    view::{
        page::List,
        profile::{ProfileBody, TrialView},
    },
};

/// Reads the last 50 messages of a provider again, with the profile in force and with one that is not saved, newest
/// first. Nothing is stored, nothing is traded.
#[utoipa::path(post, path = "/providers/{id}/profile/trial", tag = "providers", request_body = ProfileBody,
    params(("id" = String, Path, description = "Provider")),
    responses((status = 200, body = List<TrialView>), Writing))]
pub async fn try_provider_profile(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ProviderId>,
    Json(body): Json<ProfileBody>,
) -> Result<axum::Json<List<TrialView>>, ApiError> {
    let trials = teach::trial(&app.ctx, &login.user, id, &Profile::from(body)).await?;
    Ok(axum::Json(List::of(trials)))
}
