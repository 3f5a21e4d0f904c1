//! What every request passes, outermost first: request id and caller, problems in their final shape, security headers,
//! the time-out, and a panic's last stop.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::future::{Either, select};
use ordercast_app::identity::Caller;

use crate::{config::WebConfig, errors::ApiError, problem::Refusal, session::From, state::App};

/// Longest request id that is taken over from the caller.
const REQUEST_ID_MAX: usize = 64;
/// Its header.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = app.ctx.clock.monotonic();
    let request_id = request_id(&app, request.headers());
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let caller = Caller {
        request_id: request_id.clone(),
        address: peer.map(|peer| address(&app.config, peer, request.headers()).to_string()),
        agent: request
            .headers()
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned),
    };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(app.clone());
    request.extensions_mut().insert(From(caller));
    let mut response = next.run(request).await;
    if let Some(refusal) = refusal(&response, &path) {
        let kept = rate_headers(response.headers());
        response = refusal.answer(&request_id);
        response.headers_mut().extend(kept);
    }
    secure(&app.config, response.headers_mut());
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let took = app.ctx.clock.monotonic().saturating_sub(started);
    // The query is left out: it may carry a token or a ticket.
    let path = without_secrets(&path);
    tracing::debug!(%method, path, status = response.status().as_u16(), took_us = took.as_micros(), request_id, "request");
    response
}

/// Longest part of a path that is written to the log: an id. A webhook's secret is longer, wherever a mistyped address puts
/// it.
const PART_MAX: usize = 31;

/// The path as the log may hold it.
fn without_secrets(path: &str) -> String {
    if path.starts_with("/assets/") {
        return path.to_owned();
    }
    let part = |part: &str| match part.len() > PART_MAX {
        true => "***".to_owned(),
        false => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let plain = |text: &&str| {
        (1..=REQUEST_ID_MAX).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    if let Some(given) = headers
        .get(REQUEST_ID)
        .and_then(|v| v.to_str().ok())
        .filter(plain)
    {
        return given.to_owned();
    }
    let mut bytes = [0_u8; 12];
    app.ctx.random.fill(&mut bytes);
    hex::encode(bytes)
}

/// The caller's address: the peer, or what trusted proxies say, read from the right up to the first untrusted one.
fn address(config: &WebConfig, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !config.trusted_proxies.contains(&peer) {
        return peer;
    }
    let hops: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|hop| hop.trim().parse().ok())
        .collect();
    let outside = hops
        .iter()
        .rev()
        .find(|hop| !config.trusted_proxies.contains(hop));
    outside.or(hops.first()).copied().unwrap_or(peer)
}

/// The refusal behind an answer: the route's own, or the plain one of a status that a layer gave without words.
fn refusal(response: &Response, path: &str) -> Option<Refusal> {
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        return Some(refusal.clone());
    }
    let api = path.starts_with("/api/");
    let json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json" || kind == "text/html; charset=utf-8");
    if !api || json || !(response.status().is_client_error() || response.status().is_server_error()) {
        return None;
    }
    Some(match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => ApiError::Method.into(),
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge.into(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::MediaType.into(),
        StatusCode::NOT_FOUND => ApiError::NotFound.into(),
        status if status.is_client_error() => {
            ApiError::malformed("request", "the request cannot be read".to_owned()).into()
        }
        _ => ApiError::Internal("a layer failed".to_owned()).into(),
    })
}

fn rate_headers(headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let kept = |name: &HeaderName| name.as_str().starts_with("ratelimit-") || name == header::ALLOW;
    headers
        .iter()
        .filter(|(name, _)| kept(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn secure(config: &WebConfig, headers: &mut HeaderMap) {
    let sockets: Vec<String> = config
        .origins
        .iter()
        .map(|origin| origin.replacen("http", "ws", 1))
        .collect();
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self' {}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
        sockets.join(" ")
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed: [(HeaderName, &'static str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if config.secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains; preload"),
        );
    }
}

/// Answers 503 when a route takes too long; the route is dropped.
pub async fn time_out(State(app): State<App>, request: Request, next: Next) -> Response {
    let until = app.ctx.now().plus(app.config.request_timeout);
    let route = Box::pin(next.run(request));
    match select(route, app.ctx.clock.sleep_until(until)).await {
        Either::Left((response, _)) => response,
        Either::Right(_) => ApiError::Unavailable("a route took too long".to_owned()).into_response(),
    }
}

/// Turns a panic into the answer of a fault of ours; what it said goes to the log only.
pub fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let said = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    ApiError::Internal(format!("a route panicked: {said}")).into_response()
}

/// Answers of the API are never kept by anybody in between, unless a route says otherwise.
pub async fn no_store(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if api && !response.headers().contains_key(header::CACHE_CONTROL) {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
