//! Answers to approval cards: the first one wins, an expired card stays expired, and a yes is judged afresh with the
//! numbers of that moment (PRODUCT SG-15).

use std::time::Duration;

use ordercast_model::{
    account::Account,
    community::{Membership, ProviderStatus, Role},
    connection::{Connection, Health},
    decision::{Approval, ApprovalState, Decision, SkipReason},
    follow::Follow,
    gate::OnCap,
    ids::ApprovalId,
    journal::{entry::Actor, kind::Kind},
    order::{identity::Origin, intent::Stages},
    ports::store::{Batch, CommitError, Query, StoreError, find, get},
    signal::{instruction::Instruction, record::Signal},
    tenant::{OwnedByUser, TenantScope},
    user::User,
};
use serde_json::json;

use crate::{
    access,
    context::Context,
    decide::{
        again::{limits, provider},
        open::{self, Opening, Wish},
        outcome,
        view::{View, view},
    },
    lane::Job,
    mark, narrate, quota,
    switchboard::Concern,
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
/// When there is no such card, it was answered, it has expired, or the store is away.
pub async fn answer(ctx: &Context, user: &User, id: ApprovalId, yes: bool) -> Result<Approval, ApproveError> {
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
        let result = if yes {
            accept(ctx, &scope, &approval).await
        } else {
            decline(ctx, &scope, &approval).await
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
    entry.after = Some(json!({ "approval_id": approval.id, "answer": approval.state, "by": by }));
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
    let decision = outcome::skip(decision, reason, message);
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

/// What a yes leads to: why nothing can be done, or an opening for this connection.
#[allow(clippy::large_enum_variant, reason = "one per answer, moved once")]
enum Yes {
    Nothing(SkipReason, String),
    Opening(Box<Connection>, Opening),
}

async fn accept(ctx: &Context, scope: &TenantScope, approval: &Approval) -> Result<Approval, ApproveError> {
    let (signal, mut decision, follow) = load(ctx, scope, approval).await?;
    let next = answered(ctx, approval, ApprovalState::Approved);
    let mut batch = Batch::new();
    let mut send = None;
    match judge(ctx, scope, approval, &signal, &decision, &follow).await? {
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

/// What may have ended between the card and the yes: the Follow, the provider, the membership, the plan's signals.
async fn barred(
    ctx: &Context,
    scope: &TenantScope,
    signal: &Signal,
    follow: &Follow,
) -> Result<Option<(SkipReason, String)>, ApproveError> {
    if !follow.enabled {
        let why = "You no longer follow this provider".to_owned();
        return Ok(Some((SkipReason::FollowDisabled, why)));
    }
    let provider = provider(ctx, signal.provider_id).await?;
    if provider.is_none_or(|p| p.status != ProviderStatus::Active) {
        let why = "The provider is not active".to_owned();
        return Ok(Some((SkipReason::ProviderInactive, why)));
    }
    let places = find::<Membership>(ctx.store.as_ref(), scope, Query::Memberships).await?;
    let own = |m: &Membership| m.community_id == signal.community_id && m.role >= Role::Trader;
    if !places.iter().any(own) {
        let why = "You are not a trading member of this community".to_owned();
        return Ok(Some((SkipReason::NoAccess, why)));
    }
    let person = access::person_of(ctx, follow.user_id).await?;
    if let Some(community) = access::community_of(ctx, signal).await?
        && let Err(why) = access::check(ctx, &community, person.as_deref()).await
    {
        return Ok(Some((SkipReason::NoAccess, why)));
    }
    let exhausted = quota::exhausted(ctx, follow, signal.id).await?;
    Ok(exhausted.map(|message| (SkipReason::PlanLimit, message)))
}

async fn judge(
    ctx: &Context,
    scope: &TenantScope,
    approval: &Approval,
    signal: &Signal,
    decision: &Decision,
    follow: &Follow,
) -> Result<Yes, ApproveError> {
    let instruction = signal.reading.instructions().get(approval.instruction as usize);
    let same = instruction.filter(|_| signal.revision == approval.revision);
    let Some((instruction, subject)) = same.and_then(|i| i.subject.as_ref().map(|s| (i, s))) else {
        return Ok(Yes::Nothing(
            SkipReason::Superseded,
            "The signal was edited meanwhile".to_owned(),
        ));
    };
    if let Some((reason, message)) = barred(ctx, scope, signal, follow).await? {
        return Ok(Yes::Nothing(reason, message));
    }
    let connections = find::<Connection>(ctx.store.as_ref(), scope, Query::Connections).await?;
    let accounts = find::<Account>(ctx.store.as_ref(), scope, Query::Accounts).await?;
    let Some(connection) = connections
        .into_iter()
        .find(|c| Some(c.id) == decision.connection_id)
    else {
        return Ok(Yes::Nothing(
            SkipReason::NoConnection,
            "The connection is gone".to_owned(),
        ));
    };
    if matches!(
        connection.health,
        Health::Unauthorised | Health::Disabled | Health::Down
    ) {
        let why = connection.health_reason.clone();
        let why = why.unwrap_or_else(|| "Reconnect your broker".to_owned());
        return Ok(Yes::Nothing(SkipReason::ConnectionUnhealthy, why));
    }
    let account = accounts.iter().find(|a| a.connection_id == connection.id);
    let (Some(account), Some(market)) = (account, ctx.market(&connection)) else {
        let why = "The account has not been read yet".to_owned();
        return Ok(Yes::Nothing(SkipReason::ConnectionUnhealthy, why));
    };
    let view = match view(market.as_ref(), subject, signal.posted_at).await {
        Ok(view) => view,
        Err(refusal) => return Ok(Yes::Nothing(refusal.reason, refusal.message)),
    };
    let case = Case {
        approval,
        signal,
        decision,
        follow,
    };
    let opening = case
        .put(ctx, scope, instruction, (&connection, account), &view)
        .await?;
    Ok(Yes::Opening(Box::new(connection), opening))
}

/// The rows a card speaks of.
struct Case<'a> {
    approval: &'a Approval,
    signal: &'a Signal,
    decision: &'a Decision,
    follow: &'a Follow,
}

impl Case<'_> {
    /// Puts the order before the gate with the numbers of this moment.
    async fn put(
        &self,
        ctx: &Context,
        scope: &TenantScope,
        instruction: &Instruction,
        (connection, account): (&Connection, &Account),
        view: &View,
    ) -> Result<Opening, ApproveError> {
        let Self {
            approval,
            signal,
            decision,
            follow,
        } = *self;
        let Some(market) = ctx.market(connection) else {
            return Err(ApproveError::NotFound);
        };
        let limits = limits(ctx, scope, Some(follow)).await?;
        let account = mark::fresh(account, market.as_ref(), ctx.now())?;
        let switches = ctx.switchboard.covering(&Concern {
            community: Some(signal.community_id),
            provider: Some(signal.provider_id),
            user: Some(follow.user_id),
            follow: Some(follow.id),
            connection: Some(connection.id),
        });
        let window = Duration::from_secs(u64::from(limits.limits.approval_seconds));
        // An answer in time does not lengthen the life its author gave the signal (SG-11).
        let life = instruction.expires_after_seconds.map(|seconds| {
            let end = signal.posted_at.plus(Duration::from_secs(seconds));
            end.since(approval.created_at)
        });
        let wish = Wish {
            connection,
            account: &account,
            instruction,
            index: approval.instruction,
            revision: signal.revision,
            origin: Origin::Signal(signal.id),
            signal_id: Some(signal.id),
            provider_id: Some(signal.provider_id),
            follow: Some(follow),
            sizing: &follow.sizing,
            limits: &limits,
            on_cap: OnCap::Reduce,
            // In this mode the window of the card is the signal's age.
            posted_at: Some(approval.created_at),
            max_age: Some(life.map_or(window, |life| life.min(window))),
            switches: &switches,
            stages: Stages {
                posted: Some(signal.posted_at),
                received: Some(signal.received_at),
                parsed: Some(signal.parsed_at),
                ..Stages::default()
            },
            decision_id: Some(decision.id),
            note: None,
        };
        Ok(open::decide(ctx, &wish, view))
    }
}
