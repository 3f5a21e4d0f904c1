//! GET /orders/{id}: one order.

use axum::{Json, extract::State};
use ordercast_app::desk::order;
use ordercast_model::ids::OrderId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::order::OrderView,
};

/// One order.
#[utoipa::path(get, path = "/orders/{id}", tag = "orders",
    params(("id" = String, Path, description = "Order")),
    responses((status = 200, body = OrderView), Reading))]
pub async fn show_order(
    State(app): State<App>,
    login: Login,
    Id(id): Id<OrderId>,
) -> Result<Json<OrderView>, ApiError> {
    Ok(Json(order::one(&app.ctx, &login.user, id).await?.into()))
}
