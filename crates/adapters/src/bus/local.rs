//! Hints within one process. Decides what a listener that lags is told; refuses to keep anything.

use std::sync::Arc;

use ordercast_model::ports::{
    BoxFuture,
    bus::{Bus, Hint, HintSink},
};
use tokio::sync::broadcast::{self, error::RecvError};

/// Hints kept for a listener that is slow. A listener further behind loses the oldest and is told to look at
/// everything once.
const HELD_MAX: usize = 1_024;

/// What must be looked at when hints were lost.
pub(super) const LOST: [Hint; 2] = [Hint::JournalPending, Hint::SwitchChanged];

/// The bus of a single process.
#[derive(Clone)]
pub struct LocalBus(broadcast::Sender<Hint>);

impl Default for LocalBus {
    fn default() -> Self {
        Self::new()
    }
}

impl LocalBus {
    /// A bus without listeners.
    #[must_use]
    pub fn new() -> Self {
        Self(broadcast::channel(HELD_MAX).0)
    }
}

impl Bus for LocalBus {
    fn tell(&self, hint: Hint) {
        // Nobody listening is nobody to tell.
        let _unheard = self.0.send(hint);
    }

    fn listen(&self, sink: Arc<dyn HintSink>) -> BoxFuture<'static, ()> {
        // From here on nothing is missed, also before the future is first polled.
        let mut hints = self.0.subscribe();
        Box::pin(async move {
            loop {
                match hints.recv().await {
                    Ok(hint) => sink.hint(&hint),
                    Err(RecvError::Lagged(count)) => {
                        tracing::debug!(count, "a listener of the bus lags");
                        LOST.iter().for_each(|hint| sink.hint(hint));
                    }
                    // The bus is gone, but the future is to run until it is dropped.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Seen(Mutex<Vec<Hint>>);
    impl HintSink for Seen {
        fn hint(&self, hint: &Hint) {
            self.0.lock().unwrap().push(hint.clone());
        }
    }

    async fn heard(count: u64) -> Vec<Hint> {
        let bus = LocalBus::new();
        let seen = Arc::new(Seen::default());
        let listening = bus.listen(seen.clone());
        for length in 0..count {
            bus.tell(Hint::JournalGrew {
                length,
                users: Vec::new(),
            });
        }
        drop(bus);
        let settle = std::time::Duration::from_millis(20);
        let _never_ends = tokio::time::timeout(settle, listening).await;
        Arc::into_inner(seen).unwrap().0.into_inner().unwrap()
    }

    #[tokio::test]
    async fn every_listener_hears_what_is_told_after_it_came() {
        assert_eq!(heard(3).await.len(), 3);
    }

    #[tokio::test]
    async fn a_lagging_listener_is_told_to_look_and_goes_on() {
        let hints = heard(HELD_MAX as u64 + 5).await;
        assert_eq!(hints.first(), Some(&Hint::JournalPending));
        assert_eq!(hints.len(), HELD_MAX + LOST.len());
    }
}
