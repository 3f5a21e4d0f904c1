//! GET /auth/ways: how somebody can log in here.

use axum::{Json, extract::State};

use crate::{openapi::Opening, state::App, view::identity::WaysView};

/// How somebody can log in here.
#[utoipa::path(get, path = "/auth/ways", tag = "auth", security(()), responses((status = 200, body = WaysView), Opening))]
pub async fn show_ways(State(app): State<App>) -> Json<WaysView> {
    Json(WaysView {
        discord: app.ctx.authorities.portal.is_some(),
        demo: app.config.demo.is_some(),
    })
}
