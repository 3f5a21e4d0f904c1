//! How a request is read: JSON bodies, queries, ids, versions, idempotency keys. What cannot be read is refused with
//! the name of the field and what was expected.

use std::str::FromStr;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use ordercast_app::desk::once::{self, Turn};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{errors::ApiError, problem::Refusal, session::Login, state::App};

/// Deepest nesting of a JSON body.
const DEPTH_MAX: usize = 32;
/// Longest idempotency key.
const KEY_MAX: usize = 64;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &App) -> Result<Self, ApiError> {
        is_json(request.headers())?;
        let bytes = body(request, state).await?;
        read(&bytes).map(Self)
    }
}

/// A JSON body that may be left out.
#[derive(Debug)]
pub struct Perhaps<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<App> for Perhaps<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &App) -> Result<Self, ApiError> {
        let kind = is_json(request.headers());
        let bytes = body(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        kind?;
        read(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(ApiError::MediaType)
    }
}

async fn body(request: Request, state: &App) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge,
            _ => ApiError::malformed("body", "the body ended early".to_owned()),
        })
}

/// Whether arrays and objects nest too deep; looks at brackets outside strings only.
fn too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match (text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => text = false,
            (true, _) => {}
            (false, b'"') => text = true,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
        if depth > DEPTH_MAX {
            return true;
        }
    }
    false
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if too_deep(bytes) {
        return Err(ApiError::malformed(
            "body",
            format!("nested deeper than {DEPTH_MAX} levels"),
        ));
    }
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(first, None | Some(b'{')) {
        return Err(ApiError::malformed("body", "expected a JSON object".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refused(&path, &error.into_inner())
    })?;
    reader.end().map_err(|error| refused(".", &error))?;
    Ok(read)
}

/// A body that is no JSON, or not what was expected at a place in it.
fn refused(path: &str, error: &serde_json::Error) -> ApiError {
    let text = error.to_string();
    if !error.is_data() {
        return ApiError::malformed("body", format!("not JSON: {text}"));
    }
    let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
    // A missing or unknown field is named by the message; its place is the object around it.
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    let field = match (path.trim_matches('.'), named) {
        ("", None) => "body".to_owned(),
        ("", Some(name)) => name.to_owned(),
        (place, Some(name)) if place == name || place.ends_with(&format!(".{name}")) => place.to_owned(),
        (place, Some(name)) => format!("{place}.{name}"),
        (place, None) => place.to_owned(),
    };
    ApiError::invalid(&field, message)
}

/// The query of a request.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|query| Self(query.0))
            .map_err(|rejection| unread(&rejection.body_text()))
    }
}

/// A query that does not read, with the name of the parameter when it is told.
fn unread(text: &str) -> ApiError {
    let told = text
        .strip_prefix("Failed to deserialize query string: ")
        .unwrap_or(text);
    let named = told
        .split_once(": ")
        .filter(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    let (name, message) = named.unwrap_or(("query", told));
    ApiError::malformed(name, message.to_owned())
}

/// An id in the path. Another kind of id, or none, is as good as missing.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<T: FromStr> FromRequestParts<App> for Id<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, ApiError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::NotFound)?;
        text.parse().map(Self).map_err(|_| ApiError::NotFound)
    }
}

/// The version a change is meant for (`If-Match`).
#[derive(Debug)]
pub struct IfMatch(pub u64);

impl FromRequestParts<App> for IfMatch {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let text = parts
            .headers
            .get(header::IF_MATCH)
            .and_then(|v| v.to_str().ok())
            .ok_or(ApiError::VersionMissing)?;
        let plain = text.trim().trim_start_matches("W/").trim_matches('"');
        plain.parse().map(Self).map_err(|_| ApiError::VersionMissing)
    }
}

