//! GET /readyz: the truth about each part.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{config::PartState, state::App, view::code};

/// How one part is doing.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartView {
    /// Name.
    pub name: &'static str,
    /// How it is doing.
    #[schema(value_type = code::PartState)]
    pub state: PartState,
    /// Why, unless it works.
    #[schema(required)]
    pub reason: Option<String>,
}

/// How the program is doing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyView {
    /// The worst of the parts.
    #[schema(value_type = code::PartState)]
    pub status: PartState,
    /// Parts.
    pub parts: Vec<PartView>,
}

/// The truth about each part. 503 when a part is down; degraded parts are named and the program goes on.
#[utoipa::path(get, path = "/readyz", tag = "operations", security(()),
    responses((status = 200, body = ReadyView), (status = 503, body = ReadyView, description = "A part is down")))]
pub async fn ready(State(app): State<App>) -> (StatusCode, Json<ReadyView>) {
    let parts = app.readiness.parts().await;
    let has = |state| parts.iter().any(|part| part.state == state);
    let (code, status) = if has(PartState::Down) {
        (StatusCode::SERVICE_UNAVAILABLE, PartState::Down)
    } else if has(PartState::Degraded) {
        (StatusCode::OK, PartState::Degraded)
    } else {
        (StatusCode::OK, PartState::Ok)
    };
    let parts = parts
        .into_iter()
        .map(|part| PartView {
            name: part.name,
            state: part.state,
            reason: part.reason,
        })
        .collect();
    (code, Json(ReadyView { status, parts }))
}
