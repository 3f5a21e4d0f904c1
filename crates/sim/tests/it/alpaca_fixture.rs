//! A server that speaks Alpaca's protocol, with keys of a paper and a live account, and requests as a client sends them.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use ordercast_sim::{
    alpaca::{
        config::{AlpacaAccount, AlpacaConfig, Environment, OauthApp},
        server::Alpaca,
    },
    market::calendar::Calendar,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) const ADMIN: &str = "admin-key-of-the-tests";
pub(crate) const PAPER: (&str, &str) = ("PKTESTTESTTESTTEST01", "secret-of-the-paper-account");
pub(crate) const LIVE: (&str, &str) = ("AKTESTTESTTESTTEST01", "secret-of-the-live-account");
pub(crate) const REDIRECT: &str = "http://127.0.0.1:9/callback";

pub(crate) fn micros() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_micros()).unwrap()
}

/// The server and a client of it.
pub(crate) struct Alp {
    pub(crate) server: Alpaca,
    pub(crate) http: reqwest::Client,
}

pub(crate) fn config() -> AlpacaConfig {
    let live = AlpacaAccount {
        environment: Environment::Live,
        ..AlpacaAccount::paper("alice", LIVE.0, LIVE.1)
    };
    AlpacaConfig {
        admin_key: ADMIN.to_owned(),
        calendar: Calendar::ALWAYS,
        warm_up_seconds: 5,
        rate_per_minute: 100_000,
        accounts: vec![AlpacaAccount::paper("alice", PAPER.0, PAPER.1), live],
        apps: vec![OauthApp {
            client_id: "client".to_owned(),
            client_secret: "secret-of-the-program".to_owned(),
            redirect_uris: vec![REDIRECT.to_owned()],
        }],
        ..AlpacaConfig::default()
    }
}

impl Alp {
    pub(crate) async fn open() -> Self {
        Self::with(config()).await
    }
    pub(crate) async fn with(config: AlpacaConfig) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = Alpaca::start(config, Arc::new(micros)).await.unwrap();
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).build().unwrap();
        Self { server, http }
    }
    pub(crate) fn request(&self, method: Method, base: &str, path: &str) -> reqwest::RequestBuilder {
        let keys = if base == self.server.live_url() {
            LIVE
        } else {
            PAPER
        };
        self.http
            .request(method, format!("{base}{path}"))
            .header("APCA-API-KEY-ID", keys.0)
            .header("APCA-API-SECRET-KEY", keys.1)
    }
    pub(crate) async fn paper(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.request(method, &self.server.paper_url(), path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, value) = self.paper(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {value}");
        value
    }
    pub(crate) async fn data(&self, path: &str) -> Value {
        let request = self.request(Method::GET, &self.server.data_url(), path);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }
    pub(crate) async fn post(&self, body: Value) -> (StatusCode, Value) {
        self.paper(Method::POST, "/v2/orders", Some(body)).await
    }
    pub(crate) async fn placed(&self, body: Value) -> Value {
        let (status, order) = self.post(body).await;
        assert_eq!(status, 200, "{order}");
        order
    }
    pub(crate) async fn order(&self, id: &str) -> Value {
        self.get(&format!("/v2/orders/{id}?nested=true")).await
    }
    pub(crate) async fn reaches(&self, order: &Value, status: &str) -> Value {
        let id = order["id"].as_str().unwrap();
        until(status, async || {
            Some(self.order(id).await).filter(|o| o["status"] == status)
        })
        .await
    }
    pub(crate) async fn fault(&self, body: Value) {
        let url = format!("{}/sim/faults", self.server.data_url());
        let answer = self
            .http
            .post(url)
            .bearer_auth(ADMIN)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }
    /// Buys at the market and waits for the end of it.
    pub(crate) async fn bought(&self, symbol: &str, qty: &str) -> Value {
        let force = if symbol.contains('/') { "gtc" } else { "day" };
        let body =
            json!({"symbol": symbol, "qty": qty, "side": "buy", "type": "market", "time_in_force": force});
        let order = self.placed(body).await;
        self.reaches(&order, "filled").await
    }
    /// A price that many percent of the ask of a share.
    pub(crate) async fn price(&self, symbol: &str, percent: f64) -> String {
        let quotes = self
            .data(&format!("/v2/stocks/quotes/latest?symbols={symbol}"))
            .await;
        let ask = quotes["quotes"][symbol]["ap"].as_f64().unwrap();
        format!("{:.2}", ask * percent / 100.0)
    }
}

/// Asks again until there is an answer.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
