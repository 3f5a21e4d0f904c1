//! GET /signals/{id}/decisions: what was decided for the one who asks.

use axum::{Json, extract::State};
use ordercast_app::desk::signal;
use ordercast_model::ids::SignalId;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Id,
    session::Login,
    state::App,
    view::{page::List, signal::DecisionView},
};

/// The own decisions on a signal, oldest first, each with its reason.
#[utoipa::path(get, path = "/signals/{id}/decisions", tag = "signals",
    params(("id" = String, Path, description = "Signal")),
    responses((status = 200, body = List<DecisionView>), Reading))]
pub async fn list_decisions(
    State(app): State<App>,
    login: Login,
    Id(id): Id<SignalId>,
) -> Result<Json<List<DecisionView>>, ApiError> {
    let seen = signal::one(&app.ctx, &login.user, id).await?;
    Ok(Json(List::of(seen.decisions)))
}
