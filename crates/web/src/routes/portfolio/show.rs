//! GET /portfolio: what every account is worth.

use axum::{Json, extract::State};
use ordercast_app::desk::portfolio;

use crate::{errors::ApiError, openapi::Reading, session::Login, state::App, view::account::PortfolioView};

/// What every account is worth now; paper and live are totalled apart.
#[utoipa::path(get, path = "/portfolio", tag = "portfolio", responses((status = 200, body = PortfolioView), Reading))]
pub async fn show_portfolio(State(app): State<App>, login: Login) -> Result<Json<PortfolioView>, ApiError> {
    Ok(Json(portfolio::show(&app.ctx, &login.user).await?.into()))
}
