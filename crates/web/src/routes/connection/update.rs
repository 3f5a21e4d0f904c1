//! PATCH /connections/{id}: label and defaults.

use axum::extract::State;
use ordercast_app::desk::connection::{self, ConnectionChange};
use ordercast_model::{ids::ConnectionId, instrument::AssetClass};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, IfMatch, Json},
    session::{From, Login},
    state::App,
    view::{account::ConnectionView, code},
};

/// What is changed of a connection; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionPatch {
    /// Name, 1 to 40 characters.
    #[schema(min_length = 1, max_length = 40)]
    pub label: Option<String>,
    /// Classes for which it is the default; another connection gives them up.
    #[schema(value_type = Option<Vec<code::AssetClass>>)]
    pub default_for: Option<Vec<AssetClass>>,
}

/// Changes label and defaults.
#[utoipa::path(patch, path = "/connections/{id}", tag = "connections", request_body = ConnectionPatch,
    params(("id" = String, Path, description = "Connection"),
        ("If-Match" = String, Header, description = "Version that is changed")),
    responses((status = 200, body = ConnectionView), Writing))]
pub async fn update_connection(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<ConnectionId>,
    IfMatch(version): IfMatch,
    Json(body): Json<ConnectionPatch>,
) -> Result<axum::Json<ConnectionView>, ApiError> {
    let change = ConnectionChange {
        label: body.label,
        default_for: body.default_for,
    };
    let changed = connection::change(&app.ctx, &login.user, id, version, change, &caller).await?;
    Ok(axum::Json(changed.into()))
}
