//! The checkpoints a journal is held against while it is walked: those in the store, and those kept elsewhere. Refuses to
//! know entries beyond their hashes.

use std::collections::BTreeMap;

use ordercast_model::{
    ids::CheckpointId,
    journal::{checkpoint::Checkpoint, entry::Chained},
    ports::store::{Page, Store, StoreError, SystemQuery, find_any},
    tenant::SystemScope,
    time::Timestamp,
};
use ordercast_rules::chain::merkle::Tree;

/// Whether a checkpoint bears the signature of the key it names.
pub type IsSigned = fn(&Checkpoint) -> bool;

/// Checkpoints read at once.
const PAGE: u32 = 1_000;

/// What of a checkpoint is compared.
#[derive(Debug)]
struct Mark {
    id: CheckpointId,
    at: Timestamp,
    root: String,
    key: String,
    /// Bears the signature of its key.
    signed: bool,
}

/// The checkpoints, by the number of entries they count, and the tree as far as it was walked.
#[derive(Debug, Default)]
pub struct Signed {
    marks: BTreeMap<u64, Vec<Mark>>,
    tree: Tree,
    key: Option<String>,
    /// Checkpoints that hold.
    pub held: u64,
    /// Entries counted by the newest of them.
    pub newest: Option<(u64, Timestamp)>,
}

/// All checkpoints of a store, newest first.
///
/// # Errors
/// When the store does not answer.
pub async fn stored(store: &dyn Store) -> Result<Vec<Checkpoint>, StoreError> {
    let scope = SystemScope::housekeeping("the journal is verified");
    let (mut page, mut all) = (Page::first(PAGE), Vec::new());
    loop {
        let query = SystemQuery::Checkpoints(page.clone());
        let found = find_any::<Checkpoint>(store, scope, query).await?;
        let Some(last) = found.last() else {
            return Ok(all);
        };
        page.after = Some(last.id.to_string());
        all.extend(found);
    }
}

impl Signed {
    /// Those of a store, and others.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn gather(
        store: &dyn Store,
        others: Vec<Checkpoint>,
        is_signed: IsSigned,
    ) -> Result<Self, StoreError> {
        let mut signed = Self::default();
        let stored = stored(store).await?;
        for one in others.iter().chain(&stored) {
            signed.add(one, is_signed(one));
        }
        Ok(signed)
    }

    fn add(&mut self, one: &Checkpoint, is_signed: bool) {
        let same = self.marks.entry(one.size).or_default();
        // The same one may be kept in several places.
        if !same.iter().any(|mark| mark.id == one.id && mark.root == one.root) {
            same.push(Mark {
                id: one.id,
                at: one.at,
                root: one.root.clone(),
                key: one.key.clone(),
                signed: is_signed,
            });
        }
    }

    /// Takes the next entry, which is in its place; says what is wrong with a checkpoint that counts up to it.
    pub fn take(&mut self, chained: &Chained) -> Option<String> {
        if chained.seq == 0 {
            let named = chained.entry.after.as_ref()?.get("public_key")?;
            self.key = named.as_str().map(str::to_owned);
        }
        if !self.tree.add(&chained.hash) {
            return Some(format!("entry {}: its hash does not read", chained.seq));
        }
        let marks = self.marks.remove(&self.tree.size())?;
        let root = self.tree.root();
        for mark in marks {
            let size = self.tree.size();
            let wrong = if !mark.signed {
                "its signature does not fit"
            } else if self.key.as_ref() != Some(&mark.key) {
                "it is signed by another key than the one entry 0 names"
            } else if mark.root != root {
                "the entries up to there are not those that were signed"
            } else {
                self.held += 1;
                self.newest = Some((size, mark.at));
                continue;
            };
            return Some(format!("checkpoint {} of {size} entries: {wrong}", mark.id));
        }
        None
    }

    /// What was signed beyond the end of the journal, in words.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        let (size, marks) = self.marks.last_key_value()?;
        let mark = marks.first()?;
        let (have, last) = (self.tree.size(), size.saturating_sub(1));
        let which = if have == last {
            format!("entry {last}: it is missing")
        } else {
            format!("entries {have} to {last}: they are missing")
        };
        Some(format!(
            "{which}; the checkpoint {} of {} counts {size} entries",
            mark.id, mark.at
        ))
    }
}
