//! The store port over either database: what both do alike. Knows neither how a connection is had nor how a
//! transaction is begun.

use std::ops::DerefMut;

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

use crate::{
    chain,
    dialect::Text,
    prepare::{Prepared, prepare},
    queries::{self, journal as texts},
    read,
    session::{Fault, Session},
    value::{Value, text},
    work::{Done, Work},
};

/// A database: how to get a connection for reading, how to have work done durably.
pub(crate) trait Backend: Send + Sync + 'static {
    /// Its connection.
    type Session: Session;
    /// A connection on loan.
    type Loan: DerefMut<Target = Self::Session> + Send;
    /// Lends a connection.
    fn lend(&self) -> BoxFuture<'_, Result<Self::Loan, Fault>>;
    /// Lends one that nobody waits for long: to read and set switches.
    fn lend_urgent(&self) -> BoxFuture<'_, Result<Self::Loan, Fault>> {
        self.lend()
    }
    /// Does work in a transaction; resolves when it is on disk.
    fn write(&self, work: Work) -> BoxFuture<'_, Result<Done, StoreError>>;
}

/// The role that counts proofs of writing.
const PROBE: &str = "probe";

/// The store over a database.
#[derive(Debug)]
pub(crate) struct SqlStore<B>(pub(crate) B);

impl<B: Backend> SqlStore<B> {
    async fn answers(&self, work: Work) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        match self.0.write(work).await? {
            Done::Answers(answers) => Ok(answers),
            Done::Number(_) => Ok(Vec::new()),
        }
    }
    async fn chained(&self, told: Text, values: Vec<Value>) -> Result<Vec<Chained>, StoreError> {
        let mut loan = self.0.lend().await?;
        let found = chain::chained(&mut *loan, told, values, false).await?;
        Ok(found.into_iter().map(|(_, chained)| chained).collect())
    }
}

/// Whether an entry is one of the scope's users'.
fn own(scope: &TenantScope, chained: &Chained) -> bool {
    chained.entry.user.is_some_and(|user| scope.permits_user(user))
}

impl<B: Backend> JournalStore for SqlStore<B> {
    fn head(&self) -> BoxFuture<'_, Result<Option<Link>, StoreError>> {
        Box::pin(async move { chain::head(&mut *self.0.lend().await?).await })
    }
    fn pending(&self, limit: u32) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        Box::pin(async move { chain::pending(&mut *self.0.lend().await?, limit).await })
    }
    fn feed_heads<'a>(
        &'a self,
        users: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<(UserId, u64)>, StoreError>> {
        Box::pin(async move { chain::feed_heads(&mut *self.0.lend().await?, users).await })
    }
    fn chain<'a>(
        &'a self,
        links: &'a [Link],
        feed: &'a [FeedStep],
    ) -> BoxFuture<'a, Result<(), CommitError>> {
        Box::pin(async move {
            if links.is_empty() && feed.is_empty() {
                return Ok(());
            }
            let work = Work::Chain(links.to_vec(), feed.to_vec());
            self.answers(work).await?.pop().unwrap_or(Ok(()))
        })
    }
    fn chained(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>> {
        Box::pin(async move { chain::whole(&mut *self.0.lend().await?, from_seq, limit).await })
    }
    fn links(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Link>, StoreError>> {
        Box::pin(async move { chain::links(&mut *self.0.lend().await?, from_seq, limit).await })
    }
    fn feed<'a>(
        &'a self,
        scope: &'a TenantScope,
        after_user_seq: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<(u64, Chained)>, StoreError>> {
        Box::pin(async move {
            let [user] = scope.users() else {
                return Ok(Vec::new());
            };
            let values = chain::feed_of(*user, after_user_seq, limit);
            let mut found = chain::chained(&mut *self.0.lend().await?, texts::FEED, values, true).await?;
            found.retain(|(_, chained)| own(scope, chained));
            Ok(found)
        })
    }
    fn of_user<'a>(
        &'a self,
        scope: &'a TenantScope,
        before_seq: Option<u64>,
        kind: Option<&'a str>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Chained>, StoreError>> {
        Box::pin(async move {
            let (told, values) = chain::of_users(scope.users(), before_seq, kind, limit);
            let mut found = self.chained(told, values).await?;
            found.retain(|chained| own(scope, chained));
            Ok(found)
        })
    }
    fn own_entry<'a>(
        &'a self,
        scope: &'a TenantScope,
        id: JournalId,
    ) -> BoxFuture<'a, Result<Option<Chained>, StoreError>> {
        Box::pin(async move {
            let (told, first) = texts::OWN_ENTRY.among(scope.users());
            let found = self.chained(told, vec![first, text(id)]).await?;
            Ok(found.into_iter().find(|chained| own(scope, chained)))
        })
    }
}

impl<B: Backend> Store for SqlStore<B> {
    fn commit(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> BoxFuture<'_, Result<Vec<Result<(), CommitError>>, StoreError>> {
        Box::pin(async move {
            let prepared: Vec<Result<Prepared, CommitError>> = batches
                .into_iter()
                .map(|(scope, batch)| prepare(&scope, batch))
                .collect();
            let (mut answers, mut lawful) = (Vec::with_capacity(prepared.len()), Vec::new());
            for batch in prepared {
                answers.push(batch.map(|batch| lawful.push(batch)));
            }
            if lawful.iter().any(|batch| batch.size() > 0) {
                let mut written = self.answers(Work::Commit(lawful)).await?.into_iter();
                for answer in answers.iter_mut().filter(|answer| answer.is_ok()) {
                    *answer = written.next().unwrap_or(Ok(()));
                }
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
        Box::pin(async move {
            let asked = (table, queries::by_key(table), vec![text(key)]);
            let mut loan = self.0.lend().await?;
            Ok(read::rows(&mut *loan, Some(scope), asked).await?.pop())
        })
    }
    fn find<'a>(
        &'a self,
        scope: &'a TenantScope,
        query: Query,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        Box::pin(async move {
            let Some(asked) = queries::tenant::ask(scope, &query) else {
                return Ok(Vec::new());
            };
            // Whoever stops a community is looked up there first.
            let mut loan = match query {
                Query::Memberships => self.0.lend_urgent().await?,
                _ => self.0.lend().await?,
            };
            read::rows(&mut *loan, Some(scope), (asked.table, asked.text, asked.values)).await
        })
    }
    fn find_any(&self, _: SystemScope, query: SystemQuery) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(async move {
            let asked = queries::system::ask(&query);
            let mut loan = match query {
                SystemQuery::Switch(_) | SystemQuery::SwitchesOn => self.0.lend_urgent().await?,
                _ => self.0.lend().await?,
            };
            read::rows(&mut *loan, None, (asked.table, asked.text, asked.values)).await
        })
    }
    fn thin_curves(&self, _: SystemScope, thinning: Thinning) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move {
            match self.0.write(Work::Thin(thinning)).await? {
                Done::Number(gone) => Ok(gone),
                Done::Answers(_) => Ok(0),
            }
        })
    }
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.0.write(Work::Fence(PROBE.to_owned())).await.map(drop) })
    }
}
