//! One allowance of one scope: what was spent over the last stretch of time, and whose turn comes when: pure. Decides by
//! urgency first, then by who was served least; refuses to wait or to read a clock itself.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use super::Urgency;

/// How long a turn is kept for somebody who was told to come back.
const GRACE: Duration = Duration::from_secs(2);
/// Turns that are kept; whoever comes beyond it is told to come back when all is free again, with nothing kept.
const TURNS_MAX: usize = 2_000;
/// Under whose name stands what others use of the vendor's count.
const OTHERS: &str = "\0others";
/// What lies between the end of the stretch and the next request.
const EDGE: Duration = Duration::from_millis(1);

#[derive(Debug)]
struct Spent {
    at: Duration,
    cost: u32,
    exit: bool,
    who: Arc<str>,
}

#[derive(Debug, Clone, Copy)]
struct Turn {
    due: Duration,
    cost: u32,
}

/// What is ahead of a request.
#[derive(Debug, Clone, Copy, Default)]
struct Ahead {
    all: u32,
    ordinary: u32,
}

/// Never more than `ours` over any stretch of `span`; what is `kept` is for exits only. Times are spans since the process
/// began.
#[derive(Debug)]
pub(super) struct Window {
    ours: u32,
    kept: u32,
    span: Duration,
    log: VecDeque<Spent>,
    used: u32,
    ordinary: u32,
    by: BTreeMap<Arc<str>, u32>,
    turns: BTreeMap<(Urgency, Arc<str>), VecDeque<Turn>>,
    waiting: usize,
    rest_until: Duration,
}

impl Window {
    pub(super) const fn new(ours: u32, kept: u32, span: Duration) -> Self {
        Self {
            ours,
            kept,
            span,
            log: VecDeque::new(),
            used: 0,
            ordinary: 0,
            by: BTreeMap::new(),
            turns: BTreeMap::new(),
            waiting: 0,
            rest_until: Duration::ZERO,
        }
    }

    /// Takes a part; gives what is used then.
    ///
    /// # Errors
    /// How long to wait. The turn is kept for whoever comes back in time.
    pub(super) fn take(
        &mut self,
        who: &Arc<str>,
        urgency: Urgency,
        cost: u32,
        now: Duration,
    ) -> Result<u32, Duration> {
        self.forget(now);
        let most = match urgency {
            Urgency::Exit => self.ours,
            Urgency::Order | Urgency::Read => self.ours.saturating_sub(self.kept),
        };
        let cost = cost.clamp(1, most.max(1));
        let key = (urgency, who.clone());
        let come_back = self.redeem(&key, now);
        let ahead = self.ahead(&key, come_back);
        let need = self.need(urgency, cost, ahead);
        if need == (0, 0) && now >= self.rest_until {
            self.spend(who, urgency, cost, now);
            return Ok(self.used);
        }
        let mut due = self.due(need, now);
        if self.need(urgency, cost, Ahead::default()) == (0, 0) {
            // There is room, kept for others: it is theirs for a moment only.
            due = due.min(now + GRACE + EDGE);
        }
        let due = due.max(self.rest_until).max(now + EDGE);
        if self.waiting < TURNS_MAX {
            let turns = self.turns.entry(key).or_default();
            let turn = Turn { due, cost };
            if come_back {
                turns.push_front(turn);
            } else {
                turns.push_back(turn);
            }
            self.waiting += 1;
        }
        Err(due.saturating_sub(now))
    }

    /// Gives back what was taken last and not used; the turn is kept until `due`.
    pub(super) fn give_back(&mut self, who: &Arc<str>, urgency: Urgency, due: Duration) {
        let last = self
            .log
            .iter()
            .rposition(|s| s.who == *who && s.exit == (urgency == Urgency::Exit));
        let Some(spent) = last.and_then(|at| self.log.remove(at)) else {
            return;
        };
        self.uncount(&spent);
        if self.waiting < TURNS_MAX {
            let turn = Turn {
                due,
                cost: spent.cost,
            };
            let turns = self.turns.entry((urgency, who.clone())).or_default();
            turns.push_front(turn);
            self.waiting += 1;
        }
    }

    /// The vendor counted `used` so far, of which others may use `spare` without touching what is ours. What they use beyond
    /// it is taken from ours for as long as the vendor may count it.
    pub(super) fn heard(&mut self, used: u32, spare: u32, now: Duration) {
        self.forget(now);
        let others: Arc<str> = OTHERS.into();
        let known = self.used_by(&others);
        let own = self.used.saturating_sub(known);
        let beyond = used.saturating_sub(own).saturating_sub(spare);
        if beyond > known {
            self.spend(&others, Urgency::Read, beyond - known, now);
        }
    }

