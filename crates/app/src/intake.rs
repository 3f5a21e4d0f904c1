//! Takes source messages in exactly once (invariant 13): finds community and provider, drops duplicates and echoes,
//! stores every revision before anybody reads meaning into it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use ordercast_model::{
    community::{Channel, Provider},
    ids::MessageId,
    journal::{
        entry::{Actor, ActorKind},
        kind::Kind,
    },
    planted::{Bug, planted},
    ports::{
        BoxFuture,
        source::{Intake, Taken},
        store::{Batch, CommitError, Query, StoreError, SystemQuery, find, find_any},
    },
    signal::{
        raw::{Author, RawMessage, RevisionKind},
        record::Message,
    },
    tenant::{SystemScope, TenantScope},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use crate::context::Context;

/// How often a message is tried again when somebody else changed the same channel row or stored the same revision.
const ATTEMPTS_MAX: u32 = 8;

/// The door of the house.
pub struct Door {
    ctx: Context,
    wake: Arc<Notify>,
    ignored: AtomicU64,
}

impl Door {
    /// A door that wakes the pipeline through `wake`.
    #[must_use]
    pub const fn new(ctx: Context, wake: Arc<Notify>) -> Self {
        Self {
            ctx,
            wake,
            ignored: AtomicU64::new(0),
        }
    }
    /// Messages of nobody's provider so far.
    #[must_use]
    pub fn ignored(&self) -> u64 {
        self.ignored.load(Ordering::Relaxed)
    }

    async fn store(&self, message: &RawMessage) -> Result<Taken, CommitError> {
        let Some(channel) = self.channel(message).await? else {
            return Ok(Taken::Ignored);
        };
        let scope = TenantScope::of_community(&channel);
        let key = message.source.key();
        let query = Query::MessageRevisions(key.clone(), message.source_id.clone());
        let known = find::<Message>(self.ctx.store.as_ref(), &scope, query).await?;
        let provider = match known.last() {
            Some(last) => last.provider_id,
            None => self
                .provider(&scope, &channel, &message.author)
                .await?
                .map(|p| p.id),
        };
        let Some(provider_id) = provider else {
            return Ok(Taken::Ignored);
        };
        let hash = content_hash(message);
        if is_known(&known, message.revision, &hash) {
            return Ok(Taken::Known);
        }
        let revision = known.last().map_or(1, |m| m.revision.saturating_add(1));
        let row = Message {
            id: self.ctx.id::<MessageId>(),
            version: 1,
            community_id: channel.community_id,
            channel_id: channel.id,
            provider_id: Some(provider_id),
            source: message.source.clone(),
            source_id: message.source_id.clone(),
            revision,
            kind: message.revision,
            content_hash: hash,
            author: message.author.clone(),
            content: message.content.clone(),
            reply_to: message.reply_to.clone(),
            thread_of: message.thread_of.clone(),
            posted_at: message.posted_at,
            edited_at: message.edited_at,
            received_at: message.received_at,
            processed: false,
        };
        let mut batch = Batch::new();
        batch.note(self.entry(&row, message.backfilled));
        batch.insert(row);
        if newer(&message.source_id, channel.cursor.as_deref()) {
            let mut moved = channel.clone();
            moved.version += 1;
            moved.cursor = Some(message.source_id.clone());
            batch.update(moved);
        }
        self.ctx.commit(scope, batch).await?;
        Ok(Taken::Stored)
    }

    async fn channel(&self, message: &RawMessage) -> Result<Option<Channel>, StoreError> {
        let system = SystemScope::housekeeping("a message names its channel, not its tenant");
        let query = SystemQuery::ChannelBySource(message.source.key());
        let found = find_any::<Channel>(self.ctx.store.as_ref(), system, query).await?;
        Ok(found.into_iter().find(|c| c.enabled))
    }

    async fn provider(
        &self,
        scope: &TenantScope,
        channel: &Channel,
        author: &Author,
    ) -> Result<Option<Provider>, StoreError> {
        let providers = find::<Provider>(self.ctx.store.as_ref(), scope, Query::Providers).await?;
        Ok(providers
            .into_iter()
            .find(|p| p.channels.contains(&channel.id) && speaks_for(p, author)))
    }

