//! POST /orders/{id}/cancel: cancels an own order.

use axum::{Json, extract::State, http::StatusCode};
use ordercast_app::manual;
use ordercast_model::ids::OrderId;

use crate::{
    errors::ApiError, openapi::Writing, request::Id, session::Login, state::App, view::order::OrderView,
};

/// Asks for an own order to be cancelled; what the venue says counts, and comes over the feed. A leg of the protection
/// is refused (RK-24) while the limits require a stop.
#[utoipa::path(post, path = "/orders/{id}/cancel", tag = "orders",
    params(("id" = String, Path, description = "Order")),
    responses((status = 202, body = OrderView, description = "The order as it stands; the cancel is on its way"), Writing))]
pub async fn cancel_order(
    State(app): State<App>,
    login: Login,
    Id(id): Id<OrderId>,
) -> Result<(StatusCode, Json<OrderView>), ApiError> {
    let order = manual::cancel(&app.ctx, &login.user, id).await?;
    Ok((StatusCode::ACCEPTED, Json(order.into())))
}
