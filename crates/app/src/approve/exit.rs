//! A yes to a follow-up: the signal that was chosen, or a stop that may close at once. Acts on the lots as they are
//! now, through the same stations as a follow-up that was clear; exits wait for nothing else (PRODUCT EX-18).

use std::time::Duration;

use ordercast_model::{
    decision::{Approval, Decision, DecisionStatus, Question, SkipReason},
    follow::Follow,
    ids::LotId,
    ports::store::Batch,
    position::Lot,
    signal::{instruction::Instruction, record::Signal},
    tenant::TenantScope,
};

use super::{ApproveError, finish, keep_newest};
use crate::{
    context::Context,
    decide::{again::provider, outcome},
    pipeline::{
        PipelineError, card,
        chunk::Chunk,
        lot::{self, Acted, Case},
    },
};

impl From<PipelineError> for ApproveError {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Store(error) => Self::Store(error),
            PipelineError::Commit(error) => Self::Commit(error),
            PipelineError::Money(error) => Self::Money(error),
        }
    }
}

/// What is to be done to which lots, and whether a stop may close at once.
fn wanted(card: &Approval) -> Option<(&Instruction, &[LotId], bool)> {
    match &card.question {
        Question::Order => None,
        Question::WhichSignal {
            instruction,
            candidates,
        } => {
            let place = card.choice?.checked_sub(1)?;
            let one = candidates.get(place as usize)?;
            Some((instruction, &one.lots, false))
        }
        Question::StopAtOnce {
            instruction, lots, ..
        } => Some((instruction, lots, true)),
    }
}

/// Does what the card, already marked as answered, was asked for: with its answer, in one transaction.
pub(super) async fn accept(
    ctx: &Context,
    scope: &TenantScope,
    card: Approval,
    signal: &Signal,
    decision: Decision,
    follow: &Follow,
) -> Result<Approval, ApproveError> {
    let mut chunk = Chunk::read(ctx, signal, vec![follow.clone()]).await?;
    let provider = provider(ctx, signal.provider_id).await?;
    let provider = provider.ok_or(ApproveError::NotFound)?;
    chunk.read_lots(ctx, &provider).await?;
    let limits = chunk.limits(ctx, follow);
    let Some((instruction, wanted, confirmed)) = wanted(&card) else {
        return Err(ApproveError::NotFound);
    };
    if signal.revision != card.revision {
        let why = "The message was edited or deleted meanwhile";
        let decision = outcome::skip(decision, SkipReason::Superseded, why);
        return finish(ctx, scope, card, decision, signal, Batch::new()).await;
    }
    let own = chunk.lots(follow.user_id);
    let lots: Vec<Lot> = wanted
        .iter()
        .filter_map(|id| own.iter().find(|l| l.id == *id && !l.closed).cloned())
        .collect();
    if lots.is_empty() {
        let why = "It was closed meanwhile";
        let decision = outcome::skip(decision, SkipReason::NothingToClose, why);
        return finish(ctx, scope, card, decision, signal, Batch::new()).await;
    }
    let age = Duration::from_secs(u64::from(limits.limits.exit_age_seconds));
    let case = Case {
        signal,
        index: card.instruction,
        chunk: &chunk,
        follow,
        instruction,
        // The window of a card is the age of what it asks (PRODUCT SG-15); an exit never gets less than its own.
        send_before: signal.posted_at.plus(age).max(card.expires_at),
        confirmed,
    };
    let before = match &card.question {
        Question::StopAtOnce { done, .. } => done.clone(),
        _ => None,
    };
    let mut fresh = decision;
    fresh.status = DecisionStatus::Placed;
    let Acted {
        mut decision,
        mut batch,
        jobs,
        ask,
    } = lot::act(ctx, &case, fresh, &lots).await?;
    if let Some(before) = before {
        if matches!(decision.status, DecisionStatus::Skipped(_)) {
            decision.status = DecisionStatus::Placed;
        }
        decision.message = format!("{before}. {}", decision.message);
    }
    let asks = ask.is_some();
    if let Some(question) = ask {
        let window = limits.limits.approval_seconds;
        card::stop_at_once(ctx, signal, &mut decision, follow, window, question).add_to(&mut batch);
    }
    let done = finish(ctx, scope, card, decision, signal, batch).await?;
    for (connection, job) in jobs {
        if let Some(row) = chunk.connections.iter().find(|c| c.id == connection) {
            ctx.lanes.push(TenantScope::of_user(row), connection, job).await;
        }
    }
    if asks {
        keep_newest(ctx, follow).await?;
    }
    Ok(done)
}
