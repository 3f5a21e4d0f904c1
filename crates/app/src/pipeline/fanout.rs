//! From one signal to every follower: instruction by instruction, chunk by chunk, each chunk one transaction. A
//! conflict is decided again for that follower alone; nobody waits for another's trouble.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures::{StreamExt, TryStreamExt, stream};
use ordercast_model::{
    community::Provider,
    decision::SkipReason,
    follow::Follow,
    ids::{SignalId, UserId},
    ports::{
        BoxFuture,
        store::{Batch, CommitError, Page, Query, Scope, StoreError, find},
    },
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
/// Followers of a chunk whose rows are asked for at the same time.
const ABREAST_MAX: usize = 16;

/// What each venue says about a subject, by the venue's code.
type Views = BTreeMap<String, Result<View, Refusal>>;

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
    pub(super) views: Views,
    /// Who is kept out of the community now, and why.
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

/// Decides for every follower; gives what marks the signal as decided. A new signal's own rows are written in the
/// transaction of the first decisions. Safe to repeat: who has a decision keeps it.
pub(super) async fn all(
    ctx: &Context,
    signal: &Signal,
    provider: &Provider,
    own: Option<Batch>,
) -> Result<Batch, PipelineError> {
    let instruction = signal.reading.instructions().first();
    let (follows, others, views) = futures::join!(
        chunk::followers(ctx, signal, provider),
        newest(ctx, signal),
        views_of(ctx, signal, instruction),
    );
    let walk = Walk {
        ctx,
        signal,
        provider,
        others: others?,
    };
    walk.go(&follows?, &Part::default(), Some(views), own).await?;
    Ok(finish(ctx, signal))
}

/// The newest signals of the community.
async fn newest(ctx: &Context, signal: &Signal) -> Result<Vec<Signal>, StoreError> {
    let scope = TenantScope::of_community(signal);
    find(ctx.store.as_ref(), &scope, Query::Signals(Page::first(TWINS_MAX))).await
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
    let walk = Walk {
        ctx,
        signal,
        provider,
        others: newest(ctx, signal).await?,
    };
    walk.go(&follows, part, None, None).await
}

/// The instructions to decide on; an invalid signal is decided on once, as a whole.
pub(super) fn instructions(signal: &Signal) -> Vec<Option<&Instruction>> {
    match &signal.reading.verdict {
        Meaning::Trade { instructions } => instructions.iter().map(Some).collect(),
        Meaning::Invalid { .. } => vec![None],
        Meaning::NotATrade { .. } => Vec::new(),
    }
}

/// One signal on its way to some followers.
struct Walk<'a> {
    ctx: &'a Context,
    signal: &'a Signal,
    provider: &'a Provider,
    /// The newest signals of the community, among them perhaps a twin.
    others: Vec<Signal>,
}

impl Walk<'_> {
    /// Instruction by instruction. `first` is what the venues said about the first one, `own` what is to be written
    /// with the first decisions.
    async fn go(
        &self,
        follows: &[Follow],
        part: &Part,
        mut first: Option<Views>,
        mut own: Option<Batch>,
    ) -> Result<(), PipelineError> {
        let followers = follows.iter().map(|f| f.user_id).collect();
        let kept_out = access::kept_out(self.ctx, self.signal, followers).await?;
        for (index, instruction) in (0_u32..).zip(instructions(self.signal)) {
            let views = first.take();
            if part.only.as_ref().is_some_and(|only| !only.contains(&index)) {
                continue;
            }
            let views = match views {
                Some(views) => views,
                None => views_of(self.ctx, self.signal, instruction).await,
            };
            let step = Step {
                signal: self.signal,
                provider: self.provider,
                instruction,
                index,
                views,
                kept_out: &kept_out,
                // An edit says again what its own message said; only a first posting can be a second of another.
                twin: (self.signal.revision == 1)
                    .then(|| twin_of(self.signal, instruction, &self.others))
                    .flatten(),
                ask: &part.ask,
            };
            self.step(&step, follows, &mut own).await?;
        }
        match own {
            Some(own) => stored(self.ctx.commit(TenantScope::of_community(self.signal), own).await),
            None => Ok(()),
        }
    }

    /// Chunk by chunk; the next one is read while the one before is written down.
    async fn step(
        &self,
        step: &Step<'_>,
        follows: &[Follow],
        own: &mut Option<Batch>,
    ) -> Result<(), PipelineError> {
        let mut parts = follows.chunks(CHUNK);
        let mut next = match parts.next() {
            Some(part) => Some(read(self.ctx, step, part.to_vec()).await?),
            None => None,
        };
        while let Some(chunk) = next.take() {
            let ahead = async {
                match parts.next() {
                    Some(part) => read(self.ctx, step, part.to_vec()).await.map(Some),
                    None => Ok(None),
                }
            };
            let (decided, ahead) = futures::join!(one_chunk(self.ctx, step, chunk, own.take()), ahead);
            decided?;
            next = ahead?;
        }
        Ok(())
    }
}

