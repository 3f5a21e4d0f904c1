//! The binary from outside: killed at any moment and started again, and spoken to by a stranger over Discord's REST.

mod kill;
mod outside;
mod program;
mod snapshot;
mod stranger;
