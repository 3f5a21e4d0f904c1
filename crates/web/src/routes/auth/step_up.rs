//! POST /auth/step-up: shows a second factor.

use axum::{extract::State, response::Response};
use ordercast_app::identity::factor;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Json,
    session::{From, Login, with_cookie},
    state::App,
    view::factor::{CodeBody, SteppedView},
};

/// Shows a code of the authenticator, or a recovery code. Each works once. For ten minutes this session may then do what
/// loosens; its cookie is replaced, and the old one works on for a minute. Five wrong codes in 15 minutes lock for 15.
#[utoipa::path(post, path = "/auth/step-up", tag = "auth", request_body = CodeBody,
    responses((status = 200, body = SteppedView), Writing))]
pub async fn step_up(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Json(body): Json<CodeBody>,
) -> Result<Response, ApiError> {
    let stepped = factor::step_up(&app.ctx, &login.user, &login.session, &body.code, &caller).await?;
    let view = SteppedView::from(&stepped);
    Ok(with_cookie(&app.config, &stepped.token, axum::Json(view)))
}
