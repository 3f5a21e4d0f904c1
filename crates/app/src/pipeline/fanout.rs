//! From one signal to every follower: instruction by instruction, chunk by chunk, each chunk one transaction. A
//! conflict is decided again for that follower alone; nobody waits for another's trouble.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use ordercast_model::{
    community::Provider,
    decision::SkipReason,
    follow::Follow,
    ids::{SignalId, UserId},
    ports::store::{Batch, CommitError, Page, Query, Scope, find},
    signal::{
        instruction::Instruction,
        reading::Verdict as Meaning,
        record::{Signal, SignalStatus},
    },
    tenant::TenantScope,
};
use ordercast_rules::route::Refusal;

use super::{
    PipelineError,
    chunk::{self, CHUNK, Chunk, Verdict},
    exits, openings,
};
use crate::{
    access, approve,
    context::Context,
    decide::{
        outcome,
        view::{View, view},
    },
};

/// The identical instruction by one provider within this window counts once (PRODUCT SG-31).
const TWIN_WINDOW: Duration = Duration::from_secs(5);
/// Newest signals of a community looked at for an identical one.
const TWINS_MAX: u32 = 50;
/// Tries for a follower whose account changed while it was being decided.
const ATTEMPTS_MAX: u32 = 20;

/// What is the same for every follower of one instruction.
pub(super) struct Step<'a> {
    /// The signal.
    pub(super) signal: &'a Signal,
    /// Its provider.
    pub(super) provider: &'a Provider,
    /// The instruction; none when the signal is invalid.
    pub(super) instruction: Option<&'a Instruction>,
    /// Its index.
    pub(super) index: u32,
    /// What each venue says about it, or why it cannot be traded there.
    pub(super) views: BTreeMap<String, Result<View, Refusal>>,
    /// Who may trade in this community.
    pub(super) traders: &'a BTreeSet<UserId>,
    /// Who is kept out of it now, and why.
    pub(super) kept_out: &'a BTreeMap<UserId, String>,
    /// The signal that said the same a moment ago (PRODUCT SG-31).
    pub(super) twin: Option<SignalId>,
    /// Who is asked when the signal is too old to open by itself: an edit took a working entry away (SG-29).
    pub(super) ask: &'a BTreeSet<UserId>,
}

/// Which instructions of a signal are carried to whom.
#[derive(Default)]
pub(super) struct Part {
    /// Only these instructions; all when none.
    pub(super) only: Option<BTreeSet<u32>>,
    /// Who is asked when the signal is too old to open by itself.
    pub(super) ask: BTreeSet<UserId>,
}

/// Decides for every follower. Safe to repeat: who has a decision keeps it.
pub(super) async fn all(ctx: &Context, signal: &Signal, provider: &Provider) -> Result<(), PipelineError> {
    let follows = chunk::followers(ctx, signal, provider).await?;
    some(ctx, signal, provider, follows, &Part::default()).await?;
    finish(ctx, signal).await
}

/// The earlier signal of the provider that gave the same instruction within the window, if any: it counts once.
fn twin_of(signal: &Signal, instruction: Option<&Instruction>, others: &[Signal]) -> Option<SignalId> {
    let instruction = instruction?;
    let earlier = |other: &&Signal| {
        other.id != signal.id
            && other.provider_id == signal.provider_id
            && other.parent == signal.parent
            && (other.posted_at, other.id) < (signal.posted_at, signal.id)
            && signal.posted_at.since(other.posted_at) < TWIN_WINDOW
            && !matches!(other.status, SignalStatus::Deleted | SignalStatus::Superseded)
            && other.reading.instructions().contains(instruction)
    };
    others.iter().find(earlier).map(|other| other.id)
}

/// Decides for some followers; only some of the instructions when given.
pub(super) async fn some(
    ctx: &Context,
    signal: &Signal,
    provider: &Provider,
    follows: Vec<Follow>,
    part: &Part,
) -> Result<(), PipelineError> {
    let scope = TenantScope::of_community(signal);
    let (traders, others) = futures::try_join!(
        chunk::traders(ctx, signal),
        find::<Signal>(ctx.store.as_ref(), &scope, Query::Signals(Page::first(TWINS_MAX))),
    )?;
    let kept_out = access::kept_out(ctx, signal, follows.iter().map(|f| f.user_id).collect()).await?;
    let instructions: Vec<Option<&Instruction>> = match &signal.reading.verdict {
        Meaning::Trade { instructions } => instructions.iter().map(Some).collect(),
        Meaning::Invalid { .. } => vec![None],
        Meaning::NotATrade { .. } => Vec::new(),
    };
    for (index, instruction) in (0_u32..).zip(instructions) {
        if part.only.as_ref().is_some_and(|only| !only.contains(&index)) {
            continue;
        }
        let views = views(ctx, signal, instruction).await;
        let step = Step {
            signal,
            provider,
            instruction,
            index,
            views,
            traders: &traders,
            kept_out: &kept_out,
            // An edit says again what its own message said; only a first posting can be a second of another.
            twin: (signal.revision == 1)
                .then(|| twin_of(signal, instruction, &others))
                .flatten(),
            ask: &part.ask,
        };
        for part in follows.chunks(CHUNK) {
            one_chunk(ctx, &step, part.to_vec()).await?;
        }
    }
    Ok(())
}

/// What every venue says about the instruction's subject, for instructions that open.
async fn views(
    ctx: &Context,
    signal: &Signal,
    instruction: Option<&Instruction>,
) -> BTreeMap<String, Result<View, Refusal>> {
    let mut views = BTreeMap::new();
    let subject = instruction
        .filter(|i| i.action.opens())
        .and_then(|i| i.subject.as_ref());
    if let Some(subject) = subject {
        for (code, market) in ctx.markets.iter() {
            views.insert(
                code.clone(),
                view(market.as_ref(), subject, signal.posted_at).await,
            );
        }
    }
    views
}

