//! The same request is answered once: a repeat under the same key gets the first answer, word for word.

use std::time::Duration;

use ordercast_model::{
    ports::store::{Batch, CommitError, get},
    tenant::TenantScope,
    user::{Idempotency, User},
};
use serde_json::Value;

use super::DeskError;
use crate::context::Context;

/// How long an answer is kept; orders are kept for ever.
const KEPT: Duration = Duration::from_secs(24 * 3_600);

/// What is to be done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// It is the first: do it, then call [`finish`] or [`release`].
    First(Idempotency),
    /// It was done: give this answer.
    Done {
        /// HTTP status.
        status: u16,
        /// Body.
        body: Value,
    },
    /// The first is still at work.
    Busy,
    /// The key was used for another request.
    Mismatch,
}

/// Takes the turn for a key. `for_ever` keeps the answer without end.
///
/// # Errors
/// When the store does not answer.
pub async fn begin(
    ctx: &Context,
    user: &User,
    key: &str,
    hash: &str,
    for_ever: bool,
) -> Result<Turn, DeskError> {
    let scope = TenantScope::of_user(user);
    let fresh = Idempotency {
        user_id: user.id,
        key: key.to_owned(),
        version: 1,
        request_hash: hash.to_owned(),
        status: None,
        body: None,
        created_at: ctx.now(),
    };
    let row_key = format!("{} {key}", user.id);
    let mut batch = Batch::new();
    let row = match get::<Idempotency>(ctx.store.as_ref(), &scope, &row_key).await? {
        None => {
            batch.insert(fresh.clone());
            fresh
        }
        Some(row) => {
            let stale = !for_ever && ctx.now().since(row.created_at) >= KEPT;
            let free = row.request_hash.is_empty() || stale;
            match (free, row.request_hash == hash, row.status) {
                (false, false, _) => return Ok(Turn::Mismatch),
                (false, true, None) => return Ok(Turn::Busy),
                (false, true, Some(status)) => {
                    return Ok(Turn::Done {
                        status,
                        body: row.body.unwrap_or(Value::Null),
                    });
                }
                (true, ..) => {
                    let again = Idempotency {
                        version: row.version + 1,
                        ..fresh
                    };
                    batch.update(again.clone());
                    again
                }
            }
        }
    };
    match ctx.commit(scope, batch).await {
        Ok(()) => Ok(Turn::First(row)),
        Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => Ok(Turn::Busy),
        Err(error) => Err(error.into()),
    }
}

/// Keeps the answer of the first request.
///
/// # Errors
/// When the store does not answer; a repeat is then told that the first is still at work, and nothing is done twice.
pub async fn finish(
    ctx: &Context,
    user: &User,
    row: Idempotency,
    status: u16,
    body: Value,
) -> Result<(), DeskError> {
    let row = Idempotency {
        version: row.version + 1,
        status: Some(status),
        body: Some(body),
        ..row
    };
    write(ctx, user, row).await
}

/// Gives the key free again: nothing was done, the same request may try once more.
///
/// # Errors
/// When the store does not answer.
pub async fn release(ctx: &Context, user: &User, row: Idempotency) -> Result<(), DeskError> {
    let row = Idempotency {
        version: row.version + 1,
        request_hash: String::new(),
        ..row
    };
    write(ctx, user, row).await
}

async fn write(ctx: &Context, user: &User, row: Idempotency) -> Result<(), DeskError> {
    let mut batch = Batch::new();
    batch.update(row);
    Ok(ctx.commit(TenantScope::of_user(user), batch).await?)
}
