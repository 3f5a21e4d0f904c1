//! Requests to Alpaca: hosts, headers, deadlines. Decides which host a credential is shown to; refuses to know what an
//! answer means.

use std::time::Duration;

use ordercast_model::{ports::broker::Access, secret::Secret};
use reqwest::{
    Method, RequestBuilder, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{
    config::{AlpacaConfig, ConfigError, Hosts},
    error::{self, Call, No},
};
use crate::http::{self, Answer, Failure};

/// Credential field with the id of the key.
pub(super) const KEY_ID: &str = "key_id";
/// Credential field with the key's secret.
pub(super) const SECRET_KEY: &str = "secret_key";
/// Credential field of an account that was connected by OAuth.
pub(super) const ACCESS_TOKEN: &str = "access_token";

const HEADER_ID: HeaderName = HeaderName::from_static("apca-api-key-id");
const HEADER_SECRET: HeaderName = HeaderName::from_static("apca-api-secret-key");

/// Who asks.
#[derive(Clone, Copy)]
pub(super) enum Who<'a> {
    /// A pair of keys.
    Key(&'a Secret<String>, &'a Secret<String>),
    /// A token.
    Token(&'a Secret<String>),
}

impl<'a> Who<'a> {
    /// What a credential shows.
    pub(super) fn of(access: &'a Access) -> Result<Self, No> {
        let field = |name: &str| access.fields.get(name);
        if let Some(token) = field(ACCESS_TOKEN) {
            return Ok(Self::Token(token));
        }
        match (field(KEY_ID), field(SECRET_KEY)) {
            (Some(id), Some(secret)) => Ok(Self::Key(id, secret)),
            _ => Err(No::Unauthorised(format!(
                "the credential lacks {KEY_ID} and {SECRET_KEY}"
            ))),
        }
    }

    fn sign(self, request: RequestBuilder) -> Result<RequestBuilder, Failure> {
        Ok(match self {
            Self::Key(id, secret) => request
                .header(HEADER_ID, hidden(id.expose())?)
                .header(HEADER_SECRET, hidden(secret.expose())?),
            Self::Token(token) => {
                let text = Zeroizing::new(format!("Bearer {}", token.expose()));
                request.header(AUTHORIZATION, hidden(&text)?)
            }
        })
    }
}

/// A header that no log prints.
fn hidden(text: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Failure::NotSent("the key holds characters that no header can carry".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Alpaca's HTTP side.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    pub(super) hosts: Hosts,
    submit_timeout: Duration,
    read_timeout: Duration,
}

impl Client {
    pub(super) fn new(config: &AlpacaConfig, http: reqwest::Client) -> Result<Self, ConfigError> {
        Ok(Self {
            http,
            hosts: Hosts::of(config)?,
            submit_timeout: config.submit_timeout,
            read_timeout: config.read_timeout,
        })
    }

    /// An address where the account is traded.
    pub(super) fn trading(&self, access: &Access, segments: &[&str]) -> Url {
        http::under(self.hosts.trading(access.mode), segments)
    }

    /// An address of market data.
    pub(super) fn data(&self, segments: &[&str]) -> Url {
        http::under(&self.hosts.data, segments)
    }

    /// Reads; safe to repeat.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: Url, who: Who<'_>) -> Result<T, No> {
        let request = self.http.request(Method::GET, url).timeout(self.read_timeout);
        let answer = http::send(who.sign(request)?).await?;
        parse(Call::Read, &answer)
    }

    /// Places an order; whether it is safe to repeat is the caller's to know.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        url: Url,
        who: Who<'_>,
        body: &(impl Serialize + Sync),
    ) -> Result<T, No> {
        let body = serde_json::to_vec(body)
            .map_err(|e| Failure::NotSent(format!("the request cannot be written: {e}")))?;
        let request = self
            .http
            .request(Method::POST, url)
            .timeout(self.submit_timeout)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let answer = http::send(who.sign(request)?).await?;
        parse(Call::Place, &answer)
    }

    /// Cancels; safe to repeat. Alpaca answers without a body.
    pub(super) async fn delete(&self, url: Url, who: Who<'_>) -> Result<(), No> {
        let request = self
            .http
            .request(Method::DELETE, url)
            .timeout(self.submit_timeout);
        let answer = http::send(who.sign(request)?).await?;
        if (200..300).contains(&answer.status) {
            return Ok(());
        }
        Err(error::read(Call::Cancel, &answer))
    }
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
