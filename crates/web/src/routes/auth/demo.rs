//! POST /auth/demo: takes a one-time ticket and begins a session. Exists in demo mode only.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use ordercast_app::identity;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Json,
    session::{From, begin_cookie},
    state::App,
    view::identity::MeView,
};

/// A one-time ticket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// The ticket.
    pub ticket: String,
}

/// Takes a one-time ticket and begins a session. A ticket works once.
#[utoipa::path(post, path = "/auth/demo", tag = "auth", security(()), request_body = Ticket,
    responses((status = 200, body = MeView), (status = 410, description = "gone: used before, or too old"), Writing))]
pub async fn demo_login(
    State(app): State<App>,
    From(caller): From,
    Json(body): Json<Ticket>,
) -> Result<Response, ApiError> {
    let login = identity::demo_login(&app.ctx, &body.ticket, &caller).await?;
    let who = identity::who(&app.ctx, login.user, login.session).await?;
    let mut response = axum::Json(MeView::from(who)).into_response();
    if let Some(cookie) = begin_cookie(&app.config, &login.token) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
