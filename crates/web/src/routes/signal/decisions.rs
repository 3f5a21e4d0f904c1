//! GET /signals/{id}/decisions: what was decided for the one who asks.

use axum::{Json, extract::State};
use ordercast_app::desk::signal;
use ordercast_model::ids::SignalId;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::{Id, Query},
    session::Login,
    state::App,
    view::{
        page::{Page, PageQuery},
        signal::DecisionView,
    },
};

/// The own decisions on a signal, oldest first, each with its reason.
#[utoipa::path(get, path = "/signals/{id}/decisions", tag = "signals",
    params(("id" = String, Path, description = "Signal"), PageQuery),
    responses((status = 200, body = Page<DecisionView>), Reading))]
pub async fn list_decisions(
    State(app): State<App>,
    login: Login,
    Id(id): Id<SignalId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<DecisionView>>, ApiError> {
    let seen = signal::one(&app.ctx, &login.user, id).await?;
    let cut = query.checked()?;
    Ok(Json(cut.whole(
        seen.decisions,
        |row| row.id.to_string(),
        DecisionView::from,
    )))
}
