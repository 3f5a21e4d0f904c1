//! The store port of one process: the memory store as the disk, which may be full, slow, or lose its answer. What is
//! written is shown to the oracle as it is written.

use std::{sync::Arc, time::Duration};

use ordercast_model::{
    ids::{JournalId, UserId},
    journal::entry::{Chained, Entry, FeedStep, Link},
    ports::{
        BoxFuture,
        store::{
            Batch, Change, CommitError, JournalStore, Query, Row, Scope, Store, StoreError, SystemQuery,
            Table, Thinning,
        },
    },
    tenant::{SystemScope, TenantScope},
};

use crate::{
    fault::{DiskFault, FaultKind},
    oracle::watch,
    sea::Sea,
};

/// The disk as one process sees it.
pub struct SimStore(pub Arc<Sea>);

macro_rules! at_disk {
    ($self:ident, $call:expr) => {
        Box::pin(async move {
            $self.0.step().await;
            $call.await
        })
    };
}

fn full() -> StoreError {
    StoreError::Unavailable("no space left on device".to_owned())
}

impl SimStore {
    /// What befalls this write; none when all is well.
    async fn strikes(&self, batches: &[(Scope, Batch)]) -> Option<DiskFault> {
        let rows = |change: &Change| match change {
            Change::Insert(row) | Change::Update(row) => row.table(),
        };
        let changes = || batches.iter().flat_map(|(_, batch)| &batch.changes);
        let fault = self
            .0
            .mishap()
            .next_disk(|table| changes().any(|c| rows(c) == table));
        if fault == Some(DiskFault::Slow) {
            self.0.reach(FaultKind::SlowDisk);
            let span = 50 + self.0.mishap().below(4_000);
            self.0.clock.wait(Duration::from_millis(span)).await;
            self.0.step().await;
        }
        fault
    }
    /// Whether the process dies at this commit, and whether the commit is written before.
    fn dies(&self) -> Option<bool> {
        let mut mishap = self.0.mishap();
        let (left, written) = mishap.crash_in_commit?;
        if left > 0 {
            mishap.crash_in_commit = Some((left - 1, written));
            return None;
        }
        mishap.crash_in_commit = None;
        mishap.reached.fault(FaultKind::CrashInCommit);
        Some(written)
    }
}

impl JournalStore for SimStore {
    fn head(&self) -> BoxFuture<'_, Result<Option<Link>, StoreError>> {
        at_disk!(self, self.0.store.head())
    }
    fn pending(&self, limit: u32) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        at_disk!(self, self.0.store.pending(limit))
    }
    fn feed_heads<'a>(
        &'a self,
        users: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<(UserId, u64)>, StoreError>> {
        at_disk!(self, self.0.store.feed_heads(users))
    }
    fn chain<'a>(
        &'a self,
        links: &'a [Link],
        feed: &'a [FeedStep],
    ) -> BoxFuture<'a, Result<(), CommitError>> {
        at_disk!(self, self.0.store.chain(links, feed))
    }
    fn chained(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>> {
        at_disk!(self, self.0.store.chained(from_seq, limit))
    }
    fn links(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Link>, StoreError>> {
        at_disk!(self, self.0.store.links(from_seq, limit))
    }
    fn feed<'a>(
        &'a self,
        scope: &'a TenantScope,
        after_user_seq: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<(u64, Chained)>, StoreError>> {
        at_disk!(self, self.0.store.feed(scope, after_user_seq, limit))
    }
    fn of_user<'a>(
        &'a self,
        scope: &'a TenantScope,
        before_seq: Option<u64>,
        kind: Option<&'a str>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Chained>, StoreError>> {
        at_disk!(self, self.0.store.of_user(scope, before_seq, kind, limit))
    }
    fn own_entry<'a>(
        &'a self,
        scope: &'a TenantScope,
        id: JournalId,
    ) -> BoxFuture<'a, Result<Option<Chained>, StoreError>> {
        at_disk!(self, self.0.store.own_entry(scope, id))
    }
}

impl Store for SimStore {
    fn commit(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> BoxFuture<'_, Result<Vec<Result<(), CommitError>>, StoreError>> {
        Box::pin(async move {
            self.0.step().await;
            let fault = self.strikes(&batches).await;
            if fault == Some(DiskFault::Full) {
                self.0.reach(FaultKind::DiskError);
                return Err(full());
            }
            let dies = self.dies();
            if dies == Some(false) {
                self.0.die();
                self.0.step().await;
            }
            let copy = batches.clone();
            let answers = self.0.store.commit(batches).await?;
            for ((_, batch), answer) in copy.iter().zip(&answers) {
                if answer.is_ok() {
                    watch::written(&self.0, batch);
                }
            }
            if dies == Some(true) {
                self.0.die();
            }
            self.0.step().await;
            if fault == Some(DiskFault::LoseAnswer) {
                self.0.reach(FaultKind::LostCommit);
                return Err(full());
            }
            Ok(answers)
        })
    }
    fn get<'a>(
        &'a self,
        scope: &'a TenantScope,
        table: Table,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Row>, StoreError>> {
        at_disk!(self, self.0.store.get(scope, table, key))
    }
    fn find<'a>(
        &'a self,
        scope: &'a TenantScope,
        query: Query,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        at_disk!(self, self.0.store.find(scope, query))
    }
    fn find_any(
        &self,
        scope: SystemScope,
        query: SystemQuery,
    ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        at_disk!(self, self.0.store.find_any(scope, query))
    }
    fn thin_curves(&self, scope: SystemScope, thinning: Thinning) -> BoxFuture<'_, Result<u64, StoreError>> {
        at_disk!(self, self.0.store.thin_curves(scope, thinning))
    }
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        at_disk!(self, self.0.store.probe())
    }
}
