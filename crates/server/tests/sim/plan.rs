//! One seed, laid out: who is there, when it begins, and what happens one after the other. Drawn once, so that the same list
//! can be played again with some of it left out.

use ordercast_model::ports::store::Table;
use ordercast_testkit::random::SeededRandom;

use crate::{
    event::{Besides, Event},
    fault::{DiskFault, StreamFault, WireFault},
    scene,
    setting::CAPS,
};

/// Events of a seed.
const EVENTS: usize = 104;
/// Scenes of a seed, the events that each has its place in, and the most that one is made of.
const SCENES: u64 = 3;
const PART: u64 = 34;
const SCENE_MAX: u64 = 14;
/// What a seed has at least.
const ACCOUNTS_MIN: usize = 3;
const EVENTS_MIN: usize = 100;
const FAULTS_MIN: usize = 2;

/// An event and how many milliseconds pass after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its place in the whole seed.
    pub number: usize,
    pub event: Event,
    pub gap: u32,
}

/// One seed, laid out.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub accounts: usize,
    pub begin: Begin,
    pub steps: Vec<Step>,
}

/// When a seed begins, by the exchange's hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// A minute after the open.
    Session,
    /// Some minutes before an open.
    BeforeOpen,
    /// Some minutes before the last close ahead of a holiday; the next session is a short one.
    BeforeClose,
}

impl Plan {
    /// What a seed says. The same seed always says the same.
    pub fn of(seed: u64) -> Self {
        let draw = Draw(SeededRandom::new(seed.wrapping_mul(0x9E37_79B9) ^ 0x706c_616e));
        let accounts = ACCOUNTS_MIN + draw.below(3) as usize;
        // Some seeds are about one kind of trouble, most about all of them.
        let theme = draw.below(8);
        let begin = match draw.below(8) {
            0 => Begin::BeforeOpen,
            1 => Begin::BeforeClose,
            _ => Begin::Session,
        };
        let mut steps: Vec<Step> = (0..EVENTS).map(|number| draw.step(number, theme)).collect();
        for part in 0..SCENES {
            let which = seed.wrapping_mul(SCENES).wrapping_add(part);
            let (mut at, mut script) = (2 + draw.below(PART - SCENE_MAX - 1), scene::of(which, &draw));
            if part == 0 && begin != Begin::Session && draw.below(2) == 0 {
                (at, script) = (1, scene::leap(&draw));
            }
            assert!(
                script.len() as u64 <= SCENE_MAX,
                "a scene is longer than there is room for"
            );
            let steps = steps.iter_mut().skip((part * PART + at) as usize);
            for (step, (event, gap)) in steps.zip(script) {
                (step.event, step.gap) = (event, gap);
            }
        }
        let plan = Self {
            seed,
            accounts,
            begin,
            steps,
        };
        assert!(plan.is_full(), "seed {seed} is smaller than a seed is to be");
        plan
    }
    /// Whether it holds what a seed is to hold.
    fn is_full(&self) -> bool {
        let faults = self.steps.iter().filter(|s| s.event.is_fault()).count();
        self.accounts >= ACCOUNTS_MIN && self.steps.len() >= EVENTS_MIN && faults >= FAULTS_MIN
    }
    /// The same seed with these steps alone.
    pub fn only(mut self, numbers: &[usize]) -> Self {
        self.steps.retain(|step| numbers.contains(&step.number));
        self
    }
}

/// The luck of one seed.
pub struct Draw(SeededRandom);

