//! What a user is to the program: name, plan, communities.

use ordercast_model::{
    community::{Community, Membership},
    journal::{entry::Actor, kind::Kind},
    ports::store::{Batch, Query, find, get},
    tenant::TenantScope,
    user::{Session, User},
};

use super::{Caller, IdentityError};
use crate::context::Context;

/// Longest name, in characters.
const NAME_MAX: usize = 64;

/// A place in a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// As what.
    pub membership: Membership,
    /// Where.
    pub community: Community,
}

/// Everything about the one who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The user.
    pub user: User,
    /// Session of the request.
    pub session: Session,
    /// Communities, by id.
    pub members: Vec<Member>,
}

/// Everything about the one who asks. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn who(ctx: &Context, user: User, session: Session) -> Result<Who, IdentityError> {
    let store = ctx.store.as_ref();
    let memberships = find::<Membership>(store, &TenantScope::of_user(&user), Query::Memberships).await?;
    let mut members = Vec::with_capacity(memberships.len());
    for membership in memberships {
        let scope = TenantScope::of_community(&membership);
        let key = membership.community_id.to_string();
        if let Some(community) = get::<Community>(store, &scope, &key).await? {
            members.push(Member {
                membership,
                community,
            });
        }
    }
    Ok(Who {
        user,
        session,
        members,
    })
}

/// Changes the name shown.
///
/// # Errors
/// `Invalid` when the name is empty, too long or holds control characters.
pub async fn rename(ctx: &Context, user: User, name: &str, caller: &Caller) -> Result<User, IdentityError> {
    let name = name.trim();
    let length = name.chars().count();
    if !(1..=NAME_MAX).contains(&length) || name.chars().any(char::is_control) {
        return Err(IdentityError::Invalid {
            field: "name",
            message: format!("expected 1 to {NAME_MAX} characters without control characters"),
        });
    }
    if name == user.name {
        return Ok(user);
    }
    let mut entry = ctx.entry(
        Kind::ProfileChanged,
        Actor::user(user.id),
        ("user", user.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.before = Some(serde_json::json!({ "name": user.name }));
    entry.after = Some(serde_json::json!({ "name": name }));
    entry.origin = caller.sealed(ctx, user.id).await?;
    let scope = TenantScope::of_user(&user);
    let mut fresh = user;
    fresh.version += 1;
    fresh.name = name.to_owned();
    let mut batch = Batch::new();
    batch.update(fresh.clone());
    batch.note(entry);
    ctx.commit(scope, batch).await?;
    Ok(fresh)
}
