//! The limits a community's staff set for orders by its signals (PRODUCT RK-29). Decides who may and what fits; which limit
//! applies is a rule's.

use ordercast_model::{
    community::{Community, Membership, Role},
    ids::CommunityId,
    journal::{entry::Actor, kind::Kind},
    limits::Caps,
    ports::store::{Batch, Query, find, get},
    tenant::TenantScope,
    user::User,
};

use super::{DeskError, follow};
use crate::{context::Context, identity::Caller};

/// A community one is a member of. Safe to repeat.
///
/// # Errors
/// `NotFound` for a stranger.
pub async fn show(ctx: &Context, user: &User, id: CommunityId) -> Result<Community, DeskError> {
    found(ctx, user, id, Role::Viewer).await
}

/// Sets all caps of a community at the version the caller knows. In force with the next decision.
///
/// # Errors
/// `Forbidden` below admin, `Version`, or `Invalid` with the first cap that is out of its range.
pub async fn set_caps(
    ctx: &Context,
    user: &User,
    id: CommunityId,
    version: u64,
    mut caps: Caps,
    caller: &Caller,
) -> Result<Community, DeskError> {
    caps.deny_symbols = follow::symbols("deny_symbols", caps.deny_symbols)?;
    follow::check_caps(&caps)?;
    let mut community = found(ctx, user, id, Role::Admin).await?;
    if community.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: community.version,
        });
    }
    let value = |caps: &Caps| {
        serde_json::to_value(caps).map_err(|e| DeskError::Unavailable(format!("caps cannot be written: {e}")))
    };
    let mut entry = ctx.entry(
        Kind::RiskLimitChanged,
        Actor::user(user.id),
        ("community", id.to_string()),
    );
    entry.user = Some(user.id);
    entry.community = Some(id);
    entry.before = Some(value(&community.caps)?);
    entry.after = Some(value(&caps)?);
    entry.origin = caller.sealed(ctx, user.id).await?;
    community.caps = caps;
    community.version += 1;
    let mut batch = Batch::new();
    batch.update(community.clone());
    batch.note(entry);
    ctx.commit(TenantScope::of_community(&community), batch).await?;
    Ok(community)
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
