//! The second factor: codes of an authenticator, recovery codes, and how often one may be wrong (PRODUCT ID-07). Refuses
//! to know where a secret is kept and whose it is.

pub mod recovery;
pub mod totp;

use std::time::Duration;

use ordercast_model::{factor::SecondFactor, time::Timestamp};

/// How long a step-up counts.
pub const FRESH: Duration = Duration::from_secs(10 * 60);
/// Failed tries within this time are counted together, and a lock lasts as long.
pub const WINDOW: Duration = Duration::from_secs(15 * 60);
/// As many failed tries lock.
pub const FAILURES_MAX: usize = 5;

/// Whether a step-up at an instant still counts. Exactly ten minutes later it does not.
#[must_use]
pub fn is_fresh(stepped_up_at: Option<Timestamp>, now: Timestamp) -> bool {
    stepped_up_at.is_some_and(|at| now < at.plus(FRESH))
}

/// Until when nothing may be tried.
#[must_use]
pub fn locked(factor: &SecondFactor, now: Timestamp) -> Option<Timestamp> {
    factor.locked_until.filter(|until| now < *until)
}

/// Counts a failed try; the fifth within a quarter of an hour locks. Gives how many are left before that.
pub fn fail(factor: &mut SecondFactor, now: Timestamp) -> usize {
    factor.failures.retain(|at| now < at.plus(WINDOW));
    factor.failures.push(now);
    let left = FAILURES_MAX.saturating_sub(factor.failures.len());
    if left == 0 {
        factor.locked_until = Some(now.plus(WINDOW));
        factor.failures.clear();
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn five_failures_in_a_quarter_of_an_hour_lock_for_one() {
        for (tries, left, locked_until) in [
            (vec![0], 4, None),
            (vec![0, 1, 2, 3], 1, None),
            (vec![0, 1, 2, 3, 4], 0, Some(904)),
            (vec![0, 1, 2, 3, 899], 0, Some(1_799)),
            (vec![0, 1, 2, 3, 900], 1, None),
            (vec![0, 1, 2, 3, 4, 905], 4, None),
        ] {
            let mut factor = SecondFactor::none(ordercast_model::ids::Id::new(at(0), [1; 10]));
            let told = tries.iter().map(|t| fail(&mut factor, at(*t))).last();
            let last = at(tries.last().copied().unwrap_or_default());
            assert_eq!(told, Some(left), "{tries:?}");
            assert_eq!(locked(&factor, last), locked_until.map(at), "{tries:?}");
            assert_eq!(locked(&factor, last.plus(WINDOW)), None, "{tries:?}");
        }
    }

    #[test]
    fn a_step_up_counts_for_ten_minutes() {
        for (since, fresh) in [(0, true), (599, true), (600, false)] {
            assert_eq!(is_fresh(Some(at(0)), at(since)), fresh, "{since}");
        }
        assert!(!is_fresh(None, at(0)));
    }
}
