//! POST /providers/{id}/hooks: makes a webhook.

use axum::{extract::State, http::StatusCode};
use ordercast_app::hook::{self, NewHook};
use ordercast_model::ids::ProviderId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Json},
    routes::BASE,
    session::{From, Login},
    state::App,
    view::hook::MadeHookView,
};

/// A webhook to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HookBody {
    /// Name, 1 to 60 characters.
    #[serde(default)]
    #[schema(max_length = 60, required)]
    pub name: String,
    /// Every delivery must carry `X-Ordercast-Signature`.
    #[serde(default)]
    #[schema(required = false)]
    pub signed: bool,
    /// A word every body must carry as `passphrase`; 8 to 128 visible characters.
    pub passphrase: Option<String>,
    /// Addresses and networks deliveries may come from; empty for anywhere.
    #[serde(default)]
    #[schema(required = false)]
    pub addresses: Vec<String>,
}

/// Makes a webhook for a provider one may manage; plan Pro and up. The answer alone holds its address and signing key,
/// so that it is never kept: a lost answer means another webhook, or a rotation.
#[utoipa::path(post, path = "/providers/{id}/hooks", tag = "hooks", request_body = HookBody,
    params(("id" = String, Path, description = "Provider")),
    responses((status = 201, body = MadeHookView), Writing))]
pub async fn create_hook(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<ProviderId>,
    Json(body): Json<HookBody>,
) -> Result<(StatusCode, axum::Json<MadeHookView>), ApiError> {
    let new = NewHook {
        name: body.name,
        signed: body.signed,
        passphrase: body.passphrase,
        addresses: body.addresses,
    };
    let made = hook::create(&app.ctx, &login.user, id, new, &caller).await?;
    let origin = app.config.origins.first().map_or("", String::as_str);
    Ok((
        StatusCode::CREATED,
        axum::Json(MadeHookView::at(origin, BASE, made)),
    ))
}
