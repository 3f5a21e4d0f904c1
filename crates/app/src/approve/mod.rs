//! Answers to approval cards: the first one wins, an expired card stays expired, and a yes is judged afresh with the
//! numbers of that moment (PRODUCT SG-15).

mod exit;
mod order;

use ordercast_model::{
    decision::{Approval, ApprovalState, Decision, DecisionStatus, Question, SkipReason},
    follow::Follow,
    ids::ApprovalId,
    journal::{entry::Actor, kind::Kind},
    ports::store::{Batch, CommitError, Query, StoreError, find, get},
    signal::record::Signal,
    tenant::{OwnedByUser, TenantScope},
    user::User,
};
use serde_json::json;

use self::order::Yes;
use crate::{
    context::Context,
    decide::{again::provider, open::Opening, outcome},
    lane::Job,
    narrate,
};

/// Tries when the account changes while a yes is judged.
const ATTEMPTS_MAX: u32 = 20;

/// Why an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ApproveError {
    /// No such card of this user.
    #[error("not found")]
    NotFound,
    /// Somebody answered before; the card as it is.
    #[error("already answered")]
    AlreadyAnswered(Box<Approval>),
    /// Too late.
    #[error("the card has expired")]
    Expired,
    /// What was chosen is not what the card offers.
    #[error("expected {}", wanted(*.most))]
    Choice {
        /// Numbers it offers, from 1; 0 when nothing is to be chosen.
        most: usize,
    },
    /// The store refused or is away.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A figure does not fit.
    #[error(transparent)]
    Money(#[from] ordercast_model::money::MoneyError),
}

fn wanted(most: usize) -> String {
    if most == 0 {
        "no choice: this card takes a plain yes or no".to_owned()
    } else {
        format!("the number of one of the signals listed on the card, 1 to {most}")
    }
}

/// What somebody says to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Do it.
    Yes,
    /// Do it to the candidate of this number, from 1.
    Choose(u32),
    /// Leave it.
    No,
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Cards that may wait for one user (PRODUCT EX-25).
const CARDS_MAX: usize = 20;

/// Expires a user's oldest cards beyond the limit. Safe to repeat.
///
/// # Errors
/// When the store is away.
pub(crate) async fn keep_newest(ctx: &Context, owned: &impl OwnedByUser) -> Result<(), StoreError> {
    let scope = TenantScope::of_user(owned);
    let mut cards = find::<Approval>(ctx.store.as_ref(), &scope, Query::ApprovalsPending).await?;
    cards.sort_by_key(|c| std::cmp::Reverse((c.created_at, c.id)));
    for card in cards.iter().skip(CARDS_MAX) {
        match expire(ctx, card).await {
            Ok(()) => {}
            Err(ApproveError::Store(error)) => return Err(error),
            Err(error) => tracing::warn!(approval = %card.id, %error, "card not expired, to be tried again"),
        }
    }
    Ok(())
}

/// Takes the answer of the card's owner.
///
/// # Errors
/// When there is no such card, it was answered, it has expired, the choice does not fit it, or the store is away.
pub async fn answer(
    ctx: &Context,
    user: &User,
    id: ApprovalId,
    said: impl Into<Answer>,
) -> Result<Approval, ApproveError> {
    let said = said.into();
    let scope = TenantScope::of_user(user);
    for _ in 0..ATTEMPTS_MAX {
        let found = get::<Approval>(ctx.store.as_ref(), &scope, &id.to_string()).await?;
        let approval = found.ok_or(ApproveError::NotFound)?;
        match approval.state {
            ApprovalState::Pending if approval.expires_at < ctx.now() => {
                expire(ctx, &approval).await?;
                return Err(ApproveError::Expired);
            }
            ApprovalState::Pending => {}
            ApprovalState::Expired => return Err(ApproveError::Expired),
            ApprovalState::Approved | ApprovalState::Declined => {
                return Err(ApproveError::AlreadyAnswered(Box::new(approval)));
            }
        }
        let result = match said {
            Answer::No => decline(ctx, &scope, &approval).await,
            yes => accept(ctx, &scope, &approval, chosen(&approval, yes)?).await,
        };
        match result {
            Err(ApproveError::Commit(CommitError::Conflict { .. })) => {}
            other => return other,
        }
    }
    Err(CommitError::Conflict {
        table: "approvals",
        id: id.to_string(),
    }
    .into())
}

/// The number that was chosen, when the card offers numbers.
fn chosen(approval: &Approval, said: Answer) -> Result<Option<u32>, ApproveError> {
    let most = approval.question.candidates().len();
    match said {
        Answer::Choose(n) if (1..=most).contains(&(n as usize)) => Ok(Some(n)),
        Answer::Yes if most == 0 => Ok(None),
        _ => Err(ApproveError::Choice { most }),
    }
}

