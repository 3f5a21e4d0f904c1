//! Brings each user's own events to the user's sockets, in order and without gaps. The store's feed is the record;
//! a hint only says that it is worth a look, and a look is taken every two seconds without one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ordercast_app::publish;
use ordercast_model::{
    ids::UserId,
    ports::{
        bus::{Hint, HintSink},
        store::StoreError,
    },
    tenant::TenantScope,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    envelope::{Closing, Envelope},
    hub::{Hub, Room, close},
};
use crate::state::App;

/// Hints that wait at most. When full the hint is dropped and every room is looked at.
const HINTS_MAX: usize = 1_024;
/// Events read at a time.
const BATCH: u32 = 500;
/// A look is taken this often without a hint.
const IDLE: Duration = Duration::from_secs(2);

/// Takes hints without waiting.
pub(super) struct Ear {
    hints: mpsc::Sender<Hint>,
    overflow: Arc<AtomicBool>,
}

impl HintSink for Ear {
    fn hint(&self, hint: &Hint) {
        if matches!(hint, Hint::JournalGrew { .. } | Hint::SessionEnded { .. })
            && self.hints.try_send(hint.clone()).is_err()
        {
            self.overflow.store(true, Ordering::Release);
        }
    }
}

/// The other end of the ear.
pub(super) struct Pump {
    app: App,
    hub: Arc<Hub>,
    hints: mpsc::Receiver<Hint>,
    overflow: Arc<AtomicBool>,
}

pub(super) fn pair(app: App, hub: Arc<Hub>) -> (Ear, Pump) {
    let (sender, hints) = mpsc::channel(HINTS_MAX);
    let overflow = Arc::new(AtomicBool::new(false));
    let ear = Ear {
        hints: sender,
        overflow: Arc::clone(&overflow),
    };
    let pump = Pump {
        app,
        hub,
        hints,
        overflow,
    };
    (ear, pump)
}

impl Pump {
    /// Runs until the token is cancelled.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            let idle = self.app.ctx.clock.sleep_until(self.app.ctx.now().plus(IDLE));
            let hint = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                hint = self.hints.recv() => hint,
                () = idle => None,
            };
            match hint {
                Some(Hint::SessionEnded { session }) => {
                    for socket in self.hub.sockets_of(session) {
                        close(socket, Closing::Revoked, self.app.ctx.now());
                    }
                }
                Some(Hint::JournalGrew { users, .. }) => {
                    for user in users {
                        self.look(user).await;
                    }
                }
                _ => self.look_at_all().await,
            }
            if self.overflow.swap(false, Ordering::AcqRel) {
                self.look_at_all().await;
            }
        }
    }

    async fn look_at_all(&self) {
        for room in self.hub.rooms() {
            self.look(room.user.id).await;
        }
    }

    async fn look(&self, user: UserId) {
        if let Some(room) = self.hub.room(user) {
            let mut cursor = room.cursor.lock().await;
            if let Err(error) = catch_up(&self.app, &room, &mut cursor).await {
                tracing::warn!(%error, "feed: the store does not answer");
            }
        }
    }
}

/// Sends what is new to the room; gives the number of the last event sent. The room's cursor is held by the caller.
pub(super) async fn catch_up(app: &App, room: &Room, cursor: &mut Option<u64>) -> Result<u64, StoreError> {
    let mut last = match *cursor {
        Some(last) => last,
        None => head(app, room.user.id).await?,
    };
    *cursor = Some(last);
    let scope = TenantScope::of_user(&room.user);
    loop {
        let events = publish::feed(&app.ctx, &scope, last, BATCH).await?;
        let full = events.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX);
        for event in events {
            last = event.user_seq;
            room.emit(&Envelope::numbered(
                event.event,
                event.at,
                event.user_seq,
                event.data,
            ));
            *cursor = Some(last);
        }
        if !full {
            return Ok(last);
        }
    }
}

/// Number of the last event of a user; 0 before the first.
async fn head(app: &App, user: UserId) -> Result<u64, StoreError> {
    let heads = app.ctx.store.feed_heads(&[user]).await?;
    Ok(heads.first().map_or(0, |(_, last)| *last))
}
