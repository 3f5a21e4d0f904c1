//! Edits and deletions (PRODUCT SG-28 to SG-30): only the difference acts, what is filled stays, and an edit never
//! opens anything once the first posting is too old. Each may be taken up again where a crash left it: who has a
//! decision on the new revision is done.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures::future::try_join_all;
use ordercast_model::{
    community::Provider,
    decision::{Decision, DecisionStatus, SkipReason},
    follow::{Follow, OnDelete},
    ids::UserId,
    journal::entry::Entry,
    order::intent::{CancelledBy, Order},
    ports::{
        BoxFuture,
        store::{Batch, CommitError, Query, StoreError, find},
    },
    signal::{
        instruction::{Action, Instruction},
        reading::Verdict as Meaning,
        record::{Message, Signal, SignalStatus},
    },
    tenant::TenantScope,
};

use super::{
    PipelineError,
    chunk::{self, CHUNK},
    fanout::{self, Part},
    openings,
};
use crate::{approve, context::Context, decide::outcome, execute::ask_cancel};

/// How long an edit waits for the venue to confirm the cancel of what it replaces.
const CANCEL_WAIT: Duration = Duration::from_secs(3);
/// How often it looks.
const CANCEL_LOOK: Duration = Duration::from_millis(25);

/// The provider deleted the message.
pub(super) async fn deleted(
    ctx: &Context,
    scope: &TenantScope,
    signal: Signal,
    provider: &Provider,
    message: &Message,
) -> Result<(), PipelineError> {
    let follows = chunk::followers(ctx, &signal, provider).await?;
    let close = follow_up(&signal, message.revision, 0, Instruction::new(Action::Close));
    let (mut closing, mut told) = (Vec::new(), Vec::new());
    for part in follows.chunks(CHUNK) {
        approve::supersede(ctx, &signal, message.revision, part).await?;
        let orders = orders_of(ctx, &signal, part).await?;
        let leaving = part.iter().filter(|f| f.on_delete != OnDelete::Ignore);
        cancel(ctx, working(&orders, leaving)).await?;
        for follow in part {
            let own = orders.get(&follow.user_id).map_or(&[][..], Vec::as_slice);
            match follow.on_delete {
                OnDelete::Close => closing.push(follow.clone()),
                _ if own.is_empty() => {}
                _ => told.push(follow.clone()),
            }
        }
    }
    if !closing.is_empty() {
        fanout::some(ctx, &close, provider, closing, &Part::default()).await?;
    }
    let words = "The provider deleted the message: entries cancelled, what is filled keeps its protection";
    tell_some(ctx, &close, 0, &told, words).await?;
    store(ctx, scope, signal, message.revision, SignalStatus::Deleted, None).await
}

/// An edit took the meaning away.
pub(super) async fn withdrawn(
    ctx: &Context,
    scope: &TenantScope,
    signal: Signal,
    provider: &Provider,
    message: &Message,
    entry: Entry,
) -> Result<(), PipelineError> {
    supersede_all(ctx, &signal, message.revision, provider).await?;
    cancel_all(ctx, &signal, provider).await?;
    store(
        ctx,
        scope,
        signal,
        message.revision,
        SignalStatus::Superseded,
        Some(entry),
    )
    .await
}

/// An edit changed the meaning; gives what marks the signal as decided. Safe to repeat.
pub(super) async fn edited(
    ctx: &Context,
    before: &Signal,
    after: &Signal,
    provider: &Provider,
) -> Result<Batch, PipelineError> {
    supersede_all(ctx, before, after.revision, provider).await?;
    let (old, new) = match (&before.reading.verdict, &after.reading.verdict) {
        (Meaning::Trade { instructions: old }, Meaning::Trade { instructions: new }) => (old, new),
        (Meaning::Trade { .. }, _) => {
            cancel_all(ctx, before, provider).await?;
            return fanout::all(ctx, after, provider, None).await;
        }
        _ => return fanout::all(ctx, after, provider, None).await,
    };
    if !same_subject(old, new) {
        cancel_all(ctx, before, provider).await?;
        let follows = chunk::followers(ctx, after, provider).await?;
        let words = "The edit names another trade: entries cancelled, what is filled stays";
        tell_some(ctx, after, 0, &follows, words).await?;
        return Ok(fanout::finish(ctx, after));
    }
    // What was withdrawn meanwhile has lost its entries.
    let withdrawn = before.status == SignalStatus::Superseded;
    for (index, (old, new)) in (0_u32..).zip(old.iter().zip(new)) {
        let change = Change {
            before,
            after,
            provider,
            index,
            old,
            new,
        };
        change.act(ctx, withdrawn).await?;
    }
    Ok(fanout::finish(ctx, after))
}