/// A JSON body under an `Idempotency-Key`.
#[derive(Debug)]
pub struct Once<T> {
    /// The body.
    pub body: T,
    key: String,
    hash: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Once<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &App) -> Result<Self, ApiError> {
        let given = request
            .headers()
            .get("idempotency-key")
            .and_then(|v| v.to_str().ok());
        let key = given.unwrap_or("").to_owned();
        let plain = (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if !plain {
            let expected = format!("expected 1 to {KEY_MAX} visible characters");
            return Err(ApiError::malformed("Idempotency-Key", expected));
        }
        let place = format!("{} {}\n", request.method(), request.uri().path());
        let has_body = request.headers().contains_key(header::CONTENT_TYPE);
        if has_body {
            is_json(request.headers())?;
        }
        let bytes = body(request, state).await?;
        let hash = hex::encode(Sha256::new().chain_update(place).chain_update(&bytes).finalize());
        let body = if bytes.is_empty() {
            read(b"{}")?
        } else {
            read(&bytes)?
        };
        Ok(Self { body, key, hash })
    }
}

/// How long the answer of a request is kept for repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// 24 hours.
    Day,
    /// Without end: orders.
    ForEver,
}

impl<T> Once<T> {
    /// Does the work once; a repeat gets the first answer, also a refusal that was final.
    ///
    /// # Errors
    /// `Conflict` while the first is still at work, `IdempotencyMismatch` when the key belongs to another request, and
    /// whatever the work refuses with when nothing was done and a repeat may succeed.
    pub async fn run<F>(self, app: &App, login: &Login, keep: Keep, work: F) -> Result<Response, ApiError>
    where
        F: AsyncFnOnce(T) -> Result<(StatusCode, Value), ApiError>,
    {
        let turn = once::begin(
            &app.ctx,
            &login.user,
            &self.key,
            &self.hash,
            keep == Keep::ForEver,
        )
        .await?;
        let row = match turn {
            Turn::First(row) => row,
            Turn::Done { status, body } => return Ok(replay(status, body)),
            Turn::Busy => {
                return Err(ApiError::Conflict(
                    "The first request under this Idempotency-Key has not finished, or broke off. Look before you repeat it.".to_owned(),
                ));
            }
            Turn::Mismatch => return Err(ApiError::IdempotencyMismatch),
        };
        match work(self.body).await {
            Ok((status, body)) => {
                once::finish(&app.ctx, &login.user, row, status.as_u16(), body.clone()).await?;
                Ok(replay(status.as_u16(), body))
            }
            Err(error) => {
                // A refusal did nothing, so the key is free again. After a fault nobody knows what was done: the key
                // stays taken, and a repeat is told to look instead of doing it twice.
                if error.is_refusal() {
                    once::release(&app.ctx, &login.user, row).await?;
                }
                Err(error)
            }
        }
    }
}

fn replay(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, axum::Json(body)).into_response()
}

/// A view as a JSON value, for answers that are kept.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn value(view: &impl serde::Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(view).map_err(|error| ApiError::Internal(error.to_string()))
}

/// The refusal of an address nobody answers at.
pub async fn missing() -> Refusal {
    ApiError::NotFound.into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "side")]
        _side: Option<Side>,
        #[serde(rename = "inner")]
        _inner: Option<Inner>,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Side {
        Buy,
        Sell,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "figure")]
        _figure: String,
    }

    #[test]
    fn a_fault_in_a_body_is_named_by_its_place() {
        let _ = (Side::Buy, Side::Sell);
        for (body, field) in [
            (r#"{"side":"up"}"#, "side"),
            (r#"{"bogus":1}"#, "bogus"),
            (r#"{"inner":{"figure":3}}"#, "inner.figure"),
            (r#"{"inner":{}}"#, "inner.figure"),
            (r#"{"inner":{"figure":"3","more":1}}"#, "inner.more"),
            (r#"["buy"]"#, "body"),
            (r#"{"side":"buy"} trailing"#, "body"),
            (r#"{"side":"#, "body"),
            ("null", "body"),
            ("", "body"),
        ] {
            let refused = read::<Outer>(body.as_bytes()).unwrap_err();
            let (ApiError::Invalid(errors) | ApiError::Malformed(errors)) = &refused else {
                panic!("{refused:?}");
            };
            assert_eq!(errors[0].field, field, "{body}: {refused:?}");
        }
        assert!(read::<Outer>(br#" {"side":"buy"} "#).is_ok());
    }

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert!(!too_deep(
            br#"{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[","b":[]}"#
        ));
        assert!(!too_deep(&[b"[".repeat(32), b"]".repeat(32)].concat()));
        assert!(too_deep(&b"[".repeat(33)));
        assert!(!too_deep(br#"{"a":"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#));
    }
}
