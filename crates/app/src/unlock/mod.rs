//! Lifting a lock that a rule set (PRODUCT RK-32): by its user, not before a quarter of an hour, once per session day; by the
//! staff of the community whose cap it was, where that demands it; by a platform admin at any time. Decides who may and when;
//! the typed word is asked at the door.

pub mod platform;
pub mod staff;

use std::time::Duration;

use ordercast_model::{
    account::Account,
    community::{Community, Membership, Role},
    connection::Connection,
    ids::{CommunityId, ConnectionId, UserId},
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    limits::{Switch, SwitchKind, SwitchScope, Unlocker},
    ports::store::{Batch, CommitError, Query, StoreError, SystemQuery, find, find_any, get},
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::{Session, User},
};
use ordercast_rules::risk::moment;
use serde_json::json;

use crate::{
    context::Context,
    identity::factor,
    switch::{self, SwitchError},
};

/// Time in which a locked account stays so.
pub const WAIT: Duration = Duration::from_secs(15 * 60);

/// Lifts the lock of a connection. The breaker measures anew from the equity of this moment. Safe to repeat: what is not
/// locked stays so.
///
/// # Errors
/// `NotFound` for a connection out of reach or never locked, `Locked` while it is too early or for staff or an admin to do,
/// `Identity` while the session that asks was not stepped up.
pub async fn unlock(
    ctx: &Context,
    actor: &User,
    session: &Session,
    id: ConnectionId,
) -> Result<Switch, SwitchError> {
    loop {
        let one = locked(ctx, id).await?.ok_or(SwitchError::NotFound)?;
        let (lock, owner) = (&one.lock, &one.owner);
        if owner.id != actor.id && !actor.platform_admin {
            return Err(SwitchError::NotFound);
        }
        if !lock.on {
            return Ok(one.lock);
        }
        if !actor.platform_admin {
            own_to_lift(ctx, lock, owner).await?;
            in_time(ctx, &one)?;
        }
        factor::proven(ctx, actor, session).await?;
        let by = By {
            actor: Actor::user(actor.id),
            name: actor.name.clone(),
            reason: None,
        };
        if let Some(off) = lift(ctx, &one.lock, one.account, by, |_| Vec::new()).await? {
            return Ok(off);
        }
    }
}

/// A connection that is or was locked.
struct Locked {
    lock: Switch,
    owner: User,
    account: Option<Account>,
    connection: Connection,
}

impl Locked {
    /// Locked for the second time on this session day.
    fn again(&self, now: Timestamp) -> bool {
        let today = self.connection.zone.day_of(now);
        let account = self.account.as_ref();
        account.is_some_and(|a| a.breaker_trips > 1 && today <= a.day)
    }
}

const ANYBODY: SystemScope = SystemScope::housekeeping("staff and platform admins unlock accounts of others");

/// The lock of a connection, on or off, with what it is about; none when it was never locked.
async fn locked(ctx: &Context, id: ConnectionId) -> Result<Option<Locked>, StoreError> {
    let store = ctx.store.as_ref();
    let key = Switch::key_of(SwitchKind::Lock, &SwitchScope::Connection(id));
    let lock = find_any::<Switch>(store, ANYBODY, SystemQuery::Switch(key)).await?;
    let Some(lock) = lock.into_iter().next() else {
        return Ok(None);
    };
    let Some(user) = lock.user_id else {
        return Ok(None);
    };
    let owner = find_any::<User>(store, ANYBODY, SystemQuery::User(user)).await?;
    let Some(owner) = owner.into_iter().next() else {
        return Ok(None);
    };
    let scope = TenantScope::of_user(&owner);
    let Some(connection) = get::<Connection>(store, &scope, &id.to_string()).await? else {
        return Ok(None);
    };
    let accounts = find::<Account>(store, &scope, Query::Accounts).await?;
    let account = accounts.into_iter().find(|a| a.connection_id == id);
    Ok(Some(Locked {
        lock,
        owner,
        account,
        connection,
    }))
}

/// Who lifts a lock, and why.
struct By {
    actor: Actor,
    name: String,
    reason: Option<String>,
}

