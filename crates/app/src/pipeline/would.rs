//! What a reading would lead to for one follower, decided as the pipeline decides, and then left alone: no row is
//! written, no lane hears of it.

use std::collections::BTreeSet;

use ordercast_model::{
    community::Provider,
    decision::Decision,
    follow::Follow,
    ids::{ChannelId, FollowId, SignalId},
    order::intent::Order,
    ports::store::{Batch, Change, Row},
    signal::{
        reading::Verdict as Meant,
        record::{Signal, SignalStatus},
    },
    user::User,
};

use super::{
    PipelineError,
    fanout::{self, Step},
};
use crate::{
    access,
    context::Context,
    desk::{DeskError, follow},
    teach::Meaning,
};

/// What one follower would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Would {
    /// Whether the follower follows the provider; otherwise a follow with the usual settings is assumed.
    pub follows: bool,
    /// A decision for each instruction, each with its orders.
    pub decisions: Vec<(Decision, Vec<Order>)>,
}

impl From<PipelineError> for DeskError {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Store(error) => Self::Store(error),
            PipelineError::Commit(error) => error.into(),
            PipelineError::Money(error) => Self::Money(error),
        }
    }
}

/// What a user's own account would do if the provider posted this now; none when nothing is to be done. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn of(
    ctx: &Context,
    user: &User,
    provider: &Provider,
    meaning: &Meaning,
) -> Result<Option<Would>, DeskError> {
    if matches!(meaning.reading.verdict, Meant::NotATrade { .. }) {
        return Ok(None);
    }
    let own = follow::list(ctx, user).await?;
    let own = own.into_iter().find(|f| f.provider_id == provider.id);
    let follows = own.is_some();
    let follow = own.unwrap_or_else(|| Follow::new(ctx.id::<FollowId>(), user.id, provider.id, ctx.now()));
    let signal = signal(ctx, provider, meaning);
    let batches = decided(ctx, &signal, provider, &follow).await?;
    let decisions = batches.into_iter().filter_map(rows).collect();
    Ok(Some(Would { follows, decisions }))
}

async fn decided(
    ctx: &Context,
    signal: &Signal,
    provider: &Provider,
    follow: &Follow,
) -> Result<Vec<Batch>, PipelineError> {
    let kept_out = access::kept_out(ctx, signal, vec![follow.user_id]).await?;
    let ask = BTreeSet::new();
    let mut batches = Vec::new();
    for (index, instruction) in (0_u32..).zip(fanout::instructions(signal)) {
        let step = Step {
            signal,
            provider,
            instruction,
            index,
            views: fanout::views_of(ctx, signal, instruction).await,
            kept_out: &kept_out,
            twin: None,
            ask: &ask,
        };
        let chunk = fanout::read(ctx, &step, vec![follow.clone()]).await?;
        let verdict = fanout::verdict(ctx, &step, &chunk, follow).await?;
        batches.extend(verdict.map(|verdict| verdict.batch));
    }
    Ok(batches)
}

/// The signal it would be. It has an id like any other, and is never written.
fn signal(ctx: &Context, provider: &Provider, meaning: &Meaning) -> Signal {
    let now = ctx.now();
    Signal {
        id: ctx.id::<SignalId>(),
        version: 1,
        revision: 1,
        community_id: provider.community_id,
        channel_id: provider
            .channels
            .first()
            .copied()
            .unwrap_or_else(|| ctx.id::<ChannelId>()),
        provider_id: provider.id,
        source_id: String::new(),
        source_key: String::new(),
        parent: None,
        reading: meaning.reading.clone(),
        profile: meaning.profile,
        template: meaning.template.clone(),
        status: match meaning.reading.verdict {
            Meant::Invalid { .. } => SignalStatus::Invalid,
            _ => SignalStatus::Read,
        },
        posted_at: now,
        received_at: now,
        parsed_at: now,
        updated_at: now,
    }
}

/// The decision in a batch, with the orders it would place.
fn rows(batch: Batch) -> Option<(Decision, Vec<Order>)> {
    let (mut decision, mut orders) = (None, Vec::new());
    for change in batch.changes {
        match change {
            Change::Insert(Row::Decision(row)) => decision = Some(*row),
            Change::Insert(Row::Order(row)) => orders.push(*row),
            _ => {}
        }
    }
    decision.map(|decision| (decision, orders))
}
