//! What is remembered of members' roles, and for how long it may be believed (PRODUCT ID-12): 60 s, or as long as the
//! gateway tells every change without a gap. Refuses to know what roles allow.

use std::{collections::BTreeMap, time::Duration};

/// Members kept; when full all are forgotten and asked for again.
const HELD_MAX: usize = 50_000;
/// How long roles are believed when nobody tells of changes.
pub(super) const ROLES_AGE_MAX: Duration = Duration::from_secs(60);

/// A member's roles; none for somebody who is not there.
type Roles = Option<Vec<String>>;

/// Roles by server and person, with the moment (since the process began) they were true.
#[derive(Debug, Default)]
pub(super) struct Members {
    known: BTreeMap<(u64, u64), (Duration, Roles)>,
    /// Shards whose changes are heard, since when.
    heard: BTreeMap<u32, Duration>,
    shards: u32,
}

impl Members {
    fn shard(&self, guild: u64) -> u32 {
        u32::try_from((guild >> 22) % u64::from(self.shards.max(1))).unwrap_or(0)
    }

    /// The roles, when they may still be believed.
    pub(super) fn get(&self, key: (u64, u64), now: Duration) -> Option<Roles> {
        let (at, roles) = self.known.get(&key)?;
        let heard = self
            .heard
            .get(&self.shard(key.0))
            .is_some_and(|since| at >= since);
        let young = now.saturating_sub(*at) <= ROLES_AGE_MAX;
        (heard || young).then(|| roles.clone())
    }

    /// What Discord says now.
    pub(super) fn put(&mut self, key: (u64, u64), now: Duration, roles: Roles) {
        if self.known.len() >= HELD_MAX {
            self.known.clear();
        }
        self.known.insert(key, (now, roles));
    }

    /// A shard hears changes from now on; what was known before may have changed unheard.
    pub(super) fn listen(&mut self, shard: u32, shards: u32, now: Duration) {
        self.shards = shards;
        self.heard.entry(shard).or_insert(now);
    }

    /// A new session: changes may have been missed.
    pub(super) fn restart(&mut self, shard: u32, shards: u32, now: Duration) {
        self.heard.remove(&shard);
        self.listen(shard, shards, now);
    }

    /// A shard hears nothing any more: what it told was true until now.
    pub(super) fn deaf(&mut self, shard: u32, now: Duration) {
        let Some(since) = self.heard.remove(&shard) else {
            return;
        };
        let shards = u64::from(self.shards.max(1));
        for ((guild, _), (at, _)) in &mut self.known {
            if (*guild >> 22) % shards == u64::from(shard) && *at >= since {
                *at = now;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: (u64, u64) = (1, 2);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn roles_are_believed_for_a_minute_or_while_changes_are_heard() {
        let mut members = Members::default();
        members.put(KEY, at(0), Some(vec!["r".into()]));
        assert!(members.get(KEY, at(60)).is_some());
        assert!(members.get(KEY, at(61)).is_none());
        members.restart(0, 1, at(100));
        assert!(members.get(KEY, at(101)).is_none(), "may have changed before");
        members.put(KEY, at(102), None);
        assert_eq!(members.get(KEY, at(900)), Some(None), "changes are heard");
        members.deaf(0, at(1_000));
        assert_eq!(members.get(KEY, at(1_060)), Some(None));
        assert!(members.get(KEY, at(1_061)).is_none());
    }
}
