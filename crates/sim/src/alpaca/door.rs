//! Decides who may come in at which host and how often, and makes the trouble that was asked for. Refuses strangers
//! before anything is read.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use ordercast_model::time::Timestamp;
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    alpaca::{
        config::Environment,
        fault::{Call, Faults, Trouble},
        floor::Floor,
        oauth::Grants,
        problem::Problem,
    },
    venue::{config::Now, desk::hash_of, server::line::Cutter},
};

/// Largest answer that is rewritten by a fault.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;
const MINUTE_MICROS: i64 = 60_000_000;
/// Amounts that a fault turns into JSON numbers are those of these fields.
const AMOUNTS: [&str; 24] = [
    "qty",
    "filled_qty",
    "filled_avg_price",
    "limit_price",
    "stop_price",
    "notional",
    "cash",
    "equity",
    "buying_power",
    "avg_entry_price",
    "market_value",
    "cost_basis",
    "current_price",
    "price",
    "cum_qty",
    "leaves_qty",
    "unrealized_pl",
    "portfolio_value",
    "trail_price",
    "trail_percent",
    "hwm",
    "qty_available",
    "non_marginable_buying_power",
    "strike_price",
];
/// Fields a fault empties; with `missing` every field without a value goes as well.
const MOMENTS: [&str; 7] = [
    "updated_at",
    "submitted_at",
    "filled_at",
    "canceled_at",
    "expires_at",
    "order_class",
    "qty_available",
];

/// What every handler of every host shares.
#[derive(Clone)]
pub struct House {
    floor: Arc<Mutex<Floor>>,
    faults: Arc<Mutex<Faults>>,
    windows: Arc<Mutex<BTreeMap<String, (i64, u32)>>>,
    grants: Arc<Mutex<Grants>>,
    /// Wakes hanging requests when the faults are cleared.
    pub cleared: Arc<Notify>,
    admin_hash: Arc<str>,
    now: Now,
    rate: u32,
    /// Ends everything.
    pub token: CancellationToken,
}

/// One host: the house as it is seen from there.
#[derive(Clone)]
pub struct Host {
    /// What all hosts share.
    pub house: House,
    /// Which trading host; none for the data host.
    pub environment: Option<Environment>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Account id of the matching.
    pub account: String,
    /// Whether orders may be placed, changed and cancelled.
    pub may_trade: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl House {
    /// A house around a floor.
    #[must_use]
    pub fn new(floor: Floor, grants: Grants, admin_key: &str, rate: u32, now: Now) -> Self {
        Self {
            floor: Arc::new(Mutex::new(floor)),
            faults: Arc::default(),
            windows: Arc::default(),
            grants: Arc::new(Mutex::new(grants)),
            cleared: Arc::default(),
            admin_hash: hash_of(admin_key).into(),
            now,
            rate,
            token: CancellationToken::new(),
        }
    }
    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros((self.now)())
    }
    /// The floor, for one piece of work. Never held across an await.
    pub fn floor(&self) -> MutexGuard<'_, Floor> {
        lock(&self.floor)
    }
    /// The faults.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }
    /// What people allowed.
    pub fn grants(&self) -> MutexGuard<'_, Grants> {
        lock(&self.grants)
    }
    /// Lets only the admin key in.
    ///
    /// # Errors
    /// 401.
    pub fn admin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let good = bearer(headers).is_some_and(|key| hash_of(key) == *self.admin_hash);
        if good { Ok(()) } else { Err(Problem::stranger()) }
    }
    /// The account an OAuth token opens at a host, and whether it may trade; the data host asks for the scope `data`.
    #[must_use]
    pub fn bearer(&self, token: &str, environment: Option<Environment>) -> Option<Caller> {
        let grant = self.grants().grant(token)?.clone();
        let allowed = match environment {
            Some(environment) => grant.environments.contains(&environment),
            None => grant.scopes.iter().any(|s| s == "data"),
        };
        if !allowed {
            return None;
        }
        let floor = self.floor();
        let customer = floor.customers.values().find(|c| {
            c.described.name == grant.name
                && environment.map_or_else(
                    || grant.environments.contains(&c.described.environment),
                    |e| c.described.environment == e,
                )
        })?;
        Some(Caller {
            account: customer.account.clone(),
            may_trade: grant.scopes.iter().any(|s| s == "trading"),
        })
    }
    /// The account a pair of keys opens at a host; the data host takes the keys of both.
    #[must_use]
    pub fn keys(&self, key_id: &str, secret: &str, environment: Option<Environment>) -> Option<Caller> {
        let floor = self.floor();
        let customer = floor.customer(key_id, secret, environment)?;
        Some(Caller {
            account: customer.account.clone(),
            may_trade: true,
        })
    }
    /// Counts a request: what is left of this minute's, and when the next minute begins (Unix seconds).
    fn count(&self, window: &str) -> (Option<u32>, i64) {
        let minute = self.now().micros().div_euclid(MINUTE_MICROS);
        let mut windows = lock(&self.windows);
        let (current, made) = windows.entry(window.to_owned()).or_insert((minute, 0));
        if *current != minute {
            (*current, *made) = (minute, 0);
        }
        let left = self.rate.checked_sub(made.saturating_add(1));
        if left.is_some() {
            *made += 1;
        }
        (left, (minute + 1) * 60)
    }
}

