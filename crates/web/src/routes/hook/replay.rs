//! POST /hooks/{id}/deliveries/{number}/replay: repeats a delivery.

use axum::{
    Json,
    extract::{Path, State},
};
use ordercast_app::hook;

use crate::{errors::ApiError, openapi::Writing, session::Login, state::App, view::hook::ReceiptView};

/// Repeats a delivery by hand. It is read anew and passes the same duplicates and age: what was taken is not taken twice,
/// and its age counts from the first time.
#[utoipa::path(post, path = "/hooks/{id}/deliveries/{number}/replay", tag = "hooks",
    params(("id" = String, Path, description = "Webhook"),
        ("number" = u64, Path, description = "Delivery")),
    responses((status = 200, body = ReceiptView), Writing))]
pub async fn replay_delivery(
    State(app): State<App>,
    login: Login,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<ReceiptView>, ApiError> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    let number = number.parse().map_err(|_| ApiError::NotFound)?;
    Ok(Json(
        hook::replay(&app.ctx, &login.user, id, number).await?.into(),
    ))
}
