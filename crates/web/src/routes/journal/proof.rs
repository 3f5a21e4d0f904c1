//! GET /journal/{id}/proof and GET /journal/consistency: what the signed checkpoints count, shown.

use axum::{Json, extract::State};
use ordercast_app::desk::proof;
use ordercast_model::ids::JournalId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::{Id, Query},
    session::Login,
    state::App,
    view::journal::{ConsistencyView, InclusionView},
};

/// That an own entry is counted by the newest checkpoint (RFC 6962, 2.1.1). The entry is given whole, so that its hash
/// can be computed again: `verifier/journal.py --proof FILE` does.
#[utoipa::path(get, path = "/journal/{id}/proof", tag = "journal",
    params(("id" = String, Path, description = "Journal entry")),
    responses((status = 200, body = InclusionView), Reading))]
pub async fn prove_entry(
    State(app): State<App>,
    login: Login,
    Id(id): Id<JournalId>,
) -> Result<Json<InclusionView>, ApiError> {
    Ok(Json(proof::inclusion(&app.ctx, &login.user, id).await?.into()))
}

/// Which two states of the journal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsistencyQuery {
    /// Entries of the earlier state, such as the `size` of a checkpoint that was kept.
    #[param(minimum = 1)]
    pub first: u64,
    /// Entries of the later state.
    #[param(minimum = 1)]
    pub second: u64,
}

/// That the journal only grew between two states of it (RFC 6962, 2.1.2).
#[utoipa::path(get, path = "/journal/consistency", tag = "journal", params(ConsistencyQuery),
    responses((status = 200, body = ConsistencyView), Reading))]
pub async fn prove_growth(
    State(app): State<App>,
    _: Login,
    Query(query): Query<ConsistencyQuery>,
) -> Result<Json<ConsistencyView>, ApiError> {
    let path = proof::consistency(&app.ctx, query.first, query.second).await?;
    Ok(Json(ConsistencyView {
        first: query.first,
        second: query.second,
        path,
    }))
}
