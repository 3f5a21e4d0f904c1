//! The allowances of a group of requests, each counted per whoever shares it. Decides whether one request fits all of them;
//! refuses to know what it asks.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::ports::allowance::{Allowance, Shared, Unit};

use super::{
    Ask,
    redis::{Counted as Shares, RedisLog},
    window::Window,
};
use crate::http::Counted;

/// The longest rest that is assumed when a vendor does not say how long.
const REST_MAX: Duration = Duration::from_secs(60);
/// While the shared count does not answer each process takes no more than this part of what is ours.
const ALONE: u32 = 4;
/// How soon whoever was held back by that comes again.
const ALONE_AGAIN: Duration = Duration::from_secs(1);
/// Scopes that are kept; beyond it those of which nothing is known are forgotten.
const SCOPES_MAX: usize = 10_000;

/// How much of an allowance is used after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Used {
    at: usize,
    pub(super) used: u32,
    pub(super) ours: u32,
    pub(super) window: Duration,
}

struct Scope {
    window: Window,
    /// Refusals of the vendor in a row.
    refusals: u32,
    /// Who was told that much is used, when, and whether it eased since.
    told: BTreeMap<Arc<str>, (Duration, bool)>,
}

type Key = (usize, Arc<str>);

pub(super) struct Scopes {
    name: String,
    allowances: Vec<Allowance>,
    shared: Option<Arc<RedisLog>>,
    all: Mutex<BTreeMap<Key, Scope>>,
}

const fn cost(unit: Unit, ask: &Ask<'_>) -> u32 {
    match unit {
        Unit::Request => 1,
        Unit::Weight => ask.weight,
        Unit::Order => ask.orders,
    }
}

impl Scopes {
    pub(super) fn new(name: &str, allowances: Vec<Allowance>, shared: Option<Arc<RedisLog>>) -> Self {
        Self {
            name: name.to_owned(),
            allowances,
            shared,
            all: Mutex::default(),
        }
    }

    pub(super) fn allowances(&self) -> &[Allowance] {
        &self.allowances
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Key, Scope>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, at: usize, account: &str) -> Key {
        let shared = self.allowances.get(at).map(|a| a.shared);
        let id = if shared == Some(Shared::Account) {
            account
        } else {
            ""
        };
        (at, id.into())
    }

    fn with<T>(&self, at: usize, account: &str, now: Duration, act: impl FnOnce(&mut Scope) -> T) -> T {
        let key = self.key(at, account);
        let mut all = self.all();
        if all.len() >= SCOPES_MAX && !all.contains_key(&key) {
            all.retain(|_, scope| !scope.window.is_idle(now));
        }
        let allowance = self.allowances.get(at);
        let scope = all.entry(key).or_insert_with(|| Scope {
            window: allowance.map_or_else(
                || Window::new(1, 0, Duration::ZERO),
                |a| Window::new(a.ours, a.kept(), a.window()),
            ),
            refusals: 0,
            told: BTreeMap::new(),
        });
        act(scope)
    }

    /// Takes a part of every allowance; gives what is used then.
    ///
    /// # Errors
    /// How long to wait; then nothing is taken.
    pub(super) async fn take(&self, ask: &Ask<'_>, now: Duration) -> Result<Vec<Used>, Duration> {
        let who: Arc<str> = ask.account.into();
        let mut taken = Vec::with_capacity(self.allowances.len());
        for (at, allowance) in self.allowances.iter().enumerate() {
            let cost = cost(allowance.unit, ask);
            if cost == 0 {
                continue;
            }
            let mine = self.with(at, ask.account, now, |scope| {
                scope.window.take(&who, ask.urgency, cost, now)
            });
            let mine = match mine {
                Ok(used) => self.count(at, ask, cost, used).await,
                Err(wait) => {
                    self.give_back(&taken, &who, ask, now + wait);
                    return Err(wait);
                }
            };
            let used = Used {
                at,
                used: 0,
                ours: allowance.ours,
                window: allowance.window(),
            };
            match mine {
                Ok(sum) => taken.push(Used { used: sum, ..used }),
                Err(wait) => {
                    taken.push(used);
                    self.give_back(&taken, &who, ask, now + wait);
                    return Err(wait);
                }
            }
        }
        Ok(taken)
    }

