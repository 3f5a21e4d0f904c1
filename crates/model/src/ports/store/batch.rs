//! What is written as one, and under whose authority.

use super::table::{Row, Stored};
use crate::{
    journal::entry::Entry,
    tenant::{SystemScope, TenantScope},
};

/// One typed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new row; `Duplicate` when its key or a unique key is taken.
    Insert(Row),
    /// A changed row: carries the new version; the stored one must be exactly one less, else `Conflict`.
    Update(Row),
}

/// What is written as one: all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Rows, in order.
    pub changes: Vec<Change>,
    /// Journal entries, in order.
    pub journal: Vec<Entry>,
}

impl Batch {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a new row.
    pub fn insert(&mut self, row: impl Stored) {
        self.changes.push(Change::Insert(row.into_row()));
    }
    /// Adds a changed row, which must carry its new version.
    pub fn update(&mut self, row: impl Stored) {
        self.changes.push(Change::Update(row.into_row()));
    }
    /// Adds a journal entry.
    pub fn note(&mut self, entry: Entry) {
        self.journal.push(entry);
    }
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.journal.is_empty()
    }
}

/// Under whose authority a batch is written. Every row with an owner must be in reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One tenant, or the followers of one fan-out step.
    Tenant(TenantScope),
    /// Housekeeping.
    System(SystemScope),
}

impl From<TenantScope> for Scope {
    fn from(scope: TenantScope) -> Self {
        Self::Tenant(scope)
    }
}
impl From<SystemScope> for Scope {
    fn from(scope: SystemScope) -> Self {
        Self::System(scope)
    }
}
