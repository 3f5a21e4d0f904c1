//! What every route of the API stands behind: session, CSRF, origin, and how often one may ask.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use ordercast_app::identity::{self, IdentityError};
use ordercast_model::plan::Plan;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    config::WebConfig,
    errors::ApiError,
    rate::{Class, Verdict},
    session::{self, From, Login},
    state::App,
};

/// Puts routes behind a login and a class of limits.
pub fn private(class: Class, routes: OpenApiRouter<App>) -> OpenApiRouter<App> {
    routes.route_layer(from_fn(move |request: Request, next: Next| {
        check_private(class, request, next)
    }))
}

/// Puts routes behind a class of limits by address.
pub fn public(class: Class, routes: OpenApiRouter<App>) -> OpenApiRouter<App> {
    routes.route_layer(from_fn(move |request: Request, next: Next| {
        check_public(class, request, next)
    }))
}

/// The shared state, put there by the outermost layer.
fn app_of(request: &Request) -> Result<App, ApiError> {
    let app = request.extensions().get::<App>().cloned();
    app.ok_or_else(|| ApiError::Internal("a route without its outermost layer".to_owned()))
}

async fn check_public(class: Class, request: Request, next: Next) -> Response {
    let app = match app_of(&request) {
        Ok(app) => app,
        Err(error) => return error.into_response(),
    };
    let from = request.extensions().get::<From>().cloned().unwrap_or_default();
    if request.method() != Method::GET
        && let Err(error) = same_origin(&app.config, request.headers())
    {
        return error.into_response();
    }
    let address = from.0.address.unwrap_or_default();
    let quota = class.quota(Plan::Free);
    if app.config.loopback_unlimited && is_loopback(&address) {
        return next.run(request).await;
    }
    let verdict = app
        .limiter
        .take(class, &address, quota, app.ctx.clock.monotonic());
    if !verdict.allowed {
        return refused(verdict);
    }
    next.run(request).await
}

async fn check_private(class: Class, mut request: Request, next: Next) -> Response {
    let app = match app_of(&request) {
        Ok(app) => app,
        Err(error) => return error.into_response(),
    };
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let from = request.extensions().get::<From>().cloned().unwrap_or_default();
    let login = match login(&app, &method, &headers, &from).await {
        Ok(login) => login,
        Err(error) => return error.into_response(),
    };
    let quota = class.quota(login.user.plan);
    let key = match class {
        Class::Auth | Class::Callback => from.0.address.clone().unwrap_or_default(),
        _ => login.user.id.to_string(),
    };
    if matches!(class, Class::Auth | Class::Callback) && app.config.loopback_unlimited && is_loopback(&key) {
        request.extensions_mut().insert(login);
        return next.run(request).await;
    }
    let verdict = app.limiter.take(class, &key, quota, app.ctx.clock.monotonic());
    if !verdict.allowed {
        return refused(verdict);
    }
    request.extensions_mut().insert(login);
    let mut response = next.run(request).await;
    mark(&mut response, verdict);
    response
}

async fn login(app: &App, method: &Method, headers: &HeaderMap, from: &From) -> Result<Login, ApiError> {
    let token = session::cookie_value(&app.config, headers).ok_or(ApiError::NoLogin)?;
    let (user, session) =
        identity::authenticate(&app.ctx, token, &from.0)
            .await
            .map_err(|error| match error {
                IdentityError::NoSession => ApiError::NoLogin,
                other => other.into(),
            })?;
    if !matches!(*method, Method::GET | Method::HEAD) {
        same_origin(&app.config, headers)?;
        let given = headers
            .get("x-csrf-token")
            .and_then(|v| v.to_str().ok())
            .ok_or(ApiError::Csrf(
                "Send X-CSRF-Token with the token of GET /auth/csrf.",
            ))?;
        if !session::csrf_fits(&app.config, &session, given) {
            return Err(ApiError::Csrf("X-CSRF-Token is not the token of this session."));
        }
    }
    Ok(Login { user, session })
}

/// A browser says where a write comes from; it must be one of our pages.
///
/// # Errors
/// `Csrf` when it comes from elsewhere.
pub fn same_origin(config: &WebConfig, headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let ours = match (text(header::ORIGIN), headers.get("sec-fetch-site")) {
        (Some(origin), _) => config.origins.iter().any(|own| own == origin),
        (None, Some(site)) => site == "same-origin" || site == "none",
        // Neither is sent by programs that are no browser; the token still has to fit.
        (None, None) => true,
    };
    if ours {
        Ok(())
    } else {
        Err(ApiError::Csrf("This request comes from another site."))
    }
}

/// Whether an address is this machine's own.
#[must_use]
pub fn is_loopback(address: &str) -> bool {
    address
        .parse::<std::net::IpAddr>()
        .is_ok_and(|ip| ip.is_loopback())
}

fn refused(verdict: Verdict) -> Response {
    let mut response = ApiError::TooMany {
        after: verdict.reset.max(1),
    }
    .into_response();
    mark(&mut response, verdict);
    response
}

fn mark(response: &mut Response, verdict: Verdict) {
    let headers = response.headers_mut();
    headers.insert("ratelimit-limit", HeaderValue::from(verdict.limit));
    headers.insert("ratelimit-remaining", HeaderValue::from(verdict.remaining));
    headers.insert("ratelimit-reset", HeaderValue::from(verdict.reset));
}
