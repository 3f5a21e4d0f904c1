//! The signals a user may see, each with what was decided for that user.

use std::collections::BTreeMap;

use ordercast_model::{
    community::Provider,
    decision::Decision,
    ids::{ProviderId, SignalId},
    ports::store::{Page, Query, find, get},
    signal::record::{Message, Signal},
    tenant::TenantScope,
    user::User,
};

use super::{DeskError, provider::memberships};
use crate::context::Context;

/// A signal as one member sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The signal.
    pub signal: Signal,
    /// Name of its provider.
    pub provider_name: String,
    /// Own decisions on it, oldest first.
    pub decisions: Vec<Decision>,
}

/// Signals of the user's communities, newest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(ctx: &Context, user: &User, page: Page) -> Result<Vec<Seen>, DeskError> {
    let store = ctx.store.as_ref();
    let mut signals = Vec::new();
    let mut names: BTreeMap<ProviderId, String> = BTreeMap::new();
    for membership in memberships(ctx, user).await? {
        let scope = TenantScope::of_community(&membership);
        signals.extend(find::<Signal>(store, &scope, Query::Signals(page.clone())).await?);
        for provider in find::<Provider>(store, &scope, Query::Providers).await? {
            names.insert(provider.id, provider.name);
        }
    }
    signals.sort_by_key(|signal| std::cmp::Reverse(signal.id));
    signals.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
    let mut seen = Vec::with_capacity(signals.len());
    for signal in signals {
        seen.push(Seen {
            provider_name: names.get(&signal.provider_id).cloned().unwrap_or_default(),
            decisions: decisions(ctx, user, signal.id).await?,
            signal,
        });
    }
    Ok(seen)
}

/// One signal the user may see. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: SignalId) -> Result<Seen, DeskError> {
    let store = ctx.store.as_ref();
    for membership in memberships(ctx, user).await? {
        let scope = TenantScope::of_community(&membership);
        if let Some(signal) = get::<Signal>(store, &scope, &id.to_string()).await? {
            let provider = get::<Provider>(store, &scope, &signal.provider_id.to_string()).await?;
            return Ok(Seen {
                provider_name: provider.map(|p| p.name).unwrap_or_default(),
                decisions: decisions(ctx, user, id).await?,
                signal,
            });
        }
    }
    Err(DeskError::NotFound)
}

/// Every revision of the message a signal was read from, oldest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn revisions(ctx: &Context, signal: &Signal) -> Result<Vec<Message>, DeskError> {
    let query = Query::MessageRevisions(signal.source_key.clone(), signal.source_id.clone());
    Ok(find::<Message>(ctx.store.as_ref(), &TenantScope::of_community(signal), query).await?)
}

/// Own decisions on a signal, oldest first; none when it is not for the user to see. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn decisions(ctx: &Context, user: &User, id: SignalId) -> Result<Vec<Decision>, DeskError> {
    let scope = TenantScope::of_user(user);
    Ok(find::<Decision>(ctx.store.as_ref(), &scope, Query::DecisionsOfSignal(id)).await?)
}