/// Ends an unanswered card. Safe to repeat.
///
/// # Errors
/// When the store is away.
pub async fn expire(ctx: &Context, approval: &Approval) -> Result<(), ApproveError> {
    let scope = TenantScope::of_user(approval);
    let reason = SkipReason::ApprovalExpired;
    match close(
        ctx,
        &scope,
        approval,
        ApprovalState::Expired,
        reason,
        "Nobody answered in time",
    )
    .await
    {
        Ok(_) | Err(ApproveError::Commit(CommitError::Conflict { .. })) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What is said of a card that an edit or a deletion overtook.
pub(crate) const OVERTAKEN: &str = "The message was edited or deleted before you answered";

/// Ends the unanswered cards of some followers about a signal's earlier revisions (PRODUCT SG-28). Safe to repeat.
///
/// # Errors
/// When the store is away.
pub(crate) async fn supersede(
    ctx: &Context,
    signal: &Signal,
    revision: u32,
    follows: &[Follow],
) -> Result<(), CommitError> {
    let scope = TenantScope::chunk(signal, follows);
    let cards = find::<Approval>(ctx.store.as_ref(), &scope, Query::ApprovalsPending).await?;
    for card in cards
        .iter()
        .filter(|c| c.signal_id == signal.id && c.revision < revision)
    {
        let own = TenantScope::of_user(card);
        let state = ApprovalState::Expired;
        match close(ctx, &own, card, state, SkipReason::Superseded, OVERTAKEN).await {
            Ok(_) | Err(ApproveError::Commit(CommitError::Conflict { .. })) => {}
            Err(ApproveError::Commit(error)) => return Err(error),
            Err(ApproveError::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(approval = %card.id, %error, "an overtaken card is left to its time")
            }
        }
    }
    Ok(())
}

async fn decline(ctx: &Context, scope: &TenantScope, approval: &Approval) -> Result<Approval, ApproveError> {
    close(
        ctx,
        scope,
        approval,
        ApprovalState::Declined,
        SkipReason::ApprovalDeclined,
        "You declined",
    )
    .await
}

fn answered(ctx: &Context, approval: &Approval, state: ApprovalState) -> Approval {
    let mut next = approval.clone();
    next.state = state;
    next.version += 1;
    next.answered_at = Some(ctx.now());
    next
}

fn entry(ctx: &Context, approval: &Approval) -> ordercast_model::journal::entry::Entry {
    let (kind, by) = match approval.state {
        ApprovalState::Approved => (Kind::ApprovalApproved, "user"),
        ApprovalState::Declined => (Kind::ApprovalDeclined, "user"),
        ApprovalState::Expired | ApprovalState::Pending => (Kind::ApprovalExpired, "system"),
    };
    let actor = if by == "user" {
        Actor::user(approval.user_id)
    } else {
        Actor::system("timer")
    };
    let mut entry = ctx.entry(kind, actor, ("approval", approval.id.to_string()));
    entry.user = Some(approval.user_id);
    entry.links.signal = Some(approval.signal_id);
    entry.after = Some(json!({
        "approval_id": approval.id,
        "answer": approval.state,
        "choice": approval.choice,
        "by": by,
    }));
    entry
}

async fn load(
    ctx: &Context,
    scope: &TenantScope,
    approval: &Approval,
) -> Result<(Signal, Decision, Follow), ApproveError> {
    let store = ctx.store.as_ref();
    let follow = get::<Follow>(store, scope, &approval.follow_id.to_string()).await?;
    let follow = follow.ok_or(ApproveError::NotFound)?;
    let provider = provider(ctx, follow.provider_id)
        .await?
        .ok_or(ApproveError::NotFound)?;
    let community = TenantScope::of_community(&provider);
    let signal = get::<Signal>(store, &community, &approval.signal_id.to_string()).await?;
    let decision = get::<Decision>(store, scope, &approval.decision_id.to_string()).await?;
    Ok((
        signal.ok_or(ApproveError::NotFound)?,
        decision.ok_or(ApproveError::NotFound)?,
        follow,
    ))
}

async fn close(
    ctx: &Context,
    scope: &TenantScope,
    approval: &Approval,
    state: ApprovalState,
    reason: SkipReason,
    message: &str,
) -> Result<Approval, ApproveError> {
    let (signal, decision, _) = load(ctx, scope, approval).await?;
    let decision = match &approval.question {
        // Other lots of the same follow-up were dealt with before.
        Question::StopAtOnce { done: Some(done), .. } => Decision {
            status: DecisionStatus::Placed,
            message: format!("{done}. {message}: the rest stays as it was"),
            ..decision
        },
        _ => outcome::skip(decision, reason, message),
    };
    let approval = answered(ctx, approval, state);
    finish(ctx, scope, approval, decision, &signal, Batch::new()).await
}

async fn finish(
    ctx: &Context,
    scope: &TenantScope,
    approval: Approval,
    mut decision: Decision,
    signal: &Signal,
    mut batch: Batch,
) -> Result<Approval, ApproveError> {
    decision.version += 1;
    decision.updated_at = ctx.now();
    batch.note(entry(ctx, &approval));
    batch.note(narrate::decision(ctx, signal, &decision));
    batch.update(decision);
    batch.update(approval.clone());
    ctx.commit(scope.clone(), batch).await?;
    Ok(approval)
}

async fn accept(
    ctx: &Context,
    scope: &TenantScope,
    approval: &Approval,
    choice: Option<u32>,
) -> Result<Approval, ApproveError> {
    let (signal, mut decision, follow) = load(ctx, scope, approval).await?;
    let mut next = answered(ctx, approval, ApprovalState::Approved);
    next.choice = choice;
    if approval.question != Question::Order {
        return exit::accept(ctx, scope, next, &signal, decision, &follow).await;
    }
    let mut batch = Batch::new();
    let mut send = None;
    match order::judge(ctx, scope, approval, &signal, &decision, &follow).await? {
        Yes::Nothing(reason, message) | Yes::Opening(_, Opening::Refused(reason, message)) => {
            decision = outcome::skip(decision, reason, message);
        }
        Yes::Opening(_, Opening::Denied(breaches)) => decision = outcome::deny(decision, breaches),
        Yes::Opening(connection, Opening::Ready(ready)) => {
            decision = outcome::ready(decision, &ready);
            batch = ready.batch;
            send = Some((connection, ready.orders));
        }
    }
    let done = finish(ctx, scope, next, decision, &signal, batch).await?;
    if let Some((connection, orders)) = send {
        for (order, sealed) in orders {
            if let Some(sealed) = sealed {
                ctx.lanes
                    .push_for(connection.as_ref(), Job::Place(order.id, sealed))
                    .await;
            }
        }
    }
    Ok(done)
}
