//! Setting and lifting kill and pause (PRODUCT RK-31): durable first, then in force here, then told. After the answer
//! no opening byte leaves; entries that work are cancelled.

use ordercast_model::{
    community::{Membership, Role},
    connection::Connection,
    follow::Follow,
    ids::CommunityId,
    journal::{entry::Actor, kind::Kind},
    limits::{Switch, SwitchKind, SwitchScope},
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::{
        bus::Hint,
        store::{Batch, CommitError, Page, Query, StoreError, SystemQuery, find, find_any, get},
    },
    tenant::{SystemScope, TenantScope},
    user::User,
};
use serde_json::json;

use crate::{context::Context, decide::again::provider, execute::ask_cancel, switchboard::Switchboard};

/// Working orders read at once.
const PAGE: u32 = 500;

/// Why a switch was not set or lifted.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// Nothing of that id is in the caller's reach.
    #[error("not found")]
    NotFound,
    /// The caller's role does not allow it.
    #[error("your role does not allow this")]
    Forbidden,
    /// The store refused or is away.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets a switch. Safe to repeat: one that is on stays on.
///
/// # Errors
/// When the scope is out of the actor's reach or the store is away.
pub async fn set(
    ctx: &Context,
    actor: &User,
    kind: SwitchKind,
    scope: SwitchScope,
    reason: String,
) -> Result<Switch, SwitchError> {
    permit(ctx, actor, &scope).await?;
    let switch = write(ctx, actor, kind, scope, reason, true).await?;
    // No opening byte leaves after the answer (NF-09): what is being sent is stopped, and its end awaited.
    ctx.switchboard.wait_for_landing(&switch).await;
    if kind == SwitchKind::Kill {
        cancel_entries(ctx, &switch).await?;
    }
    Ok(switch)
}

/// Lifts a switch. Safe to repeat: one that is off stays off.
///
/// # Errors
/// As [`set`].
pub async fn lift(
    ctx: &Context,
    actor: &User,
    kind: SwitchKind,
    scope: SwitchScope,
) -> Result<Switch, SwitchError> {
    permit(ctx, actor, &scope).await?;
    write(ctx, actor, kind, scope, String::new(), false).await
}

/// The switches in force that cover this user.
#[must_use]
pub fn active(board: &Switchboard, user: &User) -> Vec<Switch> {
    let own = |s: &Switch| matches!(s.scope, SwitchScope::Platform) || s.user_id == Some(user.id);
    board.all().into_iter().filter(own).collect()
}

async fn permit(ctx: &Context, actor: &User, scope: &SwitchScope) -> Result<(), SwitchError> {
    let own = TenantScope::of_user(actor);
    let store = ctx.store.as_ref();
    match scope {
        SwitchScope::User(id) if *id == actor.id => Ok(()),
        SwitchScope::User(_) => Err(SwitchError::NotFound),
        SwitchScope::Connection(id) => get::<Connection>(store, &own, &id.to_string())
            .await?
            .map(|_| ())
            .ok_or(SwitchError::NotFound),
        SwitchScope::Follow(id) => get::<Follow>(store, &own, &id.to_string())
            .await?
            .map(|_| ())
            .ok_or(SwitchError::NotFound),
        SwitchScope::Provider(id) => {
            let provider = provider(ctx, *id).await?.ok_or(SwitchError::NotFound)?;
            staff(ctx, &own, provider.community_id, Role::Moderator).await
        }
        SwitchScope::Community(id) => staff(ctx, &own, *id, Role::Admin).await,
        SwitchScope::Platform if actor.platform_admin => Ok(()),
        SwitchScope::Platform => Err(SwitchError::Forbidden),
    }
}

async fn staff(
    ctx: &Context,
    own: &TenantScope,
    community: CommunityId,
    least: Role,
) -> Result<(), SwitchError> {
    let memberships = find::<Membership>(ctx.store.as_ref(), own, Query::Memberships).await?;
    match memberships.iter().find(|m| m.community_id == community) {
        None => Err(SwitchError::NotFound),
        Some(m) if m.role < least => Err(SwitchError::Forbidden),
        Some(_) => Ok(()),
    }
}

