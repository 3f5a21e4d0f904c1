//! POST /hooks/{id}/rotate: a new secret.

use axum::extract::State;
use ordercast_app::hook;
use ordercast_model::ids::HookId;
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

/// How the new secret is used.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RotateBody {
    /// Whether deliveries under the new secret must be signed; left out, it stays.
    pub signed: Option<bool>,
}

/// Gives a webhook a new address, shown by this answer alone. The one before works for 24 hours more.
#[utoipa::path(post, path = "/hooks/{id}/rotate", tag = "hooks", request_body = RotateBody,
    params(("id" = String, Path, description = "Webhook")),
    responses((status = 200, body = MadeHookView), Writing))]
pub async fn rotate_hook(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<HookId>,
    Json(body): Json<RotateBody>,
) -> Result<axum::Json<MadeHookView>, ApiError> {
    let made = hook::rotate(&app.ctx, &login.user, id, body.signed, &caller).await?;
    let origin = app.config.origins.first().map_or("", String::as_str);
    Ok(axum::Json(MadeHookView::at(origin, BASE, made)))
}
