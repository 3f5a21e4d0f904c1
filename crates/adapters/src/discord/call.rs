//! One REST call to Discord at a time it allows. Decides how long a refused call waits and what a status means; refuses
//! to know what is asked.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ordercast_model::{ports::clock::Clock, secret::Secret};
use reqwest::{
    Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, USER_AGENT},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use twilight_http::{request::Method, routing::Route};

use super::{
    config::Endpoint,
    error::{DiscordFault, Trouble, unreadable},
    limit::{Key, Limits, Told},
};

/// Discord's own address.
const DISCORD: &str = "https://discord.com/api/v10";
/// Who calls, in the form Discord asks for.
const AGENT: &str = concat!(
    "DiscordBot (https://discord.com, ",
    env!("CARGO_PKG_VERSION"),
    ") Ordercast"
);
/// How long one call may take once it is sent.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call waits in all for its turn; after that it is given up, and the turn is waited for all the same.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// The pause when a refusal does not say how long.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest pause that is believed.
const PAUSE_MAX: Duration = Duration::from_secs(86_400);

/// The body of a 429.
#[derive(Debug, Default, Deserialize)]
struct Refused {
    retry_after: Option<f64>,
}

/// The body of any other refusal.
#[derive(Debug, Default, Deserialize)]
struct Problem {
    code: Option<u64>,
}

/// A call whose turn it is.
pub(super) struct Turn {
    key: Key,
    method: Method,
    path: String,
    answer: bool,
    begun: Duration,
}

/// The way to Discord.
pub(super) struct Caller {
    http: reqwest::Client,
    base: String,
    token: Secret<String>,
    clock: Arc<dyn Clock>,
    limits: Mutex<Limits>,
    /// The token was refused: nothing is sent any more.
    dead: AtomicBool,
}

impl Caller {
    pub(super) fn new(endpoint: &Endpoint, http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        let base = endpoint.detour.as_ref().map(|detour| {
            let scheme = if detour.plain { "http" } else { "https" };
            format!("{scheme}://{}/api/v10", detour.host)
        });
        Self {
            http,
            base: base.unwrap_or_else(|| DISCORD.to_owned()),
            token: endpoint.token.clone(),
            clock,
            limits: Mutex::default(),
            dead: AtomicBool::new(false),
        }
    }

    /// Calls and reads the answer.
    pub(super) async fn read<T: DeserializeOwned>(&self, route: &Route<'_>) -> Result<T, Trouble> {
        let bytes = self.call(route, None).await?;
        serde_json::from_slice(&bytes).map_err(unreadable)
    }

    /// Calls. A call refused for being too early is sent again when Discord said, and not before; nothing else is.
    pub(super) async fn call(&self, route: &Route<'_>, body: Option<&Value>) -> Result<Vec<u8>, Trouble> {
        let turn = self.turn(route).await?;
        self.go(turn, body).await
    }

    /// Waits until the call may go.
    pub(super) async fn turn(&self, route: &Route<'_>) -> Result<Turn, Trouble> {
        let path = route.to_string();
        let method = route.method();
        let turn = Turn {
            key: Key::of(method.name(), &path),
            method,
            // Answers to people are counted apart, and their tokens say who may give them.
            answer: path.starts_with("interactions/") || path.starts_with("webhooks/"),
            path,
            begun: self.clock.monotonic(),
        };
        self.wait(&turn).await?;
        Ok(turn)
    }

    /// Makes the call whose turn it is.
    pub(super) async fn go(&self, turn: Turn, body: Option<&Value>) -> Result<Vec<u8>, Trouble> {
        loop {
            let response = self.send(&turn, body).await?;
            let status = response.status().as_u16();
            if status != 429 {
                self.learn(&turn.key, response.headers());
                let bytes = response.bytes().await.map_err(away)?;
                return match status {
                    200..=299 => Ok(bytes.to_vec()),
                    _ => Err(self.trouble(status, &bytes, turn.answer)),
                };
            }
            let everything = !is_of_route(response.headers());
            let span = pause(response).await;
            tracing::info!(key = ?turn.key, everything, ?span, "Discord asks to wait");
            let now = self.clock.monotonic();
            self.limits().rest(turn.key.clone(), everything, span, now);
            self.wait(&turn).await?;
        }
    }

