//! Hints between tasks and processes. A hint may be lost or doubled: the record is always the store.

use serde::{Deserialize, Serialize};

use super::BoxFuture;
use crate::ids::{SessionId, UserId};

/// Something happened that others may want to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Hint {
    /// Entries wait for the sequencer.
    JournalPending,
    /// The journal grew to this length; feeds of these users grew.
    JournalGrew {
        /// Entries in all.
        length: u64,
        /// Users with new feed entries.
        users: Vec<UserId>,
    },
    /// A session ended; its sockets must go.
    SessionEnded {
        /// Which.
        session: SessionId,
    },
    /// A kill, pause or lock changed.
    SwitchChanged,
    /// Something waits for the process that decides and sends: a message, or an errand for a lane.
    ErrandLeft,
}

/// Takes hints from the bus.
pub trait HintSink: Send + Sync {
    /// Called once per hint; must not block.
    fn hint(&self, hint: &Hint);
}

/// Carries hints to every listener of every process.
pub trait Bus: Send + Sync {
    /// Tells everybody. Never fails: a lost hint only delays.
    fn tell(&self, hint: Hint);
    /// Runs until dropped, handing every hint to the sink, reconnecting as needed.
    fn listen(&self, sink: std::sync::Arc<dyn HintSink>) -> BoxFuture<'static, ()>;
}
