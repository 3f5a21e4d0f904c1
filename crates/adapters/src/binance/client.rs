//! Requests to Binance: hosts, keys, clocks, deadlines, weights. Decides which host a credential is shown to and what time is
//! written beside a signature; refuses to know what an answer means.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{
    connection::Mode,
    ids::ConnectionId,
    ports::{broker::Access, clock::Clock},
};
use reqwest::{
    Method, RequestBuilder, Url,
    header::{HeaderName, HeaderValue},
};
use serde::de::DeserializeOwned;

use super::{
    config::{BinanceConfig, ConfigError, Hosts},
    error::{self, Call, No},
    sign::Key,
    wire,
};
use crate::{
    http::{self, Answer, Failure},
    meter::{self, Ask, Metered, Urgency},
};

/// Credential field with the API key.
pub(super) const API_KEY: &str = "api_key";
/// Credential field with its secret, or the private key it was made for.
pub(super) const SECRET_KEY: &str = "secret_key";

const HEADER_KEY: HeaderName = HeaderName::from_static("x-mbx-apikey");
/// How old a request may be when it arrives (PRODUCT BR-12).
const WINDOW_MS: &str = "5000";
/// How long a measured difference of clocks is believed.
const OFFSET_FOR: Duration = Duration::from_secs(15 * 60);

