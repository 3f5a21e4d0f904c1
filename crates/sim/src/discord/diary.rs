//! Which calls and identifies came, when, and which of them broke a limit: for whoever checks a client's manners.

use std::collections::VecDeque;

/// Entries kept; the oldest go first.
const KEPT_MAX: usize = 4_096;

/// Something a client did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The path of a call, `identify` and the number of the shard, or `connect` for a connection to the gateway.
    pub what: String,
    /// When, in Unix microseconds.
    pub at: i64,
    /// It came too early: the limit was still in force.
    pub refused: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Diary(VecDeque<Deed>);

impl Diary {
    pub(crate) fn note(&mut self, what: impl Into<String>, at: i64, refused: bool) {
        if self.0.len() >= KEPT_MAX {
            self.0.pop_front();
        }
        let what = what.into();
        self.0.push_back(Deed { what, at, refused });
    }

    /// The last one came too early after all.
    pub(crate) fn refuse_last(&mut self) {
        if let Some(deed) = self.0.back_mut() {
            deed.refused = true;
        }
    }

    pub(crate) fn of(&self, part: &str) -> Vec<Deed> {
        self.0
            .iter()
            .filter(|deed| deed.what.contains(part))
            .cloned()
            .collect()
    }
}
