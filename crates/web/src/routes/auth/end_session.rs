//! DELETE /auth/sessions/{id}: logs one device out.

use axum::{extract::State, http::StatusCode};
use ordercast_app::identity::{self, discord};
use ordercast_model::ids::SessionId;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Id,
    session::{From, Login},
    state::App,
};

/// Logs one device out; its live connections close within a second.
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "auth",
    params(("id" = String, Path, description = "Session")),
    responses((status = 204, description = "It has ended"), Writing))]
pub async fn end_session(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, ApiError> {
    identity::end_own(&app.ctx, &login.user, id, &caller).await?;
    discord::release(&app.ctx, &login.user).await?;
    Ok(StatusCode::NO_CONTENT)
}
