//! Trouble on request: what a test or a control call can make the simulated Discord do wrong.

use super::core::Core;
use super::timer;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::Instant;

/// One piece of trouble. As JSON: `{"kind":"close","code":4000}`, `{"kind":"drop","count":2}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Closes every gateway connection with this code; sessions stay resumable.
    Close { code: u16 },
    /// Asks every client to reconnect (op 7).
    Reconnect,
    /// Declares every session invalid (op 9); when not resumable the sessions are forgotten.
    Invalidate { resumable: bool },
    /// Asks every client for a heartbeat at once (op 1).
    AskHeartbeat,
    /// Loses the next dispatches of every session: counted in the sequence, never sent.
    Drop { count: u32 },
    /// Sends the next dispatches twice.
    Duplicate { count: u32 },
    /// Holds every gateway frame back this long; zero ends it.
    Delay { millis: u64 },
    /// Breaks every connection in the middle of its next dispatch's frame.
    Cut,
    /// Stops answering heartbeats (`on`), so that clients see a dead connection.
    MuteHeartbeats { on: bool },
    /// Refuses new gateway connections (`on`).
    RefuseConnections { on: bool },
    /// Refuses messages in private channels (`on`), as somebody who takes none does.
    CloseDirects { on: bool },
    /// Answers the next REST calls with this status.
    RestError { status: u16, count: u32 },
    /// Answers REST calls with 429 for this long: of one route (as its path names it, `messages`, `members`), or of every
    /// one, as the global limit does.
    Limit { route: Option<String>, millis: u64 },
    /// Tells of the next messages by their ids alone, as Discord does of embeds it adds later.
    Partial { count: u32 },
}

impl Core {
    /// Makes trouble.
    pub(crate) fn trouble(&mut self, fault: &Fault) {
        match *fault {
            Fault::Close { code } => {
                for connection in self.hub.connections() {
                    self.hub.close(connection, code, "Closed on request.");
                }
            }
            Fault::Reconnect => self.everybody(r#"{"t":null,"s":null,"op":7,"d":null}"#),
            Fault::AskHeartbeat => self.everybody(r#"{"t":null,"s":null,"op":1,"d":null}"#),
            Fault::Invalidate { resumable } => self.hub.invalidate(resumable),
            Fault::Drop { count } => self.hub.trouble.drop_left = count,
            Fault::Duplicate { count } => self.hub.trouble.duplicate_left = count,
            Fault::Delay { millis } => self.hub.trouble.delay = Duration::from_millis(millis),
            Fault::Cut => self.hub.trouble.cut = true,
            Fault::MuteHeartbeats { on } => self.hub.trouble.mute_heartbeats = on,
            Fault::RefuseConnections { on } => self.hub.trouble.refuse_connections = on,
            Fault::CloseDirects { on } => self.hub.trouble.close_directs = on,
            Fault::RestError { status, count } => {
                self.hub.trouble.rest_error = (count > 0).then_some((status, count));
            }
            Fault::Limit { ref route, millis } => {
                let until = timer::now() + Duration::from_millis(millis);
                self.hub.trouble.limit = Some((route.clone(), until));
            }
            Fault::Partial { count } => self.hub.trouble.partial_left = count,
        }
    }

    fn everybody(&mut self, text: &str) {
        for connection in self.hub.connections() {
            self.hub.plain(connection, text);
        }
    }
}

/// The trouble in force.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    pub(crate) drop_left: u32,
    pub(crate) duplicate_left: u32,
    pub(crate) delay: Duration,
    pub(crate) cut: bool,
    pub(crate) mute_heartbeats: bool,
    pub(crate) refuse_connections: bool,
    pub(crate) close_directs: bool,
    pub(crate) rest_error: Option<(u16, u32)>,
    /// Part of the path that is limited (none: all), and until when.
    pub(crate) limit: Option<(Option<String>, Instant)>,
    pub(crate) partial_left: u32,
}

impl Trouble {
    /// The status the next REST call must fail with, if any.
    pub(crate) fn take_rest_error(&mut self) -> Option<u16> {
        let (status, left) = self.rest_error?;
        self.rest_error = left.checked_sub(1).filter(|n| *n > 0).map(|n| (status, n));
        Some(status)
    }

    /// How long the limit on calls of this path still holds; whether it is on every call.
    pub(crate) fn limited(&self, path: &str, now: Instant) -> Option<(Duration, bool)> {
        let (route, until) = self.limit.as_ref()?;
        let left = until.checked_duration_since(now).filter(|left| !left.is_zero())?;
        let meant = route.as_deref().is_none_or(|route| path.contains(route));
        meant.then_some((left, route.is_none()))
    }

    /// Whether the next message is told of by its ids alone.
    pub(crate) fn take_partial(&mut self) -> bool {
        let is_partial = self.partial_left > 0;
        self.partial_left = self.partial_left.saturating_sub(1);
        is_partial
    }

    /// Copies of the next dispatch to send: none, one or two.
    pub(crate) fn copies(&mut self) -> u32 {
        if self.drop_left > 0 {
            self.drop_left -= 1;
            return 0;
        }
        if self.duplicate_left > 0 {
            self.duplicate_left -= 1;
            return 2;
        }
        1
    }
}
