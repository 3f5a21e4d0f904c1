//! When the next REST call may go: pure. Decides by what Discord's answers said of their limits; refuses to wait or to
//! send anything itself.

use std::{collections::BTreeMap, time::Duration};

/// Limits kept; when full those that hold nothing back are forgotten.
const KEPT_MAX: usize = 10_000;
/// Two answers whose windows end this close together tell of the same window.
const SAME_WINDOW: Duration = Duration::from_millis(250);

/// What a route's limit is kept under: the route, and the channel, server or webhook it concerns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(String);

impl Key {
    /// Of a method and a path without its query: every id but the first is left out, as Discord counts.
    pub(super) fn of(method: &str, path: &str) -> Self {
        let path = path.split('?').next().unwrap_or(path);
        let mut parts = path.split('/');
        let mut key = format!("{method} {}", parts.next().unwrap_or_default());
        for (at, part) in parts.enumerate() {
            let id = at > 0 && part.bytes().all(|b| b.is_ascii_digit());
            key.push('/');
            key.push_str(if id { "*" } else { part });
        }
        Self(key)
    }
}

/// What an answer says of its route's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) limit: u32,
    pub(super) left: u32,
    pub(super) reset_after: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    limit: u32,
    left: u32,
    ends: Duration,
}

/// The limits known. Times are spans since the process began.
#[derive(Debug, Default)]
pub(super) struct Limits {
    routes: BTreeMap<Key, Window>,
    /// Until when nothing may go at all.
    shut: Duration,
}

impl Limits {
    /// Takes a place for a call; or how long to wait before asking again. `free` calls know no global limit.
    pub(super) fn take(&mut self, key: &Key, free: bool, now: Duration) -> Result<(), Duration> {
        if !free && self.shut > now {
            return Err(self.shut.saturating_sub(now));
        }
        let Some(window) = self.routes.get_mut(key) else {
            return Ok(());
        };
        if now >= window.ends {
            window.left = window.limit.max(1);
        } else if window.left == 0 {
            return Err(window.ends.saturating_sub(now));
        }
        window.left = window.left.saturating_sub(1);
        Ok(())
    }

    /// An answer told of its route.
    pub(super) fn learn(&mut self, key: Key, told: Told, now: Duration) {
        let ends = now + told.reset_after;
        let same = |w: &Window| w.ends > now && ends <= w.ends + SAME_WINDOW;
        let left = match self.routes.get(&key) {
            Some(window) if same(window) => window.left.min(told.left),
            _ => told.left,
        };
        self.put(
            key,
            Window {
                limit: told.limit,
                left,
                ends,
            },
            now,
        );
    }

    /// A call was refused: its route rests, or everything does.
    pub(super) fn rest(&mut self, key: Key, everything: bool, span: Duration, now: Duration) {
        let ends = now + span;
        if everything {
            self.shut = self.shut.max(ends);
            return;
        }
        let known = self.routes.get(&key);
        let window = Window {
            limit: known.map_or(1, |w| w.limit),
            left: 0,
            ends: known.map_or(ends, |w| w.ends.max(ends)),
        };
        self.put(key, window, now);
    }

    fn put(&mut self, key: Key, window: Window, now: Duration) {
        if self.routes.len() >= KEPT_MAX {
            self.routes.retain(|_, w| w.ends > now);
        }
        self.routes.insert(key, window);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_route_is_told_from_another_by_its_first_id_alone() {
        for (one, other, same) in [
            ("channels/1/messages/5", "channels/1/messages/6", true),
            (
                "channels/1/messages?limit=5",
                "channels/1/messages?before=6",
                true,
            ),
            ("channels/1/messages", "channels/2/messages", false),
            ("channels/1/messages", "channels/1/messages/6", false),
            ("guilds/1/members/5", "guilds/1/members/6", true),
            ("users/@me", "users/@me/channels", false),
        ] {
            assert_eq!(
                Key::of("GET", one) == Key::of("GET", other),
                same,
                "{one} {other}"
            );
        }
        assert_ne!(Key::of("GET", "channels/1"), Key::of("PATCH", "channels/1"));
    }

    #[test]
    fn a_window_is_spent_and_opens_again() {
        let mut limits = Limits::default();
        let key = || Key::of("GET", "channels/1");
        assert_eq!(limits.take(&key(), false, at(0)), Ok(()), "nothing is known");
        let told = |left, millis| Told {
            limit: 3,
            left,
            reset_after: at(millis),
        };
        limits.learn(key(), told(2, 1_000), at(0));
        assert_eq!(limits.take(&key(), false, at(100)), Ok(()));
        assert_eq!(limits.take(&key(), false, at(100)), Ok(()));
        assert_eq!(limits.take(&key(), false, at(100)), Err(at(900)));
        limits.learn(key(), told(1, 890), at(110));
        assert_eq!(
            limits.take(&key(), false, at(200)),
            Err(at(800)),
            "two were on their way"
        );
        assert_eq!(limits.take(&Key::of("GET", "channels/2"), false, at(200)), Ok(()));
        for _ in 0..3 {
            assert_eq!(limits.take(&key(), false, at(1_000)), Ok(()));
        }
    }

    #[test]
    fn a_refusal_is_waited_for() {
        let mut limits = Limits::default();
        let key = || Key::of("GET", "channels/1");
        limits.rest(key(), false, at(2_000), at(0));
        limits.rest(key(), false, at(500), at(0));
        assert_eq!(limits.take(&key(), false, at(1_999)), Err(at(1)));
        assert_eq!(limits.take(&key(), false, at(2_000)), Ok(()));
        limits.rest(key(), true, at(2_000), at(3_000));
        for (path, free, want) in [
            ("channels/9", false, Err(at(2_000))),
            ("interactions/9/t/callback", true, Ok(())),
        ] {
            assert_eq!(
                limits.take(&Key::of("POST", path), free, at(3_000)),
                want,
                "{path}"
            );
        }
    }
}
