//! What the staff of a community sees and does of accounts that its caps locked (PRODUCT RK-32). Shows who and since when, and
//! nothing of the account itself.

use ordercast_model::{
    community::Role,
    ids::{CommunityId, ConnectionId, UserId},
    journal::entry::Actor,
    limits::Unlocker,
    ports::store::StoreError,
    time::{SessionZone, Timestamp},
    user::{Session, User},
};
use serde_json::Value;

use super::{By, Locked, WAIT, all, demands, in_time, lift, locked, member};
use crate::{
    context::Context,
    identity::{Caller, factor},
    switch::SwitchError,
};

/// A member whose account a cap of the community locked, for the staff to unlock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedMember {
    /// The account's connection.
    pub connection: ConnectionId,
    /// Who.
    pub user: UserId,
    /// Name shown.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// From when on the staff may unlock it.
    pub from: Timestamp,
    /// Locked for the second time today: not before the next session day, or by a platform admin.
    pub again: bool,
}

/// Members whom the staff is to unlock, longest locked first. Safe to repeat.
///
/// # Errors
/// `NotFound` for a stranger, `Forbidden` below admin.
pub async fn list(ctx: &Context, actor: &User, id: CommunityId) -> Result<Vec<LockedMember>, SwitchError> {
    of_staff(ctx, actor, id).await?;
    let mut found = Vec::new();
    for (connection, _, lock) in all(ctx).await? {
        if !matches!(lock.unlocker(), Unlocker::Staff(cap) if cap.id == id) {
            continue;
        }
        let Some(one) = locked(ctx, connection).await? else {
            continue;
        };
        if !demands(ctx, id, &one.owner).await? {
            continue;
        }
        let zone = one.connection.zone;
        let again = one.again(ctx.now());
        found.push(LockedMember {
            connection,
            user: one.owner.id,
            name: one.owner.name.clone(),
            since: one.lock.since,
            from: from(&one, zone, again, ctx.now()),
            again,
        });
    }
    found.sort_by_key(|one| (one.since, one.connection));
    Ok(found)
}

/// From when on a lock can be lifted.
fn from(one: &Locked, zone: SessionZone, again: bool, now: Timestamp) -> Timestamp {
    let waited = one.lock.since.plus(WAIT);
    let next = zone.day_of(now).succ_opt().filter(|_| again);
    next.map_or(waited, |day| zone.start_of(day).max(waited))
}

/// Lifts the lock of a member, as that member could without the demand: not before a quarter of an hour, once per session day.
/// Told in the journals of both. Safe to repeat: what is not locked stays so.
///
/// # Errors
/// `NotFound` for a stranger, and for an account that no cap of the community locked or that its user may unlock; `Forbidden`
/// below admin, `Locked` while it is too early, `Identity` without a step-up.
pub async fn unlock(
    ctx: &Context,
    (actor, session): (&User, &Session),
    id: CommunityId,
    connection: ConnectionId,
    caller: &Caller,
) -> Result<(), SwitchError> {
    of_staff(ctx, actor, id).await?;
    loop {
        let one = locked(ctx, connection).await?.ok_or(SwitchError::NotFound)?;
        let ours = matches!(one.lock.unlocker(), Unlocker::Staff(cap) if cap.id == id);
        if !one.lock.on || !ours || !demands(ctx, id, &one.owner).await? {
            return Err(SwitchError::NotFound);
        }
        in_time(ctx, &one)?;
        factor::proven(ctx, actor, session).await?;
        let origin = caller
            .sealed(ctx, actor.id)
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let by = By {
            actor: Actor::user(actor.id),
            name: actor.name.clone(),
            reason: None,
        };
        let whose = one.owner.name.clone();
        let lifted = lift(ctx, &one.lock, one.account, by, |told| {
            if told.user == Some(actor.id) {
                return Vec::new();
            }
            // The journal of the one who did it: whom, and nothing of the account.
            let mut own = ctx.entry(told.kind, told.actor.clone(), ("community", id.to_string()));
            own.user = Some(actor.id);
            own.community = Some(id);
            own.origin = origin;
            own.after = told.after.clone();
            if let Some(Value::Object(after)) = &mut own.after {
                after.insert("whose".to_owned(), Value::from(whose));
            }
            vec![own]
        });
        if lifted.await?.is_some() {
            return Ok(());
        }
    }
}

/// The actor must be the owner or an admin.
async fn of_staff(ctx: &Context, actor: &User, id: CommunityId) -> Result<(), SwitchError> {
    match member(ctx, id, actor).await? {
        None => Err(SwitchError::NotFound),
        Some(member) if member.role < Role::Admin => Err(SwitchError::Forbidden),
        Some(_) => Ok(()),
    }
}
