//! Realistic mistakes, each behind a switch that only the feature `planted` has, so that the simulation can prove that it
//! would find them. Without the feature every question is answered `false` at compile time.

/// A mistake somebody could make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// A send without an answer is sent again, whatever the venue does about client ids.
    ResubmitOnTimeout,
    /// The door says "stored" before it is.
    AcknowledgeUnstored,
    /// Protection leaves before its legs are durable.
    ProtectBeforeDurable,
    /// Every user is shown the entries of the one who comes first.
    ForgetTheUserFilter,
    /// A new sequencer numbers each feed from one again.
    DropTheSequence,
    /// Cash is computed in floating point.
    FloatRounding,
    /// Only the fill that completes an order is booked.
    IgnorePartialFill,
    /// "Not found" is believed at once.
    IgnoreVisibility,
    /// An order of unknown outcome no longer counts as used.
    ReleaseUnknown,
    /// A new order is not reserved.
    ForgetToReserve,
    /// The last look before the wire does not look at the switches.
    ForgetTheKill,
    /// A kill is acknowledged before it is durable.
    KillInMemory,
    /// The age of a signal is looked at when it is decided and not again.
    SendStale,
    /// A message that is delivered again is a new revision.
    TakeTwice,
    /// Protection covers what was ordered, not what filled.
    ProtectTheOrdered,
    /// A close is sized by what was entered, not by what is open.
    CloseTheEntered,
    /// A cancel without an answer counts as done.
    CancelUnheard,
    /// The cursor of fills moves past one that could not be booked.
    SkipAFill,
    /// After a restart, what was not acknowledged counts as never sent.
    ForgetTheWire,
    /// An error's words carry the credential.
    TellTheSecret,
    /// A cancel is not journaled.
    ForgetTheEntry,
    /// A size cut to a limit is rounded up.
    RoundUp,
}

impl Bug {
    /// Every one.
    pub const ALL: [Self; 22] = [
        Self::ResubmitOnTimeout,
        Self::AcknowledgeUnstored,
        Self::ProtectBeforeDurable,
        Self::ForgetTheUserFilter,
        Self::DropTheSequence,
        Self::FloatRounding,
        Self::IgnorePartialFill,
        Self::IgnoreVisibility,
        Self::ReleaseUnknown,
        Self::ForgetToReserve,
        Self::ForgetTheKill,
        Self::KillInMemory,
        Self::SendStale,
        Self::TakeTwice,
        Self::ProtectTheOrdered,
        Self::CloseTheEntered,
        Self::CancelUnheard,
        Self::SkipAFill,
        Self::ForgetTheWire,
        Self::TellTheSecret,
        Self::ForgetTheEntry,
        Self::RoundUp,
    ];
}

/// Whether this mistake is planted now.
#[cfg(not(feature = "planted"))]
#[must_use]
pub const fn planted(_: Bug) -> bool {
    false
}

#[cfg(feature = "planted")]
pub use switch::{plant, planted};

#[cfg(feature = "planted")]
mod switch {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Bug;

    /// Which is planted, counted from one; none at zero.
    static PLANTED: AtomicUsize = AtomicUsize::new(0);

    /// Plants one mistake, or none, in the whole process.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.store(bug.map_or(0, |bug| bug as usize + 1), Ordering::SeqCst);
    }
    /// Whether this mistake is planted now.
    #[must_use]
    pub fn planted(bug: Bug) -> bool {
        PLANTED.load(Ordering::Relaxed) == bug as usize + 1
    }
}
