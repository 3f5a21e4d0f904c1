//! Walks the journal from entry 0 to its head and judges it: chain, places, life cycles. Holds one page at a time, so
//! that a journal of any length fits.

use ordercast_model::{
    journal::{
        checkpoint::Checkpoint,
        entry::{Chained, Link},
    },
    ports::store::{Store, StoreError},
    time::Timestamp,
};
use ordercast_rules::chain::{
    self,
    lifecycle::{LifecycleFault, Lifecycles},
};

use super::signed::{IsSigned, Signed};

/// Entries read at once.
const PAGE: u32 = 1_000;

/// A journal that was walked.
#[derive(Debug, Default)]
pub struct Walked {
    /// Entries that hold.
    pub entries: u64,
    /// The last of them.
    pub head: Option<Link>,
    /// The first bad entry, in words; none when all hold.
    pub bad: Option<String>,
    /// Orders whose entries do not follow from each other.
    pub lifecycle: Vec<LifecycleFault>,
    /// Orders told of.
    pub orders: usize,
    /// Checkpoints that hold.
    pub checkpoints: u64,
    /// Entries counted by the newest of them, and when it was signed.
    pub signed: Option<(u64, Timestamp)>,
}

/// Walks the whole journal as it stood when asked, and holds it against its checkpoints and those kept elsewhere. Safe
/// beside a running program; safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn walk(
    store: &dyn Store,
    elsewhere: Vec<Checkpoint>,
    is_signed: IsSigned,
) -> Result<Walked, StoreError> {
    let mut walked = Walked::default();
    // Read before the head: what is signed meanwhile counts entries that are not walked.
    let mut signed = Signed::gather(store, elsewhere, is_signed).await?;
    let Some(end) = store.head().await? else {
        walked.bad = signed.missing();
        return Ok(walked);
    };
    let mut lives = Lifecycles::default();
    loop {
        let next = walked.head.as_ref().map_or(0, |head| head.seq + 1);
        if next > end.seq {
            break;
        }
        let page = match store.chained(next, PAGE).await {
            Ok(page) => page,
            Err(StoreError::Corrupt { .. }) => {
                find_unreadable(store, &mut walked).await?;
                break;
            }
            Err(error) => return Err(error),
        };
        if page.is_empty() {
            walked.bad = Some(format!(
                "entry {next}: it is missing; the chain goes on to entry {}",
                end.seq
            ));
            break;
        }
        page.iter().for_each(|chained| lives.observe_chained(chained));
        if !take(&mut walked, &page) {
            break;
        }
        walked.bad = page.iter().find_map(|chained| signed.take(chained));
        if walked.bad.is_some() {
            break;
        }
    }
    if walked.bad.is_none() {
        walked.bad = signed.missing();
    }
    (walked.checkpoints, walked.signed) = (signed.held, signed.newest);
    walked.lifecycle = lives.faults().to_vec();
    walked.orders = lives.orders().len();
    Ok(walked)
}

/// Adds a page; says whether all of it holds.
fn take(walked: &mut Walked, page: &[Chained]) -> bool {
    match chain::verify(walked.head.as_ref(), page) {
        Ok(verified) => {
            walked.entries += verified.entries;
            walked.head = verified.head;
            true
        }
        Err(fault) => {
            let good = page.iter().take_while(|chained| chained.seq < fault.seq).count();
            walked.entries += good as u64;
            walked.bad = Some(fault.to_string());
            false
        }
    }
}

/// One entry of the page does not even read: goes entry by entry to the first that is bad.
async fn find_unreadable(store: &dyn Store, walked: &mut Walked) -> Result<(), StoreError> {
    loop {
        let next = walked.head.as_ref().map_or(0, |head| head.seq + 1);
        match store.chained(next, 1).await {
            Ok(page) if !page.is_empty() && take(walked, &page) => {}
            Ok(_) => return Ok(()),
            Err(StoreError::Corrupt { id, why, .. }) => {
                walked.bad = Some(format!("entry {next} ({id}): it does not read: {why}"));
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
}
