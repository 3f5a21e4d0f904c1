//! Where messages come from and where they go: intake, which answers only when a message is stored.

use super::{BoxFuture, store::StoreError};
use crate::{signal::raw::RawMessage, time::Timestamp};

/// What intake did with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Stored, or known already: need not be offered again.
    Stored,
    /// Not from a channel or author that anybody follows; counted.
    Ignored,
    /// The store is away or the queue is full: offer it again later.
    Busy,
}

/// Takes source messages. Safe to repeat: the same revision is stored once.
pub trait Intake: Send + Sync {
    /// Stores the message; resolves when it is durable.
    fn take(&self, message: RawMessage) -> BoxFuture<'_, Taken>;
}

/// A channel by snowflake, and the newest message id that intake has dealt with; none when nothing was read yet.
pub type ChannelCursor = (String, Option<String>);

/// Where reading of each enabled channel stands, kept so that an outage can be read up on (PRODUCT SG-34).
pub trait Cursors: Send + Sync {
    /// The enabled Discord channels. Safe to repeat.
    fn channels(&self) -> BoxFuture<'_, Result<Vec<ChannelCursor>, StoreError>>;
    /// Everything up to this message of the channel is dealt with. An older id than the one kept changes nothing.
    /// Never fails: a lost step only means that a message is offered again. Safe to repeat.
    fn advance<'a>(&'a self, channel: &'a str, id: &'a str) -> BoxFuture<'a, ()>;
}

/// How a source is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceStatus {
    /// Whether messages arrive now.
    pub connected: bool,
    /// When anything of the source was seen last.
    pub last_event_at: Option<Timestamp>,
    /// Seconds without the source: of the present outage, else of the last one.
    pub gap_seconds: u64,
    /// What is wrong, in words.
    pub reason: Option<String>,
    /// Stable code of a fault that only the operator can mend (`missing_message_content`, `bad_token` ...).
    pub fatal: Option<&'static str>,
}
