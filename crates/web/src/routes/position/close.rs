//! POST /positions/{id}/close: closes a holding, or a part of it.

use axum::{extract::State, http::StatusCode, response::Response};
use ordercast_app::manual;
use ordercast_model::{ids::PositionId, money};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Keep, Once, value},
    routes::order::body::{OutcomeView, waits},
    session::Login,
    state::App,
};

/// How much is closed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CloseBody {
    /// Per cent of what is held, above 0 to 100; all when left out.
    pub percent: Option<String>,
}

/// Closes a holding, or a part of it, at the market. Never turns it around.
#[utoipa::path(post, path = "/positions/{id}/close", tag = "positions", request_body = CloseBody,
    params(("id" = String, Path, description = "Position"),
        ("Idempotency-Key" = String, Header, description = "1 to 64 visible characters; kept for ever")),
    responses((status = 201, body = OutcomeView, description = "Placed"),
        (status = 202, body = OutcomeView, description = "Queued, or not answered by the venue yet"), Writing))]
pub async fn close_position(
    State(app): State<App>,
    login: Login,
    Id(id): Id<PositionId>,
    once: Once<CloseBody>,
) -> Result<Response, ApiError> {
    let ctx = &app.ctx;
    let user = &login.user;
    once.run(&app, &login, Keep::ForEver, async |body| {
        let percent = body.percent.as_deref().map(money::parse).transpose();
        let percent = percent.map_err(|e| ApiError::invalid("percent", e.to_string()))?;
        let percent = percent.unwrap_or(Decimal::ONE_HUNDRED);
        let outcome = manual::close_position(ctx, user, id, percent).await?;
        let status = if waits(&outcome) {
            StatusCode::ACCEPTED
        } else {
            StatusCode::CREATED
        };
        Ok((status, value(&OutcomeView::from(outcome))?))
    })
    .await
}
