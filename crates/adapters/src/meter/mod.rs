//! What may be asked of a vendor: every request takes its part of the allowances first. Decides who goes, who waits and
//! who is turned away; refuses to know what is asked.

mod breaker;
mod redis;
mod scope;
mod window;

use std::{sync::Arc, time::Duration};

use ordercast_model::{
    ids::ConnectionId,
    ports::{
        allowance::{Allowance, Headroom, Strain},
        clock::Clock,
    },
    time::Timestamp,
};
use tokio::sync::mpsc;

pub use self::redis::{LogError, RedisLog};
use self::{breaker::Breakers, scope::Scopes};
use crate::http::{Answer, Failure};

/// How long a cancel or an exit waits for its turn before its caller is told to come back.
const EXIT_PATIENCE: Duration = Duration::from_secs(5);
/// The shortest and the longest rest that a vendor may ask for.
const REST_MIN: Duration = Duration::from_millis(100);
const REST_MAX: Duration = Duration::from_secs(3 * 86_400);
/// Words about strain that wait to be told. When full a word is lost; it is said again when use rises again.
const STRAINS_MAX: usize = 256;

/// How much a request matters, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// Cancels, exits, protection.
    Exit,
    /// Orders that open, and what became of an order.
    Order,
    /// Everything else.
    Read,
}

/// Who wants to ask what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// The host that is asked.
    pub(crate) host: &'a str,
    /// The account in whose name.
    pub(crate) account: &'a str,
    /// Who is told when much is used.
    pub(crate) connection: Option<ConnectionId>,
    /// How much it matters.
    pub(crate) urgency: Urgency,
    /// What it weighs, where the vendor weighs requests.
    pub(crate) weight: u32,
    /// Orders it places.
    pub(crate) orders: u32,
}

/// Makes the meters of a program, which share what they know.
pub struct Budget {
    clock: Arc<dyn Clock>,
    shared: Option<Arc<RedisLog>>,
    headroom: Headroom,
    strain: mpsc::Sender<Strain>,
}

impl Budget {
    /// A budget, and where it tells of strain. `shared` counts together with other processes.
    #[must_use]
    pub fn new(
        clock: Arc<dyn Clock>,
        headroom: Headroom,
        shared: Option<Arc<RedisLog>>,
    ) -> (Self, mpsc::Receiver<Strain>) {
        let (strain, told) = mpsc::channel(STRAINS_MAX);
        let budget = Self {
            clock,
            shared,
            headroom,
            strain,
        };
        (budget, told)
    }
    /// How much of vendors' allowances is taken.
    #[must_use]
    pub const fn headroom(&self) -> Headroom {
        self.headroom
    }
    /// The meter of a group of requests at a venue. Two meters of one name count apart in this process: share it.
    #[must_use]
    pub fn meter(&self, name: &str, venue: &str, allowances: Vec<Allowance>) -> Arc<Meter> {
        Arc::new(Meter {
            venue: venue.to_owned(),
            clock: self.clock.clone(),
            breakers: Breakers::default(),
            scopes: Scopes::new(name, allowances, self.shared.clone()),
            strain: self.strain.clone(),
        })
    }
}

/// The allowances of one group of requests at a venue, and the breaker of each of its hosts.
pub struct Meter {
    venue: String,
    clock: Arc<dyn Clock>,
    breakers: Breakers,
    scopes: Scopes,
    strain: mpsc::Sender<Strain>,
}

impl Meter {
    /// What it counts.
    #[must_use]
    pub fn allowances(&self) -> &[Allowance] {
        self.scopes.allowances()
    }

