//! The second factor of a user (PRODUCT ID-07): what stands of it, and the proof that it was shown a moment ago. Whatever
//! loosens asks for that proof, and only a session can give it; a chat has none.

mod code;
mod demo;
mod enrol;
mod step;

use ordercast_model::{
    factor::SecondFactor,
    ids::UserId,
    journal::{entry::Actor, entry::Entry, kind::Kind},
    ports::store::{Batch, StoreError, get},
    tenant::TenantScope,
    time::Timestamp,
    user::{Session, User},
};
use ordercast_rules::factor;

pub use self::{
    demo::{Shown, enrol_demo, shown_in_demo},
    enrol::{Enrolled, Offer, begin, confirm, new_codes, remove, reset},
    step::{Stepped, step_up},
};
use super::{Caller, IdentityError};
use crate::context::Context;

/// What the secret of an authenticator is sealed for.
const TOTP: &str = "totp";
/// What a digest of a recovery code is made for.
pub(crate) const RECOVERY: &str = "recovery code";

/// That the person behind a session has shown a second factor within the last ten minutes. Made only by [`proven`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SteppedUp {
    user: UserId,
}

impl SteppedUp {
    /// Who showed it.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }
}

/// The proof, from the session of the one who asks. Safe to repeat.
///
/// # Errors
/// `StepUp` when no factor was shown by this session lately; it says whether there is one to show.
pub async fn proven(ctx: &Context, user: &User, session: &Session) -> Result<SteppedUp, IdentityError> {
    let fresh = factor::is_fresh(session.stepped_up_at, ctx.now());
    if fresh && session.user_id == user.id && session.revoked_at.is_none() {
        return Ok(SteppedUp { user: user.id });
    }
    let enrolled = read(ctx, user).await?.totp.is_some();
    Err(IdentityError::StepUp { enrolled })
}

/// What a user may know of the own second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Since when an authenticator is in force; none = not enrolled.
    pub since: Option<Timestamp>,
    /// Recovery codes that still work.
    pub codes_left: usize,
    /// Nothing can be tried before this instant.
    pub locked_until: Option<Timestamp>,
    /// Until when the session that asks counts as stepped up.
    pub stepped_up_until: Option<Timestamp>,
}

/// What stands of the user's second factor. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn standing(ctx: &Context, user: &User, session: &Session) -> Result<Standing, IdentityError> {
    let row = read(ctx, user).await?;
    let now = ctx.now();
    let at = session
        .stepped_up_at
        .filter(|at| factor::is_fresh(Some(*at), now));
    Ok(Standing {
        since: row.totp.as_ref().map(|totp| totp.since),
        codes_left: row.codes_left(),
        locked_until: factor::locked(&row, now),
        stepped_up_until: at.map(|at| at.plus(factor::FRESH)),
    })
}

async fn read(ctx: &Context, user: &User) -> Result<SecondFactor, StoreError> {
    let row = get::<SecondFactor>(
        ctx.store.as_ref(),
        &TenantScope::of_user(user),
        &user.id.to_string(),
    )
    .await?;
    Ok(row.unwrap_or_else(|| SecondFactor::none(user.id)))
}

/// Puts the changed row into a batch, one version on.
fn put(batch: &mut Batch, mut row: SecondFactor) {
    row.version += 1;
    if row.version == 1 {
        batch.insert(row);
    } else {
        batch.update(row);
    }
}

/// An entry about the user's second factor; never with a secret or a code.
async fn entry(
    ctx: &Context,
    kind: Kind,
    user: &User,
    after: serde_json::Value,
    caller: &Caller,
) -> Result<Entry, IdentityError> {
    let mut entry = ctx.entry(kind, Actor::user(user.id), ("user", user.id.to_string()));
    entry.user = Some(user.id);
    entry.after = Some(after);
    entry.origin = caller.sealed(ctx, user.id).await?;
    Ok(entry)
}