/// Whether a new signal stands in the store. One that another process wrote is the same: its decisions are unique.
fn stored(answer: Result<(), CommitError>) -> Result<(), PipelineError> {
    match answer {
        Ok(()) | Err(CommitError::Duplicate { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What every venue says about the instruction's subject, for instructions that open.
pub(super) async fn views_of(ctx: &Context, signal: &Signal, instruction: Option<&Instruction>) -> Views {
    let mut views = BTreeMap::new();
    let subject = instruction
        .filter(|i| i.action.opens())
        .and_then(|i| i.subject.as_ref());
    if let Some(subject) = subject {
        for (code, market) in ctx.markets.iter() {
            views.insert(
                code.clone(),
                view(market.as_ref(), subject, signal.posted_at, ctx.now()).await,
            );
        }
    }
    views
}

async fn one_chunk(
    ctx: &Context,
    step: &Step<'_>,
    chunk: Chunk,
    own: Option<Batch>,
) -> Result<(), PipelineError> {
    let mut deciding: Vec<BoxFuture<'_, Result<Option<Verdict>, PipelineError>>> = Vec::new();
    for follow in &chunk.follows {
        deciding.push(Box::pin(verdict(ctx, step, &chunk, follow)));
    }
    let decided: Vec<Option<Verdict>> = stream::iter(deciding).buffered(ABREAST_MAX).try_collect().await?;
    let mut verdicts: Vec<Verdict> = decided.into_iter().flatten().collect();
    let scope = Scope::from(chunk.scope.clone());
    let mut batches: Vec<(Scope, Batch)> = Vec::with_capacity(verdicts.len() + 1);
    let is_new = own.is_some();
    batches.extend(own.map(|own| (TenantScope::of_community(step.signal).into(), own)));
    batches.extend(
        verdicts
            .iter_mut()
            .map(|v| (scope.clone(), std::mem::take(&mut v.batch))),
    );
    let mut answers = ctx.commit_all(batches).await?.into_iter();
    let mut trouble = match is_new.then(|| answers.next()).flatten() {
        Some(answer) => stored(answer),
        None => Ok(()),
    };
    // What is durable is handed over before anybody else's trouble is looked at.
    let (mut contended, mut asked) = (Vec::new(), Vec::new());
    for (verdict, answer) in verdicts.into_iter().zip(answers) {
        match answer {
            Ok(()) => {
                asked.extend(verdict.asks.then_some(verdict.user));
                hand_over(ctx, &chunk, verdict).await;
            }
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
    for user in asked {
        show(ctx, &chunk, user).await?;
    }
    trouble
}

pub(super) async fn read(
    ctx: &Context,
    step: &Step<'_>,
    follows: Vec<Follow>,
) -> Result<Chunk, PipelineError> {
    let mut chunk = Chunk::read(ctx, step.signal, follows).await?;
    match step.instruction {
        Some(instruction) if instruction.action.opens() => chunk.count_signals(ctx, step.signal).await?,
        Some(_) => chunk.read_lots(ctx, step.provider).await?,
        None => {}
    }
    Ok(chunk)
}

/// One follower's decision; none when it is made already. A figure of one account that does not fit is that
/// follower's own trouble.
pub(super) async fn verdict(
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
                let asks = verdict.asks;
                hand_over(ctx, &alone, verdict).await;
                return if asks {
                    show(ctx, &alone, user).await
                } else {
                    Ok(())
                };
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
async fn hand_over(ctx: &Context, chunk: &Chunk, verdict: Verdict) {
    for (connection, job) in verdict.jobs {
        if let Some(row) = chunk.connections.iter().find(|c| c.id == connection) {
            ctx.lanes.push(TenantScope::of_user(row), connection, job).await;
        }
    }
}

/// A follower has a new card: only so many are kept.
async fn show(ctx: &Context, chunk: &Chunk, user: UserId) -> Result<(), PipelineError> {
    match chunk.follows.iter().find(|f| f.user_id == user) {
        Some(follow) => Ok(approve::keep_newest(ctx, follow).await?),
        None => Ok(()),
    }
}

/// What marks a signal as decided for every follower, to be written with the mark that its message is done.
pub(super) fn finish(ctx: &Context, signal: &Signal) -> Batch {
    let mut batch = Batch::new();
    if signal.status == SignalStatus::Read {
        let mut done = signal.clone();
        done.status = SignalStatus::Done;
        done.version += 1;
        done.updated_at = ctx.now();
        batch.update(done);
    }
    batch
}
