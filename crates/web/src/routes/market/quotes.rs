//! GET /market/quotes: bid, ask and last trade.

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
    view::market::{QuoteView, QuotesView},
};

/// Which quotes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuotesQuery {
    /// 1 to 50 symbols, separated by commas.
    #[param(example = "AAPL,BTC/USD")]
    pub symbols: String,
    /// Venue; the one of the first own connection when left out.
    pub venue: Option<String>,
}

/// Bid, ask and last trade of up to 50 symbols.
#[utoipa::path(get, path = "/market/quotes", tag = "market", params(QuotesQuery),
    responses((status = 200, body = QuotesView), Reading))]
pub async fn list_quotes(
    State(app): State<App>,
    login: Login,
    Query(query): Query<QuotesQuery>,
) -> Result<Json<QuotesView>, ApiError> {
    let symbols: Vec<String> = query
        .symbols
        .split(',')
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect();
    let (quotes, unknown) = market::quotes(&app.ctx, &login.user, query.venue.as_deref(), &symbols).await?;
    Ok(Json(QuotesView {
        items: quotes.into_iter().map(QuoteView::from).collect(),
        unknown,
    }))
}
