//! GET /market/instruments: what can be traded.

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
    view::{
        market::InstrumentView,
        page::{Page, PageQuery},
    },
};

/// Instruments looked through at most.
const FOUND_MAX: usize = 1_000;

/// Which instruments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InstrumentsQuery {
    /// A part of the symbol, or the exact spelling of an option (`AAPL 2026-12-18 150 C`).
    #[serde(default)]
    #[param(required = false)]
    pub q: String,
    /// Venue; the one of the first own connection when left out.
    pub venue: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The instruments whose symbol holds `q`, those that begin with it first; at most the first 1,000.
#[utoipa::path(get, path = "/market/instruments", tag = "market", params(InstrumentsQuery),
    responses((status = 200, body = Page<InstrumentView>), Reading))]
pub async fn list_instruments(
    State(app): State<App>,
    login: Login,
    Query(query): Query<InstrumentsQuery>,
) -> Result<Json<Page<InstrumentView>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let cut = page.checked()?;
    let found =
        market::instruments(&app.ctx, &login.user, query.venue.as_deref(), &query.q, FOUND_MAX).await?;
    Ok(Json(cut.whole(
        found,
        |row| row.instrument.to_string(),
        InstrumentView::from,
    )))
}
