//! The demo's authenticator: its users are enrolled from the start, and their code may be asked for, so that a newcomer
//! needs nothing. Nobody but a user of the demo has this.

use ordercast_model::{
    factor::{SecondFactor, Totp},
    journal::{entry::Actor, kind::Kind},
    ports::store::Batch,
    secret::Secret,
    tenant::TenantScope,
    user::User,
};
use ordercast_rules::factor::totp::{self, STEP_SECONDS};
use serde_json::json;

use super::{super::IdentityError, code, put, read};
use crate::context::Context;

/// What the authenticator of a demo user shows.
#[derive(Debug)]
pub struct Shown {
    /// The code that will be taken next.
    pub code: Secret<String>,
    /// Seconds until another is shown.
    pub seconds_left: u64,
}

/// Enrols a user of the demo without asking. Safe to repeat: one who is enrolled stays so.
///
/// # Errors
/// `NotFound` for a user who is not of the demo.
pub async fn enrol_demo(ctx: &Context, user: &User) -> Result<(), IdentityError> {
    if !user.demo {
        return Err(IdentityError::NotFound);
    }
    let row = read(ctx, user).await?;
    if row.totp.is_some() {
        return Ok(());
    }
    let (_, sealed) = code::fresh(ctx, user.id).await?;
    let fresh = SecondFactor {
        totp: Some(Totp {
            sealed,
            since: ctx.now(),
            last_step: 0,
        }),
        ..row
    };
    let object = ("user", user.id.to_string());
    let mut entry = ctx.entry(Kind::TotpChanged, Actor::system("demo"), object);
    entry.user = Some(user.id);
    entry.after = Some(json!({ "state": "enrolled", "recovery_codes_left": 0 }));
    let mut batch = Batch::new();
    batch.note(entry);
    put(&mut batch, fresh);
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(())
}

/// The code of a demo user's authenticator: that of this step, or of the next when this one was used. Safe to repeat.
///
/// # Errors
/// `NotFound` for a user who is not of the demo, or has no authenticator.
pub async fn shown_in_demo(ctx: &Context, user: &User) -> Result<Shown, IdentityError> {
    if !user.demo {
        return Err(IdentityError::NotFound);
    }
    let row = read(ctx, user).await?;
    let totp = row.totp.ok_or(IdentityError::NotFound)?;
    let secret = code::open(ctx, user.id, &totp.sealed).await?;
    let now = ctx.now();
    let present = totp::step_of(now);
    let step = present.max(totp.last_step.saturating_add(1)).min(present + 1);
    let begun = u64::try_from(now.seconds()).unwrap_or(0) % STEP_SECONDS;
    Ok(Shown {
        code: Secret::new(totp::code(secret.expose(), step)),
        seconds_left: STEP_SECONDS - begun,
    })
}
