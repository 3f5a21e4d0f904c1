//! Counts REST calls into Discord's buckets: one for each bot, route and channel, and one for all routes together.
//! Decides only whether a call fits; never waits.

use super::config::{Limits, Window};
use super::snowflake::Snowflake;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Buckets kept before finished ones are swept out.
const BUCKETS_MAX: usize = 4_096;

/// A kind of call that has its own bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Route {
    Post,
    Edit,
    Delete,
    Read,
    Webhook,
    /// Any other call, by its name.
    Other(&'static str),
}

impl Route {
    fn window(self, limits: &Limits) -> Window {
        match self {
            Self::Post => limits.post,
            Self::Edit => limits.edit,
            Self::Delete => limits.delete,
            Self::Read => limits.read,
            Self::Webhook => limits.webhook,
            Self::Other(_) => limits.other,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Read => "read",
            Self::Webhook => "webhook",
            Self::Other(name) => name,
        }
    }
}

/// What a call found in its bucket; becomes the rate-limit headers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Budget {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_after: Duration,
    pub(crate) bucket: String,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// The route's own bucket is empty.
    RouteFull,
    /// The bot made too many calls of any kind.
    GlobalFull,
}

#[derive(Debug, Default)]
pub(crate) struct Rates {
    buckets: BTreeMap<(Snowflake, Route, Snowflake), Bucket>,
    global: BTreeMap<Snowflake, Bucket>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    since: Instant,
    used: u32,
}

impl Bucket {
    /// Starts a new window when the last one is over; says how much of it remains.
    fn refresh(&mut self, now: Instant, window: Window) -> Duration {
        let length = Duration::from_millis(window.millis);
        if now.duration_since(self.since) >= length {
            self.since = now;
            self.used = 0;
        }
        length.saturating_sub(now.duration_since(self.since))
    }
}

impl Rates {
    /// Counts a call of a caller on a route whose major id (channel, guild, webhook) is `major`.
    pub(crate) fn take(
        &mut self,
        limits: &Limits,
        now: Instant,
        caller: Snowflake,
        route: Route,
        major: Snowflake,
    ) -> Budget {
        if self.buckets.len() >= BUCKETS_MAX {
            self.buckets.retain(|(_, route, _), bucket| {
                let length = Duration::from_millis(route.window(limits).millis);
                now.duration_since(bucket.since) < length
            });
        }
        let fresh = Bucket { since: now, used: 0 };
        let every_second = Window {
            count: limits.global_per_second,
            millis: 1_000,
        };
        let global = self.global.entry(caller).or_insert(fresh);
        let global_reset = global.refresh(now, every_second);
        let window = route.window(limits);
        let bucket = self.buckets.entry((caller, route, major)).or_insert(fresh);
        let reset_after = bucket.refresh(now, window);
        let mut budget = Budget {
            limit: window.count,
            remaining: window.count.saturating_sub(bucket.used),
            reset_after,
            bucket: bucket_name(route, major),
            verdict: Verdict::Allowed,
        };
        if global.used >= every_second.count {
            budget.verdict = Verdict::GlobalFull;
            budget.reset_after = global_reset;
        } else if bucket.used >= window.count {
            budget.verdict = Verdict::RouteFull;
        } else {
            global.used += 1;
            bucket.used += 1;
            budget.remaining -= 1;
        }
        budget
    }
}

/// An opaque name, stable for a route and a major id, as `X-RateLimit-Bucket` wants it.
fn bucket_name(route: Route, major: Snowflake) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in route.name().bytes().chain(major.0.to_be_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}{:016x}", hash.rotate_left(29))
}