    /// Gives back what a request took that did not leave.
    pub(super) fn give_back(&self, taken: &[Used], who: &Arc<str>, ask: &Ask<'_>, due: Duration) {
        for used in taken {
            self.with(used.at, ask.account, due, |scope| {
                scope.window.give_back(who, ask.urgency, due);
            });
        }
    }

    /// Asks the count that processes share, when there is one.
    async fn count(&self, at: usize, ask: &Ask<'_>, cost: u32, used: u32) -> Result<u32, Duration> {
        let (Some(shared), Some(allowance)) = (&self.shared, self.allowances.get(at)) else {
            return Ok(used);
        };
        match shared
            .take(&self.shared_key(at, ask.account), allowance, ask.urgency, cost)
            .await
        {
            Shares::Taken(sum) => Ok(sum),
            Shares::Wait(wait) => Err(wait),
            Shares::Away if used <= (allowance.ours / ALONE).max(1) => Ok(used),
            Shares::Away => Err(ALONE_AGAIN),
        }
    }

    fn shared_key(&self, at: usize, account: &str) -> String {
        let (at, id) = self.key(at, account);
        format!("{}:{at}:{id}", self.name)
    }

    /// Whether somebody is to be told that four fifths are used: once until use has eased, and once a stretch at most.
    pub(super) fn strains(&self, used: &Used, account: &str, now: Duration) -> bool {
        let much = u64::from(used.used) * 5 >= u64::from(used.ours) * 4;
        let eased = u64::from(used.used) * 5 < u64::from(used.ours) * 3;
        self.with(used.at, account, now, |scope| {
            let told = scope.told.get_mut(account);
            match told {
                Some((_, quiet)) if eased => {
                    *quiet = true;
                    false
                }
                Some((at, quiet)) if much && *quiet && now.saturating_sub(*at) >= used.window => {
                    (*at, *quiet) = (now, false);
                    true
                }
                None if much => {
                    scope.told.insert(account.into(), (now, false));
                    true
                }
                _ => false,
            }
        })
    }

    /// The vendor refused because too much was asked: nobody asks for as long as it says, or twice as long each time.
    pub(super) async fn rest(&self, account: &str, told: Option<Duration>, now: Duration) -> Duration {
        let mut longest = Duration::ZERO;
        for at in 0..self.allowances.len() {
            let span = self.with(at, account, now, |scope| {
                let guess = Duration::from_secs(1 << scope.refusals.min(6)).min(REST_MAX);
                scope.refusals = scope.refusals.saturating_add(1);
                let span = told.unwrap_or(guess);
                scope.window.rest(now + span);
                span
            });
            if let Some(shared) = &self.shared {
                shared.rest(&self.shared_key(at, account), span).await;
            }
            longest = longest.max(span);
        }
        longest
    }

    /// The vendor says what it has counted: what others behind the same address or account use is left to them.
    pub(super) fn heard(&self, account: &str, counted: &[Counted], now: Duration) {
        for said in counted {
            let of = |a: &Allowance| a.unit == said.unit && a.window_seconds == said.window_seconds;
            let Some(at) = self.allowances.iter().position(of) else {
                continue;
            };
            let Some(allowance) = self.allowances.get(at) else {
                continue;
            };
            let spare = allowance.vendor.saturating_sub(allowance.ours);
            self.with(at, account, now, |scope| {
                scope.window.heard(said.used, spare, now)
            });
        }
    }

    /// The vendor took a request.
    pub(super) fn went_well(&self, account: &str) {
        let mut all = self.all();
        for at in 0..self.allowances.len() {
            if let Some(scope) = all.get_mut(&self.key(at, account)) {
                scope.refusals = 0;
            }
        }
    }
}