/// The token a request brings.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    text.strip_prefix("Bearer ").map(str::trim)
}

fn call_of(method: &Method, path: &str) -> Call {
    let path = path.strip_prefix("/v2/").unwrap_or(path);
    match (method, path) {
        (&Method::POST, "orders") => Call::Submit,
        (&Method::DELETE, p) if p.starts_with("orders") => Call::Cancel,
        (&Method::PATCH, p) if p.starts_with("orders") => Call::Replace,
        (_, p) if p.starts_with("orders") => Call::Orders,
        (_, p) if p.starts_with("positions") => Call::Positions,
        (_, p) if p.starts_with("account/activities") => Call::Activities,
        (_, "account") => Call::Account,
        _ => Call::Reference,
    }
}

/// Stands before every route that needs a key.
pub async fn enter(
    State(host): State<Host>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let key_id = text("APCA-API-KEY-ID").unwrap_or_default().to_owned();
    let caller = match (text("APCA-API-SECRET-KEY"), bearer(headers)) {
        (Some(secret), _) => host.house.keys(&key_id, secret, host.environment),
        (None, Some(token)) => host.house.bearer(token, host.environment),
        (None, None) => None,
    };
    let Some(caller) = caller else {
        return Problem::stranger().into_response();
    };
    let changes = request.method() != Method::GET;
    if changes && !caller.may_trade {
        return Problem::forbidden("token lacks the scope trading").into_response();
    }
    let window = format!(
        "{} {}",
        caller.account,
        host.environment.map_or("data", Environment::word)
    );
    let (left, reset) = host.house.count(&window);
    let call = match host.environment {
        Some(_) => call_of(request.method(), request.uri().path()),
        None => Call::Data,
    };
    request.extensions_mut().insert(caller);
    let mut response = match left {
        None => {
            let wait = reset.saturating_sub(host.house.now().seconds()).max(1);
            too_many(u32::try_from(wait).unwrap_or(1))
        }
        Some(_) => {
            let taken = host.house.faults().take(host.environment, &key_id, call);
            match taken {
                None => next.run(request).await,
                Some(trouble) => troubled(&host.house, trouble, cutter, request, next).await,
            }
        }
    };
    let fields = response.headers_mut();
    fields.insert("X-RateLimit-Limit", HeaderValue::from(host.house.rate));
    fields.insert("X-RateLimit-Remaining", HeaderValue::from(left.unwrap_or(0)));
    fields.insert("X-RateLimit-Reset", HeaderValue::from(reset));
    response
}

