//! GET /journal/{id}: one own entry.

use axum::{Json, extract::State};
use ordercast_app::desk::journal;
use ordercast_model::ids::JournalId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::journal::JournalView,
};

/// One own entry.
#[utoipa::path(get, path = "/journal/{id}", tag = "journal",
    params(("id" = String, Path, description = "Journal entry")),
    responses((status = 200, body = JournalView), Reading))]
pub async fn show_entry(
    State(app): State<App>,
    login: Login,
    Id(id): Id<JournalId>,
) -> Result<Json<JournalView>, ApiError> {
    Ok(Json(journal::one(&app.ctx, &login.user, id).await?.into()))
}
