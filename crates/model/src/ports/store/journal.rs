//! What the journal tables answer: insert-only, chained by one sequencer.

use super::{CommitError, StoreError};
use crate::{
    ids::{JournalId, UserId},
    journal::entry::{Chained, Entry, FeedStep, Link},
    ports::BoxFuture,
    tenant::TenantScope,
};

/// What the journal tables answer.
pub trait JournalStore: Send + Sync {
    /// The last link, if any. Safe to repeat.
    fn head(&self) -> BoxFuture<'_, Result<Option<Link>, StoreError>>;
    /// Entries not yet chained, in commit order, at most `limit`. Safe to repeat.
    fn pending(&self, limit: u32) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>>;
    /// Last number of each user's feed; users without a feed are absent. Safe to repeat.
    fn feed_heads<'a>(&'a self, users: &'a [UserId])
    -> BoxFuture<'a, Result<Vec<(UserId, u64)>, StoreError>>;
    /// Chains pending entries in one transaction: links, feed steps, and the pending rows gone. `Duplicate` when
    /// somebody else chained meanwhile: read again.
    fn chain<'a>(&'a self, links: &'a [Link], feed: &'a [FeedStep])
    -> BoxFuture<'a, Result<(), CommitError>>;
    /// Chained entries from a place on, in order, at most `limit`. Safe to repeat.
    fn chained(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>>;
    /// Links from a place on, in order, at most `limit`: the hashes without the entries. Safe to repeat.
    fn links(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Link>, StoreError>>;
    /// One user's feed after a number, in order: the user's own number and the entry. Safe to repeat.
    fn feed<'a>(
        &'a self,
        scope: &'a TenantScope,
        after_user_seq: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<(u64, Chained)>, StoreError>>;
    /// One user's own entries, newest first, before a place; `kind` is a code or a prefix ending in a point. Safe to repeat.
    fn of_user<'a>(
        &'a self,
        scope: &'a TenantScope,
        before_seq: Option<u64>,
        kind: Option<&'a str>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Chained>, StoreError>>;
    /// One own entry. Safe to repeat.
    fn own_entry<'a>(
        &'a self,
        scope: &'a TenantScope,
        id: JournalId,
    ) -> BoxFuture<'a, Result<Option<Chained>, StoreError>>;
}
