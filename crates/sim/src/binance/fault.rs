//! Trouble on request: what a test can make the server do wrong, and to which requests. Refuses to do it itself.

use serde::{Deserialize, Serialize};

/// Faults waiting at most.
pub const FAULT_COUNT_MAX: usize = 1_000;

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
    /// Done, then -1007.
    TimeoutAfter,
    /// Not done, 429 (or 418) with `Retry-After` in seconds.
    RateLimit {
        #[serde(default = "too_many")]
        status: u16,
        #[serde(default = "one")]
        retry_after: u32,
    },
    /// Done at once, answered late.
    DelayAnswer { millis: u32 },
    /// Not done, not answered until the faults are cleared.
    Hang,
    /// Not done, answered with this.
    Answer { status: u16, code: i64, message: String },
    /// At once: an instrument stops trading.
    Halt { symbol: String },
    /// At once: it trades again.
    Resume { symbol: String },
    /// At once: the server's clock is so far ahead from now on.
    Clock { ahead_millis: i64 },
    /// At once: the next events are told twice.
    DuplicateEvents,
    /// At once: the next events are not told.
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
const fn too_many() -> u16 {
    429
}

/// A wish for trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What.
    #[serde(flatten)]
    pub trouble: Trouble,
    /// Only requests of this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path ends like this.
    #[serde(default)]
    pub path: Option<String>,
    /// How many of them; 0 until cleared.
    #[serde(default = "one")]
    pub count: u32,
}

/// All that wait.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one; false when too many wait already.
    pub fn add(&mut self, fault: Fault) -> bool {
        let room = self.0.len() < FAULT_COUNT_MAX;
        if room {
            self.0.push(fault);
        }
        room
    }
    /// The oldest that fits a request; it has one less to go.
    pub fn take(&mut self, method: &str, path: &str) -> Option<Trouble> {
        let fits = |f: &Fault| {
            f.method.as_deref().is_none_or(|m| m == method)
                && f.path.as_deref().is_none_or(|p| path.ends_with(p))
        };
        let index = self.0.iter().position(fits)?;
        let fault = self.0.get_mut(index)?;
        let trouble = fault.trouble.clone();
        match fault.count {
            0 => {}
            1 => {
                self.0.remove(index);
            }
            more => fault.count = more - 1,
        }
        Some(trouble)
    }
    /// Those left.
    #[must_use]
    pub fn list(&self) -> &[Fault] {
        &self.0
    }
    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