    /// Leave for one request. A cancel or an exit waits a few seconds for its turn; anything else is told at once when its
    /// turn comes, so that whoever asked can look again whether it is still wanted.
    ///
    /// # Errors
    /// When the allowance is used up, or the host failed too often lately.
    pub(crate) async fn enter(&self, ask: Ask<'_>) -> Result<Pass<'_>, Failure> {
        let began = self.clock.monotonic();
        loop {
            let now = self.clock.monotonic();
            let shut = |after: Duration| {
                let why = format!("{} failed too often lately and rests", self.venue);
                Failure::Later(after, why)
            };
            self.breakers.look(ask.host, ask.urgency, now).map_err(shut)?;
            let wait = match self.scopes.take(&ask, now).await {
                Ok(used) => {
                    let trial = match self.breakers.enter(ask.host, ask.urgency, now) {
                        Ok(trial) => trial,
                        Err(after) => {
                            self.scopes.give_back(&used, &ask.account.into(), &ask, now);
                            return Err(shut(after));
                        }
                    };
                    self.told(&ask, used, now);
                    return Ok(Pass {
                        of: self,
                        host: ask.host.to_owned(),
                        account: ask.account.to_owned(),
                        trial: Some(trial),
                    });
                }
                Err(wait) => wait,
            };
            let waited = now.saturating_sub(began);
            if ask.urgency != Urgency::Exit || waited.saturating_add(wait) > EXIT_PATIENCE {
                return Err(Failure::Waiting(wait));
            }
            self.clock.sleep_until(self.clock.now().plus(wait)).await;
        }
    }

    fn told(&self, ask: &Ask<'_>, used: Vec<scope::Used>, now: Duration) {
        let Some(connection) = ask.connection else { return };
        for used in used {
            if !self.scopes.strains(&used, ask.account, now) {
                continue;
            }
            let strain = Strain {
                connection,
                venue: self.venue.clone(),
                used: used.used,
                ours: used.ours,
                window: used.window,
            };
            if self.strain.try_send(strain).is_err() {
                tracing::debug!(
                    venue = self.venue,
                    "a word about the rate limit is lost: too many wait"
                );
            }
        }
    }
}

/// Leave for one request; dropped without [`Pass::done`] nothing is known of the host.
pub(crate) struct Pass<'a> {
    of: &'a Meter,
    host: String,
    account: String,
    trial: Option<breaker::Trial>,
}

impl Pass<'_> {
    /// What came of it: a refusal for asking too much is obeyed by everybody who shares the allowance, and failures count
    /// against the host.
    pub(crate) async fn done(mut self, outcome: &Result<Answer, Failure>) {
        let now = self.of.clock.monotonic();
        let good = matches!(outcome, Ok(answer) if answer.status < 500);
        if let Some(trial) = self.trial.take() {
            self.of.breakers.tell(&self.host, trial, good, now);
        }
        let Ok(answer) = outcome else { return };
        self.of.scopes.heard(&self.account, &answer.used, now);
        if matches!(answer.status, 429 | 418) {
            let until = |at| Timestamp::from_seconds(at).since(self.of.clock.now());
            let told = answer
                .retry_after
                .or(answer.reset.map(until))
                .map(|t| t.clamp(REST_MIN, REST_MAX));
            let rest = self.of.scopes.rest(&self.account, told, now).await;
            tracing::warn!(
                venue = self.of.venue,
                status = answer.status,
                seconds = rest.as_secs(),
                "the vendor asks for a rest"
            );
        } else {
            self.of.scopes.went_well(&self.account);
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Some(trial) = self.trial.take() {
            self.of.breakers.forget(&self.host, trial);
        }
    }
}

/// An HTTP client with the meters of its requests.
#[derive(Clone)]
pub struct Metered {
    pub(crate) http: reqwest::Client,
    pub(crate) trading: Option<Arc<Meter>>,
    pub(crate) data: Option<Arc<Meter>>,
}

impl Metered {
    /// Requests that trade and requests for market data, counted apart.
    #[must_use]
    pub fn new(http: reqwest::Client, trading: Arc<Meter>, data: Option<Arc<Meter>>) -> Self {
        Self {
            http,
            trading: Some(trading),
            data,
        }
    }
}

impl From<reqwest::Client> for Metered {
    /// Nothing is counted.
    fn from(http: reqwest::Client) -> Self {
        Self {
            http,
            trading: None,
            data: None,
        }
    }
}

/// Sends a request when its meter lets it.
///
/// # Errors
/// When it was held back, or there is no answer.
pub(crate) async fn send(
    meter: Option<&Arc<Meter>>,
    ask: Ask<'_>,
    request: reqwest::RequestBuilder,
) -> Result<Answer, Failure> {
    let Some(meter) = meter else {
        return crate::http::send(request).await;
    };
    let pass = meter.enter(ask).await?;
    let outcome = crate::http::send(request).await;
    pass.done(&outcome).await;
    outcome
}

#[cfg(test)]
mod tests;
