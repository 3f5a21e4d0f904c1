//! GET, POST and DELETE /auth/totp, POST /auth/totp/confirm: the authenticator of a user.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use ordercast_app::identity::factor;

use crate::{
    errors::ApiError,
    openapi::{Reading, Writing},
    request::Json,
    session::{From, Login, with_cookie},
    state::App,
    view::factor::{CodeBody, EnrolledView, FactorView, OfferView},
};

/// What stands of the own second factor.
#[utoipa::path(get, path = "/auth/totp", tag = "auth", responses((status = 200, body = FactorView), Reading))]
pub async fn show_totp(State(app): State<App>, login: Login) -> Result<axum::Json<FactorView>, ApiError> {
    let standing = factor::standing(&app.ctx, &login.user, &login.session).await?;
    Ok(axum::Json(standing.into()))
}

/// Begins to set an authenticator up. The secret is in this answer alone, and in force once it is confirmed with a code,
/// within 15 minutes; asking again voids it.
#[utoipa::path(post, path = "/auth/totp", tag = "auth",
    responses((status = 201, body = OfferView), Writing))]
pub async fn begin_totp(
    State(app): State<App>,
    login: Login,
    From(caller): From,
) -> Result<Response, ApiError> {
    let offer = factor::begin(&app.ctx, &login.user, &caller).await?;
    let view = OfferView::try_from(&offer)?;
    Ok((StatusCode::CREATED, axum::Json(view)).into_response())
}

/// Confirms the authenticator with its first code, which steps this session up as well. The recovery codes are in this
/// answer alone.
#[utoipa::path(post, path = "/auth/totp/confirm", tag = "auth", request_body = CodeBody,
    responses((status = 200, body = EnrolledView), Writing))]
pub async fn confirm_totp(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Json(body): Json<CodeBody>,
) -> Result<Response, ApiError> {
    let enrolled = factor::confirm(&app.ctx, &login.user, &login.session, &body.code, &caller).await?;
    let view = EnrolledView::from(&enrolled);
    Ok(with_cookie(
        &app.config,
        &enrolled.stepped.token,
        axum::Json(view),
    ))
}

/// Removes the authenticator and all recovery codes; needs a step-up. What needs one is refused until another is set up.
#[utoipa::path(delete, path = "/auth/totp", tag = "auth",
    responses((status = 204, description = "It is removed"), Writing))]
pub async fn remove_totp(
    State(app): State<App>,
    login: Login,
    From(caller): From,
) -> Result<StatusCode, ApiError> {
    let proof = factor::proven(&app.ctx, &login.user, &login.session).await?;
    factor::remove(&app.ctx, &login.user, proof, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
