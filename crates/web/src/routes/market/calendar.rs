//! GET /market/calendar: which sessions are open.

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
    view::{market::SessionHoursView, page::List},
};

/// Which venue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalendarQuery {
    /// Venue; the one of the first own connection when left out.
    pub venue: Option<String>,
}

/// Whether each asset class is trading now, and when that changes.
#[utoipa::path(get, path = "/market/calendar", tag = "market", params(CalendarQuery),
    responses((status = 200, body = List<SessionHoursView>), Reading))]
pub async fn show_calendar(
    State(app): State<App>,
    login: Login,
    Query(query): Query<CalendarQuery>,
) -> Result<Json<List<SessionHoursView>>, ApiError> {
    let hours = market::calendar(&app.ctx, &login.user, query.venue.as_deref()).await?;
    Ok(Json(List::of(hours)))
}
