//! GET /providers/{id}: one provider.

use axum::{Json, extract::State};
use ordercast_app::desk::provider;
use ordercast_model::ids::ProviderId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::signal::ProviderView,
};

/// One provider of the own communities.
#[utoipa::path(get, path = "/providers/{id}", tag = "providers",
    params(("id" = String, Path, description = "Provider")),
    responses((status = 200, body = ProviderView), Reading))]
pub async fn show_provider(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ProviderId>,
) -> Result<Json<ProviderView>, ApiError> {
    Ok(Json(provider::one(&app.ctx, &login.user, id).await?.into()))
}
