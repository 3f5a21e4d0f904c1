//! GET /orders/outside: working orders that the user placed at a broker by hand.

use axum::{Json, extract::State};
use ordercast_app::desk::outside;

use crate::{
    errors::ApiError,
    openapi::Reading,
    session::Login,
    state::App,
    view::{outside::OutsideOrderView, page::List},
};

/// Working orders that were placed at a broker by hand, as the last comparison found them: at most 100 of an account, those
/// seen last first. They count as used in limits. Kill, flatten and cancel-all leave them alone.
#[utoipa::path(get, path = "/orders/outside", tag = "orders",
    responses((status = 200, body = List<OutsideOrderView>), Reading))]
pub async fn list_outside_orders(
    State(app): State<App>,
    login: Login,
) -> Result<Json<List<OutsideOrderView>>, ApiError> {
    let rows = outside::list(&app.ctx, &login.user).await?;
    Ok(Json(List::of(rows)))
}
