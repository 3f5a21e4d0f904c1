//! GET /version: what is running.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::App;

/// What is running.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// Version of the program.
    pub version: String,
    /// Commit it was built from.
    #[schema(required)]
    pub commit: Option<String>,
    /// Demo: simulated market, no real orders.
    pub demo: bool,
}

/// What is running.
#[utoipa::path(get, path = "/version", tag = "operations", security(()), responses((status = 200, body = VersionView)))]
pub async fn version(State(app): State<App>) -> Json<VersionView> {
    Json(VersionView {
        version: app.config.version.version.clone(),
        commit: app.config.version.commit.clone(),
        demo: app.config.demo.is_some(),
    })
}
