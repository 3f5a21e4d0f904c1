//! GET /journal/key: the key that signs the checkpoints.

use axum::{Json, extract::State};
use ordercast_app::desk::journal;

use crate::{errors::ApiError, openapi::Opening, state::App, view::journal::KeyView};

/// The public key that entry 0 of the journal names.
#[utoipa::path(get, path = "/journal/key", tag = "journal", security(()),
    responses((status = 200, body = KeyView), Opening))]
pub async fn journal_key(State(app): State<App>) -> Result<Json<KeyView>, ApiError> {
    Ok(Json(journal::key(&app.ctx).await?.into()))
}
