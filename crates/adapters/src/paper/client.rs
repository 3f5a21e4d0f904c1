//! Requests to the paper venue: addresses, keys, deadlines. Decides when a request certainly never left; refuses to
//! know what an answer means.

use std::time::Duration;

use ordercast_model::secret::Secret;
use reqwest::{
    Method, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{
    config::{self, ConfigError, PaperConfig},
    error::{self, No},
};
use crate::{
    http::{self, Answer, Failure},
    meter::{self, Ask, Metered, Urgency},
};

/// The venue's HTTP side.
#[derive(Clone)]
pub(super) struct Client {
    line: Metered,
    urgency: Urgency,
    base: Url,
    submit_timeout: Duration,
    read_timeout: Duration,
}

impl Client {
    pub(super) fn new(config: &PaperConfig, line: Metered) -> Result<Self, ConfigError> {
        Ok(Self {
            line,
            urgency: Urgency::Read,
            base: config::base(config)?,
            submit_timeout: config.submit_timeout,
            read_timeout: config.read_timeout,
        })
    }

    /// The same for what matters more than a read.
    pub(super) fn at(&self, urgency: Urgency) -> Self {
        Self {
            urgency,
            ..self.clone()
        }
    }

    /// An address at the venue.
    pub(super) fn url(&self, segments: &[&str]) -> Url {
        http::under(&self.base, segments)
    }

    /// Reads; safe to repeat.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        url: Url,
        key: Option<&Secret<String>>,
    ) -> Result<T, No> {
        self.ask(Method::GET, url, key, None, self.read_timeout).await
    }

    /// Changes something; whether it is safe to repeat is the caller's to know.
    pub(super) async fn change<T: DeserializeOwned>(
        &self,
        method: Method,
        url: Url,
        key: Option<&Secret<String>>,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, No> {
        let body = body
            .map(serde_json::to_vec)
            .transpose()
            .map_err(|e| Failure::NotSent(format!("the request cannot be written: {e}")))?;
        self.ask(method, url, key, body, self.submit_timeout).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        url: Url,
        key: Option<&Secret<String>>,
        body: Option<Vec<u8>>,
        deadline: Duration,
    ) -> Result<T, No> {
        let answer = self.send(method, url, key, body, deadline).await?;
        if !(200..300).contains(&answer.status) {
            return Err(error::read(&answer));
        }
        serde_json::from_slice(&answer.body).map_err(|e| {
            No::Unclear(format!(
                "HTTP {} with an answer that does not read: {e}",
                answer.status
            ))
        })
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        key: Option<&Secret<String>>,
        body: Option<Vec<u8>>,
        deadline: Duration,
    ) -> Result<Answer, Failure> {
        let host = url.authority().to_owned();
        let account = url.path().split('/').nth(3).unwrap_or_default().to_owned();
        let orders = u32::from(method == Method::POST);
        let mut request = self.line.http.request(method, url).timeout(deadline);
        if let Some(key) = key {
            request = request.header(AUTHORIZATION, bearer(key)?);
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let ask = Ask {
            host: &host,
            account: &account,
            connection: None,
            urgency: self.urgency,
            weight: 1,
            orders,
        };
        meter::send(self.line.trading.as_ref(), ask, request).await
    }
}

/// The header that shows the key; marked so that no log prints it.
pub(super) fn bearer(key: &Secret<String>) -> Result<HeaderValue, Failure> {
    let text = Zeroizing::new(format!("Bearer {}", key.expose()));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Failure::NotSent("the account key holds characters no header can carry".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}
