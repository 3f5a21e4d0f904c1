//! The session of a request: its cookie, its CSRF token, and the extractor that hands it to a route.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use hmac::{Hmac, KeyInit, Mac};
use ordercast_app::{
    identity::{Caller, SESSION_LIFE},
    oauth::AWAY_MAX,
};
use ordercast_model::{
    secret::Secret,
    user::{Session, User},
};
use sha2::Sha256;

use crate::{config::WebConfig, errors::ApiError, state::App};

/// The one who asks; put there by the gate.
#[derive(Debug, Clone)]
pub struct Login {
    /// The user.
    pub user: User,
    /// The session.
    pub session: Session,
}

impl FromRequestParts<App> for Login {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or(ApiError::NoLogin)
    }
}

/// Where the request came from; put there by the outermost layer.
#[derive(Debug, Clone, Default)]
pub struct From(pub Caller);

impl FromRequestParts<App> for From {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Name of the session cookie: with the `__Host-` prefix wherever the connection is encrypted.
#[must_use]
pub const fn cookie_name(config: &WebConfig) -> &'static str {
    if config.secure {
        "__Host-oc_session"
    } else {
        "oc_session"
    }
}

/// Name of the cookie of a browser that left for a vendor's page to log in.
const fn leave_name(config: &WebConfig) -> &'static str {
    if config.secure {
        "__Host-oc_leave"
    } else {
        "oc_leave"
    }
}

/// The cookie value of a request.
#[must_use]
pub fn cookie_value<'a>(config: &WebConfig, headers: &'a HeaderMap) -> Option<&'a str> {
    read(headers, cookie_name(config))
}

/// The cookie value of a browser that left to log in.
#[must_use]
pub fn leaving<'a>(config: &WebConfig, headers: &'a HeaderMap) -> Option<&'a str> {
    read(headers, leave_name(config))
}

fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The `Set-Cookie` line that begins a session.
#[must_use]
pub fn begin_cookie(config: &WebConfig, token: &Secret<String>) -> Option<HeaderValue> {
    let life = SESSION_LIFE.as_secs();
    line(config, cookie_name(config), token.expose(), life)
}

/// The `Set-Cookie` line of a browser that leaves to log in. `Lax`, because it comes back from another site.
#[must_use]
pub fn leave_cookie(config: &WebConfig, token: &Secret<String>) -> Option<HeaderValue> {
    line(config, leave_name(config), token.expose(), AWAY_MAX.as_secs())
}

/// The `Set-Cookie` line that ends it.
#[must_use]
pub fn left_cookie(config: &WebConfig) -> Option<HeaderValue> {
    line(config, leave_name(config), "", 0)
}

/// An answer that carries a session's new cookie.
pub fn with_cookie(config: &WebConfig, token: &Secret<String>, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    if let Some(cookie) = begin_cookie(config, token) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The `Set-Cookie` line that ends a session.
#[must_use]
pub fn end_cookie(config: &WebConfig) -> Option<HeaderValue> {
    line(config, cookie_name(config), "", 0)
}

fn line(config: &WebConfig, name: &str, value: &str, life: u64) -> Option<HeaderValue> {
    let secure = if config.secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}");
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

fn mac(key: &Secret<Vec<u8>>, session: &Session) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).ok()?;
    mac.update(b"ordercast csrf v1\n");
    mac.update(session.id.to_string().as_bytes());
    Some(mac)
}

/// The CSRF token of a session: a keyed hash of its id, so that no other session's token fits, and this one does when the
/// cookie was rotated.
#[must_use]
pub fn csrf_token(config: &WebConfig, session: &Session) -> String {
    let newest = config.csrf_keys.first();
    newest
        .and_then(|key| mac(key, session))
        .map(|mac| hex::encode(mac.finalize().into_bytes()))
        .unwrap_or_default()
}

/// Whether a CSRF token belongs to a session, by any of the keys; compared in constant time.
#[must_use]
pub fn csrf_fits(config: &WebConfig, session: &Session, token: &str) -> bool {
    let Ok(bytes) = hex::decode(token) else {
        return false;
    };
    config
        .csrf_keys
        .iter()
        .filter_map(|key| mac(key, session))
        .any(|mac| mac.verify_slice(&bytes).is_ok())
}
