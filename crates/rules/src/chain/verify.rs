//! Decides whether a stretch of the journal is what was written: every place, every link, every hash. Names the first
//! entry that is not. Refuses to repair.
#![deny(clippy::arithmetic_side_effects)]

use std::fmt;

use ordercast_model::{
    ids::JournalId,
    journal::{
        canonical,
        entry::{Chained, Link},
        kind::Kind,
    },
};

use super::link::{NOTHING, read};

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Entries before it are missing.
    Gap,
    /// It stands at a place that is already taken.
    Order,
    /// It does not follow the entry before it.
    Previous,
    /// Its content is not what was hashed.
    Hash,
    /// It has no canonical form.
    Canonical,
    /// The journal does not begin with its genesis, or has a second one.
    Genesis,
}

impl FaultKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Order => "order",
            Self::Previous => "prev_hash",
            Self::Hash => "hash",
            Self::Canonical => "canonical",
            Self::Genesis => "genesis",
        }
    }
}

/// The first bad entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its place.
    pub seq: u64,
    /// Its id.
    pub id: JournalId,
    /// What is wrong.
    pub what: FaultKind,
    /// The same in words.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {} ({}): {}", self.seq, self.id, self.message)
    }
}
impl std::error::Error for Fault {}

/// A stretch that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries were checked.
    pub entries: u64,
    /// The last of them, or the link the stretch was to follow when it was empty.
    pub head: Option<Link>,
}

/// Checks entries in their stored order behind `previous` (none: from entry 0). Long journals are checked stretch by
/// stretch, each behind the head of the one before.
///
/// # Errors
/// The first entry that is not what was written.
pub fn verify(previous: Option<&Link>, entries: &[Chained]) -> Result<Verified, Fault> {
    let mut head = previous.cloned();
    for chained in entries {
        check(head.as_ref(), chained)?;
        head = Some(Link {
            seq: chained.seq,
            id: chained.entry.id,
            prev_hash: chained.prev_hash.clone(),
            hash: chained.hash.clone(),
        });
    }
    Ok(Verified {
        entries: u64::try_from(entries.len()).unwrap_or(u64::MAX),
        head,
    })
}

fn check(head: Option<&Link>, chained: &Chained) -> Result<(), Fault> {
    let fault = |what: FaultKind, message: String| {
        Err(Fault {
            seq: chained.seq,
            id: chained.entry.id,
            what,
            message,
        })
    };
    let expected = head.map_or(0, |link| link.seq.saturating_add(1));
    if chained.seq > expected {
        let missing = chained.seq.saturating_sub(expected);
        return fault(
            FaultKind::Gap,
            format!("{missing} missing before it: expected entry {expected}"),
        );
    }
    if chained.seq < expected {
        return fault(
            FaultKind::Order,
            format!("out of order: expected entry {expected}"),
        );
    }
    let genesis = chained.entry.kind == Kind::JournalGenesis;
    if genesis != (chained.seq == 0) {
        let message = if genesis {
            "a second genesis".to_owned()
        } else {
            "the journal does not begin with its genesis".to_owned()
        };
        return fault(FaultKind::Genesis, message);
    }
    let before = head.map_or_else(|| hex::encode(NOTHING), |link| link.hash.clone());
    let previous = read(&chained.prev_hash).filter(|_| chained.prev_hash == before);
    let Some(previous) = previous else {
        return fault(
            FaultKind::Previous,
            format!(
                "prev_hash is {}, but the entry before it has {before}",
                cut(&chained.prev_hash)
            ),
        );
    };
    match canonical::hash(&previous, chained.seq, &chained.entry) {
        Ok(hash) if hex::encode(hash) == chained.hash => Ok(()),
        Ok(hash) => fault(
            FaultKind::Hash,
            format!(
                "its content was changed: hash is {}, the content gives {}",
                cut(&chained.hash),
                hex::encode(hash)
            ),
        ),
        Err(error) => fault(FaultKind::Canonical, error.to_string()),
    }
}

/// A stored text may be anything; at most a hash's length of it is quoted.
fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}
