//! DELETE /connections/{id}: removes a connection and destroys its credential.

use axum::{extract::State, http::StatusCode};
use ordercast_app::desk::removal;
use ordercast_model::ids::ConnectionId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Query},
    session::{From, Login},
    state::App,
};

/// What is confirmed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Removal {
    /// Name of the connection; needed while it has open orders or positions.
    pub confirm: Option<String>,
}

/// Removes a connection: its entries are cancelled, levels watched for it end, its credential is destroyed, its history
/// stays. With open orders or positions it answers 409 until the name is given.
#[utoipa::path(delete, path = "/connections/{id}", tag = "connections",
    params(("id" = String, Path, description = "Connection"), Removal),
    responses((status = 204, description = "It is removed"), Writing))]
pub async fn remove_connection(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<ConnectionId>,
    Query(query): Query<Removal>,
) -> Result<StatusCode, ApiError> {
    removal::remove(&app.ctx, &login.user, id, query.confirm.as_deref(), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
