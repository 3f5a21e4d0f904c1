//! GET /positions/{id}: one holding.

use axum::{Json, extract::State};
use ordercast_app::desk::position;
use ordercast_model::ids::PositionId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::position::PositionView,
};

/// One holding, marked at the newest quote.
#[utoipa::path(get, path = "/positions/{id}", tag = "positions",
    params(("id" = String, Path, description = "Position")),
    responses((status = 200, body = PositionView), Reading))]
pub async fn show_position(
    State(app): State<App>,
    login: Login,
    Id(id): Id<PositionId>,
) -> Result<Json<PositionView>, ApiError> {
    Ok(Json(position::one(&app.ctx, &login.user, id).await?.into()))
}
