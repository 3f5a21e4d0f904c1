//! Setting and lifting kill and pause (PRODUCT RK-31): durable first, then in force here, then told. After the answer
//! no opening byte leaves; entries that work are cancelled behind it.

mod rule;
pub(crate) mod sweep;

use std::time::Duration;

use ordercast_model::{
    community::{Membership, Role},
    connection::Connection,
    follow::Follow,
    ids::{CommunityId, OrderId, UserId},
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    limits::{Flatten, Switch, SwitchKind, SwitchScope},
    planted::{Bug, planted},
    ports::{
        bus::Hint,
        store::{Batch, CommitError, Query, StoreError, SystemQuery, find, find_any, get},
    },
    tenant::{SystemScope, TenantScope},
    user::{Session, User},
};
use serde_json::json;

use crate::{
    context::Context,
    decide::again::provider,
    identity::{IdentityError, factor},
    switchboard::Switchboard,
};

pub(crate) use self::rule::{breaker, lock, lock_by_hand, pause_by_rule};
pub use self::rule::{reconcile_only, stop_opens};

/// Time for the count of what is cancelled: the answer does not wait for it longer.
const COUNTED_WITHIN: Duration = Duration::from_millis(100);

/// Why a switch was not set or lifted.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// Nothing of that id is in the caller's reach.
    #[error("not found")]
    NotFound,
    /// A field asks for what cannot be.
    #[error("{field}: {message}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What was expected.
        message: &'static str,
    },
    /// Not yet, or not by this person: why.
    #[error("{0}")]
    Locked(String),
    /// The caller's role does not allow it.
    #[error("your role does not allow this")]
    Forbidden,
    /// A second factor is needed.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The store refused or is away.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a kill does beyond stopping opens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Also {
    /// Managed positions it covers are closed.
    pub flatten: bool,
    /// Nothing leaves at all, closes and protection included; for the platform only.
    pub freeze: bool,
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
    let wish = Wish::on(ctx, reason, Also::default());
    let switch = write(ctx, actor, kind, scope, &wish).await?;
    landed(ctx, &switch).await?;
    Ok(switch)
}

/// Sets a kill, and what it does besides (PRODUCT RK-31). Safe to repeat; a kill that is on may be made stronger.
///
/// # Errors
/// As [`set`]; `Invalid` for a freeze of less than the platform, or together with a flatten.
pub async fn kill(
    ctx: &Context,
    actor: &User,
    scope: SwitchScope,
    reason: String,
    also: Also,
) -> Result<Killed, SwitchError> {
    let invalid = |message| SwitchError::Invalid {
        field: "freeze",
        message,
    };
    if also.freeze && scope != SwitchScope::Platform {
        return Err(invalid("only the scope platform can be frozen"));
    }
    if also.freeze && also.flatten {
        return Err(invalid("a freeze stops closes too: choose freeze or flatten"));
    }
    permit(ctx, actor, &scope).await?;
    let wish = Wish::on(ctx, reason, also);
    let switch = write(ctx, actor, SwitchKind::Kill, scope, &wish).await?;
    let (landed, cancelling) = futures::join!(landed(ctx, &switch), cancelling(ctx, &switch));
    landed?;
    Ok(Killed { switch, cancelling })
}

/// A kill that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Killed {
    /// The switch.
    pub switch: Switch,
    /// Entries that worked when it was set; they are cancelled behind the answer. None when they could not be counted in
    /// time.
    pub cancelling: Option<usize>,
}

/// No byte that the switch stops leaves after the answer (NF-09), from this process or another: what is being sent is
/// stopped, and its end awaited. Whatever it cancels and closes comes later.
async fn landed(ctx: &Context, switch: &Switch) -> Result<(), SwitchError> {
    ctx.switchboard.wait_for_landing(switch).await;
    Ok(ctx.helmsman.bind().await?)
}

/// Entries that a kill cancels, unless the store takes too long to tell.
async fn cancelling(ctx: &Context, switch: &Switch) -> Option<usize> {
    let late = ctx.clock.sleep_until(ctx.now().plus(COUNTED_WITHIN));
    tokio::select! {
        biased;
        count = sweep::count(ctx, switch) => count.ok(),
        () = late => None,
    }
}

/// Lifts a pause; a kill or a lock stays. Safe to repeat: what is off stays off.
///
/// # Errors
/// As [`set`].
pub async fn resume(ctx: &Context, actor: &User, scope: SwitchScope) -> Result<Switch, SwitchError> {
    permit(ctx, actor, &scope).await?;
    let wish = Wish::off(String::new());
    write(ctx, actor, SwitchKind::Pause, scope, &wish).await
}

