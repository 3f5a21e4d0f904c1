//! GET /auth/csrf: the token every write carries.

use axum::{Json, extract::State};

use crate::{
    openapi::Reading,
    session::{self, Login},
    state::App,
    view::identity::CsrfView,
};

/// The token every write carries as `X-CSRF-Token`; the same for the whole session.
#[utoipa::path(get, path = "/auth/csrf", tag = "auth", responses((status = 200, body = CsrfView), Reading))]
pub async fn csrf_token(State(app): State<App>, login: Login) -> Json<CsrfView> {
    Json(CsrfView {
        token: session::csrf_token(&app.config, &login.session),
    })
}
