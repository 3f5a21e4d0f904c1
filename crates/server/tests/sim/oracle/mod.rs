//! The fourteen invariants. The watch looks while things happen, at the instant a byte leaves or a row becomes durable; the
//! rest is compared at the end with the venue's own ledger and with what was posted.

mod age;
pub mod book;
pub mod intent;
pub mod record;
pub mod stop;
pub mod watch;

pub use watch::Watch;

/// A broken invariant (0: the life cycle of orders, or a task that broke down), and what shows it.
pub type Violation = (u32, String);
