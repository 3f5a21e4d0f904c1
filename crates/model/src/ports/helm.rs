//! Who holds the helm: of the processes that share a store the one that decides and sends. Knows nothing of what is sent,
//! and asks no wall clock: who waits for a holder that hangs counts its beats by a clock of its own.

use super::{BoxFuture, store::StoreError};
use crate::{
    ids::{ConnectionId, UserId},
    tenant::OwnedByUser,
};

/// How the helm stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stand {
    /// Name of the process that holds it; empty when it was given back.
    pub holder: String,
    /// Rises with every change of hands.
    pub fence: u64,
    /// Rises while the holder lives.
    pub beats: u64,
    /// Calls to be bound by the switches in force so far.
    pub calls: u64,
    /// The last call the holder is bound by.
    pub bound: u64,
}

/// Something to be done in a connection's lane, left by a process that does not hold the helm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// Its key; taken in this order.
    pub id: String,
    /// Whose connection it is.
    pub user_id: UserId,
    /// Whose lane.
    pub connection_id: ConnectionId,
    /// What; its words are the lane's.
    pub job: String,
}

impl OwnedByUser for Errand {
    fn owner(&self) -> UserId {
        self.user_id
    }
}

/// What an answered beat brings: how the helm stands, and the errands that were taken.
pub type Beat = (Stand, Vec<Errand>);

/// The helm of a store that several processes share. Every change of hands and every beat is one transaction.
pub trait Helm: Send + Sync {
    /// How it stands. Safe to repeat.
    fn look(&self) -> BoxFuture<'_, Result<Stand, StoreError>>;
    /// Takes it under `name` while it stands as it was seen; none when it moved meanwhile. The new holder is bound by no
    /// call yet.
    fn take<'a>(&'a self, name: &'a str, seen: &'a Stand)
    -> BoxFuture<'a, Result<Option<Stand>, StoreError>>;
    /// Beats, bound by the call `bound`, and takes the errands that wait, each at most once; none when the helm changed
    /// hands.
    fn beat(&self, fence: u64, bound: u64) -> BoxFuture<'_, Result<Option<Beat>, StoreError>>;
    /// Gives it back, so that nobody has to wait. Nothing when it changed hands. Safe to repeat.
    fn release(&self, fence: u64) -> BoxFuture<'_, Result<(), StoreError>>;
    /// Calls on the holder to be bound by the switches in force; gives the number of the call.
    fn call(&self) -> BoxFuture<'_, Result<u64, StoreError>>;
    /// Leaves an errand. Durable when answered; the same id twice is one.
    fn leave<'a>(&'a self, errand: &'a Errand) -> BoxFuture<'a, Result<(), StoreError>>;
}
