//! GET /healthz: the process answers.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct AliveView {
    /// Always `ok`: a process that does not answer says nothing.
    pub status: &'static str,
}

/// The process answers. Says nothing of its parts; see `/readyz`.
#[utoipa::path(get, path = "/healthz", tag = "operations", security(()), responses((status = 200, body = AliveView)))]
pub async fn alive() -> Json<AliveView> {
    Json(AliveView { status: "ok" })
}
