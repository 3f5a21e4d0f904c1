//! Makes proofs over the journal's tree: reads the hashes once, from the first to the last that is counted. Time grows
//! with the journal; memory does not.

use ordercast_model::ports::store::{Store, StoreError};
use ordercast_rules::chain::proof::Proving;

/// Hashes read at once.
const PAGE: u32 = 10_000;

/// Why there is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain does not hold what was counted.
    #[error("entry {0}: it is missing or its hash does not read")]
    Broken(u64),
    /// Whoever asked has no more time.
    #[error("the journal is too long for an answer here; `ordercast journal proof` takes its time")]
    TooLong,
}

/// The path of a proof; asks before each page whether it is still wanted. Safe to repeat.
///
/// # Errors
/// `Broken` names the first entry that does not follow.
pub async fn make(
    store: &dyn Store,
    mut proving: Proving,
    wanted: impl Fn() -> bool,
) -> Result<Vec<String>, ProofError> {
    while let Some(next) = proving.next() {
        if !wanted() {
            return Err(ProofError::TooLong);
        }
        let page = store.links(next, PAGE).await?;
        if page.is_empty() {
            return Err(ProofError::Broken(next));
        }
        for link in page {
            match proving.next() {
                Some(seq) if seq == link.seq && proving.take(&link.hash) => {}
                Some(seq) => return Err(ProofError::Broken(seq)),
                None => break,
            }
        }
    }
    Ok(proving.path())
}
