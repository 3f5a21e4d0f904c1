//! POST /risk/kill: stops opening and cancels open entries.

use axum::extract::State;
use ordercast_app::{
    identity::factor,
    switch::{self, Killed},
};
use ordercast_model::limits::SwitchScope;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::SwitchBody;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App, view::risk::SwitchView,
};

/// A kill that was set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KilledView {
    /// The switch.
    #[serde(flatten)]
    pub switch: SwitchView,
    /// Entries that worked when it was set and are being cancelled; events follow for each. Null when they could not be
    /// counted in time.
    #[schema(required)]
    pub cancelling: Option<usize>,
}

impl From<Killed> for KilledView {
    fn from(killed: Killed) -> Self {
        Self {
            switch: killed.switch.into(),
            cancelling: killed.cancelling,
        }
    }
}

/// Stops opening and cancels open entries; stops and targets stay. With `flatten` what it covers is closed as well, with
/// `freeze` (platform only) nothing leaves at all. Answered when it is durable and binds every process: nothing new goes out after the
/// answer; it says how many entries are being cancelled, and events tell of each.
/// Needs no confirmation: stopping is never made slower; lifting takes the typed word and a step-up. The platform's kill
/// needs a step-up itself.
#[utoipa::path(post, path = "/risk/kill", tag = "risk", request_body = SwitchBody,
    responses((status = 200, body = KilledView), Writing))]
pub async fn kill(
    State(app): State<App>,
    login: Login,
    Json(body): Json<SwitchBody>,
) -> Result<axum::Json<KilledView>, ApiError> {
    let scope = body.scope(&login.user)?;
    if scope == SwitchScope::Platform {
        factor::proven(&app.ctx, &login.user, &login.session).await?;
    }
    let killed = switch::kill(&app.ctx, &login.user, scope, body.reason()?, body.also()).await?;
    Ok(axum::Json(killed.into()))
}
