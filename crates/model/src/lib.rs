//! The words everybody shares, the gate that seals an order, the questions we ask the outside.
//! Refuses to know tokio, I/O, the clock and randomness.

pub mod ids;
pub mod instrument;
pub mod money;
pub mod secret;
pub mod signal;
pub mod time;
