//! Where messages come from and where they go: intake, which answers only when a message is stored.

use super::BoxFuture;
use crate::signal::raw::RawMessage;

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
