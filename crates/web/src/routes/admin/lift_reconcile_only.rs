//! DELETE /admin/reconcile-only: lets positions be opened again over a restored state.

use axum::extract::State;
use ordercast_app::restored;

use super::reconcile_only::ReconcileOnlyView;
use crate::{
    errors::ApiError, openapi::Writing, request::Json, routes::risk::body::LiftBody, session::Login,
    state::App,
};

/// Lets positions be opened again: for a platform admin, with the typed word, a reason and a step-up, once every connection
/// in use was compared with its broker. Until then 423 says how many are not.
#[utoipa::path(delete, path = "/admin/reconcile-only", tag = "admin", request_body = LiftBody,
    responses((status = 200, body = ReconcileOnlyView), Writing))]
pub async fn lift_reconcile_only(
    State(app): State<App>,
    login: Login,
    Json(body): Json<LiftBody>,
) -> Result<axum::Json<ReconcileOnlyView>, ApiError> {
    let reason = body.reason()?;
    restored::lift(&app.ctx, &login.user, &login.session, reason).await?;
    Ok(axum::Json(restored::status(&app.ctx, &login.user).await?.into()))
}
