//! PATCH /hooks/{id}: changes a webhook.

use axum::extract::State;
use ordercast_app::hook::{self, HookChange};
use ordercast_model::ids::HookId;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, IfMatch, Json},
    session::{From, Login},
    state::App,
    view::hook::HookView,
};

/// What is to be changed; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HookChangeBody {
    /// Name, 1 to 60 characters.
    pub name: Option<String>,
    /// Whether it takes deliveries.
    pub enabled: Option<bool>,
    /// A word every body must carry; null takes it away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub passphrase: Option<Option<String>>,
    /// Addresses and networks deliveries may come from; empty for anywhere.
    pub addresses: Option<Vec<String>>,
}

/// Tells a field that is null from one that is left out.
fn given<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(d).map(Some)
}

/// Changes a webhook; also switches it on and off. What is left out stays.
#[utoipa::path(patch, path = "/hooks/{id}", tag = "hooks", request_body = HookChangeBody,
    params(("id" = String, Path, description = "Webhook"),
        ("If-Match" = String, Header, description = "Version that is changed")),
    responses((status = 200, body = HookView), Writing))]
pub async fn update_hook(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<HookId>,
    IfMatch(version): IfMatch,
    Json(body): Json<HookChangeBody>,
) -> Result<axum::Json<HookView>, ApiError> {
    let change = HookChange {
        name: body.name,
        enabled: body.enabled,
        passphrase: body.passphrase,
        addresses: body.addresses,
    };
    let changed = hook::change(&app.ctx, &login.user, id, version, change, &caller).await?;
    Ok(axum::Json(changed.into()))
}
