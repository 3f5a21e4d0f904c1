//! Requests to Alpaca: hosts, headers, deadlines. Decides which host a credential is shown to; refuses to know what an
//! answer means.

use std::{sync::Arc, time::Duration};

use ordercast_model::{ids::ConnectionId, ports::broker::Access, secret::Secret};
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
use crate::{
    http::{self, Answer, Failure},
    meter::{self, Ask, Metered, Urgency},
};

/// Credential field with the id of the key.
pub(super) const KEY_ID: &str = "key_id";
/// Credential field with the key's secret.
pub(super) const SECRET_KEY: &str = "secret_key";
/// Credential field of an account that was connected by OAuth.
pub(super) const ACCESS_TOKEN: &str = "access_token";

const HEADER_ID: HeaderName = HeaderName::from_static("apca-api-key-id");
const HEADER_SECRET: HeaderName = HeaderName::from_static("apca-api-secret-key");

/// What is shown.
#[derive(Clone, Copy)]
enum Proof<'a> {
    /// A pair of keys.
    Key(&'a Secret<String>, &'a Secret<String>),
    /// A token.
    Token(&'a Secret<String>),
}

/// Who asks.
#[derive(Clone, Copy)]
pub(super) struct Who<'a> {
    proof: Proof<'a>,
    /// Whose requests they are counted as: the account, or the key's id while no account is known.
    counted: &'a str,
    connection: Option<ConnectionId>,
}

impl<'a> Who<'a> {
    /// What a credential shows.
    pub(super) fn of(access: &'a Access) -> Result<Self, No> {
        let field = |name: &str| access.fields.get(name);
        let proof = match (field(ACCESS_TOKEN), field(KEY_ID), field(SECRET_KEY)) {
            (Some(token), ..) => Proof::Token(token),
            (None, Some(id), Some(secret)) => Proof::Key(id, secret),
            _ => {
                return Err(No::Unauthorised(format!(
                    "the credential lacks {KEY_ID} and {SECRET_KEY}"
                )));
            }
        };
        let counted = match (access.account_id.as_str(), proof) {
            ("", Proof::Key(id, _)) => id.expose(),
            (account, _) => account,
        };
        Ok(Self {
            proof,
            counted,
            connection: Some(access.connection_id),
        })
    }

    /// A key of our own, which belongs to no connection.
    pub(super) fn key(id: &'a Secret<String>, secret: &'a Secret<String>) -> Self {
        Self {
            proof: Proof::Key(id, secret),
            counted: id.expose(),
            connection: None,
        }
    }

    fn sign(self, request: RequestBuilder) -> Result<RequestBuilder, Failure> {
        Ok(match self.proof {
            Proof::Key(id, secret) => request
                .header(HEADER_ID, hidden(id.expose())?)
                .header(HEADER_SECRET, hidden(secret.expose())?),
            Proof::Token(token) => {
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
    line: Metered,
    urgency: Urgency,
    pub(super) hosts: Arc<Hosts>,
    submit_timeout: Duration,
    read_timeout: Duration,
}

impl Client {
    pub(super) fn new(config: &AlpacaConfig, line: Metered) -> Result<Self, ConfigError> {
        Ok(Self {
            line,
            urgency: Urgency::Read,
            hosts: Arc::new(Hosts::of(config)?),
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

    /// Sends when the allowance of whoever asks has room; market data is counted apart.
    async fn send(&self, request: RequestBuilder, who: Who<'_>, orders: u32) -> Result<Answer, Failure> {
        let (client, request) = who.sign(request)?.build_split();
        let request = request.map_err(|e| Failure::NotSent(e.without_url().to_string()))?;
        let host = request.url().authority().to_owned();
        let data = request.url().origin() == self.hosts.data.origin();
        let meter = if data { &self.line.data } else { &self.line.trading };
        let ask = Ask {
            host: &host,
            account: who.counted,
            // The feed of quotes uses what it may all the time: nobody is told.
            connection: who.connection.filter(|_| !data),
            urgency: self.urgency,
            weight: 1,
            orders,
        };
        meter::send(meter.as_ref(), ask, RequestBuilder::from_parts(client, request)).await
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
        let request = self
            .line
            .http
            .request(Method::GET, url)
            .timeout(self.read_timeout);
        let answer = self.send(request, who, 0).await?;
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
            .line
            .http
            .request(Method::POST, url)
            .timeout(self.submit_timeout)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let answer = self.send(request, who, 1).await?;
        parse(Call::Place, &answer)
    }

    /// Cancels; safe to repeat. Alpaca answers without a body.
    pub(super) async fn delete(&self, url: Url, who: Who<'_>) -> Result<(), No> {
        let request = self
            .line
            .http
            .request(Method::DELETE, url)
            .timeout(self.submit_timeout);
        let answer = self.send(request, who, 0).await?;
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
