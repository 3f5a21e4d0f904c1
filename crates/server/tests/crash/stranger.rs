//! Somebody who is no part of the program: reads the addresses it prints, posts by Discord's REST, reads quotes.

use std::{collections::BTreeMap, time::Duration};

use reqwest::{Client, Method, StatusCode};
use rust_decimal::Decimal;
use serde_json::Value;

use super::program::{Program, pause};

/// A provider's channel and the token of the bot that posts there.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) channel: String,
    token: String,
}

/// What the demo prints about itself.
pub(crate) struct Stranger {
    http: Client,
    api: String,
    quotes: String,
    places: BTreeMap<String, Place>,
}

impl Stranger {
    /// Reads the printed addresses as soon as they stand there.
    pub(crate) async fn meets(program: &mut Program) -> Self {
        let mut lines = Vec::new();
        for _ in 0..600 {
            lines = program.lines();
            if lines.iter().any(|l| l.contains("Ctrl-C stops")) {
                break;
            }
            assert!(program.is_alive(), "the demo ended: {lines:?}");
            pause(Duration::from_millis(100)).await;
        }
        let after = |label: &str| {
            let line = lines.iter().find_map(|l| l.trim_start().strip_prefix(label));
            line.unwrap_or_else(|| panic!("{label} is not printed: {lines:#?}"))
                .trim()
                .to_owned()
        };
        Self {
            http: client(),
            api: after("Simulated Discord"),
            quotes: after("Market quotes"),
            places: lines.iter().filter_map(|line| place(line)).collect(),
        }
    }

    /// Of the cast's world as it stands at these addresses.
    pub(crate) fn of_cast(seed: u64, api: String, quotes: String) -> Self {
        let world = ordercast_sim::cast::world(seed);
        let places = ordercast_sim::cast::PROVIDERS.iter().map(|provider| {
            let bot = world.bot(provider.user).expect("a provider is a bot");
            let place = Place {
                channel: provider.channel.to_string(),
                token: bot.token.clone(),
            };
            (provider.channel_name.to_owned(), place)
        });
        Self {
            http: client(),
            api,
            quotes,
            places: places.collect(),
        }
    }

    /// The place of a channel by its name.
    pub(crate) fn place(&self, name: &str) -> &Place {
        self.places
            .get(name)
            .unwrap_or_else(|| panic!("#{name} is not printed: {:?}", self.places.keys()))
    }

    /// One call, repeated as long as Discord says to wait.
    pub(crate) async fn call(
        &self,
        method: Method,
        place: &Place,
        message: Option<&str>,
        body: Option<String>,
    ) -> (StatusCode, Value) {
        let mut url = format!("{}/channels/{}/messages", self.api, place.channel);
        if let Some(message) = message {
            url = format!("{url}/{message}");
        }
        loop {
            let mut request = self
                .http
                .request(method.clone(), &url)
                .header("authorization", format!("Bot {}", place.token));
            if let Some(body) = &body {
                request = request
                    .header("content-type", "application/json")
                    .body(body.clone());
            }
            let answer = request.send().await.expect("the simulated Discord answers");
            let status = answer.status();
            let text = answer.text().await.expect("an answer with a body");
            let value: Value = serde_json::from_str(&text).unwrap_or_default();
            if status != StatusCode::TOO_MANY_REQUESTS {
                return (status, value);
            }
            let wait = value["retry_after"].as_f64().unwrap_or(1.0);
            pause(Duration::from_secs_f64(wait + 0.05)).await;
        }
    }

    /// Posts and gives the new message's id.
    pub(crate) async fn post(&self, place: &Place, body: &Value) -> String {
        let (status, answer) = self.call(Method::POST, place, None, Some(body.to_string())).await;
        assert!(status.is_success(), "{body}: {status} {answer}");
        answer["id"].as_str().expect("a message has an id").to_owned()
    }

    /// Bid and ask of a symbol as the market has it now.
    pub(crate) async fn quote(&self, symbol: &str) -> (Decimal, Decimal) {
        let answer = self
            .http
            .get(&self.quotes)
            .query(&[("symbols", symbol)])
            .send()
            .await
            .expect("the market answers");
        let value: Value = answer.json().await.expect("quotes as JSON");
        let price = |field: &str| {
            let text = value["quotes"][0][field].as_str();
            text.unwrap_or_else(|| panic!("{symbol} is not quoted: {value}"))
                .parse()
                .expect("a decimal")
        };
        (price("bid"), price("ask"))
    }
}

/// `  Mara Bell        #share-calls    <channel>  <token>`
fn place(line: &str) -> Option<(String, Place)> {
    let (_, rest) = line.split_once('#')?;
    let mut words = rest.split_whitespace();
    let (name, channel, token) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || !channel.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let place = Place {
        channel: channel.to_owned(),
        token: token.to_owned(),
    };
    Some((name.to_owned(), place))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a stranger brings a client of their own"
)]
pub(crate) fn client() -> Client {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(Duration::from_secs(20))
        // An answer is read as it is, cookies included.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("an HTTP client")
}
