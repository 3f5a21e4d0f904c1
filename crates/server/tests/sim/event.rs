//! What happens to one seed: drawn once, as plain data, so that the same list can be played again with some of it left out.
//! Numbers point into whatever is there when the event happens (the k-th of what works, modulo how many there are).

use ordercast_testkit::random::SeededRandom;

use crate::fault::{DiskFault, StreamFault, WireFault};

/// Events of a seed.
const EVENTS: usize = 104;

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The provider calls a trade: wording, symbol.
    Call(u8, u8),
    /// The provider says something about an earlier call: which, wording.
    FollowUp(u8, u8),
    Edit(u8, u8),
    Delete(u8),
    /// The chat delivers an old message once more.
    Repeat(u8),
    /// Somebody else writes in the channel.
    Noise(u8),
    /// A user orders by hand: who, symbol, units, limit or market.
    Order(u8, u8, u8, bool),
    /// A user closes what is held: who, per cent.
    CloseAll(u8),
    ClosePart(u8, u8, u8),
    CancelOne(u8, u8),
    CancelAll(u8),
    /// A user answers a card: who, yes or no.
    Answer(u8, bool),
    /// Somebody sets a kill: who, at which scope.
    Kill(u8, u8),
    Lift(u8, u8),
    /// A user changes the limits: who, to which set.
    Limits(u8, u8),
    /// A price moves: symbol, hundredths of a per cent.
    Price(u8, i16),
    /// The venue fills some of a working order: account, which, units (0 = all).
    Fill(u8, u8, u8),
    /// The venue ends a working order by its own decision: account, which, how.
    End(u8, u8, u8),
    /// Somebody trades by hand at the venue: account, units (0 = closes).
    ByHand(u8, u8),
    /// Money is paid in or out: account, dollars.
    Transfer(u8, i16),
    /// The venue finds so many units at a time: account, units (0 = any).
    Depth(u8, u8),
    /// The session closes for so many seconds.
    CloseMarket(u8),
    /// The program is stopped in order and started again.
    Restart,
    Wire(u8, WireFault, u8),
    Stream(u8, StreamFault),
    Disk(DiskFault, u8),
    /// The process dies at the n-th port call from now.
    Crash(u8),
    /// The process dies at the n-th commit from now, before or after it is written.
    CrashInCommit(u8, bool),
    /// A venue does not answer for so many seconds.
    Away(u8, u16),
    Blind(u8, u8),
    /// The machine's clock is set off by so many seconds.
    Clock(i16),
    LoseHints(u8),
    MarketAway(bool),
    Freeze(bool),
}

impl Event {
    /// Its name, for the table of what was reached.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call(..) => "call",
            Self::FollowUp(..) => "follow-up",
            Self::Edit(..) => "edit",
            Self::Delete(..) => "delete",
            Self::Repeat(..) => "repeat",
            Self::Noise(..) => "noise",
            Self::Order(..) => "manual order",
            Self::CloseAll(..) => "close all",
            Self::ClosePart(..) => "close part",
            Self::CancelOne(..) => "cancel one",
            Self::CancelAll(..) => "cancel all",
            Self::Answer(..) => "answer",
            Self::Kill(..) => "kill",
            Self::Lift(..) => "lift",
            Self::Limits(..) => "limits",
            Self::Price(..) => "price",
            Self::Fill(..) => "venue fill",
            Self::End(..) => "venue end",
            Self::ByHand(..) => "by hand",
            Self::Transfer(..) => "transfer",
            Self::Depth(..) => "depth",
            Self::CloseMarket(..) => "session",
            Self::Restart => "restart",
            Self::Wire(..)
            | Self::Stream(..)
            | Self::Disk(..)
            | Self::Crash(..)
            | Self::CrashInCommit(..)
            | Self::Away(..)
            | Self::Blind(..)
            | Self::Clock(..)
            | Self::LoseHints(..)
            | Self::MarketAway(..)
            | Self::Freeze(..) => "fault",
        }
    }
    pub fn is_fault(self) -> bool {
        self.name() == "fault"
    }
}

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
    pub steps: Vec<Step>,
}

impl Plan {
    /// What a seed says. The same seed always says the same.
    pub fn of(seed: u64) -> Self {
        let draw = Draw(SeededRandom::new(seed.wrapping_mul(0x9E37_79B9) ^ 0x706c_616e));
        let accounts = 3 + draw.below(3) as usize;
        // Some seeds are about one kind of trouble, most about all of them.
        let theme = draw.below(8);
        let mut steps: Vec<Step> = (0..EVENTS).map(|number| draw.step(number, theme)).collect();
        if theme == 3 {
            draw.silence(&mut steps);
        }
        Self {
            seed,
            accounts,
            steps,
        }
    }
    /// The same seed with these steps alone.
    pub fn only(mut self, numbers: &[usize]) -> Self {
        self.steps.retain(|step| numbers.contains(&step.number));
        self
    }
}

struct Draw(SeededRandom);

impl Draw {
    fn below(&self, n: u64) -> u64 {
        self.0.below(n)
    }
    fn byte(&self, n: u64) -> u8 {
        u8::try_from(self.below(n)).unwrap_or(0)
    }
    fn any(&self) -> u8 {
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
    /// Nobody hears what became of an order: its answer and its event are lost, and the venue does not answer, in half of
    /// the cases until a person has to look. Then the stream tells its end.
    fn silence(&self, steps: &mut [Step]) {
        let (account, how) = (self.byte(3), self.byte(5));
        let last = if self.below(2) == 0 { 990_000 } else { 14_000 };
        let told = |which: u8| match how {
            0 => Event::Fill(account, which, 0),
            1 => Event::End(account, which, 0),
            2 => Event::End(account, which, 2),
            _ => Event::End(account, which, 1),
        };
        let script = [
            (Event::CancelAll(account), 3_000),
            (Event::Stream(account, StreamFault::Lose), 0),
            (Event::Wire(account, WireFault::LoseAnswer, 1), 0),
            (Event::Order(account, self.any(), 6, true), 300),
            (Event::Away(account, 1_000), last),
            (told(0), 500),
            (told(1), 500),
            (told(2), 500),
            (told(3), 500),
        ];
        let at = 30 + usize::from(self.byte(40));
        for (step, (event, gap)) in steps.iter_mut().skip(at).zip(script) {
            (step.event, step.gap) = (event, gap);
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
            31..=36 => Event::Order(self.any(), self.any(), 1 + self.byte(40), self.below(2) == 0),
            37..=40 => self.by_user(),
            41..=43 => Event::Answer(self.any(), self.below(4) != 0),
            44..=45 => Event::Kill(self.any(), self.byte(5)),
            46..=48 => Event::Lift(self.any(), self.byte(5)),
            49 => Event::Limits(self.any(), self.byte(4)),
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
    fn points(&self) -> i16 {
        let span = if self.below(6) == 0 { 600 } else { 60 };
        self.signed(span)
    }
    fn signed(&self, span: i16) -> i16 {
        let width = u64::from(span.unsigned_abs()) * 2 + 1;
        i16::try_from(self.below(width)).unwrap_or(0) - span
    }
    fn one<T: Copy>(&self, of: &[T]) -> T {
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
            40..=47 => Event::Disk(self.disk(), 1 + self.byte(4)),
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
