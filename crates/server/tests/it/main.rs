//! The real program, run as anybody would run it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test says what it found by failing"
)]

mod authorise;
mod away;
mod configuration;
mod discord;
mod doctor;
mod hook;
mod journal;
mod keys;
mod keys_year;
mod login;
mod parse;
mod program;
mod proof;
mod replay;
mod replay_stored;
mod secret;
mod serve;
