//! What a series of results says: plain functions over exact figures. Refuses to know where they came from, and to
//! promise anything.

pub mod drawdown;
pub mod outcome;
pub mod slippage;
pub mod teach;
