//! Checkpoints: signs what the journal is, every minute that saw new entries and every thousand of them, so that entries
//! cut off its end are missed. Refuses to decide what happens over a shorter journal: it only names what is missing.

use std::{sync::Arc, time::Duration};

use ordercast_model::{
    ids::CheckpointId,
    journal::{checkpoint::Checkpoint, entry::Link},
    ports::{
        notary::Notary,
        store::{Batch, CommitError, Page, Store, StoreError, SystemQuery, find_any},
    },
    tenant::SystemScope,
    time::Timestamp,
};
use ordercast_rules::chain::merkle::Tree;

use crate::context::Context;

/// A checkpoint is made when so many entries came since the last one.
const ENTRIES_MAX: u64 = 1_000;
/// And after this time when any came.
const EVERY: Duration = Duration::from_secs(60);
/// After a failure it is tried again not before this.
const PATIENCE: Duration = Duration::from_secs(5);
/// Entries read at once.
const PAGE: u32 = 1_000;
const SCOPE: SystemScope = SystemScope::housekeeping("the journal's checkpoints");

/// Why there is no checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store did not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// What is kept apart cannot be read or written.
    #[error("the checkpoint beside the database: {0}")]
    Apart(String),
    /// The journal is not what was signed.
    #[error(
        "the journal ends with {} entries, but the checkpoint {id} of {at} signed {size}: entries {have} to {} are \
         missing. Put them back from a backup; `ordercast journal verify` says more",
        have,
        size.saturating_sub(1)
    )]
    Missing {
        /// Which checkpoint.
        id: CheckpointId,
        /// When it was signed.
        at: Timestamp,
        /// Entries it counts.
        size: u64,
        /// Entries there are.
        have: u64,
    },
    /// A stored hash or checkpoint does not read.
    #[error("the journal's checkpoint does not read: {0}")]
    Unreadable(String),
}

/// The newest checkpoint in the store. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn newest(store: &dyn Store) -> Result<Option<Checkpoint>, StoreError> {
    let query = SystemQuery::Checkpoints(Page::first(1));
    Ok(find_any::<Checkpoint>(store, SCOPE, query).await?.pop())
}

/// Refuses a journal that is shorter than what was signed of it, in the store or apart from it.
///
/// # Errors
/// `Missing`, naming the entries.
pub async fn check(ctx: &Context, notary: &dyn Notary) -> Result<(), CheckpointError> {
    let have = ctx
        .store
        .head()
        .await?
        .map_or(0, |head| head.seq.saturating_add(1));
    let apart = notary.kept().map_err(CheckpointError::Apart)?;
    let own = apart.filter(|kept| kept.key == notary.key());
    for signed in [newest(ctx.store.as_ref()).await?, own].into_iter().flatten() {
        if signed.size > have {
            return Err(CheckpointError::Missing {
                id: signed.id,
                at: signed.at,
                size: signed.size,
                have,
            });
        }
    }
    Ok(())
}

/// Makes checkpoints; told of every chained link by the sequencer that owns it.
pub struct Checkpointer {
    notary: Arc<dyn Notary>,
    tree: Option<Tree>,
    /// Size and time of the last one.
    last: Option<(u64, Timestamp)>,
    not_before: Timestamp,
}

impl Checkpointer {
    /// One that signs with a notary.
    #[must_use]
    pub fn new(notary: Arc<dyn Notary>) -> Self {
        Self {
            notary,
            tree: None,
            last: None,
            not_before: Timestamp::default(),
        }
    }

    /// Takes in links that were chained just now. What does not follow is read again from the store.
    pub fn grown(&mut self, links: &[Link]) {
        let Some(tree) = &mut self.tree else { return };
        let follows = links
            .iter()
            .all(|link| link.seq == tree.size() && tree.add(&link.hash));
        if !follows {
            self.tree = None;
        }
    }

    /// Makes a checkpoint when one is due, or whenever there are new entries when it is the last word. A failure is
    /// told and tried again.
    pub async fn attend(&mut self, ctx: &Context, last_word: bool) {
        let now = ctx.now();
        if now < self.not_before && !last_word {
            return;
        }
        if let Err(error) = self.make(ctx, last_word).await {
            tracing::error!(%error, "no checkpoint of the journal");
            self.tree = None;
            self.not_before = now.plus(PATIENCE);
        }
    }

    async fn make(&mut self, ctx: &Context, last_word: bool) -> Result<(), CheckpointError> {
        let now = ctx.now();
        let tree = match self.tree.take() {
            Some(tree) => tree,
            None => self.read(ctx).await?,
        };
        let tree = &*self.tree.insert(tree);
        let (size, at) = self.last.unwrap_or_default();
        let new = tree.size().saturating_sub(size);
        let due = last_word || self.last.is_none() || new >= ENTRIES_MAX || now >= at.plus(EVERY);
        if new == 0 || !due {
            return Ok(());
        }
        let root = tree.root();
        let checkpoint = Checkpoint {
            id: ctx.id::<CheckpointId>(),
            size: tree.size(),
            signature: self.notary.sign(&Checkpoint::signed(tree.size(), &root, now)),
            root,
            at: now,
            key: self.notary.key(),
            peaks: tree.peaks(),
        };
        let mut batch = Batch::new();
        batch.insert(checkpoint.clone());
        match ctx.commit(SCOPE, batch).await {
            // Another process was first; what it signed is read the next time.
            Err(CommitError::Duplicate { .. }) => self.tree = None,
            other => other?,
        }
        self.last = Some((checkpoint.size, now));
        self.notary.keep(&checkpoint).map_err(CheckpointError::Apart)
    }

    /// The tree over what is chained, from the newest checkpoint on.
    async fn read(&mut self, ctx: &Context) -> Result<Tree, CheckpointError> {
        let mut tree = Tree::default();
        if let Some(newest) = newest(ctx.store.as_ref()).await? {
            let unreadable = || CheckpointError::Unreadable(newest.id.to_string());
            tree = Tree::resume(newest.size, &newest.peaks).ok_or_else(unreadable)?;
            self.last = Some((newest.size, newest.at));
        }
        loop {
            let page = ctx.store.links(tree.size(), PAGE).await?;
            if page.is_empty() {
                return Ok(tree);
            }
            for link in page {
                if link.seq != tree.size() || !tree.add(&link.hash) {
                    return Err(CheckpointError::Unreadable(format!("entry {}", link.seq)));
                }
            }
        }
    }
}
