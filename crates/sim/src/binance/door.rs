//! Decides who may come in at which host, how often, and at what time; makes the trouble that was asked for. Refuses strangers,
//! forged signatures and old requests before anything is done.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json,
    extract::{ConnectInfo, Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Verifier};
use hmac::{Hmac, KeyInit, Mac};
use ordercast_model::time::Timestamp;
use sha2::Sha256;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    binance::{
        config::{BinanceAccount, BinanceConfig, Network, public_key},
        fault::{Faults, Trouble},
        floor::Floor,
        no::No,
        route::{Asked, Route, Security},
    },
    venue::{config::Now, server::line::Cutter},
};

/// Largest body of a request.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// The longest and the usual validity of a request.
const WINDOW_MAX: i64 = 60_000;
const WINDOW: i64 = 5_000;
/// Refusals of a minute after which an address is banned, and for how long.
const REFUSALS_MAX: u32 = 20;
const BAN_SECONDS: u32 = 120;

/// Windows of the limits: where each began and what was used.
#[derive(Debug, Default)]
struct Used {
    windows: BTreeMap<(String, i64), (i64, u32)>,
    banned_until: i64,
}

/// What every handler of both hosts shares.
#[derive(Clone)]
pub struct House {
    floor: Arc<Mutex<Floor>>,
    faults: Arc<Mutex<Faults>>,
    used: Arc<Mutex<Used>>,
    ahead: Arc<AtomicI64>,
    /// Wakes hanging requests when the faults are cleared.
    pub cleared: Arc<Notify>,
    /// Opens `/sim/*`.
    pub admin_key: Arc<str>,
    now: Now,
    weight_limit: u32,
    orders_limit: u32,
    /// Ends everything.
    pub token: CancellationToken,
}

/// One host: the house as it is seen from there.
#[derive(Clone)]
pub struct Host {
    /// What both hosts share.
    pub house: House,
    /// Which.
    pub network: Network,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl House {
    /// A house around a floor.
    #[must_use]
    pub fn new(floor: Floor, config: &BinanceConfig, now: Now) -> Self {
        Self {
            floor: Arc::new(Mutex::new(floor)),
            faults: Arc::default(),
            used: Arc::default(),
            ahead: Arc::new(AtomicI64::new(config.clock_ahead_millis)),
            cleared: Arc::default(),
            admin_key: config.admin_key.as_str().into(),
            now,
            weight_limit: config.weight_per_minute,
            orders_limit: config.orders_per_ten_seconds,
            token: CancellationToken::new(),
        }
    }
    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros((self.now)())
    }
    /// The server's clock, in milliseconds.
    #[must_use]
    pub fn clock(&self) -> i64 {
        self.now().micros().div_euclid(1_000) + self.ahead.load(Ordering::SeqCst)
    }
    /// Sets how far it is ahead.
    pub fn set_ahead(&self, millis: i64) {
        self.ahead.store(millis, Ordering::SeqCst);
    }
    /// The floor, for one piece of work. Never held across an await.
    pub fn floor(&self) -> MutexGuard<'_, Floor> {
        lock(&self.floor)
    }
    /// The faults.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// Uses a part of a limit; what is used then, and whether it is within the limit.
    fn take(&self, who: &str, seconds: i64, cost: u32, limit: u32) -> (u32, bool) {
        let stretch = self.now().seconds().div_euclid(seconds);
        let mut used = lock(&self.used);
        let (began, sum) = used
            .windows
            .entry((who.to_owned(), seconds))
            .or_insert((stretch, 0));
        if *began != stretch {
            (*began, *sum) = (stretch, 0);
        }
        *sum = sum.saturating_add(cost);
        (*sum, *sum <= limit)
    }

    /// Counts the weight of a request.
    fn weigh(&self, weight: u32) -> (u32, Result<(), No>) {
        let seconds = self.now().seconds();
        let banned = lock(&self.used).banned_until;
        if seconds < banned {
            let left = u32::try_from(banned - seconds).unwrap_or(1);
            return (0, Err(banned_for(left)));
        }
        let (used, within) = self.take("weight", 60, weight, self.weight_limit);
        if within {
            return (used, Ok(()));
        }
        let (_, spared) = self.take("refusals", 60, 1, REFUSALS_MAX);
        if !spared {
            lock(&self.used).banned_until = seconds + i64::from(BAN_SECONDS);
            return (used, Err(banned_for(BAN_SECONDS)));
        }
        let wait = 60 - seconds.rem_euclid(60);
        let text = format!(
            "Too much request weight used; current limit is {} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.",
            self.weight_limit
        );
        let no = No {
            retry_after: u32::try_from(wait).ok(),
            ..No::new(429, -1003, text)
        };
        (used, Err(no))
    }

    /// The account a signed request belongs to.
    ///
    /// # Errors
    /// 401, -1021, -1022, -1102.
    pub fn signed(
        &self,
        network: Network,
        api_key: Option<&str>,
        payload: &str,
        params: &[(String, String)],
    ) -> Result<(String, BinanceAccount), No> {
        let api_key = api_key.filter(|k| !k.is_empty());
        let api_key = api_key.ok_or_else(|| No::new(401, -2014, "API-key format invalid."))?;
        let customer = self
            .floor()
            .customers
            .values()
            .find(|c| c.described.api_key == api_key && c.described.network == network)
            .cloned();
        let stranger = || No::new(401, -2015, "Invalid API-key, IP, or permissions for action.");
        let customer = customer.ok_or_else(stranger)?;
        let text = |name: &str| params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let signature = text("signature").ok_or_else(|| No::missing("signature"))?;
        let number = |name: &str| {
            text(name)
                .map(str::parse::<i64>)
                .transpose()
                .map_err(|_| No::missing(name))
        };
        let timestamp = number("timestamp")?.ok_or_else(|| No::missing("timestamp"))?;
        let window = number("recvWindow")?.unwrap_or(WINDOW);
        if !(1..=WINDOW_MAX).contains(&window) {
            return Err(No::bad(-1131, "recvWindow must be less than 60000."));
        }
        if !verifies(&customer.described, payload, signature) {
            return Err(No::bad(-1022, "Signature for this request is not valid."));
        }
        let clock = self.clock();
        if timestamp >= clock + 1_000 {
            let text = "Timestamp for this request was 1000ms ahead of the server's time.";
            return Err(No::bad(-1021, text));
        }
        if clock - timestamp > window {
            return Err(No::bad(
                -1021,
                "Timestamp for this request is outside of the recvWindow.",
            ));
        }
        Ok((customer.account, customer.described))
    }
}

