//! POST /orders: a manual order.

use axum::{extract::State, http::StatusCode, response::Response};
use ordercast_app::manual;

use super::body::{OrderBody, OutcomeView, waits};
use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Keep, Once, value},
    session::Login,
    state::App,
};

/// Places an order through the same gate as a signal's. A cap refuses unless `on_cap` is `reduce`.
#[utoipa::path(post, path = "/orders", tag = "orders", request_body = OrderBody,
    params(("Idempotency-Key" = String, Header, description = "1 to 64 visible characters; kept for ever")),
    responses((status = 201, body = OutcomeView, description = "Placed"),
        (status = 202, body = OutcomeView, description = "Queued, or not answered by the venue yet"), Writing))]
pub async fn place_order(
    State(app): State<App>,
    login: Login,
    once: Once<OrderBody>,
) -> Result<Response, ApiError> {
    let ctx = &app.ctx;
    let user = &login.user;
    once.run(&app, &login, Keep::ForEver, async |body| {
        let outcome = manual::place(ctx, user, body.read()?).await?;
        let status = if waits(&outcome) {
            StatusCode::ACCEPTED
        } else {
            StatusCode::CREATED
        };
        Ok((status, value(&OutcomeView::from(outcome))?))
    })
    .await
}
