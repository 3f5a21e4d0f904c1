//! Stepping up: one code, taken once, marks the session for ten minutes and gives it a new cookie. Every try is durable
//! before it is answered, so that no restart gives five more.

use ordercast_model::{
    factor::SecondFactor,
    journal::{entry::Outcome, kind::Kind},
    ports::store::{Batch, CommitError, get},
    secret::Secret,
    tenant::TenantScope,
    time::Timestamp,
    user::{Session, User},
};
use ordercast_rules::factor;
use serde_json::json;

use super::{
    super::{Caller, IdentityError, session},
    code::{self, Fit},
    entry, put, read,
};
use crate::context::Context;

/// A session that was stepped up.
#[derive(Debug)]
pub struct Stepped {
    /// The session.
    pub session: Session,
    /// Its new cookie value; shown once, only its hash is stored.
    pub token: Secret<String>,
    /// Until when it counts.
    pub until: Timestamp,
    /// A recovery code was used, not an authenticator.
    pub by_recovery_code: bool,
    /// Recovery codes that still work.
    pub codes_left: usize,
}

/// Takes a code of the authenticator, or a recovery code. Not safe to repeat: each works once.
///
/// # Errors
/// `StepUp` when nothing is enrolled, `Wrong` for a code that does not fit or was used, `FactorLocked` after five of them.
pub async fn step_up(
    ctx: &Context,
    user: &User,
    session: &Session,
    typed: &str,
    caller: &Caller,
) -> Result<Stepped, IdentityError> {
    let scope = TenantScope::of_user(user);
    loop {
        let row = read(ctx, user).await?;
        if row.totp.is_none() {
            return Err(IdentityError::StepUp { enrolled: false });
        }
        unlocked(ctx, &row)?;
        let now = ctx.now();
        let Some(fit) = code::fit(ctx, &row, typed, now).await? else {
            match failed(ctx, user, row, caller).await {
                Err(IdentityError::Conflict) => continue,
                other => return other.and(Err(IdentityError::Wrong { left: 0 })),
            }
        };
        let session = live(ctx, session).await?;
        let (fresh, by_recovery_code) = used(row, fit, now);
        let codes_left = fresh.codes_left();
        let (session, token) = rotated(ctx, session);
        let method = if by_recovery_code { "recovery_code" } else { "totp" };
        let after = json!({ "session": session.id, "method": method, "recovery_codes_left": codes_left });
        let mut batch = Batch::new();
        batch.note(entry(ctx, Kind::StepupOk, user, after, caller).await?);
        batch.update(session.clone());
        put(&mut batch, fresh);
        match ctx.commit(scope.clone(), batch).await {
            Ok(()) => {
                return Ok(Stepped {
                    until: now.plus(factor::FRESH),
                    session,
                    token,
                    by_recovery_code,
                    codes_left,
                });
            }
            // Another try was first, or the session was used meanwhile: judged anew, so that one code serves once.
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn used(mut row: SecondFactor, fit: Fit, now: Timestamp) -> (SecondFactor, bool) {
    match fit {
        Fit::Totp(step) => {
            if let Some(totp) = &mut row.totp {
                totp.last_step = step;
            }
            (row, false)
        }
        Fit::Recovery(place) => {
            if let Some(code) = row.recovery.get_mut(place) {
                code.used_at = Some(now);
            }
            (row, true)
        }
    }
}

/// The session as it stands now; its last use may have been written down since the request began.
pub(super) async fn live(ctx: &Context, session: &Session) -> Result<Session, IdentityError> {
    let scope = TenantScope::of_user(session);
    get::<Session>(ctx.store.as_ref(), &scope, &session.id.to_string())
        .await?
        .filter(|session| session.revoked_at.is_none())
        .ok_or(IdentityError::NoSession)
}

/// The session with a new cookie value, stepped up at this instant.
pub(super) fn rotated(ctx: &Context, session: Session) -> (Session, Secret<String>) {
    let (mut session, token) = session::rotated(ctx, session);
    session.stepped_up_at = Some(ctx.now());
    (session, token)
}

/// Refuses while too many tries failed.
pub(super) fn unlocked(ctx: &Context, row: &SecondFactor) -> Result<(), IdentityError> {
    match factor::locked(row, ctx.now()) {
        Some(until) => Err(locked(ctx, until)),
        None => Ok(()),
    }
}

fn locked(ctx: &Context, until: Timestamp) -> IdentityError {
    let after = until.since(ctx.now()).as_secs().max(1);
    IdentityError::FactorLocked { until, after }
}

/// Counts a failed try, durably.
///
/// # Errors
/// Always: `Wrong` or `FactorLocked` once it is counted, `Conflict` when another try was first.
pub(super) async fn failed(
    ctx: &Context,
    user: &User,
    mut row: SecondFactor,
    caller: &Caller,
) -> Result<(), IdentityError> {
    let left = factor::fail(&mut row, ctx.now());
    let until = factor::locked(&row, ctx.now());
    let after = json!({ "tries_left": left, "locked_until": until });
    let mut note = entry(ctx, Kind::StepupFailed, user, after, caller).await?;
    note.result = Outcome::Failed;
    note.reason = Some(if until.is_some() { "locked" } else { "wrong_code" }.to_owned());
    let mut batch = Batch::new();
    batch.note(note);
    put(&mut batch, row);
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Err(match until {
        Some(until) => locked(ctx, until),
        None => IdentityError::Wrong { left },
    })
}
