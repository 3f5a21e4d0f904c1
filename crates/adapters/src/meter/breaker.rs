//! Stops asking a host that fails, and tries it again after a while. Decides who may ask; refuses to know what.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::Urgency;

/// How long a call counts.
const WINDOW: Duration = Duration::from_secs(30);
/// Calls within it before their failures mean anything.
const CALLS_MIN: u32 = 20;
/// How long nothing is asked then; after it one request tries.
const REST: Duration = Duration::from_secs(15);

/// Calls of one second.
#[derive(Debug, Clone, Copy)]
struct Second {
    at: u64,
    good: u32,
    bad: u32,
}

#[derive(Debug, Default)]
struct Breaker {
    calls: VecDeque<Second>,
    /// Until when nothing is asked; none = it works.
    shut_until: Option<Duration>,
    /// One request tries whether it works again.
    trying: bool,
}

/// One request that may go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    /// It tells whether the host works again.
    probes: bool,
    /// It is the one that the others wait for.
    alone: bool,
}

impl Breaker {
    fn look(&self, urgency: Urgency, now: Duration) -> Result<(), Duration> {
        match self.shut_until {
            Some(until) if urgency != Urgency::Exit && (now < until || self.trying) => {
                Err(until.saturating_sub(now).max(Duration::from_secs(1)))
            }
            _ => Ok(()),
        }
    }

    fn enter(&mut self, urgency: Urgency, now: Duration) -> Result<Trial, Duration> {
        self.look(urgency, now)?;
        let probes = self.shut_until.is_some();
        let alone = probes && !self.trying;
        self.trying |= alone;
        Ok(Trial { probes, alone })
    }

    /// True when it opens or closes.
    fn tell(&mut self, trial: Trial, good: bool, now: Duration) -> bool {
        if trial.alone {
            self.trying = false;
        }
        if self.shut_until.is_some() {
            // What was asked before it was shut tells nothing of now.
            if !trial.probes {
                return false;
            }
            if good {
                *self = Self::default();
                return true;
            }
            self.shut_until = Some(now + REST);
            return false;
        }
        let at = now.as_secs();
        let oldest = at.saturating_sub(WINDOW.as_secs());
        self.calls.retain(|second| second.at > oldest || oldest == 0);
        match self.calls.back_mut() {
            Some(second) if second.at == at => {
                second.good += u32::from(good);
                second.bad += u32::from(!good);
            }
            _ => self.calls.push_back(Second {
                at,
                good: u32::from(good),
                bad: u32::from(!good),
            }),
        }
        let bad: u32 = self.calls.iter().map(|second| second.bad).sum();
        let all: u32 = bad + self.calls.iter().map(|second| second.good).sum::<u32>();
        if all >= CALLS_MIN && bad * 2 >= all {
            self.shut_until = Some(now + REST);
            self.calls.clear();
            return true;
        }
        false
    }
}

/// The breakers of a venue's hosts: one that fails leaves the others alone.
#[derive(Debug, Default)]
pub(super) struct Breakers(Mutex<BTreeMap<String, Breaker>>);

impl Breakers {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Breaker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request may go now.
    pub(super) fn look(&self, host: &str, urgency: Urgency, now: Duration) -> Result<(), Duration> {
        self.all().get(host).map_or(Ok(()), |b| b.look(urgency, now))
    }

    /// Leave to ask; exits are never held back.
    pub(super) fn enter(&self, host: &str, urgency: Urgency, now: Duration) -> Result<Trial, Duration> {
        let mut all = self.all();
        all.entry(host.to_owned()).or_default().enter(urgency, now)
    }

    /// What came of it.
    pub(super) fn tell(&self, host: &str, trial: Trial, good: bool, now: Duration) {
        let mut all = self.all();
        let Some(breaker) = all.get_mut(host) else { return };
        if breaker.tell(trial, good, now) {
            if breaker.shut_until.is_some() {
                tracing::warn!(host, "half of the calls failed: this host rests");
            } else {
                tracing::info!(host, "this host answers again");
            }
        }
    }

    /// Nobody waited for what came of it.
    pub(super) fn forget(&self, host: &str, trial: Trial) {
        if trial.alone
            && let Some(breaker) = self.all().get_mut(host)
        {
            breaker.trying = false;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HOST: &str = "venue";

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn call(breakers: &Breakers, good: bool, now: Duration) -> Result<(), Duration> {
        let trial = breakers.enter(HOST, Urgency::Order, now)?;
        breakers.tell(HOST, trial, good, now);
        Ok(())
    }

    #[test]
    fn half_of_twenty_in_half_a_minute_shut_it_and_one_tries() {
        let breakers = Breakers::default();
        for second in 0..19 {
            assert!(call(&breakers, second % 2 == 0, at(100 + second)).is_ok());
        }
        assert!(call(&breakers, false, at(119)).is_ok(), "nine failed of nineteen");
        assert_eq!(call(&breakers, true, at(120)), Err(at(14)), "ten of twenty");
        assert!(breakers.look("another", Urgency::Read, at(120)).is_ok());
        assert!(breakers.look(HOST, Urgency::Exit, at(120)).is_ok(), "exits go");
        let tries = breakers.enter(HOST, Urgency::Read, at(134)).unwrap();
        assert!(
            breakers.enter(HOST, Urgency::Order, at(134)).is_err(),
            "one tries"
        );
        breakers.tell(HOST, tries, false, at(135));
        assert_eq!(breakers.look(HOST, Urgency::Read, at(136)), Err(at(14)));
        let dropped = breakers.enter(HOST, Urgency::Read, at(150)).unwrap();
        breakers.forget(HOST, dropped);
        assert!(call(&breakers, true, at(150)).is_ok());
        assert!(call(&breakers, false, at(150)).is_ok(), "it begins anew");
    }

    #[test]
    fn few_calls_old_ones_and_late_answers_mean_nothing() {
        let breakers = Breakers::default();
        for second in 0..40 {
            assert!(
                call(&breakers, false, at(100 + 2 * second)).is_ok(),
                "{second}: 15 in 30 s"
            );
        }
        for n in 0..60 {
            assert!(call(&breakers, n % 5 < 3, at(300)).is_ok(), "two in five fail");
        }
        let early = breakers.enter(HOST, Urgency::Order, at(300)).unwrap();
        let mut n = 0;
        while call(&breakers, false, at(301)).is_ok() {
            n += 1;
            assert!(n < 100);
        }
        breakers.tell(HOST, early, true, at(302));
        assert!(
            breakers.look(HOST, Urgency::Order, at(302)).is_err(),
            "asked before it was shut"
        );
        let exit = breakers.enter(HOST, Urgency::Exit, at(303)).unwrap();
        breakers.tell(HOST, exit, true, at(304));
        assert!(
            breakers.look(HOST, Urgency::Order, at(304)).is_ok(),
            "an exit found it well"
        );
    }
}
