//! The limits a community's staff set for orders by its signals and for its traders' own (PRODUCT RK-29). Decides who may and
//! what fits; which limit applies is a rule's.

use ordercast_model::{
    community::{Community, Membership, Role},
    ids::CommunityId,
    journal::{entry::Actor, kind::Kind},
    limits::{Caps, Loosening},
    ports::store::{Batch, Query, find, get},
    tenant::TenantScope,
    time::Timestamp,
    user::{Session, User},
};
use serde_json::{Value, json};

use super::{DeskError, follow, loosening};
use crate::{
    context::Context,
    identity::{Caller, factor},
};

/// A community as its caps hold now.
fn settled(mut community: Community, now: Timestamp) -> Community {
    loosening::settle_caps(&mut community.caps, &mut community.pending, now);
    community
}

/// A community one is a member of, with the caps that hold now. Safe to repeat.
///
/// # Errors
/// `NotFound` for a stranger.
pub async fn show(ctx: &Context, user: &User, id: CommunityId) -> Result<Community, DeskError> {
    Ok(settled(found(ctx, user, id, Role::Viewer).await?, ctx.now()))
}

/// The communities the user is a member of, with the role there, by name. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(ctx: &Context, user: &User) -> Result<Vec<(Community, Role)>, DeskError> {
    let store = ctx.store.as_ref();
    let mut all = Vec::new();
    for own in find::<Membership>(store, &TenantScope::of_user(user), Query::Memberships).await? {
        let scope = TenantScope::of_community(&own);
        let row = get::<Community>(store, &scope, &own.community_id.to_string()).await?;
        all.extend(row.map(|community| (settled(community, ctx.now()), own.role)));
    }
    all.sort_by(|a, b| (&a.0.name, a.0.id).cmp(&(&b.0.name, b.0.id)));
    Ok(all)
}

/// Sets all caps of a community at the version the caller knows. What tightens is in force with the next decision; what
/// loosens needs a session that was stepped up, and holds ten minutes later.
///
/// # Errors
/// `Forbidden` below admin, `Version`, `Invalid` with the first cap that is out of its range, or `Identity` without a step-up
/// where one is needed; then nothing is changed at all.
pub async fn set_caps(
    ctx: &Context,
    actor: (&User, &Session),
    id: CommunityId,
    version: u64,
    mut caps: Caps,
    caller: &Caller,
) -> Result<Community, DeskError> {
    let (user, session) = actor;
    caps.deny_symbols = follow::symbols("deny_symbols", caps.deny_symbols)?;
    follow::check_caps(&caps)?;
    let mut community = found(ctx, user, id, Role::Admin).await?;
    if community.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: community.version,
        });
    }
    let wish = loosening::caps((&community.caps, &community.pending), &caps, ctx.now())?;
    if !wish.asked.is_empty() {
        factor::proven(ctx, user, session).await?;
    }
    let mut entry = ctx.entry(
        Kind::RiskLimitChanged,
        Actor::user(user.id),
        ("community", id.to_string()),
    );
    entry.user = Some(user.id);
    entry.community = Some(id);
    entry.before = Some(told(&community.caps, &community.pending, &[])?);
    entry.after = Some(told(&wish.caps, &wish.pending, &wish.asked)?);
    entry.origin = caller.sealed(ctx, user.id).await?;
    community.caps = wish.caps;
    community.pending = wish.pending;
    community.version += 1;
    let mut batch = Batch::new();
    batch.update(community.clone());
    batch.note(entry);
    ctx.commit(TenantScope::of_community(&community), batch).await?;
    Ok(community)
}

/// Says whether whoever a cap of the community locks from now on is unlocked by its staff alone (PRODUCT RK-32), at the
/// version the caller knows. What is locked already stays for its user to unlock; once it is taken back, users unlock
/// themselves again. Safe to repeat.
///
/// # Errors
/// `Forbidden` below admin, `Version`, `Identity` without a step-up when it is taken back.
pub async fn set_staff_unlocks(
    ctx: &Context,
    (user, session): (&User, &Session),
    id: CommunityId,
    version: u64,
    on: bool,
    caller: &Caller,
) -> Result<Community, DeskError> {
    let mut community = found(ctx, user, id, Role::Admin).await?;
    if community.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: community.version,
        });
    }
    if community.staff_unlocks == on {
        return Ok(settled(community, ctx.now()));
    }
    if !on {
        factor::proven(ctx, user, session).await?;
    }
    let object = ("community", id.to_string());
    let mut entry = ctx.entry(Kind::RiskLimitChanged, Actor::user(user.id), object);
    entry.user = Some(user.id);
    entry.community = Some(id);
    entry.before = Some(json!({ "staff_unlocks": community.staff_unlocks }));
    entry.after = Some(json!({ "staff_unlocks": on }));
    entry.origin = caller.sealed(ctx, user.id).await?;
    community.staff_unlocks = on;
    community.version += 1;
    let mut batch = Batch::new();
    batch.update(community.clone());
    batch.note(entry);
    ctx.commit(TenantScope::of_community(&community), batch).await?;
    Ok(settled(community, ctx.now()))
}

/// Caps with what waits, as an entry tells them.
fn told(caps: &Caps, pending: &[Loosening], asked: &[Loosening]) -> Result<Value, DeskError> {
    let unreadable = |e| DeskError::Unavailable(format!("caps cannot be written: {e}"));
    let mut value = serde_json::to_value(caps).map_err(unreadable)?;
    if let Value::Object(all) = &mut value {
        for (name, list) in [("pending", pending), ("asked", asked)] {
            if !list.is_empty() {
                all.insert(name.to_owned(), loosening::lines(list));
            }
        }
    }
    Ok(value)
}

async fn found(ctx: &Context, user: &User, id: CommunityId, least: Role) -> Result<Community, DeskError> {
    let store = ctx.store.as_ref();
    let memberships = find::<Membership>(store, &TenantScope::of_user(user), Query::Memberships).await?;
    let own = memberships.into_iter().find(|m| m.community_id == id);
    let own = own.ok_or(DeskError::NotFound)?;
    if own.role < least {
        return Err(DeskError::Forbidden(
            "only admins of the community set its limits".to_owned(),
        ));
    }
    let scope = TenantScope::of_community(&own);
    get::<Community>(store, &scope, &id.to_string())
        .await?
        .ok_or(DeskError::NotFound)
}
