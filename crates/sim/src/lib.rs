//! The simulated world: each part a real server with its own state, runnable as a separate process.
//! Sees the model only; refuses to know who trades in it.

pub mod alpaca;
pub mod binance;
pub mod cast;
pub mod discord;
pub mod history;
pub mod market;
pub mod venue;
