//! GET /portfolio/history: the equity curve.

use axum::{Json, extract::State};
use ordercast_app::desk::portfolio::{self, Range};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{account::EquityPointView, page::List},
};

/// How far back.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
pub enum Span {
    /// One hour.
    #[serde(rename = "1h")]
    Hour,
    /// One day.
    #[default]
    #[serde(rename = "1d")]
    Day,
    /// One week.
    #[serde(rename = "1w")]
    Week,
    /// One month.
    #[serde(rename = "1m")]
    Month,
    /// One year.
    #[serde(rename = "1y")]
    Year,
}

/// How far back the curve goes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Range; `1d` when left out.
    #[serde(default)]
    #[param(inline, required = false)]
    pub range: Span,
}

/// The equity curve of every account, oldest first, at most 5,000 points.
#[utoipa::path(get, path = "/portfolio/history", tag = "portfolio", params(HistoryQuery),
    responses((status = 200, body = List<EquityPointView>), Reading))]
pub async fn portfolio_history(
    State(app): State<App>,
    login: Login,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<List<EquityPointView>>, ApiError> {
    let range = match query.range {
        Span::Hour => Range::Hour,
        Span::Day => Range::Day,
        Span::Week => Range::Week,
        Span::Month => Range::Month,
        Span::Year => Range::Year,
    };
    Ok(Json(List::of(
        portfolio::history(&app.ctx, &login.user, range).await?,
    )))
}