    /// Nobody goes until then.
    pub(super) fn rest(&mut self, until: Duration) {
        self.rest_until = self.rest_until.max(until);
    }

    /// Whether nothing is known that would be missed.
    pub(super) fn is_idle(&mut self, now: Duration) -> bool {
        self.forget(now);
        self.log.is_empty() && self.waiting == 0 && self.rest_until <= now
    }

    fn spend(&mut self, who: &Arc<str>, urgency: Urgency, cost: u32, now: Duration) {
        let exit = urgency == Urgency::Exit;
        self.used += cost;
        if !exit {
            self.ordinary += cost;
        }
        *self.by.entry(who.clone()).or_default() += cost;
        self.log.push_back(Spent {
            at: now,
            cost,
            exit,
            who: who.clone(),
        });
    }

    fn uncount(&mut self, spent: &Spent) {
        self.used = self.used.saturating_sub(spent.cost);
        if !spent.exit {
            self.ordinary = self.ordinary.saturating_sub(spent.cost);
        }
        if let Some(by) = self.by.get_mut(&spent.who) {
            *by = by.saturating_sub(spent.cost);
            if *by == 0 {
                self.by.remove(&spent.who);
            }
        }
    }

    /// What lies too far back, and turns that nobody took.
    fn forget(&mut self, now: Duration) {
        while self
            .log
            .front()
            .is_some_and(|s| now.saturating_sub(s.at) > self.span)
        {
            if let Some(spent) = self.log.pop_front() {
                self.uncount(&spent);
            }
        }
        let mut waiting = 0;
        self.turns.retain(|_, turns| {
            turns.retain(|turn| turn.due.saturating_add(GRACE) >= now);
            waiting += turns.len();
            !turns.is_empty()
        });
        self.waiting = waiting;
    }

    /// Takes a turn that has come.
    fn redeem(&mut self, key: &(Urgency, Arc<str>), now: Duration) -> bool {
        let Some(turns) = self.turns.get_mut(key) else {
            return false;
        };
        let came = turns.iter().position(|turn| turn.due <= now);
        let taken = came.and_then(|at| turns.remove(at)).is_some();
        if taken {
            self.waiting -= 1;
        }
        taken
    }

    fn used_by(&self, who: &Arc<str>) -> u32 {
        self.by.get(who).copied().unwrap_or(0)
    }

    /// What is promised to those who come first: what matters more, then whoever was served least. Who comes anew stands
    /// behind its own that wait.
    fn ahead(&self, (urgency, who): &(Urgency, Arc<str>), come_back: bool) -> Ahead {
        let mut ahead = Ahead::default();
        let own = self.turns.get(&(*urgency, who.clone()));
        let before = match own {
            Some(turns) if !come_back => turns.iter().map(|t| t.cost).sum(),
            _ => 0,
        };
        let level = self.used_by(who) + before;
        let mut add = |of: Urgency, cost: u32| {
            ahead.all += cost;
            if of != Urgency::Exit {
                ahead.ordinary += cost;
            }
        };
        add(*urgency, before);
        for ((of, other), turns) in &self.turns {
            if of > urgency {
                break;
            }
            if of == urgency && other == who {
                continue;
            }
            let mut served = self.used_by(other);
            for turn in turns {
                let first = of < urgency || served < level || (served == level && !come_back);
                if !first {
                    break;
                }
                add(*of, turn.cost);
                served += turn.cost;
            }
        }
        ahead
    }

    /// How much must become free first: of everything, and of what is not kept for exits.
    fn need(&self, urgency: Urgency, cost: u32, ahead: Ahead) -> (u32, u32) {
        let free = self.ours.saturating_sub(self.used);
        let all = (ahead.all + cost).saturating_sub(free);
        if urgency == Urgency::Exit {
            return (all, 0);
        }
        let free = self.ours.saturating_sub(self.kept).saturating_sub(self.ordinary);
        (all, (ahead.ordinary + cost).saturating_sub(free))
    }

    /// When that much is free.
    fn due(&self, (all, ordinary): (u32, u32), now: Duration) -> Duration {
        let (mut freed, mut freed_ordinary) = (0, 0);
        for spent in &self.log {
            if freed >= all && freed_ordinary >= ordinary {
                return now;
            }
            freed += spent.cost;
            if !spent.exit {
                freed_ordinary += spent.cost;
            }
            if freed >= all && freed_ordinary >= ordinary {
                return spent.at + self.span + EDGE;
            }
        }
        if freed >= all && freed_ordinary >= ordinary {
            return now;
        }
        // More waits than goes in one stretch.
        let most = self.ours.saturating_sub(self.kept).max(1);
        let stretches = all.max(ordinary).div_ceil(most).max(1);
        now + self.span.saturating_mul(stretches) + EDGE
    }
}