/// 429 with the seconds to wait.
fn too_many(seconds: u32) -> Response {
    let mut response = Problem::new(429, 42_910_000, "rate limit exceeded").into_response();
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn broken(status: u16) -> Response {
    let code = u32::from(status).saturating_mul(100_000).saturating_add(10_000);
    Problem::new(status, code, "internal server error occurred").into_response()
}

async fn troubled(house: &House, trouble: Trouble, cutter: Cutter, request: Request, next: Next) -> Response {
    match trouble {
        Trouble::DropAnswer => {
            let response = next.run(request).await;
            cutter.cut();
            response
        }
        Trouble::ErrorAfter { status } => {
            let _ = next.run(request).await;
            broken(status)
        }
        Trouble::ErrorBefore { status } => broken(status),
        Trouble::RateLimit { retry_after } => too_many(retry_after),
        Trouble::Delay { millis } => {
            pause(house, millis).await;
            next.run(request).await
        }
        Trouble::DelayAnswer { millis } => {
            let response = next.run(request).await;
            pause(house, millis).await;
            response
        }
        Trouble::Hang => {
            tokio::select! {
                () = house.cleared.notified() => {}
                () = house.token.cancelled() => {}
            }
            broken(503)
        }
        Trouble::Answer {
            status,
            code,
            message,
        } => Problem::new(status, code, message).into_response(),
        Trouble::Maintenance => {
            let page = "<html><head><title>503</title></head><body><h1>We are down for maintenance.</h1></body></html>";
            (StatusCode::SERVICE_UNAVAILABLE, Html(page)).into_response()
        }
        Trouble::Numbers => rewritten(next.run(request).await, &numbers).await,
        Trouble::Nulls => rewritten(next.run(request).await, &|v| absent(v, false)).await,
        Trouble::Missing => rewritten(next.run(request).await, &|v| absent(v, true)).await,
        Trouble::Reject => {
            house.floor().reject_next += 1;
            next.run(request).await
        }
        // The rest never waits for a request.
        Trouble::Halt { .. }
        | Trouble::Resume { .. }
        | Trouble::DoneForDay { .. }
        | Trouble::DuplicateEvents
        | Trouble::SuppressEvents
        | Trouble::DisconnectStreams => next.run(request).await,
    }
}

/// Waits on the wall clock: only faults do, and they are about real sockets.
#[expect(
    clippy::disallowed_methods,
    reason = "a late answer on a real socket is late by the wall clock"
)]
async fn pause(house: &House, millis: u32) {
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(u64::from(millis))) => {}
        () = house.token.cancelled() => {}
    }
}

async fn rewritten(response: Response, change: &(dyn Fn(&mut Value) + Sync)) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await else {
        return broken(500);
    };
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    change(&mut value);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(value.to_string()))
}

fn each(value: &mut Value, change: &dyn Fn(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|v| each(v, change)),
        Value::Object(map) => {
            change(map);
            map.values_mut().for_each(|v| each(v, change));
        }
        _ => {}
    }
}

/// Amounts become JSON numbers, as some answers have them.
fn numbers(value: &mut Value) {
    each(value, &|map| {
        for (_, value) in map.iter_mut().filter(|(n, _)| AMOUNTS.contains(&n.as_str())) {
            let number = value.as_str().and_then(|t| t.parse::<serde_json::Number>().ok());
            if let Some(number) = number {
                *value = Value::Number(number);
            }
        }
    });
}

/// What may be absent becomes `null` or goes.
fn absent(value: &mut Value, goes: bool) {
    each(value, &|map| {
        if goes {
            map.retain(|name, value| !(MOMENTS.contains(&name.as_str()) || value.is_null()));
        } else {
            for (_, value) in map.iter_mut().filter(|(n, _)| MOMENTS.contains(&n.as_str())) {
                *value = Value::Null;
            }
        }
    });
}
