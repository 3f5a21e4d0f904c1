//! POST /follows: begins to follow a provider.

use axum::{extract::State, http::StatusCode, response::Response};
use ordercast_app::desk::follow;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::FollowSettings;
use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Keep, Once, value},
    session::{From, Login},
    state::App,
    view::signal::FollowView,
};

/// Whom to follow, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowBody {
    /// Provider of one of the own communities.
    pub provider_id: String,
    /// Settings; what is left out takes its default: `approve`, 0.700, 2 % of equity.
    #[serde(default)]
    #[schema(required = false)]
    pub settings: FollowSettings,
}

/// Begins to follow a provider of one of the own communities.
#[utoipa::path(post, path = "/follows", tag = "follows", request_body = FollowBody,
    params(("Idempotency-Key" = String, Header, description = "1 to 64 visible characters")),
    responses((status = 201, body = FollowView), Writing))]
pub async fn create_follow(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    once: Once<FollowBody>,
) -> Result<Response, ApiError> {
    let ctx = &app.ctx;
    let user = &login.user;
    once.run(&app, &login, Keep::Day, async |body| {
        let provider = body.provider_id.parse().map_err(|_| ApiError::NotFound)?;
        let made = follow::create(ctx, user, provider, body.settings.read()?, &caller).await?;
        Ok((StatusCode::CREATED, value(&FollowView::from(made))?))
    })
    .await
}
