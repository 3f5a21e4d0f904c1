//! GET /admin/reconcile-only: how far the comparison with every broker is.

use axum::{Json, extract::State};
use ordercast_app::restored::{self, Status};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{errors::ApiError, openapi::Reading, session::Login, state::App, view::risk::SwitchView};

/// How far the comparison is after an older state was restored.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReconcileOnlyView {
    /// Nothing opens until a platform admin lifts it.
    pub on: bool,
    /// The stop, with its reason and since when; null while it is off.
    #[schema(required)]
    pub lock: Option<SwitchView>,
    /// Connections in use; 0 while it is off.
    pub connections: usize,
    /// Labels of those that were not compared with their broker since.
    pub waiting: Vec<String>,
}

impl From<Status> for ReconcileOnlyView {
    fn from(status: Status) -> Self {
        Self {
            on: status.lock.is_some(),
            lock: status.lock.map(SwitchView::from),
            connections: status.connections,
            waiting: status.waiting,
        }
    }
}

/// Whether the program only compares and opens nothing, since an older state of its store was restored, and which
/// connections are still to be compared. For platform admins.
#[utoipa::path(get, path = "/admin/reconcile-only", tag = "admin",
    responses((status = 200, body = ReconcileOnlyView), Reading))]
pub async fn show_reconcile_only(
    State(app): State<App>,
    login: Login,
) -> Result<Json<ReconcileOnlyView>, ApiError> {
    Ok(Json(restored::status(&app.ctx, &login.user).await?.into()))
}
