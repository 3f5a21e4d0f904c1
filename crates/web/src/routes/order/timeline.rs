//! GET /orders/{id}/timeline: the life of one order.

use axum::{Json, extract::State};
use ordercast_app::desk::order;
use ordercast_model::ids::OrderId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::order::TimelineView,
};

/// Stage times, journal steps and fills of one order.
#[utoipa::path(get, path = "/orders/{id}/timeline", tag = "orders",
    params(("id" = String, Path, description = "Order")),
    responses((status = 200, body = TimelineView), Reading))]
pub async fn order_timeline(
    State(app): State<App>,
    login: Login,
    Id(id): Id<OrderId>,
) -> Result<Json<TimelineView>, ApiError> {
    Ok(Json(order::timeline(&app.ctx, &login.user, id).await?.into()))
}
