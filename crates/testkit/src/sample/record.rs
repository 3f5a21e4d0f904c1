//! Journal entries, and the links a sequencer makes of them.

use std::collections::BTreeMap;

use ordercast_model::{
    ids::UserId,
    journal::{
        canonical::{self, CanonicalError},
        checkpoint::Checkpoint,
        entry::{Actor, Entry, FeedStep, Link},
        kind::Kind,
    },
};

use super::{at, id};

/// The n-th entry, of a kind, about the n-th order; of a user, or of nobody.
#[must_use]
pub fn entry(n: u64, kind: Kind, user: Option<UserId>) -> Entry {
    let order: ordercast_model::ids::OrderId = id(n);
    let mut entry = Entry::new(
        id(n),
        at(n),
        kind,
        Actor::system("test"),
        ("order", order.to_string()),
    );
    entry.user = user;
    entry
}

/// The n-th checkpoint: of n entries.
#[must_use]
pub fn checkpoint(n: u64) -> Checkpoint {
    Checkpoint {
        id: id(n),
        size: n,
        root: format!("{n:064x}"),
        at: at(n),
        key: "00ff".to_owned(),
        signature: "ff00".to_owned(),
        peaks: vec![format!("{n:064x}")],
    }
}

/// Links entries behind a head, and numbers those with a live event behind each user's last number.
///
/// # Errors
/// When an entry has no canonical form.
pub fn sequence(
    head: Option<&Link>,
    feed_heads: &[(UserId, u64)],
    entries: &[Entry],
) -> Result<(Vec<Link>, Vec<FeedStep>), CanonicalError> {
    let mut numbers: BTreeMap<UserId, u64> = feed_heads.iter().copied().collect();
    let mut previous = [0_u8; 32];
    if let Some(head) = head {
        let _ = hex::decode_to_slice(&head.hash, &mut previous);
    }
    let (mut links, mut feed) = (Vec::new(), Vec::new());
    for (seq, entry) in (head.map_or(0, |h| h.seq + 1)..).zip(entries) {
        let hash = canonical::hash(&previous, seq, entry)?;
        links.push(Link {
            seq,
            id: entry.id,
            prev_hash: hex::encode(previous),
            hash: hex::encode(hash),
        });
        previous = hash;
        if let (Some(user_id), Some(_)) = (entry.user, entry.event()) {
            let number = numbers.entry(user_id).or_insert(0);
            *number += 1;
            feed.push(FeedStep {
                user_id,
                user_seq: *number,
                seq,
            });
        }
    }
    Ok((links, feed))
}
