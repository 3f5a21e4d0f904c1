//! GET /providers: the providers of the own communities.

use axum::{Json, extract::State};
use ordercast_app::desk::provider;

use crate::{
    errors::ApiError,
    openapi::Reading,
    session::Login,
    state::App,
    view::{page::List, signal::ProviderView},
};

/// The providers of the own communities, by name.
#[utoipa::path(get, path = "/providers", tag = "providers",
    responses((status = 200, body = List<ProviderView>), Reading))]
pub async fn list_providers(
    State(app): State<App>,
    login: Login,
) -> Result<Json<List<ProviderView>>, ApiError> {
    Ok(Json(List::of(provider::list(&app.ctx, &login.user).await?)))
}
