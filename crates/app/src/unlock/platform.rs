//! Locking and unlocking all accounts of a user for the platform: by a platform admin, or by the operator at the server.
//! What is locked here is unlocked here alone.

use ordercast_model::{
    connection::Connection,
    ids::UserId,
    journal::entry::Actor,
    limits::Switch,
    ports::store::{Query, SystemQuery, find, find_any},
    tenant::TenantScope,
    user::{Session, User},
};

use super::{ANYBODY, By, all, lift, locked};
use crate::{
    context::Context,
    identity::factor,
    switch::{self, SwitchError},
};

/// Longest reason, in characters.
pub const REASON_MAX: usize = 200;

/// Whose hand it is.
#[derive(Debug, Clone, Copy)]
pub enum Hand<'a> {
    /// Somebody at the server.
    Operator,
    /// A platform admin.
    Admin(&'a User),
}

impl Hand<'_> {
    /// As the journal says it.
    pub(crate) fn actor(self) -> Actor {
        match self {
            Self::Operator => Actor::system("operator"),
            Self::Admin(user) => Actor::user(user.id),
        }
    }
    /// As people read it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Operator => "the operator".to_owned(),
            Self::Admin(user) => format!("platform admin {}", user.name),
        }
    }
    /// The admin.
    pub(crate) fn id(self) -> Option<UserId> {
        match self {
            Self::Operator => None,
            Self::Admin(user) => Some(user.id),
        }
    }
}

/// Locks every account of a user: nothing opens until a platform admin unlocks. What works at the broker stays, closing and
/// protection go on. Gives the locks. Safe to repeat.
///
/// # Errors
/// `Invalid` without a reason, or when the store does not answer.
pub async fn lock(
    ctx: &Context,
    hand: Hand<'_>,
    user: &User,
    reason: &str,
) -> Result<Vec<Switch>, SwitchError> {
    let reason = given(reason)?;
    let scope = TenantScope::of_user(user);
    let mut locks = Vec::new();
    for connection in find::<Connection>(ctx.store.as_ref(), &scope, Query::Connections).await? {
        locks.push(switch::lock_by_hand(ctx, &connection, reason, hand).await?);
    }
    for lock in &locks {
        ctx.switchboard.wait_for_landing(lock).await;
    }
    if !locks.is_empty() {
        ctx.helmsman.bind().await?;
    }
    Ok(locks)
}

/// Lifts every lock of a user, whoever set it and whenever. Gives what was lifted. Safe to repeat.
///
/// # Errors
/// `Invalid` without a reason, or when the store does not answer.
pub async fn unlock(
    ctx: &Context,
    hand: Hand<'_>,
    user: &User,
    reason: &str,
) -> Result<Vec<Switch>, SwitchError> {
    let reason = given(reason)?;
    let mut lifted = Vec::new();
    loop {
        let own = all(ctx)
            .await?
            .into_iter()
            .find(|(_, whose, _)| *whose == user.id);
        let Some((id, _, lock)) = own else {
            return Ok(lifted);
        };
        let account = locked(ctx, id).await?.and_then(|one| one.account);
        let by = By {
            actor: hand.actor(),
            name: hand.name(),
            reason: Some(reason.to_owned()),
        };
        lifted.extend(lift(ctx, &lock, account, by, |_| Vec::new()).await?);
    }
}

/// The user whom a platform admin names. `step_up` is asked of what loosens.
///
/// # Errors
/// `NotFound` for anybody but a platform admin, and for an id of nobody; `Identity` without a step-up.
pub async fn named(
    ctx: &Context,
    admin: &User,
    step_up: Option<&Session>,
    id: UserId,
) -> Result<User, SwitchError> {
    if !admin.platform_admin {
        return Err(SwitchError::NotFound);
    }
    let found = find_any::<User>(ctx.store.as_ref(), ANYBODY, SystemQuery::User(id)).await?;
    let user = found.into_iter().next().ok_or(SwitchError::NotFound)?;
    if let Some(session) = step_up {
        factor::proven(ctx, admin, session).await?;
    }
    Ok(user)
}

fn given(reason: &str) -> Result<&str, SwitchError> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if length == 0 || length > REASON_MAX || reason.chars().any(char::is_control) {
        return Err(SwitchError::Invalid {
            field: "reason",
            message: "expected why, in at most 200 characters",
        });
    }
    Ok(reason)
}
