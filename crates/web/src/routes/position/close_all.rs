//! POST /positions/close-all: closes everything that is held.

use axum::{extract::State, http::StatusCode, response::Response};
use ordercast_app::manual;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Keep, Once, value},
    routes::order::body::{OutcomeView, waits},
    session::Login,
    state::App,
};

/// Nothing to say.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseAllBody {}

/// Closes everything that is held, at the market.
#[utoipa::path(post, path = "/positions/close-all", tag = "positions", request_body = CloseAllBody,
    params(("Idempotency-Key" = String, Header, description = "1 to 64 visible characters; kept for ever")),
    responses((status = 201, body = OutcomeView, description = "Placed"),
        (status = 202, body = OutcomeView, description = "Queued, or not answered by the venue yet"), Writing))]
pub async fn close_all_positions(
    State(app): State<App>,
    login: Login,
    once: Once<CloseAllBody>,
) -> Result<Response, ApiError> {
    let ctx = &app.ctx;
    let user = &login.user;
    once.run(&app, &login, Keep::ForEver, async |_| {
        let outcome = manual::close_all(ctx, user).await?;
        let status = if waits(&outcome) {
            StatusCode::ACCEPTED
        } else {
            StatusCode::CREATED
        };
        Ok((status, value(&OutcomeView::from(outcome))?))
    })
    .await
}
