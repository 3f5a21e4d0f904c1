//! Order cards that wait for Confirm or Cancel, in the store: each belongs to one user, works once, whichever process is
//! asked, and ends after a minute.

use std::time::Duration;

use ordercast_model::{
    ids::PositionId,
    money::decimal_text,
    ports::store::{Batch, CommitError, get},
    tenant::TenantScope,
    user::{Idempotency, User},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Trouble;
use crate::{context::Context, manual::ManualOrder};

/// How long a card may be confirmed.
pub(super) const LIFE: Duration = Duration::from_secs(60);
/// What a card's row has instead of a request's hash.
const CARD: &str = "card";
/// Its status once it was answered.
const ANSWERED: u16 = 200;

/// What a card would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Plan {
    /// An order.
    Order(Box<ManualOrder>),
    /// Closing a part of a position.
    Close(PositionId, #[serde(with = "decimal_text")] Decimal),
    /// Closing everything.
    CloseAll,
}

fn key_of(card: &str) -> String {
    format!("card:{card}")
}

/// Lets a card wait. The same card twice is one.
///
/// # Errors
/// When the store does not answer; the card must not be shown then.
pub(super) async fn put(ctx: &Context, user: &User, card: &str, plan: &Plan) -> Result<(), Trouble> {
    let body = serde_json::to_value(plan).map_err(|why| Trouble::Say(format!("This cannot wait: {why}")))?;
    let mut batch = Batch::new();
    batch.insert(Idempotency {
        user_id: user.id,
        key: key_of(card),
        version: 1,
        request_hash: CARD.to_owned(),
        status: None,
        body: Some(body),
        created_at: ctx.now(),
    });
    match ctx.commit(TenantScope::of_user(user), batch).await {
        Ok(()) | Err(CommitError::Duplicate { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes a card of the user's; none when its minute is over, or it was answered before, here or elsewhere.
///
/// # Errors
/// When the store does not answer; the card waits on.
pub(super) async fn take(ctx: &Context, user: &User, card: &str) -> Result<Option<Plan>, Trouble> {
    let scope = TenantScope::of_user(user);
    let key = format!("{} {}", user.id, key_of(card));
    let row = get::<Idempotency>(ctx.store.as_ref(), &scope, &key).await?;
    let Some(row) = row.filter(|row| row.request_hash == CARD && row.status.is_none()) else {
        return Ok(None);
    };
    let plan = row.body.and_then(|body| serde_json::from_value(body).ok());
    if ctx.now().since(row.created_at) > LIFE {
        return Ok(None);
    }
    let mut batch = Batch::new();
    batch.update(Idempotency {
        version: row.version + 1,
        status: Some(ANSWERED),
        body: None,
        ..row
    });
    match ctx.commit(scope, batch).await {
        Ok(()) => Ok(plan),
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
