//! Three ratios against a peer or a floor measured in the same run, side by side: `cargo xtask bench [name] [--json]`.
//! Fails only when a peer did not come to the same result; a slow machine is no failure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a measurement: what is not there must stop it"
)]

mod journal;
mod measure;
mod message;
mod parser;
mod peer;
mod report;
mod scene;
mod watch;

#[path = "../../src/clock.rs"]
#[allow(unreachable_pub, reason = "shared with the binary")]
mod clock;
#[path = "../../../rules/corpus/score.rs"]
#[allow(dead_code, reason = "shared with the scorer, which uses all of it")]
mod score;

use std::process::ExitCode;

use anyhow::{Result, bail};
use report::Report;

const NAMES: [&str; 3] = ["parser", "journal", "message"];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::fail(&error),
    }
}

fn run() -> Result<()> {
    let mut json = false;
    let mut names: Vec<&str> = Vec::new();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    for argument in &arguments {
        match argument.as_str() {
            "--json" => json = true,
            // What cargo itself adds.
            "--bench" => {}
            name if NAMES.contains(&name) => names.push(name),
            other => bail!("expected {} or --json, got {other:?}", NAMES.join(", ")),
        }
    }
    if names.is_empty() {
        names.extend(NAMES);
    }
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        bail!("a TLS provider is installed already");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut reports: Vec<Report> = Vec::new();
    for name in names {
        reports.push(match name {
            "parser" => parser::measure()?,
            "journal" => runtime.block_on(journal::measure())?,
            _ => runtime.block_on(message::measure())?,
        });
    }
    report::print(&reports, json)
}
