//! Secrets and codes: how they are made, what is kept of them, whether what was typed is one. Refuses to count tries.

use ordercast_model::{
    factor::{RecoveryCode, SecondFactor},
    ids::UserId,
    ports::vault::VaultError,
    secret::Secret,
    time::Timestamp,
};
use ordercast_rules::factor::{recovery, totp};
use subtle::ConstantTimeEq;

use super::{RECOVERY, TOTP};
use crate::context::Context;

/// What fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// The code of this step.
    Totp(u64),
    /// The recovery code at this place.
    Recovery(usize),
}

/// A new secret in the clear, and sealed.
pub(super) async fn fresh(ctx: &Context, user: UserId) -> Result<(Secret<Vec<u8>>, String), VaultError> {
    let mut bytes = vec![0_u8; totp::SECRET_BYTES];
    ctx.random.fill(&mut bytes);
    let clear = Secret::new(bytes);
    let text = Secret::new(hex::encode(clear.expose()));
    let sealed = ctx.vault.seal_secret(user, TOTP, &text).await?;
    Ok((clear, sealed))
}

/// The secret in the clear, for one comparison.
pub(super) async fn open(ctx: &Context, user: UserId, sealed: &str) -> Result<Secret<Vec<u8>>, VaultError> {
    let text = ctx.vault.open_secret(user, TOTP, sealed).await?;
    let bytes = hex::decode(text.expose()).map_err(|_| VaultError::Sealed(format!("{user} ({TOTP})")))?;
    Ok(Secret::new(bytes))
}

/// A new set of recovery codes: to be shown once, and what is kept of each.
pub(super) fn set(
    ctx: &Context,
    user: UserId,
) -> Result<(Vec<Secret<String>>, Vec<RecoveryCode>), VaultError> {
    let mut shown = Vec::with_capacity(recovery::CODES);
    let mut kept = Vec::with_capacity(recovery::CODES);
    while shown.len() < recovery::CODES {
        let mut chance = [0_u8; recovery::CODE_BYTES];
        ctx.random.fill(&mut chance);
        let code = recovery::shown(chance);
        let Some(plain) = recovery::plain(&code) else {
            continue;
        };
        let digest = ctx.vault.digest(RECOVERY, None, &[&user.to_string(), &plain])?;
        kept.push(RecoveryCode {
            digest: hex::encode(digest.bytes.expose()),
            key_version: digest.key_version,
            used_at: None,
        });
        shown.push(Secret::new(code));
    }
    Ok((shown, kept))
}

/// Whether what was typed is a code of this factor that still works.
pub(super) async fn fit(
    ctx: &Context,
    row: &SecondFactor,
    typed: &str,
    now: Timestamp,
) -> Result<Option<Fit>, VaultError> {
    if let (Some(digits), Some(totp)) = (totp::digits(typed), &row.totp) {
        let secret = open(ctx, row.user_id, &totp.sealed).await?;
        return Ok(totp::fitting(secret.expose(), now, totp.last_step, &digits).map(Fit::Totp));
    }
    let Some(plain) = recovery::plain(typed) else {
        return Ok(None);
    };
    let owner = row.user_id.to_string();
    let mut found = None;
    for (place, kept) in row.recovery.iter().enumerate() {
        let parts = [owner.as_str(), plain.as_str()];
        let given = match ctx.vault.digest(RECOVERY, Some(kept.key_version), &parts) {
            Ok(given) => given,
            // Made under a key that is out of reach: this code is lost, the others are not.
            Err(VaultError::NoKey(_)) => continue,
            Err(error) => return Err(error),
        };
        let given = hex::encode(given.bytes.expose());
        let same = bool::from(given.as_bytes().ct_eq(kept.digest.as_bytes()));
        if same && kept.used_at.is_none() {
            found = found.or(Some(Fit::Recovery(place)));
        }
    }
    Ok(found)
}
