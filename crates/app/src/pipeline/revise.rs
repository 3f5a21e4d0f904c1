//! Edits and deletions (PRODUCT SG-28 to SG-30): only the difference acts, what is filled stays, and an edit never
//! opens anything once the first posting is too old.

use std::{collections::BTreeSet, time::Duration};

use ordercast_model::{
    community::Provider,
    decision::SkipReason,
    follow::{Follow, OnDelete},
    ids::{LotId, UserId},
    journal::entry::Entry,
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::store::{Batch, CommitError, Query, StoreError, find},
    position::Lot,
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
    fanout, openings,
};
use crate::{context::Context, decide::outcome, lane::Job};

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
    for part in follows.chunks(CHUNK) {
        for (follow, lot) in lots(ctx, &signal, part).await? {
            if follow.on_delete != OnDelete::Ignore {
                cancel_entries(ctx, &lot).await?;
            }
        }
    }
    let closing: Vec<Follow> = follows
        .into_iter()
        .filter(|f| f.on_delete == OnDelete::Close)
        .collect();
    if !closing.is_empty() {
        let close = follow_up(&signal, message.revision, Instruction::new(Action::Close));
        fanout::some(ctx, &close, provider, closing, None).await?;
    }
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

/// An edit changed the meaning.
pub(super) async fn edited(
    ctx: &Context,
    before: &Signal,
    after: &Signal,
    provider: &Provider,
) -> Result<(), PipelineError> {
    let (old, new) = match (&before.reading.verdict, &after.reading.verdict) {
        (Meaning::Trade { instructions: old }, Meaning::Trade { instructions: new }) => (old, new),
        (Meaning::Trade { .. }, _) => {
            cancel_all(ctx, before, provider).await?;
            return fanout::all(ctx, after, provider).await;
        }
        _ => return fanout::all(ctx, after, provider).await,
    };
    if !same_subject(old, new) {
        cancel_all(ctx, before, provider).await?;
        return tell(
            ctx,
            after,
            provider,
            "The edit names another trade: entries cancelled, what is filled stays",
        )
        .await;
    }
    let mut reenter = BTreeSet::new();
    for (index, (old, new)) in (0_u32..).zip(old.iter().zip(new)) {
        if (&old.entry, old.kind, &old.size) != (&new.entry, new.kind, &new.size) {
            reenter.insert(index);
        } else if new.action.opens() {
            protection(ctx, after, provider, old, new).await?;
        }
    }
    if !reenter.is_empty() {
        replace(ctx, before, after, provider, &reenter).await?;
    }
    fanout::finish(ctx, after).await
}

/// Whether both speak of the same trades.
fn same_subject(old: &[Instruction], new: &[Instruction]) -> bool {
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(a, b)| a.action == b.action && a.side == b.side && a.subject == b.subject)
}

/// Stop and targets that changed are moved on what the signal opened.
async fn protection(
    ctx: &Context,
    after: &Signal,
    provider: &Provider,
    old: &Instruction,
    new: &Instruction,
) -> Result<(), PipelineError> {
    let mut update = if (old.stop, old.trailing) != (new.stop, new.trailing) {
        Instruction::new(Action::UpdateStop)
    } else if old.targets != new.targets {
        Instruction::new(Action::UpdateTarget)
    } else {
        return Ok(());
    };
    update.stop = new.stop;
    update.trailing = new.trailing;
    if old.targets != new.targets {
        update.targets.clone_from(&new.targets);
    }
    let signal = follow_up(after, after.revision, update);
    let follows = chunk::followers(ctx, after, provider).await?;
    fanout::some(ctx, &signal, provider, follows, None).await
}