    fn limits(&self) -> std::sync::MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait(&self, turn: &Turn) -> Result<(), Trouble> {
        loop {
            if self.dead.load(Ordering::Relaxed) {
                return Err(DiscordFault::BadToken.into());
            }
            let now = self.clock.monotonic();
            let Err(span) = self.limits().take(&turn.key, turn.answer, now) else {
                return Ok(());
            };
            if (now + span).saturating_sub(turn.begun) > WAIT_MAX {
                let seconds = span.as_secs();
                return Err(Trouble::Later(format!("Discord asks to wait {seconds} s")));
            }
            self.clock.sleep_until(self.clock.now().plus(span)).await;
        }
    }

    async fn send(&self, turn: &Turn, body: Option<&Value>) -> Result<Response, Trouble> {
        let method = turn.method.name().parse().map_err(unreadable)?;
        let mut request = self
            .http
            .request(method, format!("{}/{}", self.base, turn.path))
            .header(USER_AGENT, AGENT)
            .header(AUTHORIZATION, self.token.expose())
            .timeout(TIMEOUT);
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        request.send().await.map_err(away)
    }

    fn learn(&self, key: &Key, headers: &HeaderMap) {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<u32>().ok();
        let seconds = |name: &str| headers.get(name)?.to_str().ok()?.parse::<f64>().ok();
        let told = number("x-ratelimit-limit")
            .zip(number("x-ratelimit-remaining"))
            .zip(seconds("x-ratelimit-reset-after"));
        if let Some(((limit, left), reset_after)) = told {
            let told = Told {
                limit,
                left,
                reset_after: span(reset_after),
            };
            let now = self.clock.monotonic();
            self.limits().learn(key.clone(), told, now);
        }
    }

    fn trouble(&self, status: u16, body: &[u8], answer: bool) -> Trouble {
        let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
        match status {
            // The time to answer somebody is over; of the bot's own token it says nothing.
            401 if answer => Trouble::Gone,
            401 => {
                self.dead.store(true, Ordering::Relaxed);
                DiscordFault::BadToken.into()
            }
            _ => Trouble::of(status, problem.code),
        }
    }
}

/// Whether a refusal concerns its route alone. What does not say so (the global limit, and whatever stands before
/// Discord) concerns every call.
fn is_of_route(headers: &HeaderMap) -> bool {
    let scope = headers.get("x-ratelimit-scope").and_then(|s| s.to_str().ok());
    matches!(scope, Some("user" | "shared")) && !headers.contains_key("x-ratelimit-global")
}

/// How long a refusal asks to wait.
async fn pause(response: Response) -> Duration {
    let header = response.headers().get("retry-after");
    let header = header.and_then(|text| text.to_str().ok()?.parse::<f64>().ok());
    let body = response.bytes().await.unwrap_or_default();
    let told: Refused = serde_json::from_slice(&body).unwrap_or_default();
    told.retry_after.or(header).map_or(PAUSE, span)
}

/// Seconds as they are told, rounded up to a millisecond.
fn span(seconds: f64) -> Duration {
    let told = Duration::try_from_secs_f64(seconds).unwrap_or(PAUSE);
    told.min(PAUSE_MAX) + Duration::from_millis(1)
}

/// A call that got no answer. Its address is left out: it may hold a token of somebody's interaction.
fn away(why: reqwest::Error) -> Trouble {
    Trouble::Later(if why.is_timeout() {
        "Discord does not answer in time".to_owned()
    } else {
        format!("Discord cannot be called: {}", why.without_url())
    })
}
