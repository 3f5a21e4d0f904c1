//! GET /signals/{id}: one signal with its message.

use axum::{Json, extract::State};
use ordercast_app::desk::signal;
use ordercast_model::ids::SignalId;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Id,
    session::Login,
    state::App,
    view::signal::{RevisionView, SignalDetailView},
};

/// One signal with every revision of its message.
#[utoipa::path(get, path = "/signals/{id}", tag = "signals",
    params(("id" = String, Path, description = "Signal")),
    responses((status = 200, body = SignalDetailView), Reading))]
pub async fn show_signal(
    State(app): State<App>,
    login: Login,
    Id(id): Id<SignalId>,
) -> Result<Json<SignalDetailView>, ApiError> {
    let seen = signal::one(&app.ctx, &login.user, id).await?;
    let revisions = signal::revisions(&app.ctx, &seen.signal).await?;
    Ok(Json(SignalDetailView {
        signal: seen.into(),
        revisions: revisions.into_iter().map(RevisionView::from).collect(),
    }))
}
