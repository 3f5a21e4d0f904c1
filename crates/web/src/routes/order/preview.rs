//! POST /orders/preview: what an order would lead to now.

use axum::extract::State;
use ordercast_app::manual;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::OrderBody;
use crate::{errors::ApiError, openapi::Writing, request::Json, session::Login, state::App};

/// What an order would lead to now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewView {
    /// `outcome` (`placed`, `queued`, `denied`, `refused`), `message`, `instrument`, `orders`, `reductions`, `notes`,
    /// `breaches`, `quote`, `until`.
    #[schema(value_type = Object)]
    pub preview: serde_json::Value,
}

/// What an order would lead to now. Nothing is stored, nothing is sent.
#[utoipa::path(post, path = "/orders/preview", tag = "orders", request_body = OrderBody,
    responses((status = 200, body = PreviewView), Writing))]
pub async fn preview_order(
    State(app): State<App>,
    login: Login,
    Json(body): Json<OrderBody>,
) -> Result<axum::Json<PreviewView>, ApiError> {
    let preview = manual::preview(&app.ctx, &login.user, &body.read()?).await?;
    Ok(axum::Json(PreviewView { preview }))
}