/// Whether both speak of the same trades.
fn same_subject(old: &[Instruction], new: &[Instruction]) -> bool {
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(a, b)| a.action == b.action && a.side == b.side && a.subject == b.subject)
}

/// One instruction that an edit changed.
struct Change<'a> {
    before: &'a Signal,
    after: &'a Signal,
    provider: &'a Provider,
    index: u32,
    old: &'a Instruction,
    new: &'a Instruction,
}

impl Change<'_> {
    async fn act(&self, ctx: &Context, withdrawn: bool) -> Result<(), PipelineError> {
        let (old, new) = (self.old, self.new);
        let asked = self.asked(ctx).await?;
        if !asked.is_empty() {
            // Nothing was sent for them: the new revision replaces the old one (PRODUCT SG-28).
            fanout::some(ctx, self.after, self.provider, asked, &self.part()).await?;
        }
        let resized = (&old.entry, old.kind, &old.size) != (&new.entry, new.kind, &new.size);
        if new.action.opens() {
            if resized || withdrawn {
                return self.replace(ctx).await;
            }
            let follows = self.undecided(ctx).await?;
            return self.protect(ctx, follows).await;
        }
        if old == new {
            return Ok(());
        }
        let follows = self.undecided(ctx).await?;
        if matches!(new.action, Action::UpdateStop | Action::UpdateTarget) {
            return fanout::some(ctx, self.after, self.provider, follows, &self.part()).await;
        }
        let words = "An edited close or cancel is not done a second time";
        tell_some(ctx, self.after, self.index, &follows, words).await
    }

    /// Followers without a decision on the new revision.
    async fn undecided(&self, ctx: &Context) -> Result<Vec<Follow>, PipelineError> {
        let mut open = Vec::new();
        for part in chunk::followers(ctx, self.after, self.provider)
            .await?
            .chunks(CHUNK)
        {
            let decided = self.decided(ctx, part).await?;
            open.extend(part.iter().filter(|f| !decided.contains(&f.user_id)).cloned());
        }
        Ok(open)
    }

    /// Followers whose card about this instruction was overtaken by the edit.
    async fn asked(&self, ctx: &Context) -> Result<Vec<Follow>, PipelineError> {
        let mut asked = Vec::new();
        for part in chunk::followers(ctx, self.after, self.provider)
            .await?
            .chunks(CHUNK)
        {
            let scope = TenantScope::chunk(self.after, part);
            let query = Query::DecisionsOfSignal(self.after.id);
            let all = find::<Decision>(ctx.store.as_ref(), &scope, query).await?;
            let newest = |follow: &&Follow| {
                let own = all
                    .iter()
                    .filter(|d| d.user_id == follow.user_id && d.instruction == self.index);
                own.max_by_key(|d| d.revision).is_some_and(|d| {
                    d.revision < self.after.revision
                        && d.status == DecisionStatus::Skipped(SkipReason::Superseded)
                        && d.message == approve::OVERTAKEN
                })
            };
            asked.extend(part.iter().filter(newest).cloned());
        }
        Ok(asked)
    }

    fn part(&self) -> Part {
        Part {
            only: Some(BTreeSet::from([self.index])),
            ask: BTreeSet::new(),
        }
    }

    fn moves_protection(&self) -> bool {
        let (old, new) = (self.old, self.new);
        (old.stop, old.trailing) != (new.stop, new.trailing) || old.targets != new.targets
    }

    /// Stop and targets that changed are moved on what this instruction opened.
    async fn protect(&self, ctx: &Context, follows: Vec<Follow>) -> Result<(), PipelineError> {
        let (old, new) = (self.old, self.new);
        if !self.moves_protection() {
            return Ok(());
        }
        let mut update = if (old.stop, old.trailing) == (new.stop, new.trailing) {
            Instruction::new(Action::UpdateTarget)
        } else {
            Instruction::new(Action::UpdateStop)
        };
        update.subject.clone_from(&new.subject);
        update.stop = new.stop;
        update.trailing = new.trailing;
        if old.targets != new.targets {
            update.targets.clone_from(&new.targets);
        }
        let signal = follow_up(self.after, self.after.revision, self.index, update);
        fanout::some(ctx, &signal, self.provider, follows, &self.part()).await
    }

    /// The entry changed: what has not filled is cancelled, and once the venue has confirmed it, followers of whom
    /// nothing was filled are decided anew. The age of the first posting still counts: after it they are asked.
    async fn replace(&self, ctx: &Context) -> Result<(), PipelineError> {
        let follows = chunk::followers(ctx, self.after, self.provider).await?;
        let mut waiting: Vec<Follow> = Vec::new();
        let mut part = self.part();
        for chunk in follows.chunks(CHUNK) {
            let decided = self.decided(ctx, chunk).await?;
            let orders = self.entries(ctx, chunk).await?;
            let undecided: Vec<&Follow> = chunk.iter().filter(|f| !decided.contains(&f.user_id)).collect();
            cancel(ctx, working(&orders, undecided.iter().copied())).await?;
            for follow in undecided {
                let own = orders.get(&follow.user_id).map_or(&[][..], Vec::as_slice);
                let taken = |o: &Order| {
                    o.filled.is_zero()
                        && (!o.state.is_final() || o.cancelled_by == Some(CancelledBy::Provider))
                };
                if own.iter().any(taken) {
                    part.ask.insert(follow.user_id);
                }
                waiting.push(follow.clone());
            }
        }
        let (kept, free) = self.settled(ctx, waiting).await?;
        fanout::some(ctx, self.after, self.provider, free, &part).await?;
        if self.moves_protection() {
            self.protect(ctx, kept).await
        } else {
            let words = "Filled before the edit: the position stays as it is";
            tell_some(ctx, self.after, self.index, &kept, words).await
        }
    }

    /// Who holds something of the entry, or whose cancel the venue did not confirm in time; and who is free.
    async fn settled(
        &self,
        ctx: &Context,
        waiting: Vec<Follow>,
    ) -> Result<(Vec<Follow>, Vec<Follow>), PipelineError> {
        let until = ctx.now().plus(CANCEL_WAIT);
        let (mut kept, mut free) = (Vec::new(), Vec::new());
        for chunk in waiting.chunks(CHUNK) {
            let orders = loop {
                let orders = self.entries(ctx, chunk).await?;
                let works = orders.values().flatten().any(|o| !o.state.is_final());
                if !works || ctx.now() >= until {
                    break orders;
                }
                ctx.clock.sleep_until(ctx.now().plus(CANCEL_LOOK)).await;
            };
            let holds = |o: &Order| !o.state.is_final() || !o.filled.is_zero();
            for follow in chunk {
                match orders.get(&follow.user_id) {
                    Some(own) if own.iter().any(holds) => kept.push(follow.clone()),
                    _ => free.push(follow.clone()),
                }
            }
        }
        Ok((kept, free))
    }

    /// Entry orders of this instruction, by follower.
    async fn entries(
        &self,
        ctx: &Context,
        part: &[Follow],
    ) -> Result<BTreeMap<UserId, Vec<Order>>, StoreError> {
        let mut orders = orders_of(ctx, self.before, part).await?;
        for own in orders.values_mut() {
            own.retain(|o| o.leg.opens() && o.instruction == self.index);
        }
        Ok(orders)
    }

    async fn decided(&self, ctx: &Context, part: &[Follow]) -> Result<BTreeSet<UserId>, StoreError> {
        let scope = TenantScope::chunk(self.after, part);
        let query = Query::DecisionsOfSignal(self.after.id);
        let all = find::<Decision>(ctx.store.as_ref(), &scope, query).await?;
        let done = |d: &&Decision| d.revision == self.after.revision && d.instruction == self.index;
        Ok(all.iter().filter(done).map(|d| d.user_id).collect())
    }
}

