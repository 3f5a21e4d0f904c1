//! GET /auth/discord and its callback: out to Discord's page and back with a session. What goes wrong on the way back is
//! told on a page, in plain words: a person reads it, not a program.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use ordercast_app::{
    identity::{self, discord},
    oauth::{Return, Turned},
};
use ordercast_model::secret::Secret;
use serde::Deserialize;
use utoipa::IntoParams;

use super::connect::escaped;
use crate::{
    errors::ApiError,
    openapi::Opening,
    request::Query,
    session::{self, From},
    state::App,
};

/// Longest path that is gone back to.
const NEXT_MAX: usize = 512;

/// Where to afterwards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// A path of this site, such as `/orders`; the first page when left out.
    pub next: Option<String>,
}

/// What a vendor hands back.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Back {
    /// The state it was given.
    pub state: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl std::fmt::Debug for Back {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Back").finish_non_exhaustive()
    }
}

impl Back {
    /// As the use cases take it; none without a state.
    pub(crate) fn into_return(self) -> Option<Return> {
        let declined = self.error.is_some();
        Some(Return {
            state: self.state?,
            code: self.code.filter(|_| !declined).map(Secret::new),
        })
    }
}

/// Whether an address stays on this site, however a browser reads it.
fn is_ours(path: &str) -> bool {
    let mut bytes = path.bytes();
    path.len() <= NEXT_MAX
        && bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

/// Sends the browser to Discord's page, and back to `next` once it is logged in. Answers 404 where no login with Discord is
/// set up.
#[utoipa::path(get, path = "/auth/discord", tag = "auth", security(()), params(Wanted),
    responses((status = 303, description = "To Discord's page; sets a cookie that the way back is bound to"),
        (status = 422, description = "validation: `next` is no path of this site"), Opening))]
pub async fn begin_discord_login(
    State(app): State<App>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, ApiError> {
    let next = wanted.next.as_deref().unwrap_or("/");
    if !is_ours(next) {
        return Err(ApiError::invalid(
            "next",
            "expected a path of this site, such as /orders",
        ));
    }
    let browser = session::leaving(&app.config, &headers);
    let leaving = discord::leave(&app.ctx, browser, next)
        .await
        .map_err(|turned| match turned {
            Turned::Off => ApiError::NotFound,
            Turned::Identity(error) => error.into(),
            other => ApiError::Internal(other.to_string()),
        })?;
    let mut response = Redirect::to(&leaving.page).into_response();
    if let Some(cookie) = session::leave_cookie(&app.config, &leaving.browser) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Takes the code that Discord hands back and begins a session; an earlier session of this browser ends. Every state and
/// code works once, within five minutes, in the browser that left.
#[utoipa::path(get, path = "/auth/discord/callback", tag = "auth", security(()), params(Back),
    responses((status = 303, description = "Logged in, to the page that was wanted"),
        (status = 403, description = "A page: another browser began this, or it was not allowed"),
        (status = 410, description = "A page: used before, or too late"), Opening))]
pub async fn finish_discord_login(
    State(app): State<App>,
    From(caller): From,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    let Some(back) = back.into_return() else {
        return explain(&Turned::Unknown);
    };
    let earlier = match session::cookie_value(&app.config, &headers) {
        Some(token) => identity::authenticate(&app.ctx, token, &caller).await.ok(),
        None => None,
    };
    let browser = session::leaving(&app.config, &headers);
    let earlier = earlier.map(|(_, session)| session);
    match discord::arrive(&app.ctx, back, browser, earlier, &caller).await {
        Ok(arrival) => {
            let mut response = Redirect::to(&arrival.next).into_response();
            let cookies = [
                session::begin_cookie(&app.config, &arrival.login.token),
                session::left_cookie(&app.config),
            ];
            for cookie in cookies.into_iter().flatten() {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(turned) => explain(&turned),
    }
}

fn explain(turned: &Turned) -> Response {
    let (status, what) = match turned {
        Turned::Off => (StatusCode::NOT_FOUND, "Login with Discord is not set up here."),
        Turned::Unknown => (
            StatusCode::NOT_FOUND,
            "This address is not known here. Begin the login again from the dashboard.",
        ),
        Turned::Stranger => (
            StatusCode::FORBIDDEN,
            "This login was begun in another browser. If you did not begin it, somebody wanted you to use their \
             account. Begin again from the dashboard.",
        ),
        Turned::Used => (
            StatusCode::GONE,
            "This address was used before; each works once. Begin the login again from the dashboard.",
        ),
        Turned::Late => (
            StatusCode::GONE,
            "The login took longer than five minutes. Begin it again from the dashboard.",
        ),
        Turned::Declined => (
            StatusCode::FORBIDDEN,
            "You did not allow it at Discord, so nobody was logged in.",
        ),
        Turned::Refused(why) => {
            tracing::warn!(%why, "Discord refused a login");
            (
                StatusCode::FORBIDDEN,
                "Discord did not accept the login. Begin it again from the dashboard.",
            )
        }
        Turned::Away(why) => {
            tracing::warn!(%why, "Discord does not answer a login");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "Discord does not answer just now. Begin the login again in a minute.",
            )
        }
        Turned::Identity(error) => {
            tracing::error!(%error, "login with Discord");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "The program cannot answer just now. Nobody was logged in.",
            )
        }
    };
    page(status, "Log in with Discord", what)
}

/// A page of ours. `what` may hold what others wrote: it stays text.
pub(crate) fn page(status: StatusCode, title: &str, what: &str) -> Response {
    let text = include_str!("../../../assets/login.html")
        .replace("{title}", title)
        .replace("{what}", &escaped(what));
    let mut response = (status, Html(text)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_paths_of_this_site_are_ours() {
        for path in ["/", "/orders", "/orders?state=filled#top", "/signals/sig_1"] {
            assert!(is_ours(path), "{path}");
        }
        let long = format!("/{}", "a".repeat(512));
        for path in [
            "",
            "orders",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\\b",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "javascript:alert(1)",
            " /",
            &long,
        ] {
            assert!(!is_ours(path), "{path}");
        }
    }
}