/// Switches a lock off with everything that is written with it; none when it changed meanwhile. Its user is told, and whoever
/// else is named by `also`, which is given that entry.
async fn lift(
    ctx: &Context,
    lock: &Switch,
    account: Option<Account>,
    by: By,
    also: impl FnOnce(&Entry) -> Vec<Entry>,
) -> Result<Option<Switch>, SwitchError> {
    let mut batch = Batch::new();
    let mut off = lock.clone();
    (off.on, off.flatten, off.cap, off.set_by) = (false, None, None, None);
    (off.by, off.reason, off.since) = (by.name, String::new(), ctx.now());
    off.version += 1;
    let mut entry = ctx.entry(Kind::RiskUnlocked, by.actor, ("switch", lock.key.clone()));
    entry.user = lock.user_id;
    if let SwitchScope::Connection(id) = lock.scope {
        entry.links.connection = Some(id);
    }
    entry.reason = by.reason;
    entry.before = Some(json!({ "since": lock.since, "reason": lock.reason, "by": lock.by }));
    entry.after = Some(json!({ "scope": off.scope, "state": "off", "by": off.by, "since": off.since }));
    for one in also(&entry) {
        batch.note(one);
    }
    batch.note(entry);
    batch.update(off.clone());
    if let Some(mut account) = account {
        account.day_high_equity = account.equity;
        account.version += 1;
        batch.update(account);
    }
    match ctx.commit(ANYBODY, batch).await {
        Ok(()) => {
            switch::announce(ctx, &off);
            Ok(Some(off))
        }
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether a community still demands that its staff unlock a user, who still trades there.
pub(crate) async fn demands(ctx: &Context, id: CommunityId, user: &User) -> Result<bool, StoreError> {
    let Some(member) = member(ctx, id, user).await? else {
        return Ok(false);
    };
    let scope = TenantScope::of_community(&member);
    let community = get::<Community>(ctx.store.as_ref(), &scope, &id.to_string()).await?;
    Ok(member.role >= Role::Trader && community.is_some_and(|community| community.staff_unlocks))
}

async fn member(ctx: &Context, id: CommunityId, user: &User) -> Result<Option<Membership>, StoreError> {
    let own = TenantScope::of_user(user);
    let all = find::<Membership>(ctx.store.as_ref(), &own, Query::Memberships).await?;
    Ok(all.into_iter().find(|member| member.community_id == id))
}

/// Whether its user may lift a lock.
async fn own_to_lift(ctx: &Context, lock: &Switch, owner: &User) -> Result<(), SwitchError> {
    match lock.unlocker() {
        Unlocker::Platform => Err(SwitchError::Locked(format!(
            "Locked by {}; only a platform admin can unlock it",
            lock.by
        ))),
        Unlocker::Staff(cap) if demands(ctx, cap.id, owner).await? => Err(SwitchError::Locked(format!(
            "Locked by a limit of {}, which demands that its staff unlock: ask its owner or an admin",
            cap.name
        ))),
        Unlocker::Staff(_) | Unlocker::User => Ok(()),
    }
}

/// Whether it is time.
fn in_time(ctx: &Context, one: &Locked) -> Result<(), SwitchError> {
    let (lock, now, zone) = (&one.lock, ctx.now(), one.connection.zone);
    let from = lock.since.plus(WAIT);
    if now < from {
        let message = format!(
            "Locked since {}; it can be unlocked from {}",
            moment(lock.since, zone),
            moment(from, zone)
        );
        return Err(SwitchError::Locked(message));
    }
    if one.again(now) {
        let next = zone.day_of(now).succ_opt().map_or(now, |day| zone.start_of(day));
        let message = format!(
            "Locked for the second time today; it can be unlocked from {}, or by a platform admin",
            moment(next, zone)
        );
        return Err(SwitchError::Locked(message));
    }
    Ok(())
}

/// The locks that are on, of accounts.
async fn all(ctx: &Context) -> Result<Vec<(ConnectionId, UserId, Switch)>, StoreError> {
    let on = find_any::<Switch>(ctx.store.as_ref(), ANYBODY, SystemQuery::SwitchesOn).await?;
    let locks = on.into_iter().filter(|switch| switch.kind == SwitchKind::Lock);
    Ok(locks
        .filter_map(|lock| match (&lock.scope, lock.user_id) {
            (SwitchScope::Connection(id), Some(user)) => Some((*id, user, lock)),
            _ => None,
        })
        .collect())
}
