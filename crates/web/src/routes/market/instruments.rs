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
    view::{market::InstrumentView, page::List},
};

/// Instruments in one answer.
const LIMIT: usize = 50;

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
}

/// Up to 50 instruments, those whose symbol begins with `q` first.
#[utoipa::path(get, path = "/market/instruments", tag = "market", params(InstrumentsQuery),
    responses((status = 200, body = List<InstrumentView>), Reading))]
pub async fn list_instruments(
    State(app): State<App>,
    login: Login,
    Query(query): Query<InstrumentsQuery>,
) -> Result<Json<List<InstrumentView>>, ApiError> {
    let found = market::instruments(&app.ctx, &login.user, query.venue.as_deref(), &query.q, LIMIT).await?;
    Ok(Json(List::of(found)))
}
