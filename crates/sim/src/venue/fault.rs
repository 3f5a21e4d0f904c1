//! Decides which trouble a request meets, on purpose. Refuses to make trouble nobody asked for.

use serde::{Deserialize, Serialize};

use crate::venue::refusal::Code;

/// Faults waiting at once; more are refused.
pub const FAULT_COUNT_MAX: usize = 100;

/// Kinds of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// New order.
    Submit,
    /// Cancel an order.
    Cancel,
    /// Change an order.
    Replace,
    /// Put or cancel a protection group.
    Group,
    /// Anything that changes nothing.
    Read,
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
    /// Done, then 500.
    ErrorAfter,
    /// Not done, 503.
    ErrorBefore,
    /// Not done, 429.
    RateLimit {
        /// Seconds.
        #[serde(default = "one")]
        retry_after: u32,
    },
    /// Done late.
    Delay {
        /// Wall time.
        millis: u32,
    },
    /// Done at once, answered late.
    DelayAnswer {
        /// Wall time.
        millis: u32,
    },
    /// Not done, not answered until cleared.
    Hang,
    /// Not done, refused.
    Refuse {
        /// With this code.
        code: Code,
        /// And this text.
        #[serde(default = "refused")]
        message: String,
    },
    /// Accepted, then rejected.
    Reject,
    /// At once: an instrument stops trading.
    Halt {
        /// Any spelling.
        symbol: String,
    },
    /// At once: it trades again.
    Resume {
        /// Any spelling.
        symbol: String,
    },
    /// The next events are told twice.
    DuplicateEvents,
    /// The next events are not told.
    SuppressEvents,
    /// At once: streams are closed.
    DisconnectStreams,
}

const fn one() -> u32 {
    1
}
fn refused() -> String {
    "refused by the venue".to_owned()
}

/// A wish for trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What.
    #[serde(flatten)]
    pub trouble: Trouble,
    /// Only this account's requests.
    #[serde(default)]
    pub account: Option<String>,
    /// Only these requests.
    #[serde(default)]
    pub route: Route,
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
    pub fn take(&mut self, account: Option<&str>, route: Route) -> Option<Trouble> {
        let fits = |w: &Waiting| {
            (w.fault.account.is_none() || w.fault.account.as_deref() == account)
                && (w.fault.route == Route::Any || w.fault.route == route)
                && (w.fault.trouble != Trouble::Reject || route == Route::Submit)
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
