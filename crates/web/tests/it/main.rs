//! The HTTP side through its real router and a real socket, over the in-memory store and a clock that stands still.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    unreachable_pub,
    reason = "tests are data, and all of one crate"
)]

mod access;
mod document;
mod factor;
mod hook;
mod house;
mod idempotency;
mod interaction;
mod list;
mod live;
mod page;
mod problem;
mod profile;
mod removal;
mod session;
mod trade;