impl Draw {
    pub fn below(&self, n: u64) -> u64 {
        self.0.below(n)
    }
    pub fn byte(&self, n: u64) -> u8 {
        u8::try_from(self.below(n)).unwrap_or(0)
    }
    pub fn any(&self) -> u8 {
        self.byte(256)
    }
    fn step(&self, number: usize, theme: u64) -> Step {
        let event = self.event(theme);
        let gap = match self.below(20) {
            0..=5 => self.below(120),
            6..=15 => 200 + self.below(3_000),
            16..=18 => 3_000 + self.below(12_000),
            _ => 15_000 + self.below(60_000),
        };
        Step {
            number,
            event,
            gap: u32::try_from(gap).unwrap_or(0),
        }
    }
    fn event(&self, theme: u64) -> Event {
        match self.below(100) {
            0..=17 => Event::Call(self.any(), self.any()),
            18..=23 => Event::FollowUp(self.byte(6), self.any()),
            24..=26 => Event::Edit(self.byte(4), self.any()),
            27..=28 => Event::Delete(self.byte(4)),
            29 => Event::Repeat(self.any()),
            30 => Event::Noise(self.any()),
            31 => Event::Trail(self.any(), self.any(), 1 + self.byte(40), self.below(2) == 0),
            32..=36 => Event::Order(self.any(), self.any(), 1 + self.byte(40), self.below(2) == 0),
            37..=40 => self.by_user(),
            41..=43 => Event::Answer(self.any(), self.below(4) != 0),
            44..=45 => Event::Kill(self.any(), self.byte(5), self.besides()),
            46..=48 => self.lift(),
            49 if self.below(3) == 0 => Event::Caps(self.byte(CAPS.into())),
            49 => Event::Limits(self.any(), self.byte(6)),
            50..=57 => Event::Price(self.any(), self.points()),
            58..=66 => Event::Fill(self.any(), self.any(), self.byte(4)),
            67..=69 => Event::End(self.any(), self.any(), self.byte(3)),
            70 => Event::ByHand(self.any(), self.byte(6)),
            71 => Event::Transfer(self.any(), self.signed(5_000)),
            72..=73 => Event::Depth(self.any(), self.byte(5)),
            74 => Event::CloseMarket(20 + self.byte(100)),
            75 => Event::Restart,
            _ => self.fault(theme),
        }
    }
    fn by_user(&self) -> Event {
        match self.below(4) {
            0 => Event::CloseAll(self.any()),
            1 => Event::ClosePart(self.any(), self.any(), 20 + self.byte(80)),
            2 => Event::CancelOne(self.any(), self.any()),
            _ => Event::CancelAll(self.any()),
        }
    }
    fn besides(&self) -> Besides {
        self.one(&[
            Besides::Nothing,
            Besides::Nothing,
            Besides::Flatten,
            Besides::Flatten,
            Besides::Freeze,
        ])
    }
    fn lift(&self) -> Event {
        match self.below(6) {
            0 => Event::Unlock(self.any(), self.below(2) == 0),
            1 => Event::Pause(self.any(), self.byte(5)),
            _ => Event::Lift(self.any(), self.byte(5)),
        }
    }
    fn points(&self) -> i16 {
        let span = if self.below(6) == 0 { 600 } else { 60 };
        self.signed(span)
    }
    fn signed(&self, span: i16) -> i16 {
        let width = u64::from(span.unsigned_abs()) * 2 + 1;
        i16::try_from(self.below(width)).unwrap_or(0) - span
    }
    pub fn one<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
    fn fault(&self, theme: u64) -> Event {
        let which = match theme {
            0 => 0,
            1 => 40 + self.below(30),
            2 => self.below(3) * 30,
            _ => self.below(100),
        };
        match which {
            0..=39 => Event::Wire(self.any(), self.wire(), 1 + self.byte(4)),
            40..=44 => Event::Disk(self.disk(), 1 + self.byte(4)),
            45..=47 => Event::DiskAt(self.table(), self.disk()),
            48..=56 => Event::CrashInCommit(self.byte(9), self.below(2) == 0),
            57..=65 => Event::Crash(self.byte(120)),
            66..=75 => Event::Stream(self.any(), self.stream()),
            76..=81 => Event::Away(self.any(), self.away()),
            82..=84 => Event::Blind(self.any(), 5 + self.byte(90)),
            85..=90 => Event::Clock(self.clock()),
            91..=93 => Event::LoseHints(1 + self.byte(20)),
            94..=96 => Event::MarketAway(self.below(2) == 0),
            _ => Event::Freeze(self.below(2) == 0),
        }
    }
    fn wire(&self) -> WireFault {
        use WireFault::{Busy, FillFirst, Hidden, Late, LoseAnswer, LoseRequest, Refuse, Slow};
        self.one(&[
            Busy,
            Busy,
            FillFirst,
            FillFirst,
            Hidden,
            Late,
            Late,
            LoseAnswer,
            LoseAnswer,
            LoseRequest,
            LoseRequest,
            Refuse,
            Slow,
            Slow,
        ])
    }
    fn disk(&self) -> DiskFault {
        self.one(&[
            DiskFault::Full,
            DiskFault::Full,
            DiskFault::LoseAnswer,
            DiskFault::Slow,
        ])
    }
    fn table(&self) -> Table {
        use Table::{Account, Approval, Decision, Fill, Intent, Lot, Message, Order, Signal, Switch};
        self.one(&[
            Account, Approval, Decision, Fill, Fill, Intent, Lot, Message, Order, Order, Signal, Switch,
        ])
    }
    fn stream(&self) -> StreamFault {
        self.one(&[
            StreamFault::Lose,
            StreamFault::Double,
            StreamFault::Swap,
            StreamFault::Cut,
        ])
    }
    fn away(&self) -> u16 {
        let seconds = match self.below(12) {
            // Long enough for a person to have to look.
            0 => 960 + self.below(120),
            1..=3 => 60 + self.below(120),
            _ => 2 + self.below(40),
        };
        u16::try_from(seconds).unwrap_or(0)
    }
    fn clock(&self) -> i16 {
        self.one(&[-600, -30, -3, 0, 3, 30, 600, 3_600])
    }
}
