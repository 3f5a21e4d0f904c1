//! GET /providers/{id}/profile/versions: what a provider taught over time.

use axum::{Json, extract::State};
use ordercast_app::teach;
use ordercast_model::{ids::ProviderId, ports::store::Keyed};

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::{Id, Query},
    session::Login,
    state::App,
    view::{
        page::{Page, PageQuery},
        profile::LessonView,
    },
};

/// Every version of what a provider one manages taught, newest first. A signal names the one it was read with.
#[utoipa::path(get, path = "/providers/{id}/profile/versions", tag = "providers",
    params(("id" = String, Path, description = "Provider"), PageQuery),
    responses((status = 200, body = Page<LessonView>), (status = 403, description = "forbidden"), Reading))]
pub async fn list_provider_profiles(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ProviderId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<LessonView>>, ApiError> {
    let cut = query.checked()?;
    let rows = teach::history(&app.ctx, &login.user, id, cut.store()).await?;
    Ok(Json(cut.page(
        rows,
        |row| row.version.key(),
        |row| LessonView::of(login.user.id, id, Some(row)),
    )))
}
