//! A yes to an order: what has ended meanwhile bars it, and the order goes before the gate with fresh numbers.

use std::time::Duration;

use ordercast_model::{
    account::Account,
    community::{Membership, ProviderStatus, Role},
    connection::{Connection, Health},
    decision::{Approval, Decision, SkipReason},
    follow::Follow,
    gate::OnCap,
    order::identity::Origin,
    ports::store::{Query, find},
    signal::{instruction::Instruction, record::Signal},
    tenant::TenantScope,
};

use super::ApproveError;
use crate::{
    access,
    context::Context,
    decide::{
        again::{limits, provider},
        open::{self, Opening, Wish},
        view::{View, view},
    },
    mark,
    pipeline::lot::stages,
    quota,
    switchboard::Concern,
};

/// What a yes leads to: why nothing can be done, or an opening for this connection.
#[allow(clippy::large_enum_variant, reason = "one per answer, moved once")]
pub(super) enum Yes {
    Nothing(SkipReason, String),
    Opening(Box<Connection>, Opening),
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

pub(super) async fn judge(
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
    let view = match view(market.as_ref(), subject, signal.posted_at, ctx.now()).await {
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
            stages: stages(signal),
            decision_id: Some(decision.id),
            note: None,
        };
        Ok(open::decide(ctx, &wish, view))
    }
}
