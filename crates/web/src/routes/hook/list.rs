//! GET /providers/{id}/hooks: the webhooks of a provider.

use axum::{Json, extract::State};
use ordercast_app::hook;
use ordercast_model::ids::ProviderId;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Id,
    session::Login,
    state::App,
    view::{hook::HookView, page::List},
};

/// The webhooks of a provider one may manage, newest first. Secrets are not among what is shown.
#[utoipa::path(get, path = "/providers/{id}/hooks", tag = "hooks",
    params(("id" = String, Path, description = "Provider")),
    responses((status = 200, body = List<HookView>), Reading))]
pub async fn list_hooks(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ProviderId>,
) -> Result<Json<List<HookView>>, ApiError> {
    Ok(Json(List::of(hook::list(&app.ctx, &login.user, id).await?)))
}
