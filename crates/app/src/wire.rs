//! What may have left this process: orders whose send has begun and whose answer is not written down yet. A stored order
//! that says pending was certainly never sent only when it was decided here and its send has not begun. No wall clock is
//! asked, since one that is set back would make what another process left behind look like our own.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{
    ids::OrderId,
    order::intent::Order,
    planted::{Bug, planted},
};

/// What this process knows of an order it has sent.
#[derive(Debug, Clone, Copy)]
struct Sent {
    /// When it was last on the wire, by the clock that nobody sets; none when it was decided here and never was.
    last: Option<Duration>,
    /// What became of it is not written down yet.
    open: bool,
}

/// Sends of this process.
#[derive(Debug)]
pub struct Wire {
    began: Mutex<Duration>,
    sent: Mutex<BTreeMap<OrderId, Sent>>,
}

impl Wire {
    /// Of a process that begins now: whatever was decided before may have been sent by another.
    #[must_use]
    pub const fn new(began: Duration) -> Self {
        Self {
            began: Mutex::new(began),
            sent: Mutex::new(BTreeMap::new()),
        }
    }
    /// Another process may have sent until now, and what this one knew is of no worth any more.
    pub fn begin_again(&self, now: Duration) {
        *self.began.lock().unwrap_or_else(PoisonError::into_inner) = now;
        self.sent().clear();
    }
    fn sent(&self) -> MutexGuard<'_, BTreeMap<OrderId, Sent>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// It was decided here and is handed to its lane.
    pub fn decided(&self, id: OrderId) {
        let fresh = Sent {
            last: None,
            open: false,
        };
        self.sent().entry(id).or_insert(fresh);
    }
    /// Whether the venue may hold an order that the store says is pending.
    #[must_use]
    pub fn may_have_left(&self, order: &Order) -> bool {
        let known = self.sent().get(&order.id).copied();
        known.map_or(!planted(Bug::ForgetTheWire), |sent| sent.open)
    }
    /// Whether another process decided it and may have sent it, and this one has not yet.
    #[must_use]
    pub fn is_inherited(&self, id: OrderId) -> bool {
        !self.sent().contains_key(&id)
    }
    /// Whether this process has begun to send it and has not written the answer down.
    #[must_use]
    pub fn has_begun(&self, id: OrderId) -> bool {
        self.sent().get(&id).is_some_and(|sent| sent.open)
    }
    /// For how long certainly nothing of it was on the wire. Another process may have sent what it left behind until this
    /// one began.
    #[must_use]
    pub fn quiet(&self, order: &Order, monotonic: Duration) -> Duration {
        let last = self
            .sent()
            .get(&order.id)
            .and_then(|sent| sent.last)
            .unwrap_or_else(|| *self.began.lock().unwrap_or_else(PoisonError::into_inner));
        monotonic.saturating_sub(last)
    }
    /// A byte of it leaves now, or an answer to it was awaited until now.
    pub fn leaves(&self, id: OrderId, monotonic: Duration) {
        let sent = Sent {
            last: Some(monotonic),
            open: true,
        };
        self.sent().insert(id, sent);
    }
    /// What became of it is written down.
    pub fn written(&self, id: OrderId) {
        if let Some(sent) = self.sent().get_mut(&id) {
            sent.open = false;
        }
    }
    /// It has ended: nothing of it is asked for any more.
    pub fn over(&self, id: OrderId) {
        self.sent().remove(&id);
    }
}
