//! How many messages are stored and not yet dealt with, and the way to wake who deals with them (PRODUCT SG-35). Intake
//! asks before it takes another; what was taken is never dropped.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Messages that may wait. Beyond it webhooks are told to come again and Discord is not read on.
pub const WAITING_MAX: u64 = 10_000;

/// The queue between intake and the pipeline, as this process sees it: the store holds the messages, this counts them.
#[derive(Debug, Default)]
pub struct Backlog {
    waiting: AtomicU64,
    wake: Notify,
}

impl Backlog {
    /// Whether intake must wait.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= WAITING_MAX
    }
    /// So many messages were stored.
    pub fn add(&self, count: u64) {
        self.waiting.fetch_add(count, Ordering::Relaxed);
        self.wake.notify_one();
    }
    /// So many were dealt with; when `all`, none is left.
    pub fn remove(&self, count: u64, all: bool) {
        let left = |waiting: u64| Some(if all { 0 } else { waiting.saturating_sub(count) });
        let _ = self
            .waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, left);
    }
    /// Resolves when something was stored.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_full_at_its_limit_and_opens_again() {
        let backlog = Backlog::default();
        backlog.add(WAITING_MAX - 1);
        assert!(!backlog.is_full());
        backlog.add(1);
        assert!(backlog.is_full());
        backlog.remove(50, false);
        assert!(!backlog.is_full());
        backlog.remove(0, true);
        backlog.remove(1, false);
        backlog.add(1);
        assert!(!backlog.is_full());
    }
}
