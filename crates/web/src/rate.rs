//! Who may ask how often: one leaky bucket (GCRA) per class and caller. Refuses to know the time; it is passed in.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ordercast_model::plan::Plan;

/// Buckets held at most. Beyond it full buckets are dropped: they refuse nobody, so nothing is lost.
const BUCKETS_MAX: usize = 50_000;

/// How often something may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Logins and second factors: 10 in 15 minutes per address.
    Auth,
    /// Ways back from a vendor's page: 20 in 15 minutes per address.
    Callback,
    /// New cookie values: 10 a minute per user.
    Refresh,
    /// Most routes: the plan's figure per minute and user.
    Std,
    /// Orders and switches: 30 a minute per user.
    Ord,
    /// Expensive answers: 20 a minute per user.
    Heavy,
    /// Open routes: 60 a minute per address.
    Pub,
    /// Socket handshakes: 60 a minute per address.
    HandshakeAddress,
    /// Socket handshakes: 10 a minute per user.
    HandshakeUser,
    /// Failed socket handshakes: 5 in 15 minutes per address.
    HandshakeBad,
    /// Deliveries to a webhook: 60 a minute per webhook.
    Hook,
    /// Deliveries without the secret: 60 a minute per address.
    HookStranger,
    /// Socket messages: 10 a second per user, 20 at once.
    Message,
}

/// A number of requests in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests at once.
    pub burst: u32,
    /// Time in which the whole burst is earned again.
    pub period: Duration,
}

impl Class {
    /// The quota for a user of a plan; the plan matters to `Std` only.
    #[must_use]
    pub const fn quota(self, plan: Plan) -> Quota {
        let (burst, seconds) = match self {
            Self::Auth => (10, 900),
            Self::Callback => (20, 900),
            Self::Std => (plan.entitlement().requests_per_minute, 60),
            Self::Ord => (30, 60),
            Self::Heavy => (20, 60),
            Self::Pub | Self::HandshakeAddress | Self::Hook | Self::HookStranger => (60, 60),
            Self::HandshakeUser | Self::Refresh => (10, 60),
            Self::HandshakeBad => (5, 900),
            Self::Message => (20, 2),
        };
        Quota {
            burst,
            period: Duration::from_secs(seconds),
        }
    }
}

/// What the bucket says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may pass.
    pub allowed: bool,
    /// The whole quota.
    pub limit: u32,
    /// Left of it.
    pub remaining: u32,
    /// Seconds until one more may pass (refused), or until the bucket is full again.
    pub reset: u64,
}

/// The buckets.
#[derive(Debug, Default)]
pub struct Limiter(Mutex<BTreeMap<(Class, String), Duration>>);

impl Limiter {
    /// Takes one from the bucket of `key`. `now` is a time that never goes back.
    pub fn take(&self, class: Class, key: &str, quota: Quota, now: Duration) -> Verdict {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let full_at = buckets.entry((class, key.to_owned())).or_insert(now);
        let verdict = judge(quota, full_at.saturating_sub(now), true);
        if verdict.allowed {
            *full_at = (*full_at).max(now) + quota.period / quota.burst.max(1);
        }
        verdict
    }
    /// Looks at the bucket of `key` without taking.
    #[must_use]
    pub fn peek(&self, class: Class, key: &str, quota: Quota, now: Duration) -> Verdict {
        let buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.get(&(class, key.to_owned())).copied().unwrap_or(now);
        judge(quota, full_at.saturating_sub(now), false)
    }
}

fn judge(quota: Quota, used: Duration, takes: bool) -> Verdict {
    let step = quota.period / quota.burst.max(1);
    let after = used + step;
    let allowed = after <= quota.period + Duration::from_micros(u64::from(quota.burst));
    let spent = if takes && allowed { after } else { used };
    let left = quota.period.saturating_sub(spent).as_micros() / step.as_micros().max(1);
    let wait = if allowed { spent } else { after - quota.period };
    Verdict {
        allowed,
        limit: quota.burst,
        remaining: u32::try_from(left).unwrap_or(0).min(quota.burst),
        reset: wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limiter = Limiter::default();
        let quota = Class::Ord.quota(Plan::Free);
        let at = Duration::from_secs;
        for i in 0..30 {
            let verdict = limiter.take(Class::Ord, "a", quota, at(100));
            assert!(verdict.allowed, "{i}: {verdict:?}");
            assert_eq!(verdict.remaining, 29 - i);
        }
        let refused = limiter.take(Class::Ord, "a", quota, at(100));
        assert!(!refused.allowed);
        assert_eq!(refused.reset, 2);
        assert!(
            limiter.take(Class::Ord, "b", quota, at(100)).allowed,
            "another caller"
        );
        assert!(
            limiter.take(Class::Ord, "a", quota, at(102)).allowed,
            "one was earned"
        );
        assert!(!limiter.take(Class::Ord, "a", quota, at(102)).allowed);
    }

    #[test]
    fn looking_takes_nothing() {
        let limiter = Limiter::default();
        let quota = Class::HandshakeBad.quota(Plan::Free);
        for _ in 0..20 {
            assert!(
                limiter
                    .peek(Class::HandshakeBad, "a", quota, Duration::ZERO)
                    .allowed
            );
        }
        for _ in 0..5 {
            limiter.take(Class::HandshakeBad, "a", quota, Duration::ZERO);
        }
        assert!(
            !limiter
                .peek(Class::HandshakeBad, "a", quota, Duration::ZERO)
                .allowed
        );
    }
}
