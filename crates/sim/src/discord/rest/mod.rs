//! The REST interface: which call is which, who is calling, how often, and how answers look on the wire.

mod account;
mod interaction;
mod message;
mod oauth;
mod place;
mod webhook;

use super::core::Core;
use super::rate::{Budget, Route, Verdict};
use super::refusal::Refusal;
use super::server::Shared;
use super::snowflake::Snowflake;
use super::timer;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{self, delete, get, patch, post};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Longest request body.
const BODY_MAX: usize = 1 << 20;

pub(super) fn router() -> Router<Arc<Shared>> {
    let router = Router::new()
        .route("/gateway", get(account::gateway))
        .route("/gateway/bot", get(account::gateway_bot))
        .route("/users/@me", get(account::me))
        .route("/users/@me/guilds", get(account::my_guilds))
        .route("/users/@me/channels", post(account::open_direct))
        .route("/users/{user}", get(account::user))
        .route("/applications/@me", get(account::application))
        .route("/oauth2/applications/@me", get(account::application))
        .route("/oauth2/authorize", authorize())
        .route("/oauth2/token", post(oauth::token))
        .route("/oauth2/token/revoke", post(oauth::revoke))
        .route("/guilds/{guild}", get(place::guild))
        .route(
            "/guilds/{guild}/channels",
            get(place::channels).post(place::create_channel),
        )
        .route("/guilds/{guild}/roles", get(place::roles))
        .route("/guilds/{guild}/members", get(place::members))
        .route(
            "/guilds/{guild}/members/{user}",
            get(place::member).patch(place::edit_member),
        )
        .route("/guilds/{guild}/threads/active", get(place::active_threads))
        .route(
            "/channels/{channel}",
            get(place::channel)
                .patch(place::edit_channel)
                .delete(place::delete_channel),
        )
        .route(
            "/channels/{channel}/messages",
            get(message::list).post(message::create),
        )
        .route(
            "/channels/{channel}/messages/bulk-delete",
            post(message::bulk_delete),
        )
        .route(
            "/channels/{channel}/messages/{message}",
            get(message::read).patch(message::edit).delete(message::delete),
        )
        .route(
            "/applications/{app}/commands",
            routing::put(interaction::set_global).get(interaction::list_global),
        )
        .route(
            "/applications/{app}/guilds/{guild}/commands",
            routing::put(interaction::set_in_guild),
        )
        .route(
            "/interactions/{interaction}/{token}/callback",
            post(interaction::callback),
        )
        .route(
            "/webhooks/{webhook}/{token}/messages/@original",
            patch(interaction::amend),
        )
        .route(
            "/webhooks/{webhook}/{token}",
            post(webhook::execute).get(webhook::read),
        )
        .route(
            "/webhooks/{webhook}/{token}/messages/{message}",
            patch(webhook::edit).merge(delete(webhook::delete)),
        );
    router
        .method_not_allowed_fallback(async || refusal(&Refusal::method_not_allowed()))
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

/// The page where a person allows a program to know them.
pub(super) fn authorize() -> routing::MethodRouter<Arc<Shared>> {
    get(oauth::ask).post(oauth::decide)
}

pub(super) async fn unknown_route() -> Response {
    refusal(&Refusal::not_found())
}

/// A success: status and body; `Null` is no body.
pub(super) type Answer = Result<(u16, Value), Refusal>;

/// Who calls: the headers say.
pub(super) struct Call {
    pub(super) shared: Arc<Shared>,
    pub(super) headers: HeaderMap,
    pub(super) path: String,
}

impl<S> axum::extract::FromRequestParts<S> for Call
where
    Arc<Shared>: axum::extract::FromRef<S>,
    S: Send + Sync,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self {
            shared: axum::extract::FromRef::from_ref(state),
            headers: parts.headers.clone(),
            path: parts.uri.path().to_owned(),
        })
    }
}

impl Call {
    /// Trouble on request, before anything else is looked at.
    fn trouble(&self, core: &mut Core) -> Option<Response> {
        let limited = core.hub.trouble.limited(&self.path, timer::now());
        core.diary
            .note(self.path.as_str(), self.shared.now(), limited.is_some());
        if let Some((left, global)) = limited {
            let budget = Budget {
                limit: 1,
                remaining: 0,
                reset_after: left,
                bucket: "on-request".to_owned(),
                verdict: if global {
                    Verdict::GlobalFull
                } else {
                    Verdict::RouteFull
                },
            };
            let mut response = too_many(&budget);
            budget_headers(response.headers_mut(), &budget, self.shared.now());
            return Some(response);
        }
        let status = core.hub.trouble.take_rest_error()?;
        Some(refusal(&Refusal::outage(status)))
    }

