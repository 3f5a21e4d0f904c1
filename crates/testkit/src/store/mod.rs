//! The store in memory: deterministic, for simulation and for tests of use cases. Passes the same contract suite as the
//! databases.

mod journal;
mod question;
mod system;
mod table;
mod unique;

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use ordercast_model::{
    ids::{JournalId, UserId},
    journal::entry::{Chained, Entry, FeedStep, Link},
    ports::{
        BoxFuture,
        store::{
            Batch, CommitError, JournalStore, Query, Row, Scope, Store, StoreError, SystemQuery, Table,
            Thinning,
        },
    },
    tenant::{SystemScope, TenantScope},
};

use self::{journal::Journal, table::Tables};

#[derive(Debug, Default)]
struct State {
    tables: Tables,
    journal: Journal,
}

/// Durable state that lasts as long as the value.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    away: AtomicBool,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Makes every call fail as if the disk were gone, until switched back.
    pub fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }
    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable(
                "the store in memory is switched off".to_owned(),
            ));
        }
        Ok(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn apply(&mut self, scope: &Scope, batch: &Batch) -> Result<(), CommitError> {
        scope.check(batch)?;
        self.journal.check(&batch.journal)?;
        self.tables.apply(&batch.changes)?;
        self.journal.append(&batch.journal);
        Ok(())
    }
}

/// The value of a row's unique key beside its primary key.
pub(crate) fn unique_key(row: &Row) -> Option<String> {
    unique::keys(row).map(|(_, value)| value)
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, T> {
    Box::pin(std::future::ready(value))
}

impl JournalStore for MemoryStore {
    fn head(&self) -> BoxFuture<'_, Result<Option<Link>, StoreError>> {
        ready(self.state().map(|s| s.journal.head()))
    }
    fn pending(&self, limit: u32) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        ready(self.state().map(|s| s.journal.pending(limit)))
    }
    fn feed_heads<'a>(
        &'a self,
        users: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<(UserId, u64)>, StoreError>> {
        ready(self.state().map(|s| s.journal.feed_heads(users)))
    }
    fn chain<'a>(
        &'a self,
        links: &'a [Link],
        feed: &'a [FeedStep],
    ) -> BoxFuture<'a, Result<(), CommitError>> {
        ready(
            self.state()
                .map_err(CommitError::from)
                .and_then(|mut s| s.journal.chain(links, feed)),
        )
    }
    fn chained(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>> {
        ready(self.state().map(|s| s.journal.chained(from_seq, limit)))
    }
    fn links(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Link>, StoreError>> {
        ready(self.state().map(|s| s.journal.links(from_seq, limit)))
    }
    fn feed<'a>(
        &'a self,
        scope: &'a TenantScope,
        after_user_seq: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<(u64, Chained)>, StoreError>> {
        ready(self.state().map(|s| s.journal.feed(scope, after_user_seq, limit)))
    }
    fn of_user<'a>(
        &'a self,
        scope: &'a TenantScope,
        before_seq: Option<u64>,
        kind: Option<&'a str>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Chained>, StoreError>> {
        ready(
            self.state()
                .map(|s| s.journal.of_user(scope, before_seq, kind, limit)),
        )
    }
    fn own_entry<'a>(
        &'a self,
        scope: &'a TenantScope,
        id: JournalId,
    ) -> BoxFuture<'a, Result<Option<Chained>, StoreError>> {
        ready(self.state().map(|s| s.journal.own_entry(scope, id)))
    }
}

impl Store for MemoryStore {
    fn commit(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> BoxFuture<'_, Result<Vec<Result<(), CommitError>>, StoreError>> {
        ready(self.state().map(|mut state| {
            let apply = |(scope, batch): &(Scope, Batch)| state.apply(scope, batch);
            batches.iter().map(apply).collect()
        }))
    }
    fn get<'a>(
        &'a self,
        scope: &'a TenantScope,
        table: Table,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Row>, StoreError>> {
        ready(self.state().map(|s| {
            let row = s.tables.get(table, key)?;
            row.owner().readable_by(scope).then(|| row.clone())
        }))
    }
    fn find<'a>(
        &'a self,
        scope: &'a TenantScope,
        query: Query,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        ready(self.state().map(|s| question::answer(&s.tables, scope, &query)))
    }
    fn find_any(&self, _: SystemScope, query: SystemQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        ready(self.state().map(|s| system::answer(&s.tables, &query)))
    }
    fn thin_curves(&self, _: SystemScope, thinning: Thinning) -> BoxFuture<'_, Result<u64, StoreError>> {
        ready(self.state().map(|mut s| s.tables.thin(thinning)))
    }
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        ready(self.state().map(|_| ()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::contract;

    #[tokio::test]
    async fn memory_keeps_the_contract() {
        contract::store::run(|_| async { Arc::new(MemoryStore::new()) as Arc<dyn Store> }).await;
    }

    #[tokio::test]
    async fn a_store_that_is_away_says_so() {
        let store = MemoryStore::new();
        store.set_away(true);
        assert!(matches!(store.probe().await, Err(StoreError::Unavailable(_))));
        assert!(store.commit(Vec::new()).await.is_err());
        store.set_away(false);
        assert_eq!(store.probe().await, Ok(()));
    }
}
