//! Trouble on request: what a test can make the server do wrong, and to which requests. Refuses to do it itself.

use serde::{Deserialize, Serialize};

use crate::alpaca::config::Environment;

/// Faults waiting at most.
pub const FAULT_COUNT_MAX: usize = 1_000;

/// Which requests a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `POST /v2/orders`.
    Submit,
    /// `DELETE /v2/orders...`.
    Cancel,
    /// `PATCH /v2/orders/{id}`.
    Replace,
    /// `GET /v2/orders...`.
    Orders,
    /// `/v2/positions`.
    Positions,
    /// `/v2/account/activities...`.
    Activities,
    /// `/v2/account`.
    Account,
    /// Clock, calendar, assets, contracts.
    Reference,
    /// The data host.
    Data,
    /// All of them.
    #[default]
    Any,
}

/// What happens to a request, or at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trouble {
    /// Done, then the line is cut.
    DropAnswer,
    /// Done, then an error.
    ErrorAfter {
        #[serde(default = "internal")]
        status: u16,
    },
    /// Not done, an error.
    ErrorBefore {
        #[serde(default = "unavailable")]
        status: u16,
    },
    /// Not done, 429 with `Retry-After` in seconds.
    RateLimit {
        #[serde(default = "one")]
        retry_after: u32,
    },
    /// Done late.
    Delay { millis: u32 },
    /// Done at once, answered late.
    DelayAnswer { millis: u32 },
    /// Not done, not answered until the faults are cleared.
    Hang,
    /// Not done, answered with this.
    Answer { status: u16, code: u32, message: String },
    /// Not done, a 503 with a page for people.
    Maintenance,
    /// Done; amounts in the answer are JSON numbers.
    Numbers,
    /// Done; what may be absent is `null`.
    Nulls,
    /// Done; what may be absent is missing.
    Missing,
    /// Received, then rejected.
    Reject,
    /// At once: an instrument stops trading.
    Halt { symbol: String },
    /// At once: it trades again.
    Resume { symbol: String },
    /// At once: an open order is told to be done until the next session; a fill is told all the same.
    DoneForDay { order: String },
    /// At once: the next messages are told twice.
    DuplicateEvents,
    /// At once: the next messages are not told.
    SuppressEvents,
    /// At once: the streams are closed.
    DisconnectStreams,
}

const fn one() -> u32 {
    1
}
const fn internal() -> u16 {
    500
}
const fn unavailable() -> u16 {
    503
}

/// A wish for trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What.
    #[serde(flatten)]
    pub trouble: Trouble,
    /// Only at this trading host.
    #[serde(default)]
    pub environment: Option<Environment>,
    /// Only requests with this key.
    #[serde(default)]
    pub key_id: Option<String>,
    /// Only these requests.
    #[serde(default)]
    pub route: Call,
    /// How many of them; 0 until cleared.
    #[serde(default = "one")]
    pub count: u32,
}

/// A fault that waits for its requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Counted from 1.
    pub id: u64,
    /// What was wished; `count` is what is left.
    #[serde(flatten)]
    pub fault: Fault,
}

/// All that wait.
#[derive(Debug, Default)]
pub struct Faults {
    waiting: Vec<Waiting>,
    made: u64,
}

impl Faults {
    /// Adds one; `None` when too many wait already.
    pub fn add(&mut self, fault: Fault) -> Option<Waiting> {
        if self.waiting.len() >= FAULT_COUNT_MAX {
            return None;
        }
        self.made += 1;
        let waiting = Waiting { id: self.made, fault };
        self.waiting.push(waiting.clone());
        Some(waiting)
    }
    /// The oldest that fits a request; it has one less to go.
    pub fn take(&mut self, environment: Option<Environment>, key_id: &str, call: Call) -> Option<Trouble> {
        let fits = |w: &Waiting| {
            (w.fault.environment.is_none() || w.fault.environment == environment)
                && w.fault.key_id.as_deref().is_none_or(|k| k == key_id)
                && (w.fault.route == Call::Any || w.fault.route == call)
        };
        let index = self.waiting.iter().position(fits)?;
        let waiting = self.waiting.get_mut(index)?;
        let trouble = waiting.fault.trouble.clone();
        match waiting.fault.count {
            0 => {}
            1 => {
                self.waiting.remove(index);
            }
            more => waiting.fault.count = more - 1,
        }
        Some(trouble)
    }
    /// Those left.
    #[must_use]
    pub fn list(&self) -> &[Waiting] {
        &self.waiting
    }
    /// Forgets all.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }
}
