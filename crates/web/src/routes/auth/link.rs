//! GET /demo/login?ticket=…: the link the demo prints. Takes the ticket, sets the cookie, goes to the first page; a
//! used or old link is explained in plain words. Exists in demo mode only.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use ordercast_app::identity::{self, IdentityError};
use serde::Deserialize;

use crate::{
    request::Query,
    session::{From, begin_cookie},
    state::App,
};

/// The link's query.
#[derive(Debug, Deserialize)]
pub struct Link {
    /// The ticket.
    pub ticket: String,
}

/// Follows the link.
pub async fn follow(State(app): State<App>, From(caller): From, Query(link): Query<Link>) -> Response {
    match identity::demo_login(&app.ctx, &link.ticket, &caller).await {
        Ok(login) => {
            let mut response = Redirect::to("/").into_response();
            if let Some(cookie) = begin_cookie(&app.config, &login.token) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => explain(&error),
    }
}

fn explain(error: &IdentityError) -> Response {
    let (status, what) = match error {
        IdentityError::TicketUsed => (
            StatusCode::GONE,
            "This login link was used before. Each link works once.",
        ),
        IdentityError::TicketExpired => (StatusCode::GONE, "This login link has run out."),
        IdentityError::TicketUnknown | IdentityError::NotFound => {
            (StatusCode::NOT_FOUND, "This login link is not known here.")
        }
        other => {
            tracing::error!(error = %other, "demo link");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "The program cannot answer just now.",
            )
        }
    };
    let page = include_str!("../../../assets/link.html").replace("{what}", what);
    let mut response = (status, Html(page)).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
