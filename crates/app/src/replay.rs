//! The program moved by hand: the same door, pipeline and lanes as production, driven by the times of recorded messages
//! instead of the wall clock. Decides only in which order they get their turn; knows no file and no price.

use std::{sync::Arc, time::Duration};

use ordercast_model::{
    order::intent::Order,
    ports::{
        source::{Intake, Taken},
        store::{Page, StoreError, SystemQuery, find_any},
    },
    signal::raw::RawMessage,
    tenant::SystemScope,
    time::Timestamp,
};
use tokio::sync::Notify;

use crate::{
    context::Context,
    intake::Door,
    lane::{Jobs, Stepped},
    mark,
    pipeline::{Pipeline, PipelineError},
    publish::{Sequencer, SequencerError},
    timer,
};

/// Accounts are compared with the venue before a message when the last time is this long ago.
const SYNC_EVERY: Duration = Duration::from_secs(30);
/// Open orders looked through for what falls due.
const PAGE: u32 = 1_000;

/// Why a replay cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A message could not be carried on.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The journal could not be chained.
    #[error(transparent)]
    Journal(#[from] SequencerError),
    /// A message was not stored.
    #[error("message {0} could not be stored")]
    NotStored(String),
}

/// The stations of production, moved by hand.
pub struct Replay {
    ctx: Context,
    door: Door,
    pipeline: Pipeline,
    lanes: Stepped,
    sequencer: Sequencer,
    synced: Timestamp,
}

impl Replay {
    /// The stations over a store that is set up already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(ctx: Context, jobs: Jobs) -> Result<Self, ReplayError> {
        ctx.switchboard.reload(ctx.store.as_ref()).await?;
        let wake = Arc::new(Notify::new());
        let mut replay = Self {
            door: Door::new(ctx.clone(), wake.clone()),
            pipeline: Pipeline::new(ctx.clone(), wake.clone()),
            lanes: Stepped::new(ctx.clone(), jobs),
            sequencer: Sequencer::new(ctx.clone(), wake),
            synced: ctx.now(),
            ctx,
        };
        timer::sync_all(&replay.ctx).await?;
        replay.settle().await?;
        Ok(replay)
    }

    /// Takes a message in and carries it to its decisions; gives when the next job falls due.
    ///
    /// # Errors
    /// When it cannot be stored or carried on.
    pub async fn take(&mut self, message: RawMessage) -> Result<Option<Timestamp>, ReplayError> {
        let now = self.ctx.now();
        if now.since(self.synced) > SYNC_EVERY {
            // The first look takes in what was filled since, the second compares balances.
            for _ in 0..2 {
                timer::sync_all(&self.ctx).await?;
                self.settle().await?;
            }
            self.synced = now;
        }
        let id = message.source_id.clone();
        if self.door.take(message).await == Taken::Busy {
            return Err(ReplayError::NotStored(id));
        }
        self.settle().await
    }

    /// Does everything that can be done now; gives when the next job falls due.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn settle(&mut self) -> Result<Option<Timestamp>, ReplayError> {
        loop {
            let due = self.lanes.settle().await;
            if !self.pipeline.round().await? {
                return Ok(due);
            }
        }
    }

    /// Does what falls due now: queued orders at the open, ends of entries, unanswered cards.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn run_timers(&mut self) -> Result<Option<Timestamp>, ReplayError> {
        timer::round(&self.ctx).await?;
        self.settle().await
    }

    /// Marks the accounts at the newest prices: day marks, daily loss, circuit breaker.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn mark(&mut self) -> Result<(), ReplayError> {
        Ok(mark::round(&self.ctx).await?)
    }

    /// When the next order falls due.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, ReplayError> {
        let system = SystemScope::housekeeping("a replay looks for its next instant");
        let query = SystemQuery::OrdersOpen(Page::first(PAGE));
        let open = find_any::<Order>(self.ctx.store.as_ref(), system, query).await?;
        Ok(open
            .iter()
            .filter(|o| !o.cancel_requested)
            .filter_map(|o| o.due_at)
            .min())
    }

    /// Chains what was journaled since.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn chain(&mut self) -> Result<(), ReplayError> {
        self.sequencer.drain().await?;
        Ok(())
    }
}
