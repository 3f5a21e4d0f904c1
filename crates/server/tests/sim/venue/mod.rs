//! The simulated venue: a ledger of its own, which is the oracle's truth. It reads nothing of the program's.

mod account;
mod order;

pub use account::{Ledger, Manner};
pub use order::Held;