async fn write(
    ctx: &Context,
    actor: &User,
    kind: SwitchKind,
    scope: SwitchScope,
    reason: String,
    on: bool,
) -> Result<Switch, SwitchError> {
    let key = Switch::key_of(kind, &scope);
    let system = SystemScope::housekeeping("a switch may be wider than its setter");
    loop {
        let found = find_any::<Switch>(ctx.store.as_ref(), system, SystemQuery::Switch(key.clone()))
            .await?
            .pop();
        if let Some(there) = found.as_ref().filter(|s| s.on == on) {
            ctx.switchboard.apply(there);
            return Ok(there.clone());
        }
        let user_id = match scope {
            SwitchScope::User(_) | SwitchScope::Follow(_) | SwitchScope::Connection(_) => Some(actor.id),
            SwitchScope::Platform | SwitchScope::Community(_) | SwitchScope::Provider(_) => None,
        };
        let switch = Switch {
            key: key.clone(),
            version: found.as_ref().map_or(1, |s| s.version + 1),
            kind,
            scope: scope.clone(),
            user_id,
            on,
            by: actor.name.clone(),
            reason: reason.clone(),
            since: ctx.now(),
        };
        let mut batch = Batch::new();
        batch.note(entry(ctx, actor, &switch));
        if found.is_some() {
            batch.update(switch.clone());
        } else {
            batch.insert(switch.clone());
        }
        if planted(Bug::KillInMemory) {
            ctx.switchboard.apply(&switch);
            return Ok(switch);
        }
        match ctx.commit(system, batch).await {
            Ok(()) => {
                ctx.switchboard.apply(&switch);
                ctx.bus.tell(Hint::SwitchChanged);
                return Ok(switch);
            }
            Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Stops an account by rule: nothing opens there until a person has looked. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn lock(ctx: &Context, connection: &Connection, reason: &str) -> Result<(), CommitError> {
    let scope = SwitchScope::Connection(connection.id);
    by_rule(ctx, SwitchKind::Lock, scope, Some(connection), reason).await
}

/// Stops every opening of everybody by rule, until a platform admin has looked and lifts the kill. Exits and protection
/// go on (PRODUCT AU-06). Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn stop_opens(ctx: &Context, reason: &str) -> Result<(), CommitError> {
    by_rule(ctx, SwitchKind::Kill, SwitchScope::Platform, None, reason).await
}

async fn by_rule(
    ctx: &Context,
    kind: SwitchKind,
    scope: SwitchScope,
    connection: Option<&Connection>,
    reason: &str,
) -> Result<(), CommitError> {
    let key = Switch::key_of(kind, &scope);
    let system = SystemScope::housekeeping("a safety stop is set by rule");
    loop {
        let found = find_any::<Switch>(ctx.store.as_ref(), system, SystemQuery::Switch(key.clone()))
            .await?
            .pop();
        if let Some(there) = found.as_ref().filter(|s| s.on) {
            ctx.switchboard.apply(there);
            return Ok(());
        }
        let switch = Switch {
            key: key.clone(),
            version: found.as_ref().map_or(1, |s| s.version + 1),
            kind,
            scope: scope.clone(),
            user_id: connection.map(|c| c.user_id),
            on: true,
            by: "Ordercast".to_owned(),
            reason: reason.to_owned(),
            since: ctx.now(),
        };
        let mut batch = Batch::new();
        let what = if kind == SwitchKind::Lock {
            Kind::RiskLocked
        } else {
            Kind::KillSet
        };
        let mut entry = ctx.entry(what, Actor::system("risk"), ("switch", switch.key.clone()));
        entry.user = switch.user_id;
        entry.links.connection = connection.map(|c| c.id);
        entry.reason = Some(reason.to_owned());
        entry.after = Some(json!({ "scope": switch.scope, "state": "on", "since": switch.since }));
        batch.note(entry);
        if found.is_some() {
            batch.update(switch.clone());
        } else {
            batch.insert(switch.clone());
        }
        match ctx.commit(system, batch).await {
            Ok(()) => {
                ctx.switchboard.apply(&switch);
                ctx.bus.tell(Hint::SwitchChanged);
                return Ok(());
            }
            Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(error),
        }
    }
}

fn entry(ctx: &Context, actor: &User, switch: &Switch) -> ordercast_model::journal::entry::Entry {
    let kind = match (switch.kind, switch.on) {
        (SwitchKind::Pause, true) => Kind::PauseSet,
        (SwitchKind::Pause, false) => Kind::PauseLifted,
        (_, true) => Kind::KillSet,
        (_, false) => Kind::KillLifted,
    };
    let mut entry = ctx.entry(kind, Actor::user(actor.id), ("switch", switch.key.clone()));
    entry.user = switch.user_id.or(Some(actor.id));
    if let SwitchScope::Community(id) = switch.scope {
        entry.community = Some(id);
    }
    entry.reason = (!switch.reason.is_empty()).then(|| switch.reason.clone());
    entry.after = Some(json!({
        "kind": switch.kind,
        "scope": switch.scope,
        "state": if switch.on { "on" } else { "off" },
        "by": switch.by,
        "since": switch.since,
    }));
    entry
}

/// A kill cancels entries that work; protection stays.
async fn cancel_entries(ctx: &Context, switch: &Switch) -> Result<(), SwitchError> {
    let system = SystemScope::housekeeping("a kill cancels entries of everybody it covers");
    // The follower's own word only when the switch is the follower's own.
    let by = match switch.scope {
        SwitchScope::User(_) | SwitchScope::Follow(_) | SwitchScope::Connection(_) => CancelledBy::User,
        SwitchScope::Platform | SwitchScope::Community(_) | SwitchScope::Provider(_) => CancelledBy::System,
    };
    let mut page = Page::first(PAGE);
    loop {
        let found = find_any::<Order>(ctx.store.as_ref(), system, SystemQuery::OrdersOpen(page)).await?;
        let Some(last) = found.last().map(|o| o.id.to_string()) else {
            return Ok(());
        };
        for order in &found {
            if order.leg.opens()
                && order.state != OrderState::PendingApproval
                && covers(ctx, switch, order).await?
            {
                ask_cancel(ctx, order, by).await?;
            }
        }
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}

async fn covers(ctx: &Context, switch: &Switch, order: &Order) -> Result<bool, SwitchError> {
    Ok(match &switch.scope {
        SwitchScope::Platform => true,
        SwitchScope::User(id) => order.user_id == *id,
        SwitchScope::Connection(id) => order.connection_id == *id,
        SwitchScope::Provider(id) => order.provider_id == Some(*id),
        SwitchScope::Community(id) => match order.provider_id {
            Some(of) => ctx.community_of(of).await? == Some(*id),
            None => false,
        },
        SwitchScope::Follow(id) => {
            let follow: Option<Follow> =
                get(ctx.store.as_ref(), &TenantScope::of_user(order), &id.to_string()).await?;
            follow.is_some_and(|f| order.provider_id == Some(f.provider_id) && f.user_id == order.user_id)
        }
    })
}
