//! POST /auth/recovery-codes: a new set of recovery codes.

use axum::{Json, extract::State, http::StatusCode};
use ordercast_app::identity::factor;

use crate::{
    errors::ApiError,
    openapi::Writing,
    session::{From, Login},
    state::App,
    view::factor::RecoveryCodesView,
};

/// Makes ten new recovery codes; needs a step-up. The old ones are void, and these are in this answer alone.
#[utoipa::path(post, path = "/auth/recovery-codes", tag = "auth",
    responses((status = 201, body = RecoveryCodesView), Writing))]
pub async fn new_recovery_codes(
    State(app): State<App>,
    login: Login,
    From(caller): From,
) -> Result<(StatusCode, Json<RecoveryCodesView>), ApiError> {
    let proof = factor::proven(&app.ctx, &login.user, &login.session).await?;
    let codes = factor::new_codes(&app.ctx, &login.user, proof, &caller).await?;
    Ok((StatusCode::CREATED, Json(codes.as_slice().into())))
}
