//! The secrets of a hook: how they are made, what is kept of them, how a given one is compared. The address's secret is
//! random and never kept; the signing key is made again from the deployment's key whenever it is needed.

use ordercast_model::{
    hook::{Fingerprint, Hook, HookSecret},
    ids::HookId,
    ports::vault::VaultError,
    secret::Secret,
    time::Timestamp,
};
use subtle::ConstantTimeEq;

use crate::context::Context;

/// Bytes of the secret in the address.
const SECRET_LEN: usize = 32;
/// Purposes, each with a key of its own.
pub(crate) const ADDRESS: &str = "hook address";
pub(crate) const SIGNING: &str = "hook signing";
pub(crate) const PASSPHRASE: &str = "hook passphrase";
/// Shortest and longest pass phrase.
const PASSPHRASE_LEN: (usize, usize) = (8, 128);

fn fingerprint(
    ctx: &Context,
    purpose: &str,
    key_version: Option<u32>,
    parts: &[&str],
) -> Result<Fingerprint, VaultError> {
    let digest = ctx.vault.digest(purpose, key_version, parts)?;
    Ok(Fingerprint {
        key_version: digest.key_version,
        digest: hex::encode(digest.bytes.expose()),
    })
}

/// Whether a given text is what a fingerprint was made of; in constant time.
fn fits(ctx: &Context, purpose: &str, kept: &Fingerprint, parts: &[&str]) -> Result<bool, VaultError> {
    let given = fingerprint(ctx, purpose, Some(kept.key_version), parts)?;
    Ok(given.digest.as_bytes().ct_eq(kept.digest.as_bytes()).into())
}

/// A new secret and what is kept of it.
pub(super) fn make(
    ctx: &Context,
    hook: HookId,
    generation: u32,
    signed: bool,
) -> Result<(HookSecret, Secret<String>), VaultError> {
    let mut bytes = [0_u8; SECRET_LEN];
    ctx.random.fill(&mut bytes);
    let clear = Secret::new(hex::encode(bytes));
    zeroize(&mut bytes);
    let kept = HookSecret {
        generation,
        fingerprint: fingerprint(ctx, ADDRESS, None, &[&hook.to_string(), clear.expose()])?,
        signed,
        created_at: ctx.now(),
        expires_at: None,
    };
    Ok((kept, clear))
}

fn zeroize(bytes: &mut [u8; SECRET_LEN]) {
    drop(Secret::new(*bytes));
    bytes.fill(0);
}

/// The live secret of a hook that was given; all are compared, whether or not one fits.
pub(super) fn find<'a>(
    ctx: &Context,
    hook: &'a Hook,
    given: &str,
    now: Timestamp,
) -> Result<Option<&'a HookSecret>, VaultError> {
    let id = hook.id.to_string();
    let mut found = None;
    for secret in hook.secrets.iter().filter(|s| s.is_live(now)) {
        if fits(ctx, ADDRESS, &secret.fingerprint, &[&id, given])? {
            found = Some(secret);
        }
    }
    Ok(found)
}

/// Does the work of a comparison for a hook that is not there.
pub(super) fn pretend(ctx: &Context, given: &str) -> Result<(), VaultError> {
    fingerprint(ctx, ADDRESS, None, &["none", given]).map(drop)
}

/// The key deliveries under a secret are signed with, as text: 64 hex digits.
pub(super) fn signing_key(
    ctx: &Context,
    hook: HookId,
    secret: &HookSecret,
) -> Result<Secret<String>, VaultError> {
    let parts = [hook.to_string(), secret.generation.to_string()];
    let parts = parts.each_ref().map(String::as_str);
    let version = Some(secret.fingerprint.key_version);
    let digest = ctx.vault.digest(SIGNING, version, &parts)?;
    Ok(Secret::new(hex::encode(digest.bytes.expose())))
}

/// What is kept of a pass phrase.
pub(super) fn keep_passphrase(ctx: &Context, hook: HookId, clear: &str) -> Result<Fingerprint, VaultError> {
    fingerprint(ctx, PASSPHRASE, None, &[&hook.to_string(), clear])
}

/// Whether a body's pass phrase is the hook's; a hook without one takes any.
pub(super) fn passphrase_fits(ctx: &Context, hook: &Hook, given: Option<&str>) -> Result<bool, VaultError> {
    let Some(kept) = &hook.passphrase else {
        return Ok(true);
    };
    fits(
        ctx,
        PASSPHRASE,
        kept,
        &[&hook.id.to_string(), given.unwrap_or("")],
    )
}

/// A pass phrase must survive JSON and `key=value` alike.
///
/// # Errors
/// What was expected.
pub(super) fn check_passphrase(clear: &str) -> Result<(), String> {
    let (least, most) = PASSPHRASE_LEN;
    let plain = |b: u8| b.is_ascii_graphic() && !b"\"'\\,;&=".contains(&b);
    if (least..=most).contains(&clear.len()) && clear.bytes().all(plain) {
        return Ok(());
    }
    Err(format!(
        "expected {least} to {most} visible characters without quotes, backslash, comma, semicolon, & and ="
    ))
}