/// The entry changed: what has not filled is cancelled, and once the venue has confirmed it, followers of whom
/// nothing was filled are decided anew. The age of the first posting still counts.
async fn replace(
    ctx: &Context,
    before: &Signal,
    after: &Signal,
    provider: &Provider,
    only: &BTreeSet<u32>,
) -> Result<(), PipelineError> {
    let follows = chunk::followers(ctx, after, provider).await?;
    let mut waiting: Vec<(UserId, Lot)> = Vec::new();
    for part in follows.chunks(CHUNK) {
        for (follow, lot) in lots(ctx, before, part).await? {
            cancel_entries(ctx, &lot).await?;
            waiting.push((follow.user_id, lot));
        }
    }
    let until = ctx.now().plus(CANCEL_WAIT);
    let mut held: BTreeSet<UserId> = BTreeSet::new();
    for (user, lot) in waiting {
        while works(ctx, &lot).await? {
            if ctx.now() >= until {
                held.insert(user);
                break;
            }
            ctx.clock.sleep_until(ctx.now().plus(CANCEL_LOOK)).await;
        }
        if filled(ctx, &lot).await? {
            held.insert(user);
        }
    }
    let (kept, free): (Vec<Follow>, Vec<Follow>) =
        follows.into_iter().partition(|f| held.contains(&f.user_id));
    fanout::some(ctx, after, provider, free, Some(only)).await?;
    tell_some(
        ctx,
        after,
        &kept,
        "Filled before the edit: the position stays as it is",
    )
    .await
}

async fn lots<'a>(
    ctx: &Context,
    signal: &Signal,
    part: &'a [Follow],
) -> Result<Vec<(&'a Follow, Lot)>, StoreError> {
    let scope = TenantScope::chunk(signal, part);
    let lots = find::<Lot>(ctx.store.as_ref(), &scope, Query::LotsOfSignal(signal.id)).await?;
    let own = |lot: Lot| part.iter().find(|f| f.user_id == lot.user_id).map(|f| (f, lot));
    Ok(lots.into_iter().filter(|l| !l.closed).filter_map(own).collect())
}

async fn orders(ctx: &Context, lot: LotId, scope: &TenantScope) -> Result<Vec<Order>, StoreError> {
    find::<Order>(ctx.store.as_ref(), scope, Query::OrdersOfLot(lot)).await
}

async fn cancel_entries(ctx: &Context, lot: &Lot) -> Result<(), StoreError> {
    for order in orders(ctx, lot.id, &TenantScope::of_user(lot)).await? {
        if order.leg.opens() && !order.state.is_final() {
            ctx.lanes
                .push_for(&order, Job::Cancel(order.id, CancelledBy::Provider))
                .await;
        }
    }
    Ok(())
}

async fn works(ctx: &Context, lot: &Lot) -> Result<bool, StoreError> {
    let orders = orders(ctx, lot.id, &TenantScope::of_user(lot)).await?;
    Ok(orders.iter().any(|o| o.leg.opens() && !o.state.is_final()))
}

async fn filled(ctx: &Context, lot: &Lot) -> Result<bool, StoreError> {
    let orders = orders(ctx, lot.id, &TenantScope::of_user(lot)).await?;
    Ok(orders
        .iter()
        .any(|o| o.leg.opens() && (!o.filled.is_zero() || o.state == OrderState::Filled)))
}

async fn cancel_all(ctx: &Context, signal: &Signal, provider: &Provider) -> Result<(), PipelineError> {
    let follows = chunk::followers(ctx, signal, provider).await?;
    for part in follows.chunks(CHUNK) {
        for (_, lot) in lots(ctx, signal, part).await? {
            cancel_entries(ctx, &lot).await?;
        }
    }
    Ok(())
}

/// The same signal speaking of its own lots: an edit or a deletion as a follow-up.
fn follow_up(signal: &Signal, revision: u32, instruction: Instruction) -> Signal {
    let mut speaking = signal.clone();
    speaking.parent = Some(signal.id);
    speaking.revision = revision;
    speaking.reading.verdict = Meaning::Trade {
        instructions: vec![instruction],
    };
    speaking
}

async fn tell(
    ctx: &Context,
    signal: &Signal,
    provider: &Provider,
    message: &str,
) -> Result<(), PipelineError> {
    let follows = chunk::followers(ctx, signal, provider).await?;
    tell_some(ctx, signal, &follows, message).await
}

/// A decision that nothing is done, for each of these followers.
async fn tell_some(
    ctx: &Context,
    signal: &Signal,
    follows: &[Follow],
    message: &str,
) -> Result<(), PipelineError> {
    let batches = follows
        .iter()
        .map(|follow| {
            let decision = chunk::decision(ctx, signal, 0, follow, None);
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
