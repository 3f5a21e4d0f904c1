//! GET /providers/{id}/hooks: the webhooks of a provider.

use axum::{Json, extract::State};
use ordercast_app::hook;
use ordercast_model::ids::ProviderId;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::{Id, Query},
    session::Login,
    state::App,
    view::{
        hook::HookView,
        page::{Page, PageQuery},
    },
};

/// The webhooks of a provider one may manage, newest first. Secrets are not among what is shown.
#[utoipa::path(get, path = "/providers/{id}/hooks", tag = "hooks",
    params(("id" = String, Path, description = "Provider"), PageQuery),
    responses((status = 200, body = Page<HookView>), Reading))]
pub async fn list_hooks(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ProviderId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<HookView>>, ApiError> {
    let cut = query.checked()?;
    let rows = hook::list(&app.ctx, &login.user, id).await?;
    Ok(Json(cut.whole(rows, |row| row.id.to_string(), HookView::from)))
}
