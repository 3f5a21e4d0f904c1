//! The switches that are on, held in memory so that the last look before the wire costs nothing. The store is the
//! record; this is reread whenever a switch changes anywhere.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError, RwLock},
};

use ordercast_model::{
    ids::{CommunityId, ConnectionId, FollowId, ProviderId, UserId},
    limits::{Switch, SwitchScope},
    ports::store::{Store, StoreError, SystemQuery, find_any},
    tenant::SystemScope,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Whom an order concerns, for the question which switches cover it.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "named after what they point to")]
pub struct Concern {
    pub community: Option<CommunityId>,
    pub provider: Option<ProviderId>,
    pub user: Option<UserId>,
    pub follow: Option<FollowId>,
    pub connection: Option<ConnectionId>,
}

#[derive(Debug, Default)]
struct Board {
    on: BTreeMap<String, Switch>,
    /// Rises with every change taken in directly, so that a slower reading of the store never undoes one.
    changes: u64,
}

#[derive(Debug)]
struct Aloft {
    concern: Concern,
    opens: bool,
    stop: CancellationToken,
}

impl Aloft {
    fn is_stopped_by(&self, switch: &Switch) -> bool {
        (self.opens || switch.freeze) && covers(&switch.scope, &self.concern)
    }
}

#[derive(Debug, Default)]
struct Flights {
    count: u64,
    aloft: BTreeMap<u64, Aloft>,
}

/// The switches that are on, and the orders that are being sent at this moment.
#[derive(Debug, Default)]
pub struct Switchboard {
    board: RwLock<Board>,
    flights: Mutex<Flights>,
    landed: Notify,
    changed: Notify,
}

/// An order on its way to the venue; ends when dropped.
#[derive(Debug)]
pub struct Flight<'a> {
    switchboard: &'a Switchboard,
    number: u64,
    stop: CancellationToken,
}

impl Flight<'_> {
    /// Resolves when a switch that covers it is set: then no further byte may leave.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.switchboard.flights().aloft.remove(&self.number);
        self.switchboard.landed.notify_waiters();
    }
}

impl Switchboard {
    /// Reads all switches that are on. Safe to repeat.
    ///
    /// # Errors
    /// When the store does not answer; what was known stays.
    pub async fn reload(&self, store: &dyn Store) -> Result<(), StoreError> {
        let scope = SystemScope::housekeeping("switches stop orders of every tenant");
        loop {
            let changes = self.board.read().unwrap_or_else(PoisonError::into_inner).changes;
            let rows = find_any::<Switch>(store, scope, SystemQuery::SwitchesOn).await?;
            let mut board = self.board.write().unwrap_or_else(PoisonError::into_inner);
            if board.changes == changes {
                let known: Vec<(String, u64)> =
                    board.on.values().map(|s| (s.key.clone(), s.version)).collect();
                board.on = rows.into_iter().map(|s| (s.key.clone(), s)).collect();
                for switch in board.on.values() {
                    self.ground(switch);
                }
                if board
                    .on
                    .values()
                    .any(|s| !known.contains(&(s.key.clone(), s.version)))
                {
                    self.changed.notify_one();
                }
                return Ok(());
            }
        }
    }
    /// Takes a change in at once, before anybody is told that it is done.
    pub fn apply(&self, switch: &Switch) {
        let mut board = self.board.write().unwrap_or_else(PoisonError::into_inner);
        board.changes += 1;
        if switch.on {
            board.on.insert(switch.key.clone(), switch.clone());
            self.ground(switch);
            self.changed.notify_one();
        } else {
            board.on.remove(&switch.key);
        }
    }
    /// Resolves once a switch was set since this was asked last.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
    /// The switches that cover a concern, in stable order.
    #[must_use]
    pub fn covering(&self, concern: &Concern) -> Vec<Switch> {
        let board = self.board.read().unwrap_or_else(PoisonError::into_inner);
        board.covering(concern)
    }
    fn flights(&self) -> MutexGuard<'_, Flights> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The switches by which nothing leaves at all.
    #[must_use]
    pub fn frozen(&self) -> Vec<Switch> {
        let board = self.board.read().unwrap_or_else(PoisonError::into_inner);
        board.on.values().filter(|s| s.freeze).cloned().collect()
    }
    /// Lets an order go out, unless a switch covers it; one that closes or protects is held by a freeze only. Between this answer and a switch that is set later
    /// there is no gap: the switch stops the flight and waits for its end.
    ///
    /// # Errors
    /// The switches that cover it.
    pub fn depart(&self, concern: &Concern, opens: bool) -> Result<Flight<'_>, Vec<Switch>> {
        let board = self.board.read().unwrap_or_else(PoisonError::into_inner);
        let mut covering = board.covering(concern);
        covering.retain(|s| opens || s.freeze);
        if !covering.is_empty() {
            return Err(covering);
        }
        let mut flights = self.flights();
        flights.count += 1;
        let (number, stop) = (flights.count, CancellationToken::new());
        let aloft = Aloft {
            concern: *concern,
            opens,
            stop: stop.clone(),
        };
        flights.aloft.insert(number, aloft);
        Ok(Flight {
            switchboard: self,
            number,
            stop,
        })
    }
    fn ground(&self, switch: &Switch) {
        for aloft in self.flights().aloft.values() {
            if aloft.is_stopped_by(switch) {
                aloft.stop.cancel();
            }
        }
    }
    /// Resolves once nothing that a switch covers is being sent any more.
    pub async fn wait_for_landing(&self, switch: &Switch) {
        loop {
            let landed = self.landed.notified();
            tokio::pin!(landed);
            landed.as_mut().enable();
            let aloft = |ctx: &Self| ctx.flights().aloft.values().any(|a| a.is_stopped_by(switch));
            if !aloft(self) {
                return;
            }
            landed.await;
        }
    }
    /// All that are on.
    #[must_use]
    pub fn all(&self) -> Vec<Switch> {
        self.board
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .on
            .values()
            .cloned()
            .collect()
    }
}

impl Board {
    fn covering(&self, concern: &Concern) -> Vec<Switch> {
        let covering = self.on.values().filter(|s| covers(&s.scope, concern));
        covering.cloned().collect()
    }
}

fn covers(scope: &SwitchScope, concern: &Concern) -> bool {
    match scope {
        SwitchScope::Platform => true,
        SwitchScope::Community(id) => concern.community == Some(*id),
        SwitchScope::Provider(id) => concern.provider == Some(*id),
        SwitchScope::User(id) => concern.user == Some(*id),
        SwitchScope::Follow(id) => concern.follow == Some(*id),
        SwitchScope::Connection(id) => concern.connection == Some(*id),
    }
}
