//! Decides the order of the journal in memory: pending, chained, and each user's feed.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    ids::{JournalId, UserId},
    journal::entry::{Chained, Entry, FeedStep, Link},
    ports::store::CommitError,
    tenant::TenantScope,
};

/// Entries, links and feeds.
#[derive(Debug, Default)]
pub(super) struct Journal {
    entries: BTreeMap<JournalId, Entry>,
    pending: Vec<JournalId>,
    links: Vec<Link>,
    places: BTreeMap<JournalId, usize>,
    feeds: BTreeMap<UserId, Vec<u64>>,
}

fn duplicate(table: &'static str, key: String) -> CommitError {
    CommitError::Duplicate { table, key }
}

/// Entries in one answer.
fn size(limit: u32) -> usize {
    limit.clamp(1, 10_000) as usize
}

impl Journal {
    pub(super) fn check(&self, entries: &[Entry]) -> Result<(), CommitError> {
        let mut new = BTreeSet::new();
        match entries
            .iter()
            .find(|e| self.entries.contains_key(&e.id) || !new.insert(e.id))
        {
            Some(known) => Err(duplicate("journal", known.id.to_string())),
            None => Ok(()),
        }
    }
    pub(super) fn append(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.pending.push(entry.id);
            self.entries.insert(entry.id, entry.clone());
        }
    }
    pub(super) fn head(&self) -> Option<Link> {
        self.links.last().cloned()
    }
    pub(super) fn pending(&self, limit: u32) -> Vec<Entry> {
        let ids = self.pending.iter().take(size(limit));
        ids.filter_map(|id| self.entries.get(id).cloned()).collect()
    }
    pub(super) fn feed_heads(&self, users: &[UserId]) -> Vec<(UserId, u64)> {
        let head = |user: &UserId| Some((*user, self.feeds.get(user)?.len() as u64));
        let users: BTreeSet<&UserId> = users.iter().collect();
        users.into_iter().filter_map(head).collect()
    }
    pub(super) fn chain(&mut self, links: &[Link], feed: &[FeedStep]) -> Result<(), CommitError> {
        let waiting: BTreeSet<JournalId> = self.pending.iter().copied().collect();
        let mut used = BTreeSet::new();
        for (next, link) in (self.links.len() as u64..).zip(links) {
            if link.seq != next {
                return Err(duplicate("journal_chain", link.seq.to_string()));
            }
            if !waiting.contains(&link.id) || !used.insert(link.id) {
                return Err(duplicate("journal_chain", link.id.to_string()));
            }
        }
        let mut heads: BTreeMap<UserId, u64> = BTreeMap::new();
        for step in feed {
            let head = heads
                .entry(step.user_id)
                .or_insert_with(|| self.feeds.get(&step.user_id).map_or(0, |f| f.len() as u64));
            *head += 1;
            if step.user_seq != *head {
                return Err(duplicate("feed", format!("{} {}", step.user_id, step.user_seq)));
            }
        }
        self.pending.retain(|id| !used.contains(id));
        for link in links {
            self.places.insert(link.id, self.links.len());
            self.links.push(link.clone());
        }
        for step in feed {
            self.feeds.entry(step.user_id).or_default().push(step.seq);
        }
        Ok(())
    }
    fn chained_at(&self, place: usize) -> Option<Chained> {
        let link = self.links.get(place)?;
        Some(Chained {
            seq: link.seq,
            entry: self.entries.get(&link.id)?.clone(),
            prev_hash: link.prev_hash.clone(),
            hash: link.hash.clone(),
        })
    }
    fn place(seq: u64) -> usize {
        usize::try_from(seq).unwrap_or(usize::MAX)
    }
    pub(super) fn chained(&self, from_seq: u64, limit: u32) -> Vec<Chained> {
        let places = Self::place(from_seq)..self.links.len();
        places
            .take(size(limit))
            .filter_map(|p| self.chained_at(p))
            .collect()
    }
    pub(super) fn links(&self, from_seq: u64, limit: u32) -> Vec<Link> {
        let links = self.links.iter().skip(Self::place(from_seq));
        links.take(size(limit)).cloned().collect()
    }
    pub(super) fn feed(&self, scope: &TenantScope, after: u64, limit: u32) -> Vec<(u64, Chained)> {
        let [user] = scope.users() else {
            return Vec::new();
        };
        let steps = self.feeds.get(user).into_iter().flatten();
        (1..)
            .zip(steps)
            .filter(|(number, _)| *number > after)
            .take(size(limit))
            .filter_map(|(number, seq)| Some((number, self.chained_at(Self::place(*seq))?)))
            .collect()
    }
    pub(super) fn of_user(
        &self,
        scope: &TenantScope,
        before: Option<u64>,
        kind: Option<&str>,
        limit: u32,
    ) -> Vec<Chained> {
        let end = before.map_or(self.links.len(), Self::place).min(self.links.len());
        let wanted = |code: &str| match kind {
            None => true,
            Some(prefix) if prefix.ends_with('.') => code.starts_with(prefix),
            Some(whole) => code == whole,
        };
        (0..end)
            .rev()
            .filter_map(|place| self.chained_at(place))
            .filter(|c| c.entry.user.is_some_and(|u| scope.permits_user(u)) && wanted(c.entry.kind.code()))
            .take(size(limit))
            .collect()
    }
    pub(super) fn own_entry(&self, scope: &TenantScope, id: JournalId) -> Option<Chained> {
        let chained = self.chained_at(*self.places.get(&id)?)?;
        chained
            .entry
            .user
            .is_some_and(|u| scope.permits_user(u))
            .then_some(chained)
    }
}
