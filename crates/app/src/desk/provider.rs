//! The providers a user may see: those of the communities the user is a member of.

use std::collections::BTreeMap;

use ordercast_model::{
    community::{Community, Membership, Provider, ProviderStatus, Role},
    ids::{FollowId, ProviderId},
    ports::store::{Query, find, get},
    tenant::TenantScope,
    user::User,
};

use super::DeskError;
use crate::context::Context;

/// A provider as a member sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The provider.
    pub provider: Provider,
    /// Name of its community.
    pub community_name: String,
    /// Own role there.
    pub role: Role,
    /// Own follow of it.
    pub follow: Option<FollowId>,
    /// Whether the user may change how it is read and how it posts.
    pub manages: bool,
}

/// Whether a user is staff of a role, or the person that speaks for the provider.
fn may(user: &User, own: Role, least: Role, provider: &Provider) -> bool {
    let speaks = |id: &String| provider.authors.contains(id);
    own >= least || user.discord_id.as_ref().is_some_and(speaks)
}

/// The provider, when the user may manage it: an admin of its community, or the person that speaks for it.
///
/// # Errors
/// `NotFound` for strangers, `Forbidden` for members who may not.
pub(crate) async fn managed(ctx: &Context, user: &User, id: ProviderId) -> Result<Provider, DeskError> {
    let why = "this is for the provider and for admins of its community";
    found(ctx, user, id, Role::Admin, why).await
}

/// The provider, when the user is staff of its community or the person that speaks for it.
///
/// # Errors
/// `NotFound` for strangers, `Forbidden` for members who may not.
pub(crate) async fn staffed(ctx: &Context, user: &User, id: ProviderId) -> Result<Provider, DeskError> {
    let why = "this is for the provider and for staff of its community";
    found(ctx, user, id, Role::Moderator, why).await
}

async fn found(
    ctx: &Context,
    user: &User,
    id: ProviderId,
    least: Role,
    why: &str,
) -> Result<Provider, DeskError> {
    for membership in memberships(ctx, user).await? {
        let scope = TenantScope::of_community(&membership);
        if let Some(provider) = get::<Provider>(ctx.store.as_ref(), &scope, &id.to_string()).await? {
            return if may(user, membership.role, least, &provider) {
                Ok(provider)
            } else {
                Err(DeskError::Forbidden(why.to_owned()))
            };
        }
    }
    Err(DeskError::NotFound)
}

/// The communities of a user, with the role there.
pub(crate) async fn memberships(ctx: &Context, user: &User) -> Result<Vec<Membership>, DeskError> {
    Ok(find::<Membership>(
        ctx.store.as_ref(),
        &TenantScope::of_user(user),
        Query::Memberships,
    )
    .await?)
}

/// Providers of the user's communities, by name. Drafts are not shown. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(ctx: &Context, user: &User) -> Result<Vec<Listed>, DeskError> {
    let follows: BTreeMap<ProviderId, FollowId> = super::follow::list(ctx, user)
        .await?
        .into_iter()
        .map(|f| (f.provider_id, f.id))
        .collect();
    let store = ctx.store.as_ref();
    let mut listed = Vec::new();
    for membership in memberships(ctx, user).await? {
        let scope = TenantScope::of_community(&membership);
        let key = membership.community_id.to_string();
        let Some(community) = get::<Community>(store, &scope, &key).await? else {
            continue;
        };
        for provider in find::<Provider>(store, &scope, Query::Providers).await? {
            if provider.status != ProviderStatus::Draft {
                listed.push(Listed {
                    follow: follows.get(&provider.id).copied(),
                    community_name: community.name.clone(),
                    role: membership.role,
                    manages: may(user, membership.role, Role::Admin, &provider),
                    provider,
                });
            }
        }
    }
    listed.sort_by(|a, b| (&a.provider.name, a.provider.id).cmp(&(&b.provider.name, b.provider.id)));
    Ok(listed)
}

/// One provider the user may see. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: ProviderId) -> Result<Listed, DeskError> {
    list(ctx, user)
        .await?
        .into_iter()
        .find(|listed| listed.provider.id == id)
        .ok_or(DeskError::NotFound)
}
