//! POST /orders/cancel-all: cancels every own entry that works.

use axum::{Json, extract::State, http::StatusCode};
use ordercast_app::manual;

use crate::{
    errors::ApiError,
    openapi::Writing,
    session::Login,
    state::App,
    view::{order::OrderView, page::List},
};

/// Asks for every own entry that works to be cancelled; stops and targets of what is held stay.
#[utoipa::path(post, path = "/orders/cancel-all", tag = "orders",
    responses((status = 202, body = List<OrderView>, description = "The orders whose cancel is on its way"), Writing))]
pub async fn cancel_all_orders(
    State(app): State<App>,
    login: Login,
) -> Result<(StatusCode, Json<List<OrderView>>), ApiError> {
    let orders = manual::cancel_all(&app.ctx, &login.user).await?;
    Ok((StatusCode::ACCEPTED, Json(List::of(orders))))
}
