//! Who leads where there must be one: the sequencer, schedules. Knows nothing of how the others are kept out.

use super::{BoxFuture, store::StoreError};

/// Leadership of one role, held until dropped or until the process dies.
pub trait Lead: Send + Sync {
    /// Rises each time the role changes hands; a later holder always has the higher number.
    fn fence(&self) -> u64;
    /// Whether it is still held: false once the connection that holds it is gone. Safe to repeat.
    fn confirm(&self) -> BoxFuture<'_, bool>;
}

/// Hands out leadership.
pub trait Leadership: Send + Sync {
    /// Takes the role when nobody holds it; none when somebody does. Safe to repeat.
    fn try_lead<'a>(&'a self, role: &'a str) -> BoxFuture<'a, Result<Option<Box<dyn Lead>>, StoreError>>;
    /// Takes the role from a holder that hangs; it is free then. Nothing where only one process can be. Safe to repeat.
    fn free<'a>(&'a self, _role: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
