//! Ratios against a peer or a floor measured in the same run, side by side: `cargo xtask bench [name]... [--json]`.
//! Fails only when a peer did not come to the same result, or ours broke its promise; a slow machine is no failure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a measurement: what is not there must stop it"
)]

mod bare;
mod crowd;
mod database;
mod fanout;
mod floor;
mod journal;
mod kill;
mod machine;
mod measure;
mod message;
mod option;
mod orders;
mod parser;
mod peer;
mod post;
mod report;
mod scene;
mod setting;
mod stage;
mod watch;

#[path = "../../src/clock.rs"]
#[allow(unreachable_pub, reason = "shared with the binary")]
mod clock;
#[path = "../../../rules/corpus/score.rs"]
#[allow(dead_code, reason = "shared with the scorer, which uses all of it")]
mod score;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use machine::Machine;
use option::{Name, Options};
use report::Report;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::fail(&error),
    }
}

fn run() -> Result<()> {
    let options = Options::read(std::env::args().skip(1))?;
    // Before anything runs: the load of others, not our own.
    let machine = Machine::look();
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        bail!("a TLS provider is installed already");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut reports: Vec<Report> = Vec::new();
    for name in &options.names {
        let report = match name {
            Name::Parser => parser::measure(),
            Name::Journal => runtime.block_on(journal::measure()),
            Name::Message => runtime.block_on(message::measure(&options)),
            Name::Fanout => runtime.block_on(fanout::measure(&options)),
            Name::Kill => runtime.block_on(kill::measure(&options)),
            Name::Orders => runtime.block_on(orders::measure(&options)),
        };
        reports.push(report.with_context(|| name.word().to_owned())?);
    }
    report::print(&machine, &reports, options.json)
}
