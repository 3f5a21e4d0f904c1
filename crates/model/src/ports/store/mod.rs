//! Durable state: aggregates, transactions and cursors. Knows nothing of SQL.
//!
//! Writing is one call, [`Store::commit`]: typed rows with expected versions, and the journal entries that belong to
//! them, in one transaction per batch. There are no interactive transactions: read, judge in memory, commit against
//! the versions read; on a conflict read and judge again.

mod batch;
mod journal;
mod query;
mod table;

pub use batch::{Batch, Change, Scope};
pub use journal::JournalStore;
pub use query::{Page, Query, SystemQuery};
pub use table::{Keyed, Row, Stored, Table};

use std::time::Duration;

use super::BoxFuture;
use crate::{
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
};

/// Why the store did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database is away, full or broken. Nothing is known to be written.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// A row does not read back: the database is corrupt or newer than this program.
    #[error("row {id} of {table} is unreadable: {why}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Row.
        id: String,
        /// What is wrong.
        why: String,
    },
}

/// Why one batch was not applied; nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A row changed since it was read. Read and judge again.
    #[error("{table} {id} changed meanwhile")]
    Conflict {
        /// Table.
        table: &'static str,
        /// Row.
        id: String,
    },
    /// A row with the same unique key is there already: somebody did this before.
    #[error("{table} already holds {key}")]
    Duplicate {
        /// Table.
        table: &'static str,
        /// The key.
        key: String,
    },
    /// A row belongs to somebody outside the scope.
    #[error("{table} {id} is outside the scope of this call")]
    OutOfScope {
        /// Table.
        table: &'static str,
        /// Row.
        id: String,
    },
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which points of equity curves are thinned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thinning {
    /// From this instant on.
    pub from: Timestamp,
    /// Up to this instant, without it.
    pub until: Timestamp,
    /// One point stays of each of these, counted from the beginning of time: whole seconds, one at least.
    pub span: Duration,
    /// Points taken away at once, the oldest; the rest goes with the next call.
    pub at_most: u32,
}

/// Durable state. Implemented in memory, on SQLite and on PostgreSQL behind one contract suite.
pub trait Store: JournalStore {
    /// Writes batches, each all or nothing, in one durable transaction where they do not conflict. The answers stand
    /// in the order of the batches. When the outer call fails nothing is known to be written.
    fn commit(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> BoxFuture<'_, Result<Vec<Result<(), CommitError>>, StoreError>>;
    /// One row by its key, when in reach. Safe to repeat.
    fn get<'a>(
        &'a self,
        scope: &'a TenantScope,
        table: Table,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Row>, StoreError>>;
    /// Rows that answer a question. Safe to repeat.
    fn find<'a>(
        &'a self,
        scope: &'a TenantScope,
        query: Query,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>>;
    /// Rows that answer a question across tenants. Safe to repeat.
    fn find_any(&self, scope: SystemScope, query: SystemQuery)
    -> BoxFuture<'_, Result<Vec<Row>, StoreError>>;
    /// Takes away points of equity curves, of everybody, so that of each account the last one of every span is left; gives
    /// how many went. Safe to repeat.
    fn thin_curves(&self, scope: SystemScope, thinning: Thinning) -> BoxFuture<'_, Result<u64, StoreError>>;
    /// Proves that a write reaches the disk. Safe to repeat.
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// Reads one row as its type.
///
/// # Errors
/// The store's.
pub async fn get<T: Stored>(
    store: &dyn Store,
    scope: &TenantScope,
    key: &str,
) -> Result<Option<T>, StoreError> {
    Ok(store.get(scope, T::TABLE, key).await?.and_then(T::from_row))
}

/// Reads rows as their type; rows of another table are left out.
///
/// # Errors
/// The store's.
pub async fn find<T: Stored>(
    store: &dyn Store,
    scope: &TenantScope,
    query: Query,
) -> Result<Vec<T>, StoreError> {
    Ok(store
        .find(scope, query)
        .await?
        .into_iter()
        .filter_map(T::from_row)
        .collect())
}

/// Reads rows across tenants as their type.
///
/// # Errors
/// The store's.
pub async fn find_any<T: Stored>(
    store: &dyn Store,
    scope: SystemScope,
    query: SystemQuery,
) -> Result<Vec<T>, StoreError> {
    Ok(store
        .find_any(scope, query)
        .await?
        .into_iter()
        .filter_map(T::from_row)
        .collect())
}

/// Writes one batch.
///
/// # Errors
/// Why it was not applied.
pub async fn commit(store: &dyn Store, scope: impl Into<Scope>, batch: Batch) -> Result<(), CommitError> {
    let mut answers = store.commit(vec![(scope.into(), batch)]).await?;
    answers
        .pop()
        .unwrap_or_else(|| Err(StoreError::Unavailable("no answer".to_owned()).into()))
}
