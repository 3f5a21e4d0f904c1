//! The dashboard inside the binary, and the few pages of our own. Knows nothing of what the dashboard does.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::errors::ApiError;

/// The built dashboard; empty when it was not built. Read from the folder in debug builds.
#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
struct Dashboard;

/// Pages of our own, by path: content type and text.
const OWN: &[(&str, &str, &str)] = &[
    (
        "api/v1/docs",
        "text/html; charset=utf-8",
        include_str!("../assets/docs.html"),
    ),
    (
        "api/v1/docs/docs.js",
        "text/javascript; charset=utf-8",
        include_str!("../assets/docs.js"),
    ),
    (
        "api/v1/docs/docs.css",
        "text/css; charset=utf-8",
        include_str!("../assets/docs.css"),
    ),
    (
        "plain.css",
        "text/css; charset=utf-8",
        include_str!("../assets/plain.css"),
    ),
];

/// What is shown in the dashboard's place while it is not built.
const ABSENT: &str = include_str!("../assets/absent.html");

/// Whether the dashboard was built into this program.
#[must_use]
pub fn is_built() -> bool {
    Dashboard::get("index.html").is_some()
}

/// Answers what no route answers: pages, their parts, and for every other path the dashboard's first page.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_matches('/');
    if !matches!(method, Method::GET | Method::HEAD) {
        return ApiError::NotFound.into_response();
    }
    if let Some((_, kind, text)) = OWN.iter().find(|(own, ..)| *own == path) {
        return page(StatusCode::OK, kind, text);
    }
    if path == "api" || path.starts_with("api/") || path.starts_with("socket.io") {
        return ApiError::NotFound.into_response();
    }
    if let Some(response) = file(path, &headers) {
        return response;
    }
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if is_file {
        return ApiError::NotFound.into_response();
    }
    file("index.html", &headers).unwrap_or_else(|| page(StatusCode::OK, "text/html; charset=utf-8", ABSENT))
}

fn page(status: StatusCode, kind: &'static str, text: &'static str) -> Response {
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path.is_empty() {
        return None;
    }
    let plain = Dashboard::get(path)?;
    let tag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..16]));
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|list| {
            list.split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
        });
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (file, encoding) = packed(path, plain, headers);
        let mut response = Response::new(Body::from(file.data));
        if let Some(encoding) = encoding {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(path)));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // The builder puts a hash of the content into the names under assets/, so such a name never changes its content.
    let keep = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    Some(response)
}

/// The smallest form the caller takes, of those the build made.
fn packed(path: &str, plain: EmbeddedFile, headers: &HeaderMap) -> (EmbeddedFile, Option<&'static str>) {
    let takes = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        let wanted = takes.split(',').any(|one| {
            let mut parts = one.split(';').map(str::trim);
            parts.next() == Some(encoding) && parts.all(|p| !matches!(p, "q=0" | "q=0.0"))
        });
        if let Some(file) = wanted
            .then(|| Dashboard::get(&format!("{path}.{ending}")))
            .flatten()
        {
            return (file, Some(encoding));
        }
    }
    (plain, None)
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
