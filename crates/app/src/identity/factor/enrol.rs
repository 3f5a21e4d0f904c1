//! Setting an authenticator up, taking it away, and new recovery codes. What was set up is in force once it has given its
//! first code; taking away and new codes need a step-up.

use std::time::Duration;

use ordercast_model::{
    factor::{Offered, SecondFactor, Totp},
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    ports::store::{Batch, CommitError, Query, find},
    secret::Secret,
    tenant::TenantScope,
    time::Timestamp,
    user::{Session, User},
};
use ordercast_rules::factor::{self, totp};
use serde_json::json;

use super::{
    super::{Caller, IdentityError},
    SteppedUp, code, entry, put, read,
    step::{Stepped, failed, live, rotated, unlocked},
};
use crate::context::Context;

/// Who is named beside the code in an authenticator.
const ISSUER: &str = "Ordercast";
/// How long an authenticator that was shown may be confirmed.
const OFFER_LIFE: Duration = Duration::from_secs(15 * 60);

/// What is shown once to set an authenticator up.
#[derive(Debug)]
pub struct Offer {
    /// The secret in base 32, for typing.
    pub secret: Secret<String>,
    /// The address an authenticator reads from a picture.
    pub address: Secret<String>,
    /// Until when it may be confirmed.
    pub until: Timestamp,
}

/// An authenticator in force, with what is shown once.
#[derive(Debug)]
pub struct Enrolled {
    /// The session, stepped up.
    pub stepped: Stepped,
    /// Recovery codes; each works once, none is ever shown again.
    pub codes: Vec<Secret<String>>,
}

/// Begins to set an authenticator up; a second call voids the first. In force only once it is confirmed.
///
/// # Errors
/// `Enrolled` when one is in force: it is removed first.
pub async fn begin(ctx: &Context, user: &User, caller: &Caller) -> Result<Offer, IdentityError> {
    loop {
        let mut row = read(ctx, user).await?;
        if row.totp.is_some() {
            return Err(IdentityError::Enrolled);
        }
        unlocked(ctx, &row)?;
        let (clear, sealed) = code::fresh(ctx, user.id).await?;
        let until = ctx.now().plus(OFFER_LIFE);
        row.offered = Some(Offered { sealed, until });
        let after = json!({ "state": "offered", "until": until });
        if write(ctx, user, row, after, caller).await? {
            return Ok(Offer {
                secret: Secret::new(totp::base32(clear.expose())),
                address: Secret::new(totp::address(ISSUER, &user.name, clear.expose())),
                until,
            });
        }
    }
}

/// Confirms it with its first code, which steps the session up at once and is used with that.
///
/// # Errors
/// `NotOffered` when there is nothing to confirm any more, `Wrong` and `FactorLocked` as for a step-up.
pub async fn confirm(
    ctx: &Context,
    user: &User,
    session: &Session,
    typed: &str,
    caller: &Caller,
) -> Result<Enrolled, IdentityError> {
    loop {
        let row = read(ctx, user).await?;
        unlocked(ctx, &row)?;
        let now = ctx.now();
        let offered = row
            .offered
            .clone()
            .filter(|o| row.totp.is_none() && now < o.until);
        let Some(Offered { sealed, .. }) = offered else {
            return Err(IdentityError::NotOffered);
        };
        let secret = code::open(ctx, user.id, &sealed).await?;
        let step = totp::digits(typed).and_then(|d| totp::fitting(secret.expose(), now, 0, &d));
        let Some(last_step) = step else {
            match failed(ctx, user, row, caller).await {
                Err(IdentityError::Conflict) => continue,
                other => return other.and(Err(IdentityError::NotOffered)),
            }
        };
        let (codes, recovery) = code::set(ctx, user.id)?;
        let (session, token) = rotated(ctx, live(ctx, session).await?);
        let fresh = SecondFactor {
            totp: Some(Totp {
                sealed,
                since: now,
                last_step,
            }),
            offered: None,
            recovery,
            ..row
        };
        let codes_left = fresh.codes_left();
        let mut batch = Batch::new();
        let after = json!({ "state": "enrolled", "session": session.id, "recovery_codes_left": codes_left });
        batch.note(entry(ctx, Kind::TotpChanged, user, after, caller).await?);
        batch.update(session.clone());
        put(&mut batch, fresh);
        match ctx.commit(TenantScope::of_user(user), batch).await {
            Ok(()) => {
                let stepped = Stepped {
                    session,
                    token,
                    until: now.plus(factor::FRESH),
                    by_recovery_code: false,
                    codes_left,
                };
                return Ok(Enrolled { stepped, codes });
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Takes the authenticator and all recovery codes away. No session of the user counts as stepped up any more. Safe to
/// repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn remove(
    ctx: &Context,
    user: &User,
    _proof: SteppedUp,
    caller: &Caller,
) -> Result<(), IdentityError> {
    let after = json!({ "state": "removed" });
    let told = entry(ctx, Kind::TotpChanged, user, after, caller).await?;
    taken_away(ctx, user, told).await.map(|_| ())
}

/// Takes the authenticator and all recovery codes of a user away who has lost both, by the operator at the server: nobody
/// who only has a session can. The user is told. False when there was nothing to take. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn reset(ctx: &Context, user: &User, why: &str) -> Result<bool, IdentityError> {
    let object = ("user", user.id.to_string());
    let mut told = ctx.entry(Kind::TotpChanged, Actor::system("operator"), object);
    told.user = Some(user.id);
    told.reason = Some(why.to_owned());
    told.after = Some(json!({ "state": "reset" }));
    taken_away(ctx, user, told).await
}

async fn taken_away(ctx: &Context, user: &User, told: Entry) -> Result<bool, IdentityError> {
    let scope = TenantScope::of_user(user);
    loop {
        let row = read(ctx, user).await?;
        if row.totp.is_none() && row.offered.is_none() {
            return Ok(false);
        }
        let mut batch = Batch::new();
        for mut session in find::<Session>(ctx.store.as_ref(), &scope, Query::Sessions).await? {
            if session.stepped_up_at.is_some() {
                session.stepped_up_at = None;
                session.version += 1;
                batch.update(session);
            }
        }
        batch.note(told.clone());
        let gone = SecondFactor {
            totp: None,
            offered: None,
            recovery: Vec::new(),
            ..row
        };
        put(&mut batch, gone);
        match ctx.commit(scope.clone(), batch).await {
            Ok(()) => return Ok(true),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// New recovery codes; the old ones are void.
///
/// # Errors
/// `StepUp` when nothing is enrolled.
pub async fn new_codes(
    ctx: &Context,
    user: &User,
    _proof: SteppedUp,
    caller: &Caller,
) -> Result<Vec<Secret<String>>, IdentityError> {
    loop {
        let mut row = read(ctx, user).await?;
        if row.totp.is_none() {
            return Err(IdentityError::StepUp { enrolled: false });
        }
        let (codes, recovery) = code::set(ctx, user.id)?;
        row.recovery = recovery;
        let after = json!({ "state": "new_recovery_codes", "recovery_codes_left": row.codes_left() });
        if write(ctx, user, row, after, caller).await? {
            return Ok(codes);
        }
    }
}

/// Writes a changed row with its entry; false when somebody was first.
async fn write(
    ctx: &Context,
    user: &User,
    row: SecondFactor,
    after: serde_json::Value,
    caller: &Caller,
) -> Result<bool, IdentityError> {
    let mut batch = Batch::new();
    batch.note(entry(ctx, Kind::TotpChanged, user, after, caller).await?);
    put(&mut batch, row);
    match ctx.commit(TenantScope::of_user(user), batch).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
