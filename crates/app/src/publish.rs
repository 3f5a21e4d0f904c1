//! The sequencer: turns pending journal entries into the one gap-free chain and each user's own feed. Nothing reaches
//! a page in any other way.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_model::{
    ids::UserId,
    journal::entry::{Chained, Link},
    planted::{Bug, planted},
    ports::{
        bus::Hint,
        notary::Notary,
        store::{CommitError, StoreError},
    },
    tenant::TenantScope,
    time::Timestamp,
};
use ordercast_rules::chain;
use serde_json::{Map, Value};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{checkpoint::Checkpointer, context::Context};

/// Entries chained in one transaction at most.
pub const CHAIN_BATCH_MAX: u32 = 500;
/// The sequencer looks by itself this often, should a hint be lost.
const IDLE: Duration = Duration::from_millis(200);

/// Chains pending entries. Exactly one runs per deployment; a second one loses every race and changes nothing.
pub struct Sequencer {
    ctx: Context,
    wake: Arc<Notify>,
    head: Option<Link>,
    feeds: BTreeMap<UserId, u64>,
    checkpoints: Option<Checkpointer>,
}

/// Why the sequencer stopped.
#[derive(Debug, thiserror::Error)]
pub enum SequencerError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry cannot be put in canonical form: a bug, and nothing may go on.
    #[error("journal entry cannot be chained: {0}")]
    Chain(String),
}

impl Sequencer {
    /// A sequencer that is woken through `wake`.
    #[must_use]
    pub const fn new(ctx: Context, wake: Arc<Notify>) -> Self {
        Self {
            ctx,
            wake,
            head: None,
            feeds: BTreeMap::new(),
            checkpoints: None,
        }
    }

    /// The same, with checkpoints signed by a notary.
    #[must_use]
    pub fn signed_by(mut self, notary: Arc<dyn Notary>) -> Self {
        self.checkpoints = Some(Checkpointer::new(notary));
        self
    }

    /// Runs until the token is cancelled, then chains what is left. A store that is away is asked again.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            match self.drain().await {
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "sequencer: cannot chain");
                    self.forget();
                }
            }
            let last_word = stop.is_cancelled();
            if let Some(checkpoints) = &mut self.checkpoints {
                checkpoints.attend(&self.ctx, last_word).await;
            }
            if last_word {
                return;
            }
            let idle = self.ctx.clock.sleep_until(self.ctx.now().plus(IDLE));
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = idle => {}
            }
        }
    }

    /// Chains everything pending; gives the number of entries chained. Safe to repeat.
    ///
    /// # Errors
    /// When the store is away or an entry is not canonical.
    pub async fn drain(&mut self) -> Result<u64, SequencerError> {
        let mut chained = 0;
        loop {
            let pending = self.ctx.store.pending(CHAIN_BATCH_MAX).await?;
            if pending.is_empty() {
                return Ok(chained);
            }
            if self.head.is_none() {
                self.head = self.ctx.store.head().await?;
            }
            let links = chain::next(self.head.as_ref(), &pending)
                .map_err(|e| SequencerError::Chain(e.to_string()))?;
            self.learn(pending.iter().filter_map(|e| e.user)).await?;
            let feed = chain::feed(&links, &pending, &self.feeds);
            match self.ctx.store.chain(&links, &feed).await {
                Ok(()) => {
                    chained += links.len() as u64;
                    for step in &feed {
                        self.feeds.insert(step.user_id, step.user_seq);
                    }
                    let mut users: Vec<UserId> = feed.iter().map(|s| s.user_id).collect();
                    users.sort_unstable();
                    users.dedup();
                    self.head = links.last().cloned();
                    if let Some(checkpoints) = &mut self.checkpoints {
                        checkpoints.grown(&links);
                        checkpoints.attend(&self.ctx, false).await;
                    }
                    let length = self.head.as_ref().map_or(0, |l| l.seq + 1);
                    self.ctx.bus.tell(Hint::JournalGrew { length, users });
                }
                Err(CommitError::Duplicate { .. } | CommitError::Conflict { .. }) => self.forget(),
                Err(CommitError::Store(error)) => return Err(error.into()),
                Err(error @ CommitError::OutOfScope { .. }) => {
                    return Err(SequencerError::Chain(error.to_string()));
                }
            }
        }
    }

    async fn learn(&mut self, users: impl Iterator<Item = UserId>) -> Result<(), StoreError> {
        let mut unknown: Vec<UserId> = users.filter(|u| !self.feeds.contains_key(u)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(());
        }
        for (user, last) in self.ctx.store.feed_heads(&unknown).await? {
            let last = if planted(Bug::DropTheSequence) { 0 } else { last };
            self.feeds.insert(user, last);
        }
        Ok(())
    }

    /// Drops what is remembered, so that it is read again: somebody else chained, or the store was away.
    fn forget(&mut self) {
        self.head = None;
        self.feeds.clear();
    }
}

/// One live event of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// The user's own number, without gaps.
    pub user_seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Event name of PRODUCT section 7.
    pub event: &'static str,
    /// Its data.
    pub data: Value,
}

/// Events of one user after a number, in order. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn feed(
    ctx: &Context,
    scope: &TenantScope,
    after: u64,
    limit: u32,
) -> Result<Vec<FeedEvent>, StoreError> {
    let entries = ctx.store.feed(scope, after, limit).await?;
    Ok(entries
        .into_iter()
        .filter_map(|(user_seq, chained)| {
            let (event, data) = event_of(&chained)?;
            Some(FeedEvent {
                user_seq,
                at: chained.entry.at,
                event,
                data,
            })
        })
        .collect())
}

/// The live event an entry becomes: its `after`, with the ids it is tied to.
#[must_use]
pub fn event_of(chained: &Chained) -> Option<(&'static str, Value)> {
    let entry = &chained.entry;
    let event = entry.event()?;
    let mut data = match &entry.after {
        Some(Value::Object(map)) => map.clone(),
        Some(other) => Map::from_iter([("value".to_owned(), other.clone())]),
        None => Map::new(),
    };
    let mut tie = |name: &str, id: Option<String>| {
        if let Some(id) = id {
            data.entry(name).or_insert(Value::String(id));
        }
    };
    let links = &entry.links;
    tie("signal_id", links.signal.map(|i| i.to_string()));
    tie("order_id", links.order.map(|i| i.to_string()));
    tie("fill_id", links.fill.map(|i| i.to_string()));
    tie("connection_id", links.connection.map(|i| i.to_string()));
    tie("reason", entry.reason.clone());
    if let Some(trade) = &entry.trade {
        tie("symbol", Some(trade.symbol.clone()));
        tie("side", Some(trade.side.code().to_owned()));
        tie("quantity", Some(trade.quantity.to_string()));
        tie("price", trade.price.map(|p| p.to_string()));
        tie("broker_order_id", trade.broker_order_id.clone());
    }
    Some((event, Value::Object(data)))
}
