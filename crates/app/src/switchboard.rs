//! The switches that are on, held in memory so that the last look before the wire costs nothing. The store is the
//! record; this is reread whenever a switch changes anywhere.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use ordercast_model::{
    ids::{CommunityId, ConnectionId, FollowId, ProviderId, UserId},
    limits::{Switch, SwitchScope},
    ports::store::{Store, StoreError, SystemQuery, find_any},
    tenant::SystemScope,
};

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

/// The switches that are on.
#[derive(Debug, Default)]
pub struct Switchboard(RwLock<Board>);

impl Switchboard {
    /// Reads all switches that are on. Safe to repeat.
    ///
    /// # Errors
    /// When the store does not answer; what was known stays.
    pub async fn reload(&self, store: &dyn Store) -> Result<(), StoreError> {
        let scope = SystemScope::housekeeping("switches stop orders of every tenant");
        loop {
            let changes = self.0.read().unwrap_or_else(PoisonError::into_inner).changes;
            let rows = find_any::<Switch>(store, scope, SystemQuery::SwitchesOn).await?;
            let mut board = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if board.changes == changes {
                board.on = rows.into_iter().map(|s| (s.key.clone(), s)).collect();
                return Ok(());
            }
        }
    }
    /// Takes a change in at once, before anybody is told that it is done.
    pub fn apply(&self, switch: &Switch) {
        let mut board = self.0.write().unwrap_or_else(PoisonError::into_inner);
        board.changes += 1;
        if switch.on {
            board.on.insert(switch.key.clone(), switch.clone());
        } else {
            board.on.remove(&switch.key);
        }
    }
    /// The switches that cover a concern, in stable order.
    #[must_use]
    pub fn covering(&self, concern: &Concern) -> Vec<Switch> {
        let board = self.0.read().unwrap_or_else(PoisonError::into_inner);
        board
            .on
            .values()
            .filter(|s| covers(&s.scope, concern))
            .cloned()
            .collect()
    }
    /// All that are on.
    #[must_use]
    pub fn all(&self) -> Vec<Switch> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .on
            .values()
            .cloned()
            .collect()
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
