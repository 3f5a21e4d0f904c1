//! The user's own part of the journal, and whether the chain holds.

use std::time::Duration;

use ordercast_model::{
    ids::JournalId,
    journal::{
        checkpoint::Checkpoint,
        entry::{Chained, Link},
        kind::Kind,
    },
    ports::store::{Page, StoreError, SystemQuery, find_any},
    tenant::{SystemScope, TenantScope},
    user::User,
};

use ordercast_rules::chain;

use super::DeskError;
use crate::context::Context;

/// Entries looked at in one verification at most.
pub const VERIFY_MAX: u64 = 100_000;
/// After this long a verification ends where it is and says where to go on, well before a request is given up.
const VERIFY_TIME: Duration = Duration::from_secs(5);
/// Entries read at a time.
const BATCH: u32 = 1_000;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// First place looked at.
    pub from_seq: u64,
    /// Entries looked at.
    pub entries: u64,
    /// Hash of the last entry looked at.
    pub head_hash: Option<String>,
    /// Place of the first entry at fault, and what is wrong with it.
    pub fault: Option<(u64, String)>,
    /// Where to go on when the limit or the time ended it before the end of the journal.
    pub next_seq: Option<u64>,
}

/// Own entries before a place, newest first; of one kind, or of a group when the code ends in a point. Safe to repeat.
///
/// # Errors
/// `Invalid` when the kind is not one of ours.
pub async fn list(
    ctx: &Context,
    user: &User,
    before: Option<u64>,
    kind: Option<&str>,
    limit: u32,
) -> Result<Vec<Chained>, DeskError> {
    if let Some(kind) = kind {
        let known = match kind.strip_suffix('.') {
            Some(_) => Kind::ALL.iter().any(|k| k.code().starts_with(kind)),
            None => kind.parse::<Kind>().is_ok(),
        };
        if !known {
            return Err(DeskError::invalid(
                "kind",
                "expected a kind such as fill.booked, or a group such as order.",
            ));
        }
    }
    Ok(ctx
        .store
        .of_user(&TenantScope::of_user(user), before, kind, limit)
        .await?)
}

/// One own entry. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: JournalId) -> Result<Chained, DeskError> {
    ctx.store
        .own_entry(&TenantScope::of_user(user), id)
        .await?
        .ok_or(DeskError::NotFound)
}

/// Checkpoints of the journal, newest first. Anybody may see them. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn checkpoints(ctx: &Context, page: Page) -> Result<Vec<Checkpoint>, DeskError> {
    let scope = SystemScope::housekeeping("the journal's checkpoints are shown");
    Ok(find_any::<Checkpoint>(ctx.store.as_ref(), scope, SystemQuery::Checkpoints(page)).await?)
}

/// The key of entry 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Ed25519, hex.
    pub public_key: String,
    /// Name of the deployment.
    pub deployment: String,
}

/// The key that signs the checkpoints. Safe to repeat.
///
/// # Errors
/// `NotFound` while the journal has not begun.
pub async fn key(ctx: &Context) -> Result<Key, DeskError> {
    let begun = ctx.store.chained(0, 1).await?;
    let named = begun.first().and_then(|first| first.entry.after.as_ref());
    let field = |name: &str| named?.get(name)?.as_str().map(str::to_owned);
    match (field("public_key"), field("deployment")) {
        (Some(public_key), Some(deployment)) => Ok(Key {
            public_key,
            deployment,
        }),
        _ => Err(DeskError::NotFound),
    }
}

/// Recomputes the hashes of up to `limit` entries from a place on, the link to the entry before included, for some
/// seconds at most; `next_seq` says where to go on. Safe to repeat.
///
/// # Errors
/// `Invalid` when the range is too long.
pub async fn verify(ctx: &Context, from_seq: u64, limit: u64) -> Result<Verified, DeskError> {
    if !(1..=VERIFY_MAX).contains(&limit) {
        return Err(DeskError::invalid("limit", format!("expected 1 to {VERIFY_MAX}")));
    }
    let mut head = match from_seq.checked_sub(1) {
        Some(before) => ctx.store.chained(before, 1).await?.first().map(link),
        None => None,
    };
    let mut verified = Verified {
        from_seq,
        entries: 0,
        head_hash: None,
        fault: None,
        next_seq: None,
    };
    let until = ctx.now().plus(VERIFY_TIME);
    let mut step = BATCH;
    loop {
        if verified.entries >= limit || (verified.entries > 0 && ctx.now() > until) {
            verified.next_seq = Some(from_seq.saturating_add(verified.entries));
            break;
        }
        let wanted = u32::try_from(limit - verified.entries).unwrap_or(BATCH).min(step);
        let next = from_seq.saturating_add(verified.entries);
        let batch = match ctx.store.chained(next, wanted).await {
            // One of them does not read: they are looked at one by one up to it.
            Err(StoreError::Corrupt { .. }) if wanted > 1 => {
                step = 1;
                continue;
            }
            Err(StoreError::Corrupt { why, .. }) => {
                verified.fault = Some((next, format!("it does not read: {why}")));
                break;
            }
            other => other?,
        };
        if batch.is_empty() {
            break;
        }
        match chain::verify(head.as_ref(), &batch) {
            Ok(found) => {
                verified.entries += found.entries;
                head = found.head;
                verified.head_hash = head.as_ref().map(|link| link.hash.clone());
            }
            Err(fault) => {
                verified.entries += fault
                    .seq
                    .saturating_sub(from_seq.saturating_add(verified.entries));
                verified.fault = Some((fault.seq, fault.message));
                break;
            }
        }
    }
    Ok(verified)
}

fn link(chained: &Chained) -> Link {
    Link {
        seq: chained.seq,
        id: chained.entry.id,
        prev_hash: chained.prev_hash.clone(),
        hash: chained.hash.clone(),
    }
}
