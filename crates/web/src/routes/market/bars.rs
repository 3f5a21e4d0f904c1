//! GET /market/bars: a price chart.

use axum::{Json, extract::State};
use ordercast_app::desk::market;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{market::BarView, page::List},
};

/// Bars when the caller does not say.
const LIMIT: u32 = 200;

/// Which bars.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BarsQuery {
    /// Symbol.
    #[param(example = "AAPL")]
    pub symbol: String,
    /// Bars, newest at the end; 200 when left out.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// Venue; the one of the first own connection when left out.
    pub venue: Option<String>,
}

/// Bars of one symbol, oldest first.
#[utoipa::path(get, path = "/market/bars", tag = "market", params(BarsQuery),
    responses((status = 200, body = List<BarView>), Reading))]
pub async fn list_bars(
    State(app): State<App>,
    login: Login,
    Query(query): Query<BarsQuery>,
) -> Result<Json<List<BarView>>, ApiError> {
    let limit = query.limit.unwrap_or(LIMIT);
    let bars = market::bars(
        &app.ctx,
        &login.user,
        query.venue.as_deref(),
        &query.symbol,
        limit,
    )
    .await?;
    Ok(Json(List::of(bars)))
}