    fn entry(&self, row: &Message, backfilled: bool) -> ordercast_model::journal::entry::Entry {
        let kind = match (row.kind, backfilled) {
            (RevisionKind::Deleted, _) => Kind::SignalDeleted,
            (RevisionKind::Edited, _) => Kind::SignalRevised,
            (RevisionKind::New, true) => Kind::SignalBackfilled,
            (RevisionKind::New, false) => Kind::SignalReceived,
        };
        let actor = Actor {
            kind: ActorKind::Provider,
            id: row.provider_id.map_or_else(String::new, |p| p.to_string()),
        };
        let mut entry = self.ctx.entry(kind, actor, ("message", row.id.to_string()));
        entry.community = Some(row.community_id);
        entry.after = Some(json!({
            "source": row.source.key(),
            "source_id": row.source_id,
            "revision": row.revision,
            "content_hash": row.content_hash,
            "posted_at": row.posted_at,
        }));
        entry
    }
}

impl Intake for Door {
    fn take(&self, message: RawMessage) -> BoxFuture<'_, Taken> {
        Box::pin(async move {
            if self.ctx.backlog.is_full() {
                return Taken::Busy;
            }
            for _ in 0..ATTEMPTS_MAX {
                match self.store(&message).await {
                    Ok(Taken::Stored) => {
                        self.ctx.backlog.add(1);
                        self.wake.notify_one();
                        return Taken::Stored;
                    }
                    Ok(Taken::Ignored) => {
                        self.ignored.fetch_add(1, Ordering::Relaxed);
                        return Taken::Ignored;
                    }
                    Ok(taken @ (Taken::Known | Taken::Busy)) => return taken,
                    // Another process was faster: with the same revision, which is then known, or with another one.
                    Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
                    Err(error) => {
                        tracing::error!(%error, source_id = %message.source_id, "intake: message not stored, to be offered again");
                        if planted(Bug::AcknowledgeUnstored) {
                            return Taken::Stored;
                        }
                        return Taken::Busy;
                    }
                }
            }
            Taken::Busy
        })
    }
}

fn speaks_for(provider: &Provider, author: &Author) -> bool {
    provider.authors.contains(&author.id)
        || author
            .webhook
            .as_ref()
            .is_some_and(|w| provider.authors.contains(w))
        || author.roles.iter().any(|r| provider.roles.contains(r))
}

/// A revision is known when nothing new can follow from it: a second posting, an edit that changes no text, a second
/// deletion, anything after a deletion, or a deletion of what was never seen.
fn is_known(known: &[Message], kind: RevisionKind, hash: &str) -> bool {
    match known.last() {
        None => kind == RevisionKind::Deleted,
        Some(last) if last.kind == RevisionKind::Deleted => true,
        Some(last) => match kind {
            RevisionKind::New => !planted(Bug::TakeTwice),
            RevisionKind::Edited => last.content_hash == hash,
            RevisionKind::Deleted => false,
        },
    }
}

/// SHA-256 over the content as JSON, hex.
fn content_hash(message: &RawMessage) -> String {
    let text = serde_json::to_vec(&message.content).unwrap_or_default();
    let digest = Sha256::digest(&text);
    digest.iter().fold(String::with_capacity(64), |mut out, byte| {
        out.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        out.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        out
    })
}

/// Snowflakes grow; they are compared as numbers written without leading zeros.
pub(crate) fn newer(id: &str, cursor: Option<&str>) -> bool {
    cursor.is_none_or(|c| (id.len(), id) > (c.len(), c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snowflakes_compare_as_numbers() {
        for (id, cursor, expected) in [
            ("10", Some("9"), true),
            ("9", Some("10"), false),
            ("9", None, true),
            ("9", Some("9"), false),
        ] {
            assert_eq!(newer(id, cursor), expected, "{id} after {cursor:?}");
        }
    }
}