    /// Runs a call of a bot: token, budget, then the action under the lock.
    pub(super) fn by_bot(
        self,
        route: Route,
        major: Result<Snowflake, Refusal>,
        action: impl FnOnce(&mut Core, Snowflake, i64) -> Answer,
    ) -> Response {
        let now = self.shared.now();
        let mut core = self.shared.core();
        if let Some(answer) = self.trouble(&mut core) {
            return answer;
        }
        let token = self.headers.get(header::AUTHORIZATION);
        let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bot "));
        let bot = token.and_then(|token| core.state.world.bot_by_token(token.trim()));
        let Some(bot) = bot.map(|bot| bot.user_id) else {
            return refusal(&Refusal::unauthorized());
        };
        let major = match major {
            Ok(major) => major,
            Err(error) => return refusal(&error),
        };
        budgeted(&mut core, bot, route, major, now, |core| action(core, bot, now))
    }

    /// Runs a call that needs no account: the budget belongs to `major` alone.
    pub(super) fn by_anybody(
        self,
        route: Route,
        major: Result<Snowflake, Refusal>,
        action: impl FnOnce(&mut Core, i64) -> Answer,
    ) -> Response {
        let now = self.shared.now();
        let mut core = self.shared.core();
        if let Some(answer) = self.trouble(&mut core) {
            return answer;
        }
        let major = match major {
            Ok(major) => major,
            Err(error) => return refusal(&error),
        };
        budgeted(&mut core, major, route, major, now, |core| action(core, now))
    }

    /// The body as JSON, when the request says that it is.
    pub(super) fn json(&self, body: &Bytes) -> Result<Value, Refusal> {
        let kind = self.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::field(
                "",
                "CONTENT_TYPE_INVALID",
                "Expected \"Content-Type\" header to be one of {'application/json'}.",
            ));
        }
        serde_json::from_slice(body).map_err(|_| Refusal::invalid_json())
    }
}

/// The id in a path.
pub(super) fn id(name: &str, text: &str) -> Result<Snowflake, Refusal> {
    text.parse().map_err(|_| Refusal::not_a_snowflake(name, text))
}

fn budgeted(
    core: &mut Core,
    caller: Snowflake,
    route: Route,
    major: Snowflake,
    now: i64,
    action: impl FnOnce(&mut Core) -> Answer,
) -> Response {
    let limits = core.limits.clone();
    let budget = core.rates.take(&limits, timer::now(), caller, route, major);
    let mut response = match budget.verdict {
        Verdict::Allowed => match action(core) {
            Ok((status, body)) => answer(status, &body),
            Err(error) => refusal(&error),
        },
        Verdict::RouteFull | Verdict::GlobalFull => {
            core.diary.refuse_last();
            too_many(&budget)
        }
    };
    budget_headers(response.headers_mut(), &budget, now);
    response
}

/// An answer with exactly `application/json`, or without body when there is nothing to say.
pub(super) fn answer(status: u16, body: &Value) -> Response {
    let text = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    if !body.is_null() {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    response
}

pub(super) fn refusal(error: &Refusal) -> Response {
    answer(error.status, &error.body())
}

fn seconds(duration: Duration) -> f64 {
    // Rounded up to a millisecond, so that a client that waits exactly this long is let in.
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(0) + 1).as_secs_f64()
}

fn too_many(budget: &Budget) -> Response {
    let wait = seconds(budget.reset_after);
    let global = budget.verdict == Verdict::GlobalFull;
    let body = json!({
        "message": "You are being rate limited.", "retry_after": wait, "global": global,
    });
    let mut response = answer(429, &body);
    let headers = response.headers_mut();
    put(headers, "retry-after", &wait.ceil().to_string());
    let scope = if global { "global" } else { "user" };
    put(headers, "x-ratelimit-scope", scope);
    if global {
        put(headers, "x-ratelimit-global", "true");
    }
    response
}

fn budget_headers(headers: &mut HeaderMap, budget: &Budget, now: i64) {
    if budget.verdict == Verdict::GlobalFull {
        return;
    }
    let wait = seconds(budget.reset_after);
    let reset_millis = now.div_euclid(1_000) + i64::try_from(budget.reset_after.as_millis()).unwrap_or(0) + 1;
    let (whole, part) = (reset_millis.div_euclid(1_000), reset_millis.rem_euclid(1_000));
    put(headers, "x-ratelimit-limit", &budget.limit.to_string());
    put(headers, "x-ratelimit-remaining", &budget.remaining.to_string());
    put(headers, "x-ratelimit-reset", &format!("{whole}.{part:03}"));
    put(headers, "x-ratelimit-reset-after", &format!("{wait:.3}"));
    put(headers, "x-ratelimit-bucket", &budget.bucket);
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// The body of a request, or the refusal of one that is too long.
pub(super) fn whole(body: Result<Bytes, axum::extract::rejection::BytesRejection>) -> Result<Bytes, Refusal> {
    body.map_err(|_| Refusal::too_large())
}