/// Lifts a kill, for a session that was stepped up (PRODUCT RK-31); the platform's with a reason. Safe to repeat.
///
/// # Errors
/// As [`set`]; `Identity` without a step-up, `Invalid` for a platform without a reason.
pub async fn lift(
    ctx: &Context,
    actor: &User,
    session: &Session,
    scope: SwitchScope,
    reason: String,
) -> Result<Switch, SwitchError> {
    permit(ctx, actor, &scope).await?;
    if scope == SwitchScope::Platform && reason.is_empty() {
        return Err(SwitchError::Invalid {
            field: "reason",
            message: "expected why the platform's kill is lifted",
        });
    }
    factor::proven(ctx, actor, session).await?;
    write(ctx, actor, SwitchKind::Kill, scope, &Wish::off(reason)).await
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

/// What a switch is to become.
pub(crate) struct Wish {
    on: bool,
    reason: String,
    flatten: Option<Flatten>,
    freeze: bool,
}

impl Wish {
    fn on(ctx: &Context, reason: String, also: Also) -> Self {
        Self {
            on: true,
            reason,
            flatten: also.flatten.then(|| order_to_leave(ctx)),
            freeze: also.freeze,
        }
    }
    const fn off(reason: String) -> Self {
        Self {
            on: false,
            reason,
            flatten: None,
            freeze: false,
        }
    }
    /// Whether a switch is so already.
    const fn is_met_by(&self, there: &Switch) -> bool {
        there.on == self.on
            && (self.flatten.is_none() || there.flatten.is_some())
            && (!self.freeze || there.freeze)
    }
    /// The switch as it becomes; one that is on keeps since when, and what it does.
    fn applied(
        &self,
        ctx: &Context,
        found: Option<&Switch>,
        (kind, scope, user_id): (SwitchKind, &SwitchScope, Option<UserId>),
        (by, set_by): (&str, Option<UserId>),
    ) -> Switch {
        let standing = found.filter(|s| s.on && self.on);
        Switch {
            key: Switch::key_of(kind, scope),
            version: found.map_or(1, |s| s.version + 1),
            kind,
            scope: scope.clone(),
            user_id,
            on: self.on,
            by: by.to_owned(),
            set_by,
            reason: self.reason.clone(),
            since: standing.map_or_else(|| ctx.now(), |s| s.since),
            flatten: standing.and_then(|s| s.flatten).or(self.flatten),
            freeze: self.freeze || standing.is_some_and(|s| s.freeze),
            cap: standing.and_then(|s| s.cap.clone()),
        }
    }
}

/// An order to close what is held now, as a new event.
pub(crate) fn order_to_leave(ctx: &Context) -> Flatten {
    Flatten {
        event: ctx.id::<OrderId>(),
        since: ctx.latest(),
    }
}

async fn write(
    ctx: &Context,
    actor: &User,
    kind: SwitchKind,
    scope: SwitchScope,
    wish: &Wish,
) -> Result<Switch, SwitchError> {
    let key = Switch::key_of(kind, &scope);
    let system = SystemScope::housekeeping("a switch may be wider than its setter");
    loop {
        let found = find_any::<Switch>(ctx.store.as_ref(), system, SystemQuery::Switch(key.clone()))
            .await?
            .pop();
        if let Some(there) = found.as_ref().filter(|s| wish.is_met_by(s)) {
            ctx.switchboard.apply(there);
            return Ok(there.clone());
        }
        let user_id = match scope {
            SwitchScope::User(_) | SwitchScope::Follow(_) | SwitchScope::Connection(_) => Some(actor.id),
            SwitchScope::Platform | SwitchScope::Community(_) | SwitchScope::Provider(_) => None,
        };
        let switch = wish.applied(
            ctx,
            found.as_ref(),
            (kind, &scope, user_id),
            (&actor.name, Some(actor.id)),
        );
        let mut batch = Batch::new();
        batch.note(entry(ctx, actor, &switch));
        put(&mut batch, found.is_some(), switch.clone());
        if planted(Bug::KillInMemory) {
            ctx.switchboard.apply(&switch);
            return Ok(switch);
        }
        match ctx.commit(system, batch).await {
            Ok(()) => {
                announce(ctx, &switch);
                return Ok(switch);
            }
            Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn put(batch: &mut Batch, known: bool, switch: Switch) {
    if known {
        batch.update(switch);
    } else {
        batch.insert(switch);
    }
}

/// A switch that is durable is in force here, and other processes are told.
pub(crate) fn announce(ctx: &Context, switch: &Switch) {
    ctx.switchboard.apply(switch);
    ctx.bus.tell(Hint::SwitchChanged);
}

fn facts(switch: &Switch) -> serde_json::Value {
    json!({
        "kind": switch.kind,
        "scope": switch.scope,
        "state": if switch.on { "on" } else { "off" },
        "by": switch.by,
        "since": switch.since,
        "flatten": switch.flatten.is_some(),
        "freeze": switch.freeze,
        "event": switch.flatten.map(|f| f.event),
    })
}

/// An entry about a switch, with nothing told yet but whom it concerns.
fn named(ctx: &Context, actor: Actor, switch: &Switch) -> Entry {
    let kind = match (switch.kind, switch.on) {
        (SwitchKind::Pause, true) => Kind::PauseSet,
        (SwitchKind::Pause, false) => Kind::PauseLifted,
        (_, true) => Kind::KillSet,
        (_, false) => Kind::KillLifted,
    };
    let mut entry = ctx.entry(kind, actor, ("switch", switch.key.clone()));
    if let SwitchScope::Community(id) = switch.scope {
        entry.community = Some(id);
    }
    entry
}

fn entry(ctx: &Context, actor: &User, switch: &Switch) -> Entry {
    let mut entry = named(ctx, Actor::user(actor.id), switch);
    entry.user = switch.user_id.or(Some(actor.id));
    entry.reason = (!switch.reason.is_empty()).then(|| switch.reason.clone());
    entry.after = Some(facts(switch));
    entry
}
