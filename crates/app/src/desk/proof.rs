//! Proofs a user may ask for: that an own entry is counted by a signed checkpoint, and that a later state of the journal
//! counts all that an earlier one did.

use std::time::Duration;

use ordercast_model::{ids::JournalId, journal::proof::Inclusion, user::User};
use ordercast_rules::chain::proof::Proving;

use super::{DeskError, journal};
use crate::{
    checkpoint,
    context::Context,
    proof::{self, ProofError},
};

/// After this long a proof is given up, well before a request is.
const PROOF_TIME: Duration = Duration::from_secs(5);

impl From<ProofError> for DeskError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Store(error) => Self::Store(error),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

async fn path(ctx: &Context, proving: Proving) -> Result<Vec<String>, DeskError> {
    let until = ctx.now().plus(PROOF_TIME);
    Ok(proof::make(ctx.store.as_ref(), proving, || ctx.now() <= until).await?)
}

/// That an own entry is counted by the newest checkpoint. Safe to repeat.
///
/// # Errors
/// `NotFound`; `Conflict` while no checkpoint counts it yet.
pub async fn inclusion(ctx: &Context, user: &User, id: JournalId) -> Result<Inclusion, DeskError> {
    let entry = journal::one(ctx, user, id).await?;
    let newest = checkpoint::newest(ctx.store.as_ref()).await?;
    let counted = newest.and_then(|one| Some((Proving::inclusion(entry.seq, one.size)?, one)));
    let Some((proving, checkpoint)) = counted else {
        return Err(DeskError::Conflict(
            "no checkpoint counts this entry yet; one is signed every minute".to_owned(),
        ));
    };
    Ok(Inclusion {
        path: path(ctx, proving).await?,
        entry,
        checkpoint,
    })
}

/// The path that shows that the first `second` entries begin with the first `first`. Safe to repeat.
///
/// # Errors
/// `Invalid` when there are not so many entries.
pub async fn consistency(ctx: &Context, first: u64, second: u64) -> Result<Vec<String>, DeskError> {
    let head = ctx.store.head().await?;
    let have = head.map_or(0, |head| head.seq.saturating_add(1));
    if second > have {
        return Err(DeskError::invalid(
            "second",
            format!("expected at most {have}, the entries there are"),
        ));
    }
    let proving = Proving::consistency(first, second)
        .ok_or_else(|| DeskError::invalid("first", format!("expected 1 to {second}, the value of second")))?;
    path(ctx, proving).await
}