/// Orders of some followers for a signal.
async fn orders_of(
    ctx: &Context,
    signal: &Signal,
    part: &[Follow],
) -> Result<BTreeMap<UserId, Vec<Order>>, StoreError> {
    let scope = TenantScope::chunk(signal, part);
    let all = find::<Order>(ctx.store.as_ref(), &scope, Query::OrdersOfSignal(signal.id)).await?;
    let mut by_user: BTreeMap<UserId, Vec<Order>> = BTreeMap::new();
    for order in all {
        by_user.entry(order.user_id).or_default().push(order);
    }
    Ok(by_user)
}

/// The entries of some followers that work.
fn working<'a>(
    orders: &'a BTreeMap<UserId, Vec<Order>>,
    follows: impl Iterator<Item = &'a Follow>,
) -> Vec<&'a Order> {
    let own = follows.filter_map(|f| orders.get(&f.user_id)).flatten();
    own.filter(|o| o.leg.opens() && !o.state.is_final()).collect()
}

/// Cancels entries; their wishes share a transaction.
async fn cancel(ctx: &Context, orders: Vec<&Order>) -> Result<(), CommitError> {
    let mut asked: Vec<BoxFuture<'_, Result<(), CommitError>>> = Vec::new();
    for order in orders {
        asked.push(Box::pin(ask_cancel(ctx, order, CancelledBy::Provider)));
    }
    try_join_all(asked).await.map(drop)
}

