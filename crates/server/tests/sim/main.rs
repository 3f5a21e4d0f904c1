//! The whole application over a simulated world, seed by seed: `cargo xtask sim`. Every fault kind, every step of an order
//! and every invariant is the oracle's business; here is only what is played and what is said of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::type_complexity,
    reason = "a test: what is not there must fail it"
)]
#![allow(
    unreachable_pub,
    reason = "a program of one crate: `pub` says what a module offers the others"
)]

mod act;
mod agenda;
mod ask;
mod clock;
mod disk;
mod driver;
mod event;
mod fault;
mod hint;
#[allow(
    dead_code,
    unused_imports,
    reason = "the program's own module; its tests run with the program"
)]
#[path = "../../src/lead.rs"]
mod lead;
mod market;
mod notary;
mod oracle;
mod plan;
mod planting;
mod report;
#[path = "../../src/run.rs"]
mod run;
mod scene;
mod sea;
mod setting;
mod shrink;
#[path = "../../src/steer.rs"]
mod steer;
mod venue;
mod wire;
mod world;

fn main() -> std::process::ExitCode {
    driver::main()
}
