//! GET /brokers/{kind}: one venue.

use axum::{
    Json,
    extract::{Path, State},
};
use ordercast_app::desk::connection;

use crate::{errors::ApiError, openapi::Reading, session::Login, state::App, view::account::BrokerView};

/// One venue, with the credential fields it needs.
#[utoipa::path(get, path = "/brokers/{kind}", tag = "brokers",
    params(("kind" = String, Path, description = "Code of the venue")),
    responses((status = 200, body = BrokerView), Reading))]
pub async fn show_broker(
    State(app): State<App>,
    _: Login,
    Path(kind): Path<String>,
) -> Result<Json<BrokerView>, ApiError> {
    let venue = connection::venue(&app.ctx, &kind)?;
    let oauth = app.ctx.authorities.brokers.contains_key(&kind);
    Ok(Json(BrokerView::of(venue, oauth)))
}
