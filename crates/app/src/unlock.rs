//! Lifting a lock that a rule set (PRODUCT RK-32): by its user, not before a quarter of an hour, once per session day; by
//! a platform admin at any time; by both with a second factor. Decides who may and when; the typed word is asked at the door.

use std::time::Duration;

use ordercast_model::{
    account::Account,
    connection::Connection,
    ids::ConnectionId,
    journal::{entry::Actor, kind::Kind},
    limits::{Switch, SwitchKind, SwitchScope},
    ports::store::{Batch, CommitError, Query, SystemQuery, find, find_any, get},
    tenant::{SystemScope, TenantScope},
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
/// `NotFound` for a connection out of reach or never locked, `Locked` while it is too early or for an admin to do,
/// `Identity` while the session that asks was not stepped up.
pub async fn unlock(
    ctx: &Context,
    actor: &User,
    session: &Session,
    id: ConnectionId,
) -> Result<Switch, SwitchError> {
    let scope = SwitchScope::Connection(id);
    let key = Switch::key_of(SwitchKind::Lock, &scope);
    let system = SystemScope::housekeeping("a platform admin may unlock anybody's account");
    let store = ctx.store.as_ref();
    loop {
        let found = find_any::<Switch>(store, system, SystemQuery::Switch(key.clone())).await?;
        let Some(lock) = found.into_iter().next() else {
            return Err(SwitchError::NotFound);
        };
        let Some(owner) = owner(ctx, actor, &lock).await? else {
            return Err(SwitchError::NotFound);
        };
        if !lock.on {
            return Ok(lock);
        }
        let of_owner = TenantScope::of_user(&owner);
        let Some(connection) = get::<Connection>(store, &of_owner, &id.to_string()).await? else {
            return Err(SwitchError::NotFound);
        };
        let accounts = find::<Account>(store, &of_owner, Query::Accounts).await?;
        let account = accounts.into_iter().find(|a| a.connection_id == id);
        if !actor.platform_admin {
            permit(ctx, &lock, account.as_ref(), &connection)?;
        }
        factor::proven(ctx, actor, session).await?;
        let mut batch = Batch::new();
        let mut off = lock.clone();
        (off.on, off.flatten) = (false, None);
        (off.by, off.reason, off.since) = (actor.name.clone(), String::new(), ctx.now());
        off.version += 1;
        let mut entry = ctx.entry(Kind::RiskUnlocked, Actor::user(actor.id), ("switch", key.clone()));
        entry.user = Some(owner.id);
        entry.links.connection = Some(id);
        entry.before = Some(json!({ "since": lock.since, "reason": lock.reason }));
        entry.after = Some(json!({ "scope": off.scope, "state": "off", "by": off.by, "since": off.since }));
        batch.note(entry);
        batch.update(off.clone());
        if let Some(mut account) = account {
            account.day_high_equity = account.equity;
            account.version += 1;
            batch.update(account);
        }
        match ctx.commit(system, batch).await {
            Ok(()) => {
                switch::announce(ctx, &off);
                return Ok(off);
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whose account is locked, when the actor may know.
async fn owner(ctx: &Context, actor: &User, lock: &Switch) -> Result<Option<User>, SwitchError> {
    match lock.user_id {
        Some(id) if id == actor.id => Ok(Some(actor.clone())),
        Some(id) if actor.platform_admin => {
            let system = SystemScope::housekeeping("a platform admin unlocks an account");
            let found = find_any::<User>(ctx.store.as_ref(), system, SystemQuery::User(id)).await?;
            Ok(found.into_iter().next())
        }
        _ => Ok(None),
    }
}

fn permit(
    ctx: &Context,
    lock: &Switch,
    account: Option<&Account>,
    connection: &Connection,
) -> Result<(), SwitchError> {
    let (now, zone) = (ctx.now(), connection.zone);
    let from = lock.since.plus(WAIT);
    if now < from {
        let message = format!(
            "Locked since {}; it can be unlocked from {}",
            moment(lock.since, zone),
            moment(from, zone)
        );
        return Err(SwitchError::Locked(message));
    }
    let today = zone.day_of(now);
    let again = account.is_some_and(|a| a.breaker_trips > 1 && today <= a.day);
    if again {
        let next = today.succ_opt().map_or(now, |day| zone.start_of(day));
        let message = format!(
            "Locked for the second time today; it can be unlocked from {}, or by a platform admin",
            moment(next, zone)
        );
        return Err(SwitchError::Locked(message));
    }
    Ok(())
}
