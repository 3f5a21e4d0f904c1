//! How the source is doing, as one board that shards write and readiness reads. Decides how long a gap was.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{ports::source::SourceStatus, time::Timestamp};

use super::error::DiscordFault;

/// The board.
#[derive(Debug)]
pub(super) struct StatusBoard(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Shards in all; none before Discord has said how many.
    shards: u32,
    up: BTreeSet<u32>,
    /// Since when messages may be missed.
    down_since: Option<Timestamp>,
    /// Since when each shard has had no session.
    lost: BTreeMap<u32, Timestamp>,
    last_gap: Duration,
    last_event_at: Option<Timestamp>,
    reason: Option<String>,
    note: Option<String>,
    fault: Option<DiscordFault>,
}

impl StatusBoard {
    pub(super) fn new(now: Timestamp) -> Self {
        Self(Mutex::new(State {
            shards: 0,
            up: BTreeSet::new(),
            down_since: Some(now),
            lost: BTreeMap::new(),
            last_gap: Duration::ZERO,
            last_event_at: None,
            reason: Some("not connected yet".to_owned()),
            note: None,
            fault: None,
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many shards begin; the last instant at which anybody heard everything, when it is remembered.
    pub(super) fn begin(&self, shards: u32, last_heard: Option<Timestamp>) {
        let mut state = self.state();
        state.shards = shards;
        state.up.clear();
        state.lost.clear();
        if let Some(at) = last_heard {
            state.lost.extend((0..shards).map(|shard| (shard, at)));
        }
    }

    /// Something came from Discord.
    pub(super) fn seen(&self, now: Timestamp) {
        self.state().last_event_at = Some(now);
    }

    /// A shard has a session; since when it had none, if that is known.
    pub(super) fn up(&self, shard: u32, now: Timestamp) -> Option<Timestamp> {
        let mut state = self.state();
        state.up.insert(shard);
        let lost = state.lost.remove(&shard);
        if state.is_connected() {
            if let Some(since) = state.down_since.take() {
                state.last_gap = now.since(since);
            }
            state.reason = None;
        }
        lost
    }

    /// A shard has lost its connection.
    pub(super) fn down(&self, shard: u32, now: Timestamp, why: String) {
        let mut state = self.state();
        state.up.remove(&shard);
        state.lost.entry(shard).or_insert(now);
        state.down_since.get_or_insert(now);
        state.reason = Some(why);
    }

    /// Discord is not reached at all.
    pub(super) fn waits(&self, why: String) {
        self.state().reason = Some(why);
    }

    /// Trouble beside a working connection; none when it is over.
    pub(super) fn note(&self, note: Option<String>) {
        self.state().note = note;
    }

    /// Only an operator can help.
    pub(super) fn fail(&self, fault: DiscordFault, now: Timestamp) {
        let mut state = self.state();
        state.fault = Some(fault);
        state.up.clear();
        state.down_since.get_or_insert(now);
    }

    pub(super) fn read(&self, now: Timestamp) -> SourceStatus {
        let state = self.state();
        let gap = state.down_since.map_or(state.last_gap, |since| now.since(since));
        let fault = state.fault.map(|f| f.to_string());
        SourceStatus {
            connected: state.is_connected(),
            last_event_at: state.last_event_at,
            gap_seconds: gap.as_secs(),
            reason: fault
                .or_else(|| state.reason.clone())
                .or_else(|| state.note.clone()),
            fatal: state.fault.map(DiscordFault::code),
        }
    }
}

impl State {
    fn is_connected(&self) -> bool {
        self.fault.is_none() && self.shards > 0 && self.up.len() as u64 == u64::from(self.shards)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connected_means_every_shard_and_a_gap_is_measured() {
        let at = Timestamp::from_seconds;
        let board = StatusBoard::new(at(0));
        board.begin(2, None);
        assert_eq!(board.up(0, at(1)), None, "nobody remembers");
        assert!(!board.read(at(2)).connected);
        board.up(1, at(3));
        let status = board.read(at(9));
        assert!(status.connected && status.reason.is_none());
        assert_eq!(status.gap_seconds, 3);
        board.down(0, at(10), "cut".to_owned());
        assert_eq!(board.read(at(25)).gap_seconds, 15);
        board.down(0, at(12), "again".to_owned());
        assert_eq!(board.up(0, at(26)), Some(at(10)));
        board.begin(2, Some(at(20)));
        assert!(!board.read(at(27)).connected);
        assert_eq!(board.up(1, at(28)), Some(at(20)), "as the last run left it");
        board.fail(DiscordFault::BadToken, at(30));
        assert_eq!(board.read(at(31)).fatal, Some("bad_token"));
    }
}
