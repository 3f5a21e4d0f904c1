//! What goes wrong, and where: the kinds of faults, which of them are armed, and what was reached. Every draw comes from the
//! seed.

use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    order::state::OrderState,
    ports::{clock::Random, store::Table},
};
use ordercast_testkit::random::SeededRandom;

/// Every kind of fault. A run that never meets one of them proves nothing about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    Delay,
    LostRequest,
    LostAnswer,
    LateAccept,
    HiddenOrder,
    Busy,
    Refused,
    VenueAway,
    BlindFills,
    FillBeforeAck,
    CancelFillRace,
    DuplicateEvent,
    ReorderedEvent,
    LostEvent,
    CutStream,
    DuplicateMessage,
    ReorderedMessage,
    Crash,
    CrashInCommit,
    DiskError,
    LostCommit,
    SlowDisk,
    ClockForward,
    ClockBack,
    /// The machine's clock says that the exchange is open when it is not, or the other way round.
    ClockOverHours,
    LostHint,
    MarketAway,
    FrozenQuotes,
}

impl FaultKind {
    pub const ALL: [Self; 28] = [
        Self::Delay,
        Self::LostRequest,
        Self::LostAnswer,
        Self::LateAccept,
        Self::HiddenOrder,
        Self::Busy,
        Self::Refused,
        Self::VenueAway,
        Self::BlindFills,
        Self::FillBeforeAck,
        Self::CancelFillRace,
        Self::DuplicateEvent,
        Self::ReorderedEvent,
        Self::LostEvent,
        Self::CutStream,
        Self::DuplicateMessage,
        Self::ReorderedMessage,
        Self::Crash,
        Self::CrashInCommit,
        Self::DiskError,
        Self::LostCommit,
        Self::SlowDisk,
        Self::ClockForward,
        Self::ClockBack,
        Self::ClockOverHours,
        Self::LostHint,
        Self::MarketAway,
        Self::FrozenQuotes,
    ];
}

/// What befalls the next requests to a venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFault {
    LoseRequest,
    LoseAnswer,
    /// It arrives after the caller gave up.
    Late,
    /// It is taken, and look-ups do not show it for a while.
    Hidden,
    Busy,
    Refuse,
    Slow,
    /// A cancel that meets a fill.
    FillFirst,
}

/// What befalls the next events of a venue's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamFault {
    Lose,
    Double,
    Swap,
    Cut,
}

/// What befalls the next writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskFault {
    /// Not written, and it says so.
    Full,
    /// Written, and the answer says it was not.
    LoseAnswer,
    Slow,
}

/// How one exchange with a venue goes.
#[derive(Debug, Clone, Copy)]
pub struct Fate {
    pub fault: Option<WireFault>,
    pub there: Duration,
    pub back: Duration,
}

/// What was reached.
#[derive(Debug, Clone, Default)]
pub struct Reached {
    pub faults: BTreeMap<FaultKind, u64>,
    pub edges: BTreeMap<(OrderState, OrderState), u64>,
    pub events: BTreeMap<&'static str, u64>,
}

impl Reached {
    pub fn fault(&mut self, kind: FaultKind) {
        *self.faults.entry(kind).or_default() += 1;
    }
    pub fn merge(&mut self, other: &Self) {
        for (kind, n) in &other.faults {
            *self.faults.entry(*kind).or_default() += n;
        }
        for (edge, n) in &other.edges {
            *self.edges.entry(*edge).or_default() += n;
        }
        for (event, n) in &other.events {
            *self.events.entry(event).or_default() += n;
        }
    }
}

/// The faults of one seed, as far as they are armed.
pub struct Mishap {
    random: SeededRandom,
    pub reached: Reached,
    pub wire: Vec<(usize, WireFault)>,
    pub stream: Vec<(usize, StreamFault)>,
    pub disk: Vec<DiskFault>,
    /// What befalls the next write that touches such a row.
    pub disk_at: Vec<(Table, DiskFault)>,
    /// Port calls until the process dies.
    pub crash_in: Option<u32>,
    /// Commits until the process dies, and whether the last of them is written.
    pub crash_in_commit: Option<(u32, bool)>,
    pub hints_lost: u32,
    /// Port calls since the driver last had its turn.
    pub calls: u32,
}

impl Mishap {
    pub fn new(seed: u64) -> Self {
        Self {
            random: SeededRandom::new(seed ^ 0x6d69_7368_6170),
            reached: Reached::default(),
            wire: Vec::new(),
            stream: Vec::new(),
            disk: Vec::new(),
            disk_at: Vec::new(),
            crash_in: None,
            crash_in_commit: None,
            hints_lost: 0,
            calls: 0,
        }
    }
    /// Nothing more goes wrong.
    pub fn calm(&mut self) {
        self.wire.clear();
        self.stream.clear();
        self.disk.clear();
        self.disk_at.clear();
        self.crash_in = None;
        self.crash_in_commit = None;
        self.hints_lost = 0;
    }
    pub fn below(&self, n: u64) -> u64 {
        self.random.below(n)
    }
    /// How the next exchange of an account goes. A read takes only the faults that befall reads.
    pub fn fate(&mut self, account: usize, fits: impl Fn(WireFault) -> bool) -> Fate {
        let at = self.wire.iter().position(|(a, f)| *a == account && fits(*f));
        let fault = at.map(|i| self.wire.remove(i).1);
        let mut there = Duration::from_millis(1 + self.random.below(20));
        let back = Duration::from_millis(1 + self.random.below(30));
        match fault {
            Some(WireFault::Slow) => {
                there += Duration::from_millis(500 + self.random.below(8_000));
                self.reached.fault(FaultKind::Delay);
            }
            Some(WireFault::Late) => there += Duration::from_millis(10_100 + self.random.below(7_000)),
            _ => {}
        }
        Fate { fault, there, back }
    }
    pub fn next_stream(&mut self, account: usize) -> Option<StreamFault> {
        let at = self.stream.iter().position(|(a, _)| *a == account)?;
        Some(self.stream.remove(at).1)
    }
    pub fn next_disk(&mut self, touches: impl Fn(Table) -> bool) -> Option<DiskFault> {
        if let Some(at) = self.disk_at.iter().position(|(table, _)| touches(*table)) {
            return Some(self.disk_at.remove(at).1);
        }
        (!self.disk.is_empty()).then(|| self.disk.remove(0))
    }
    /// Counts a port call; true when the process dies at it.
    pub fn steps_into_death(&mut self) -> bool {
        self.calls += 1;
        match self.crash_in.as_mut() {
            Some(0) => {
                self.crash_in = None;
                self.reached.fault(FaultKind::Crash);
                true
            }
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        }
    }
}

impl Random for Mishap {
    fn fill(&self, out: &mut [u8]) {
        self.random.fill(out);
    }
}
