//! The binary from outside: killed at any moment and started again, and spoken to by a stranger over Discord's REST.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::nonminimal_bool,
    reason = "a test: what is not there must fail it"
)]

mod kill;
mod outside;
mod program;
mod secret;
mod siege;
mod snapshot;
mod stranger;
