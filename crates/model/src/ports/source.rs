//! Where messages come from and where they go: intake, which answers only when a message is stored.

use super::{BoxFuture, store::StoreError};
use crate::{signal::raw::RawMessage, time::Timestamp};

/// What intake did with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Stored: it is new.
    Stored,
    /// Known already, or nothing that could be acted on follows from it: need not be offered again.
    Known,
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

/// A message of a channel that is stored and was not deleted as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its id at the source.
    pub id: String,
    /// The thread it stands in.
    pub thread: Option<String>,
}

/// Where reading of each enabled channel stands, kept so that an outage can be read up on (PRODUCT SG-34).
pub trait Cursors: Send + Sync {
    /// The enabled Discord channels. Safe to repeat.
    fn channels(&self) -> BoxFuture<'_, Result<Vec<ChannelCursor>, StoreError>>;
    /// Everything up to this message of the channel is dealt with. An older id than the one kept changes nothing.
    /// Never fails: a lost step only means that a message is offered again. Safe to repeat.
    fn advance<'a>(&'a self, channel: &'a str, id: &'a str) -> BoxFuture<'a, ()>;
    /// Everything that was posted anywhere until this instant was heard, or is about to be read. Never fails: a lost step
    /// only makes the next gap look longer. Safe to repeat.
    fn heard(&self, until: Timestamp) -> BoxFuture<'_, ()>;
    /// The last instant that was told to `heard`, by this process or one before it. Safe to repeat.
    fn last_heard(&self) -> BoxFuture<'_, Result<Option<Timestamp>, StoreError>>;
    /// The newest messages of a channel and its threads that are stored and stand at the source as far as is known, from
    /// an id on; at most 500. What never was a message there (a signal given by command) is not among them. Safe to
    /// repeat.
    fn held<'a>(&'a self, channel: &'a str, from: &'a str) -> BoxFuture<'a, Result<Vec<Held>, StoreError>>;
    /// A channel was not heard for a while; what was missed is read by now. Tried again after an error, it may be told
    /// twice, never not at all.
    fn gap(&self, gap: Gap) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// A while in which a channel was not heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The channel, by snowflake.
    pub channel: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// When the messages were posted that intake took afterwards.
    pub read: Vec<Timestamp>,
    /// Edits taken afterwards.
    pub edited: u32,
    /// Deletions taken afterwards.
    pub deleted: u32,
    /// More was missed than is read up on.
    pub cut: bool,
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