async fn one_chunk(ctx: &Context, step: &Step<'_>, follows: Vec<Follow>) -> Result<(), PipelineError> {
    let chunk = read(ctx, step, follows).await?;
    let mut verdicts = Vec::new();
    for follow in &chunk.follows {
        if let Some(verdict) = verdict(ctx, step, &chunk, follow).await? {
            verdicts.push(verdict);
        }
    }
    let scope = Scope::from(chunk.scope.clone());
    let batches = verdicts
        .iter_mut()
        .map(|v| (scope.clone(), std::mem::take(&mut v.batch)))
        .collect();
    let answers = ctx.commit_all(batches).await?;
    // What is durable is handed over before anybody else's trouble is looked at.
    let mut contended = Vec::new();
    let mut trouble = Ok(());
    for (verdict, answer) in verdicts.into_iter().zip(answers) {
        match answer {
            Ok(()) => hand_over(ctx, &chunk, verdict).await?,
            Err(CommitError::Conflict { .. }) => contended.push(verdict.user),
            // The decision is there already: another process or an earlier run made it.
            Err(CommitError::Duplicate { .. }) => {}
            Err(error @ CommitError::Store(_)) => trouble = Err(error.into()),
            Err(error @ CommitError::OutOfScope { .. }) => {
                tracing::error!(%error, user = %verdict.user, "a decision reached outside its follower");
            }
        }
    }
    for user in contended {
        if let Err(error) = again(ctx, step, &chunk, user).await {
            trouble = Err(error);
        }
    }
    trouble
}

async fn read(ctx: &Context, step: &Step<'_>, follows: Vec<Follow>) -> Result<Chunk, PipelineError> {
    let mut chunk = Chunk::read(ctx, step.signal, follows).await?;
    if step.instruction.is_some_and(|i| i.action.opens()) {
        chunk.count_signals(ctx, step.signal).await?;
    }
    Ok(chunk)
}

/// One follower's decision; none when it is made already. A figure of one account that does not fit is that
/// follower's own trouble.
async fn verdict(
    ctx: &Context,
    step: &Step<'_>,
    chunk: &Chunk,
    follow: &Follow,
) -> Result<Option<Verdict>, PipelineError> {
    match decide(ctx, step, chunk, follow).await {
        Err(PipelineError::Money(error)) => {
            let blank = chunk::decision(ctx, step.signal, step.index, follow, None);
            let why = format!("Your account's figures cannot be computed: {error}");
            let decision = outcome::skip(blank, SkipReason::ConnectionUnhealthy, why);
            Ok(Some(openings::done(ctx, step, decision)))
        }
        other => other,
    }
}

async fn decide(
    ctx: &Context,
    step: &Step<'_>,
    chunk: &Chunk,
    follow: &Follow,
) -> Result<Option<Verdict>, PipelineError> {
    if chunk.is_decided(follow.user_id, step.signal.revision, step.index) {
        return Ok(None);
    }
    match step.instruction {
        Some(instruction) if !instruction.action.opens() => {
            exits::decide(ctx, step, chunk, follow, instruction)
                .await
                .map(Some)
        }
        _ => openings::decide(ctx, step, chunk, follow).map(Some),
    }
}

/// The account changed between reading and writing: read and decide again for this follower alone.
async fn again(ctx: &Context, step: &Step<'_>, chunk: &Chunk, user: UserId) -> Result<(), PipelineError> {
    let follows: Vec<Follow> = chunk
        .follows
        .iter()
        .filter(|f| f.user_id == user)
        .cloned()
        .collect();
    for _ in 0..ATTEMPTS_MAX {
        let alone = read(ctx, step, follows.clone()).await?;
        let Some(follow) = alone.follows.first() else {
            return Ok(());
        };
        let Some(mut verdict) = verdict(ctx, step, &alone, follow).await? else {
            return Ok(());
        };
        match ctx
            .commit(alone.scope.clone(), std::mem::take(&mut verdict.batch))
            .await
        {
            Ok(()) => {
                return hand_over(ctx, &alone, verdict).await;
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(CommitError::Duplicate { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    tracing::error!(%user, signal = %step.signal.id, "account contended: decision left to the next round");
    Err(CommitError::Conflict {
        table: "accounts",
        id: user.to_string(),
    }
    .into())
}

/// The decision is durable: its orders go to the lane.
async fn hand_over(ctx: &Context, chunk: &Chunk, verdict: Verdict) -> Result<(), PipelineError> {
    if verdict.asks
        && let Some(follow) = chunk.follows.iter().find(|f| f.user_id == verdict.user)
    {
        approve::keep_newest(ctx, follow).await?;
    }
    for (connection, job) in verdict.jobs {
        if let Some(row) = chunk.connections.iter().find(|c| c.id == connection) {
            ctx.lanes.push(TenantScope::of_user(row), connection, job).await;
        }
    }
    Ok(())
}

/// Every follower has a decision.
pub(super) async fn finish(ctx: &Context, signal: &Signal) -> Result<(), PipelineError> {
    if signal.status != SignalStatus::Read {
        return Ok(());
    }
    let mut done = signal.clone();
    done.status = SignalStatus::Done;
    done.version += 1;
    done.updated_at = ctx.now();
    let mut batch = Batch::new();
    batch.update(done);
    match ctx.commit(TenantScope::of_community(signal), batch).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
