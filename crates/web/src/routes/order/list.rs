//! GET /orders: the own orders.

use axum::{Json, extract::State};
use ordercast_app::desk::order;
use ordercast_model::order::state::OrderState;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        code,
        order::OrderView,
        page::{Page, PageQuery},
    },
};

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    /// Only those in this state.
    #[param(value_type = Option<code::OrderState>)]
    pub state: Option<OrderState>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The own orders, newest first.
#[utoipa::path(get, path = "/orders", tag = "orders", params(OrdersQuery),
    responses((status = 200, body = Page<OrderView>), Reading))]
pub async fn list_orders(
    State(app): State<App>,
    login: Login,
    Query(query): Query<OrdersQuery>,
) -> Result<Json<Page<OrderView>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let cut = page.checked()?;
    let rows = order::list(&app.ctx, &login.user, query.state, cut.store()).await?;
    Ok(Json(cut.page(
        rows,
        |order| order.id.to_string(),
        OrderView::from,
    )))
}
