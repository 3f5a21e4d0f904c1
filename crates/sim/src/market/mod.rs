//! The simulated market: what is listed, when it is open, how prices move, what an option is worth.
//! Refuses to know orders and accounts. Floats live inside; what leaves is an exact decimal on the tick.

pub mod bar;
pub mod board;
pub mod calendar;
pub mod config;
pub mod depth;
pub mod exchange;
pub mod listing;
pub mod memory;
pub mod noise;
pub mod option;
pub mod process;
pub mod quote;
pub mod tape;
