//! What may happen in a seed, as plain data. Numbers point into whatever is there when it happens (the k-th of what works,
//! modulo how many there are).

use ordercast_model::ports::store::Table;

use crate::fault::{DiskFault, StreamFault, WireFault};

/// What a kill does besides stopping what opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Besides {
    Nothing,
    Flatten,
    /// Of the platform only; a kill of less is a plain one.
    Freeze,
}

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
    /// The same at the market, with a trailing stop: who, symbol, units, whether it begins at a price.
    Trail(u8, u8, u8, bool),
    /// A user closes what is held: who, per cent.
    CloseAll(u8),
    ClosePart(u8, u8, u8),
    CancelOne(u8, u8),
    CancelAll(u8),
    /// A user answers a card: who, yes or no.
    Answer(u8, bool),
    /// Somebody sets a kill: who, at which scope, and what it does besides.
    Kill(u8, u8, Besides),
    Pause(u8, u8),
    /// Kill and pause of a scope are lifted.
    Lift(u8, u8),
    /// A locked account is unlocked: whose, by an admin or by its user.
    Unlock(u8, bool),
    /// A user changes the limits: who, to which set.
    Limits(u8, u8),
    /// The community's staff caps what its signals may open: to which set.
    Caps(u8),
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
    /// The next write that touches such a row goes wrong.
    DiskAt(Table, DiskFault),
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
            Self::Trail(..) => "trailing order",
            Self::CloseAll(..) => "close all",
            Self::ClosePart(..) => "close part",
            Self::CancelOne(..) => "cancel one",
            Self::CancelAll(..) => "cancel all",
            Self::Answer(..) => "answer",
            Self::Kill(_, _, Besides::Nothing) => "kill",
            Self::Kill(_, _, Besides::Flatten) => "kill and flatten",
            Self::Kill(_, _, Besides::Freeze) => "kill and freeze",
            Self::Pause(..) => "pause",
            Self::Unlock(..) => "unlock",
            Self::Lift(..) => "lift",
            Self::Limits(..) => "limits",
            Self::Caps(..) => "community caps",
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
            | Self::DiskAt(..)
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