fn banned_for(seconds: u32) -> No {
    No {
        retry_after: Some(seconds),
        ..No::new(418, -1003, "Way too much request weight used; IP banned.")
    }
}

/// Whether a signature is of this payload by the account's key.
fn verifies(account: &BinanceAccount, payload: &str, signature: &str) -> bool {
    if let Some(secret) = &account.secret {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return false;
        };
        mac.update(payload.as_bytes());
        return hex::decode(signature).is_ok_and(|given| mac.verify_slice(&given).is_ok());
    }
    let key = account.public_key.as_deref().and_then(public_key);
    let given = STANDARD.decode(signature).ok();
    let given = given.and_then(|bytes| Signature::from_slice(&bytes).ok());
    key.zip(given)
        .is_some_and(|(key, given)| key.verify(payload.as_bytes(), &given).is_ok())
}

/// Parameters of a query or a body of that form.
fn pairs(text: &str) -> Vec<(String, String)> {
    let uri: Option<Uri> = format!("/?{text}").parse().ok();
    let read = uri.and_then(|uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    read.map(|Query(all)| all).unwrap_or_default()
}

/// What is signed: query and body as they were sent, without the signature.
fn payload(text: &str) -> String {
    let parts: Vec<&str> = text.split('&').filter(|p| !p.starts_with("signature=")).collect();
    parts.join("&")
}

/// Every request but the streams' and the operator's.
pub async fn enter(
    State(host): State<Host>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX).await else {
        return No::bad(-1100, "the body is too large").into_response();
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let (method, path) = (parts.method.as_str().to_owned(), parts.uri.path().to_owned());
    let Some(route) = Route::find(&method, &path) else {
        return No::new(404, -1000, "Not found.").into_response();
    };
    let mut params = pairs(&query);
    params.extend(pairs(&body));
    let call = Call {
        host,
        route,
        headers: parts.headers,
        payload: format!("{}{}", payload(&query), payload(&body)),
        params,
    };
    let trouble = call.host.house.faults().take(&method, &path);
    match trouble {
        None => call.answer(),
        Some(trouble) => troubled(call, trouble, cutter).await,
    }
}

struct Call {
    host: Host,
    route: &'static Route,
    headers: HeaderMap,
    payload: String,
    params: Vec<(String, String)>,
}

impl Call {
    fn answer(&self) -> Response {
        let named = self
            .params
            .iter()
            .any(|(name, _)| name == "symbol" || name == "symbols");
        let weight = if named {
            self.route.weight.0
        } else {
            self.route.weight.1
        };
        let (used, weighed) = self.host.house.weigh(weight);
        let mut counts = Vec::new();
        let mut response = match weighed.and_then(|()| self.done(&mut counts)) {
            Ok(value) => Json(value).into_response(),
            Err(no) => no.into_response(),
        };
        let fields = response.headers_mut();
        for name in ["x-mbx-used-weight", "x-mbx-used-weight-1m"] {
            fields.insert(HeaderName::from_static(name), HeaderValue::from(used));
        }
        for (name, count) in counts {
            fields.insert(HeaderName::from_static(name), HeaderValue::from(count));
        }
        response
    }

    fn done(&self, counts: &mut Vec<(&'static str, u32)>) -> Result<serde_json::Value, No> {
        let house = &self.host.house;
        let mut account = String::new();
        if self.route.security != Security::Open {
            let key = self.headers.get("X-MBX-APIKEY").and_then(|k| k.to_str().ok());
            let (of, described) = house.signed(self.host.network, key, &self.payload, &self.params)?;
            if matches!(self.route.security, Security::Trade(_)) && !described.may_trade {
                return Err(No::new(
                    401,
                    -2015,
                    "Invalid API-key, IP, or permissions for action.",
                ));
            }
            account = of;
        }
        if let Security::Trade(orders) = self.route.security
            && orders > 0
        {
            let (used, within) = house.take(&account, 10, orders, house.orders_limit);
            let (day, _) = house.take(&account, 86_400, orders, u32::MAX);
            counts.push(("x-mbx-order-count-10s", used));
            counts.push(("x-mbx-order-count-1d", day));
            if !within {
                let text = format!(
                    "Too many new orders; current limit is {} orders per TEN_SECONDS.",
                    house.orders_limit
                );
                return Err(No::new(429, -1015, text));
            }
        }
        let (now, clock) = (house.now(), house.clock());
        let mut floor = house.floor();
        let mut asked = Asked {
            floor: &mut floor,
            account: &account,
            network: self.host.network,
            now,
            clock,
            params: &self.params,
            orders_limit: house.orders_limit,
            weight_limit: house.weight_limit,
        };
        self.route.answer(&mut asked)
    }
}

async fn troubled(call: Call, trouble: Trouble, cutter: Cutter) -> Response {
    let unknown = |status| {
        No::new(
            status,
            -1000,
            "An unknown error occurred while processing the request.",
        )
    };
    match trouble {
        Trouble::DropAnswer => {
            let response = call.answer();
            cutter.cut();
            response
        }
        Trouble::ErrorAfter { status } => {
            let _done = call.answer();
            unknown(status).into_response()
        }
        Trouble::ErrorBefore { status } => unknown(status).into_response(),
        Trouble::TimeoutAfter => {
            let _done = call.answer();
            let text = "Timeout waiting for response from backend server. Send status unknown; execution status unknown.";
            No::bad(-1007, text).into_response()
        }
        Trouble::RateLimit { status, retry_after } => {
            let no = No {
                retry_after: Some(retry_after),
                ..No::new(status, -1003, "Too many requests queued.")
            };
            no.into_response()
        }
        Trouble::DelayAnswer { millis } => {
            let response = call.answer();
            pause(&call.host.house, millis).await;
            response
        }
        Trouble::Hang => {
            tokio::select! {
                () = call.host.house.cleared.notified() => {}
                () = call.host.house.token.cancelled() => {}
            }
            unknown(503).into_response()
        }
        Trouble::Answer {
            status,
            code,
            message,
        } => No::new(status, code, message).into_response(),
        // The rest never waits for a request.
        Trouble::Halt { .. }
        | Trouble::Resume { .. }
        | Trouble::Clock { .. }
        | Trouble::DuplicateEvents
        | Trouble::SuppressEvents
        | Trouble::DisconnectStreams => call.answer(),
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
