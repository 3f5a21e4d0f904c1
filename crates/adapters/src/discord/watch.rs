//! Watches how the gateway treats a shard. Decides when a connection counts as lost and whether the next one must wait;
//! refuses to know what the gateway says.

use std::{task::Poll, time::Duration};

use futures::StreamExt;
use twilight_gateway::{
    Message as Frame, Shard, ShardState, error::ReceiveMessageError, queue::InMemoryQueue,
};

use crate::backoff::Backoff;

/// A session that held this long was a good one: the next loss is answered at once.
const HELD_MIN: Duration = Duration::from_secs(30);
/// How often the shard may be looked at while it connects. A connection takes some ten looks; the library hides those that
/// end at once, and makes the next without a pause.
const LOOKS_MAX: u32 = 100;
/// How long a greeting may take, at first; each time in vain it may take longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a greeting may take at most.
const PATIENCE_MAX: Duration = Duration::from_secs(30);

/// How the gateway treats us. The library comes back at once after every loss; only the first one is answered so.
pub(super) struct Watch {
    /// The shard had a connection when it was looked at last.
    up: bool,
    /// How often it was looked at since, and had none.
    looks: u32,
    /// No greeting has come since the connection was lost.
    waiting: bool,
    patience: Duration,
    backoff: Backoff,
    /// Losses since a session held.
    losses: u32,
    /// Since when there is a session.
    session: Option<Duration>,
}

/// What a look at the shard brought.
pub(super) enum Heard {
    Item(Option<Result<Frame, ReceiveMessageError>>),
    /// The connection ended without a word.
    Lost,
    /// No greeting came in time.
    Silence,
}

impl Watch {
    pub(super) const fn new(backoff: Backoff) -> Self {
        Self {
            up: false,
            looks: 0,
            waiting: true,
            patience: PATIENCE,
            backoff,
            losses: 0,
            session: None,
        }
    }

    /// Whether a greeting is waited for, and how long that may take.
    pub(super) fn greeting(&self) -> (bool, Duration) {
        (self.waiting, self.patience)
    }

    /// The gateway spoke.
    pub(super) fn greeted(&mut self) {
        self.waiting = false;
    }

    /// It did not greet in time; it gets longer the next time.
    pub(super) fn bear(&mut self) {
        self.patience = (self.patience + PATIENCE).min(PATIENCE_MAX);
    }

    /// Waits before the next connection.
    pub(super) async fn pause(&mut self) {
        self.backoff.pause().await;
    }

    /// The next thing the shard says. It keeps a connection that just ends to itself; its state tells.
    pub(super) async fn next(&mut self, shard: &mut Shard<InMemoryQueue>) -> Heard {
        let (up, looks) = (&mut self.up, &mut self.looks);
        std::future::poll_fn(|cx| {
            if let Poll::Ready(item) = shard.poll_next_unpin(cx) {
                return Poll::Ready(Heard::Item(item));
            }
            let was = std::mem::replace(up, !is_lost(shard.state()));
            *looks = if *up { 0 } else { looks.saturating_add(1) };
            if (was && !*up) || *looks > LOOKS_MAX {
                return Poll::Ready(Heard::Lost);
            }
            Poll::Pending
        })
        .await
    }

    /// There is a session.
    pub(super) fn begin(&mut self, now: Duration) {
        self.session.get_or_insert(now);
        self.patience = PATIENCE;
    }

    /// The connection is lost, or could not be made; whether to wait before the next one.
    pub(super) fn lose(&mut self, now: Duration) -> bool {
        self.up = false;
        self.looks = 0;
        self.waiting = true;
        if self
            .session
            .take()
            .is_some_and(|since| now.saturating_sub(since) >= HELD_MIN)
        {
            self.losses = 0;
            self.backoff.reset();
        }
        self.losses = self.losses.saturating_add(1);
        self.losses > 1
    }
}

pub(super) const fn is_lost(state: ShardState) -> bool {
    matches!(state, ShardState::Disconnected { .. })
}
