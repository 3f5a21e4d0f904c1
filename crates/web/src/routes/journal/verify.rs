//! POST /journal/verify: whether the chain holds.

use axum::extract::State;
use ordercast_app::desk::journal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App,
    view::journal::VerifiedView,
};

/// Which part of the journal.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VerifyBody {
    /// First place; 0 when left out.
    pub from_seq: Option<u64>,
    /// Entries looked at; at most, and when left out, 100,000.
    #[schema(minimum = 1, maximum = 100000)]
    pub limit: Option<u64>,
}

/// Recomputes every hash of a range and names the first entry at fault. Says nothing of what the entries hold.
#[utoipa::path(post, path = "/journal/verify", tag = "journal", request_body = VerifyBody,
    responses((status = 200, body = VerifiedView), Writing))]
pub async fn verify_journal(
    State(app): State<App>,
    _: Login,
    Json(body): Json<VerifyBody>,
) -> Result<axum::Json<VerifiedView>, ApiError> {
    let from = body.from_seq.unwrap_or(0);
    let limit = body.limit.unwrap_or(journal::VERIFY_MAX);
    Ok(axum::Json(journal::verify(&app.ctx, from, limit).await?.into()))
}