/// Parameters in the order in which they are written.
pub(super) type Params = Vec<(&'static str, String)>;

/// Who asks.
#[derive(Clone)]
pub(super) struct Who {
    api_key: HeaderValue,
    key: Arc<Key>,
    mode: Mode,
    /// Whose requests they are counted as.
    counted: String,
    connection: ConnectionId,
}

impl Who {
    /// What a credential shows.
    pub(super) fn of(access: &Access) -> Result<Self, No> {
        let field = |name: &str| access.fields.get(name);
        let (Some(api_key), Some(secret)) = (field(API_KEY), field(SECRET_KEY)) else {
            return Err(No::Unauthorised(format!(
                "the credential lacks {API_KEY} or {SECRET_KEY}"
            )));
        };
        let mut header = HeaderValue::from_str(api_key.expose()).map_err(|_| {
            No::Unauthorised("the API key holds characters that no header can carry".to_owned())
        })?;
        header.set_sensitive(true);
        let counted = match access.account_id.as_str() {
            "" => api_key.expose().clone(),
            account => account.to_owned(),
        };
        Ok(Self {
            api_key: header,
            key: Arc::new(Key::read(secret)?),
            mode: access.mode,
            counted,
            connection: access.connection_id,
        })
    }
}

/// How far their clocks are ahead of ours, by host, and when that was measured.
#[derive(Default)]
struct Offsets(Mutex<BTreeMap<&'static str, (Duration, i64)>>);

impl Offsets {
    fn all(&self) -> MutexGuard<'_, BTreeMap<&'static str, (Duration, i64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn get(&self, mode: Mode) -> Option<(Duration, i64)> {
        self.all().get(name(mode)).copied()
    }
}

/// What a request weighs and how many orders it places.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    weight: u32,
    orders: u32,
}

impl Cost {
    pub(super) const fn weight(weight: u32) -> Self {
        Self { weight, orders: 0 }
    }
    pub(super) const fn orders(orders: u32) -> Self {
        Self { weight: 1, orders }
    }
}

/// Binance's HTTP side.
#[derive(Clone)]
pub(super) struct Client {
    line: Metered,
    urgency: Urgency,
    pub(super) hosts: Arc<Hosts>,
    clock: Arc<dyn Clock>,
    offsets: Arc<Offsets>,
    submit_timeout: Duration,
    read_timeout: Duration,
}

impl Client {
    pub(super) fn new(
        config: &BinanceConfig,
        line: Metered,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            line,
            urgency: Urgency::Read,
            hosts: Arc::new(Hosts::of(config)?),
            clock,
            offsets: Arc::default(),
            submit_timeout: config.submit_timeout,
            read_timeout: config.read_timeout,
        })
    }

    /// The same for what matters more or less than a read.
    pub(super) fn at(&self, urgency: Urgency) -> Self {
        Self {
            urgency,
            ..self.clone()
        }
    }

    /// Sends when the allowance has room.
    async fn send(
        &self,
        request: RequestBuilder,
        counted: &str,
        connection: Option<ConnectionId>,
        cost: Cost,
    ) -> Result<Answer, Failure> {
        let (client, request) = request.build_split();
        let request = request.map_err(|e| Failure::NotSent(e.without_url().to_string()))?;
        let host = request.url().authority().to_owned();
        let ask = Ask {
            host: &host,
            account: counted,
            connection,
            urgency: self.urgency,
            weight: cost.weight,
            orders: cost.orders,
        };
        let request = RequestBuilder::from_parts(client, request);
        meter::send(self.line.trading.as_ref(), ask, request).await
    }

    /// Asks what anybody may know.
    async fn open<T: DeserializeOwned>(&self, mut url: Url, params: &Params, weight: u32) -> Result<T, No> {
        if !params.is_empty() {
            url.query_pairs_mut().extend_pairs(params);
        }
        let request = self.line.http.get(url).timeout(self.read_timeout);
        let answer = self.send(request, "", None, Cost::weight(weight)).await?;
        parse(Call::Read, &answer)
    }

    /// Asks the host of public market data.
    pub(super) async fn data<T: DeserializeOwned>(
        &self,
        path: &str,
        params: &Params,
        weight: u32,
    ) -> Result<T, No> {
        self.open(at(&self.hosts.data, path), params, weight).await
    }

    /// Asks a trading host what anybody may know.
    pub(super) async fn public<T: DeserializeOwned>(
        &self,
        mode: Mode,
        path: &str,
        params: &Params,
        weight: u32,
    ) -> Result<T, No> {
        self.open(at(self.hosts.trading(mode), path), params, weight)
            .await
    }

    /// Asks in the name of an account; safe to repeat.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        who: &Who,
        path: &str,
        params: Params,
        weight: u32,
    ) -> Result<T, No> {
        self.signed(Call::Read, Method::GET, who, path, params, Cost::weight(weight))
            .await
    }

    /// Places so many orders; whether it is safe to repeat is the caller's to know.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        who: &Who,
        path: &str,
        params: Params,
        orders: u32,
    ) -> Result<T, No> {
        self.signed(Call::Place, Method::POST, who, path, params, Cost::orders(orders))
            .await
    }

    /// Cancels; safe to repeat.
    pub(super) async fn delete(&self, who: &Who, path: &str, params: Params) -> Result<(), No> {
        let _left: serde::de::IgnoredAny = self
            .signed(Call::Cancel, Method::DELETE, who, path, params, Cost::weight(1))
            .await?;
        Ok(())
    }

    /// A request refused for its time was not looked at: the clocks are compared and it goes once more.
    async fn signed<T: DeserializeOwned>(
        &self,
        call: Call,
        method: Method,
        who: &Who,
        path: &str,
        params: Params,
        cost: Cost,
    ) -> Result<T, No> {
        match self.once(call, method.clone(), who, path, &params, cost).await {
            Err(No::Clock(_)) => {
                self.forget_offset(who.mode);
                self.once(call, method, who, path, &params, cost).await
            }
            other => other,
        }
    }

    async fn once<T: DeserializeOwned>(
        &self,
        call: Call,
        method: Method,
        who: &Who,
        path: &str,
        params: &Params,
        cost: Cost,
    ) -> Result<T, No> {
        let now = self.their_time(who.mode).await.map_err(not_asked)?;
        let mut url = at(self.hosts.trading(who.mode), path);
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(params);
            query.append_pair("recvWindow", WINDOW_MS);
            query.append_pair("timestamp", &now.to_string());
        }
        let payload = url.query().unwrap_or_default().to_owned();
        let signature = sign(who, &payload)?;
        url.query_pairs_mut().append_pair("signature", &signature);
        let timeout = match call {
            Call::Read => self.read_timeout,
            Call::Place | Call::Cancel => self.submit_timeout,
        };
        let request = self.line.http.request(method, url).timeout(timeout);
        let request = request.header(HEADER_KEY, who.api_key.clone());
        let answer = self
            .send(request, &who.counted, Some(who.connection), cost)
            .await?;
        parse(call, &answer)
    }

    /// What shows who listens: the parameters of `userDataStream.subscribe.signature`, signed in alphabetical order.
    pub(super) async fn hello(&self, who: &Who) -> Result<serde_json::Value, No> {
        let now = self.their_time(who.mode).await?;
        let api_key = who.api_key.to_str().unwrap_or_default();
        let payload = format!("apiKey={api_key}&recvWindow={WINDOW_MS}&timestamp={now}");
        let signature = sign(who, &payload)?;
        Ok(serde_json::json!({
            "apiKey": api_key, "recvWindow": 5_000, "timestamp": now, "signature": signature,
        }))
    }

    /// Milliseconds since 1970 by the clock of a trading host.
    async fn their_time(&self, mode: Mode) -> Result<i64, No> {
        let ours = || self.clock.now().micros().div_euclid(1_000);
        let known = self.offsets.get(mode);
        if let Some((at, offset)) = known
            && self.clock.monotonic().saturating_sub(at) <= OFFSET_FOR
        {
            return Ok(ours() + offset);
        }
        let before = ours();
        let theirs: wire::Time = self.public(mode, "api/v3/time", &Vec::new(), 1).await?;
        let after = ours();
        let offset = theirs.server_time - (before + after) / 2;
        self.offsets
            .all()
            .insert(name(mode), (self.clock.monotonic(), offset));
        Ok(after + offset)
    }

    /// The clocks are compared again before the next request.
    pub(super) fn forget_offset(&self, mode: Mode) {
        self.offsets.all().remove(name(mode));
    }
}

const fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Paper => "paper",
        Mode::Live => "live",
    }
}

/// The time could not be asked: what it was for was not sent.
fn not_asked(no: No) -> No {
    match no {
        No::Unclear(why) => No::Limited(Duration::from_secs(1), why),
        No::Refused(refused) => No::Limited(Duration::from_secs(1), refused.message),
        no => no,
    }
}

fn sign(who: &Who, payload: &str) -> Result<String, No> {
    who.key
        .sign(payload)
        .ok_or_else(|| No::Unauthorised("the secret cannot sign".to_owned()))
}

/// An address below a base.
fn at(base: &Url, path: &str) -> Url {
    let segments: Vec<&str> = path.split('/').collect();
    http::under(base, &segments)
}

fn parse<T: DeserializeOwned>(call: Call, answer: &Answer) -> Result<T, No> {
    if !(200..300).contains(&answer.status) {
        return Err(error::read(call, answer));
    }
    serde_json::from_slice(&answer.body).map_err(|e| {
        No::Unclear(format!(
            "HTTP {} with an answer that does not read: {e}",
            answer.status
        ))
    })
}
