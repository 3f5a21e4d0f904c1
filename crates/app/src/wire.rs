//! What may have left this process: orders whose send has begun and whose answer is not written down yet. A stored order
//! that says pending was certainly never sent only when it was decided here and does not stand in this list.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ordercast_model::{
    ids::OrderId,
    order::intent::Order,
    planted::{Bug, planted},
    time::Timestamp,
};

/// Sends of this process that are not written down.
#[derive(Debug)]
pub struct Wire {
    since: Timestamp,
    begun: Mutex<BTreeSet<OrderId>>,
}

impl Wire {
    /// Of a process that begins now: whatever was decided before may have been sent by another.
    #[must_use]
    pub const fn new(since: Timestamp) -> Self {
        Self {
            since,
            begun: Mutex::new(BTreeSet::new()),
        }
    }
    fn begun(&self) -> MutexGuard<'_, BTreeSet<OrderId>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Whether the venue may hold an order that the store says is pending.
    #[must_use]
    pub fn may_have_left(&self, order: &Order) -> bool {
        let before = order.created_at <= self.since && !planted(Bug::ForgetTheWire);
        before || self.begun().contains(&order.id)
    }
    /// Whether this process has begun to send it and has not written the answer down.
    #[must_use]
    pub fn has_begun(&self, id: OrderId) -> bool {
        self.begun().contains(&id)
    }
    /// Its first byte leaves now.
    pub fn leaves(&self, id: OrderId) {
        self.begun().insert(id);
    }
    /// What became of it is written down.
    pub fn written(&self, id: OrderId) {
        self.begun().remove(&id);
    }
}
