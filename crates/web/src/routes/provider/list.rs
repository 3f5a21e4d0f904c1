//! GET /providers: the providers of the own communities.

use axum::{Json, extract::State};
use ordercast_app::desk::provider;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        page::{Page, PageQuery},
        signal::ProviderView,
    },
};

/// The providers of the own communities, by name.
#[utoipa::path(get, path = "/providers", tag = "providers", params(PageQuery),
    responses((status = 200, body = Page<ProviderView>), Reading))]
pub async fn list_providers(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ProviderView>>, ApiError> {
    let cut = query.checked()?;
    let rows = provider::list(&app.ctx, &login.user).await?;
    Ok(Json(cut.whole(
        rows,
        |row| row.provider.id.to_string(),
        ProviderView::from,
    )))
}