async fn supersede_all(
    ctx: &Context,
    signal: &Signal,
    revision: u32,
    provider: &Provider,
) -> Result<(), PipelineError> {
    for part in chunk::followers(ctx, signal, provider).await?.chunks(CHUNK) {
        approve::supersede(ctx, signal, revision, part).await?;
    }
    Ok(())
}

async fn cancel_all(ctx: &Context, signal: &Signal, provider: &Provider) -> Result<(), PipelineError> {
    let follows = chunk::followers(ctx, signal, provider).await?;
    for part in follows.chunks(CHUNK) {
        let orders = orders_of(ctx, signal, part).await?;
        cancel(ctx, working(&orders, part.iter())).await?;
    }
    Ok(())
}

/// The same signal speaking of its own lots: one instruction of an edit or a deletion as a follow-up.
fn follow_up(signal: &Signal, revision: u32, index: u32, instruction: Instruction) -> Signal {
    let mut speaking = signal.clone();
    speaking.parent = Some(signal.id);
    speaking.revision = revision;
    let mut instructions = signal.reading.instructions().to_vec();
    instructions.truncate(index as usize);
    instructions.push(instruction);
    speaking.reading.verdict = Meaning::Trade { instructions };
    speaking
}

/// A decision that nothing is done, for each of these followers.
async fn tell_some(
    ctx: &Context,
    signal: &Signal,
    index: u32,
    follows: &[Follow],
    message: &str,
) -> Result<(), PipelineError> {
    let batches = follows
        .iter()
        .map(|follow| {
            let decision = chunk::decision(ctx, signal, index, follow, None);
            let decision = outcome::skip(decision, SkipReason::Superseded, message);
            (
                TenantScope::chunk(signal, std::slice::from_ref(follow)).into(),
                openings::told(ctx, signal, decision),
            )
        })
        .collect();
    for answer in ctx.commit_all(batches).await? {
        match answer {
            Ok(()) | Err(CommitError::Duplicate { .. } | CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn store(
    ctx: &Context,
    scope: &TenantScope,
    mut signal: Signal,
    revision: u32,
    status: SignalStatus,
    entry: Option<Entry>,
) -> Result<(), PipelineError> {
    signal.version += 1;
    signal.revision = revision;
    signal.status = status;
    signal.updated_at = ctx.now();
    let mut batch = Batch::new();
    batch.journal.extend(entry);
    batch.update(signal);
    match ctx.commit(scope.clone(), batch).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
