//! Who is connected to this process: a room per user, a peer per socket. Rooms are joined by the server only.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ordercast_model::{
    ids::{SessionId, UserId},
    instrument::Instrument,
    time::Timestamp,
    user::User,
};
use serde_json::json;
use socketioxide::{SendError, SocketError, extract::SocketRef};

use super::envelope::{Closing, Envelope};

/// Sockets of one user at most; the oldest is closed.
pub(super) const SOCKETS_MAX: usize = 20;

/// A symbol a peer watches.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    pub(super) venue: String,
    pub(super) instrument: Instrument,
    /// Time of the quote sent last.
    pub(super) sent: Option<Timestamp>,
}

/// One socket.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) socket: SocketRef,
    pub(super) session: SessionId,
    pub(super) expires_at: Timestamp,
    /// Has its first word; gets events.
    pub(super) ready: bool,
    /// Was told that its token runs out.
    pub(super) warned: bool,
    /// By symbol as asked for.
    pub(super) watches: BTreeMap<String, Watch>,
    /// Times of refused messages in the last minute.
    pub(super) refusals: Vec<Timestamp>,
}

/// The sockets of one user.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) user: User,
    /// Number of the last event sent to the room; none before the first look. Held while events are sent, so that
    /// nobody else sends between two of them.
    pub(super) cursor: tokio::sync::Mutex<Option<u64>>,
    /// By number of arrival, so the first is the oldest.
    peers: Mutex<BTreeMap<u64, Peer>>,
}

impl Room {
    pub(super) fn peers(&self) -> MutexGuard<'_, BTreeMap<u64, Peer>> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Sends to every socket that is ready. One that cannot keep up is closed: it catches up by its last number.
    pub(super) fn emit(&self, event: &Envelope<'_>) {
        let mut slow = Vec::new();
        for (number, peer) in self.peers().iter().filter(|(_, peer)| peer.ready) {
            if !send(&peer.socket, event) {
                slow.push(*number);
            }
        }
        for number in slow {
            let peer = self.peers().remove(&number);
            if let Some(peer) = peer {
                tracing::info!(user = %self.user.id, "socket closed: slow consumer");
                drop(peer.socket.disconnect());
            }
        }
    }
    /// Does something to one socket's peer, if it is still there.
    pub(super) fn with_peer<T>(&self, socket: &SocketRef, work: impl FnOnce(&mut Peer) -> T) -> Option<T> {
        self.peers()
            .values_mut()
            .find(|peer| peer.socket.id == socket.id)
            .map(work)
    }
}

/// Sends one event; false when the socket's queue is full.
pub(super) fn send(socket: &SocketRef, event: &Envelope<'_>) -> bool {
    match socket.emit(event.kind(), event) {
        Err(SendError::Socket(SocketError::InternalChannelFull)) => false,
        // A closed socket is taken out by its disconnect handler.
        Ok(()) | Err(_) => true,
    }
}

/// Says why, then closes.
pub(super) fn close(socket: SocketRef, why: Closing, at: Timestamp) {
    let mut data = json!({ "reason": why.reason(), "message": why.message() });
    if why == Closing::ServerShutdown
        && let Some(map) = data.as_object_mut()
    {
        map.insert("retry_after".to_owned(), json!(1));
    }
    send(&socket, &Envelope::plain("connection.closed", at, data));
    drop(socket.disconnect());
}

/// Every room of this process.
#[derive(Debug, Default)]
pub(super) struct Hub(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    rooms: BTreeMap<UserId, Arc<Room>>,
    arrivals: u64,
}

impl Hub {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Takes a socket in, not yet ready; gives its room and, when there are too many, the oldest, taken out.
    pub(super) fn enter(
        &self,
        user: &User,
        session: SessionId,
        expires_at: Timestamp,
        socket: SocketRef,
    ) -> (Arc<Room>, Option<SocketRef>) {
        let mut state = self.state();
        state.arrivals += 1;
        let number = state.arrivals;
        let room = state.rooms.entry(user.id).or_insert_with(|| {
            Arc::new(Room {
                user: user.clone(),
                cursor: tokio::sync::Mutex::new(None),
                peers: Mutex::new(BTreeMap::new()),
            })
        });
        let room = Arc::clone(room);
        let mut peers = room.peers();
        let oldest = if peers.len() >= SOCKETS_MAX {
            peers.pop_first()
        } else {
            None
        };
        peers.insert(
            number,
            Peer {
                socket,
                session,
                expires_at,
                ready: false,
                warned: false,
                watches: BTreeMap::new(),
                refusals: Vec::new(),
            },
        );
        drop(peers);
        (room, oldest.map(|(_, peer)| peer.socket))
    }
    /// Takes a socket out, and its room when it was the last.
    pub(super) fn leave(&self, user: UserId, socket: &SocketRef) {
        let mut state = self.state();
        let Some(room) = state.rooms.get(&user).cloned() else {
            return;
        };
        let mut peers = room.peers();
        peers.retain(|_, peer| peer.socket.id != socket.id);
        if peers.is_empty() {
            state.rooms.remove(&user);
        }
    }
    pub(super) fn room(&self, user: UserId) -> Option<Arc<Room>> {
        self.state().rooms.get(&user).cloned()
    }
    /// Every room, by user.
    pub(super) fn rooms(&self) -> Vec<Arc<Room>> {
        self.state().rooms.values().cloned().collect()
    }
    /// Every socket of a session, in whichever room.
    pub(super) fn sockets_of(&self, session: SessionId) -> Vec<SocketRef> {
        let of = |room: &Arc<Room>| -> Vec<SocketRef> {
            let peers = room.peers();
            let own = peers.values().filter(|peer| peer.session == session);
            own.map(|peer| peer.socket.clone()).collect()
        };
        self.rooms().iter().flat_map(of).collect()
    }
    /// Every socket.
    pub(super) fn sockets(&self) -> Vec<SocketRef> {
        let of = |room: &Arc<Room>| -> Vec<SocketRef> {
            room.peers().values().map(|peer| peer.socket.clone()).collect()
        };
        self.rooms().iter().flat_map(of).collect()
    }
}
