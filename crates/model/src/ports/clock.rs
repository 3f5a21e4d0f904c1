//! Time and randomness, passed in.

use std::time::Duration;

use super::BoxFuture;
use crate::{
    ids::{Entropy, Id},
    time::Timestamp,
};

/// The wall clock.
pub trait Clock: Send + Sync {
    /// Now, UTC.
    fn now(&self) -> Timestamp;
    /// Time since the process began, never set back; tells a jump of the wall clock.
    fn monotonic(&self) -> Duration;
    /// Resolves at or after `at`; at once when it has passed. Safe to drop.
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()>;
}

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills the slice.
    fn fill(&self, out: &mut [u8]);
}

/// Makes a new identifier from a clock and a source of randomness.
pub fn new_id<I: Id>(clock: &dyn Clock, random: &dyn Random) -> I {
    let mut entropy: Entropy = [0; 10];
    random.fill(&mut entropy);
    I::new(clock.now(), entropy)
}
