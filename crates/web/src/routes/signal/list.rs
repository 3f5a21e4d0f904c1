//! GET /signals: the signals of the own communities.

use axum::{Json, extract::State};
use ordercast_app::desk::signal;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        page::{Page, PageQuery},
        signal::SignalView,
    },
};

/// The signals of the own communities, newest first, each with the own decisions.
#[utoipa::path(get, path = "/signals", tag = "signals", params(PageQuery),
    responses((status = 200, body = Page<SignalView>), Reading))]
pub async fn list_signals(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<SignalView>>, ApiError> {
    let cut = query.checked()?;
    let rows = signal::list(&app.ctx, &login.user, cut.store()).await?;
    Ok(Json(cut.page(
        rows,
        |seen| seen.signal.id.to_string(),
        SignalView::from,
    )))
}
