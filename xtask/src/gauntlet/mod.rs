//! `cargo xtask test`: every check in order, each timed, none hidden by the failure of another.

mod option;
mod report;
mod step;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::service::{Guardian, Services};
use crate::workspace::Workspace;
use option::Options;
use report::Report;
use step::{Outcome, STEPS};

/// What the steps share.
pub struct Run<'a> {
    workspace: &'a Workspace,
    guardian: Guardian,
    services: Option<Services>,
    /// On CI nothing is taken from an earlier run, and nothing that could be had may be missing.
    ci: bool,
}

/// `cargo xtask test [--only STEP] [--skip STEP]`
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    let options = match Options::read(arguments, &names) {
        Ok(options) => options,
        Err(fault) => {
            eprintln!("error: {fault}\nsteps: {}", names.join(", "));
            return Ok(ExitCode::from(2));
        }
    };
    let mut run = Run {
        workspace,
        guardian: Guardian::start()?,
        services: None,
        ci: std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false")),
    };
    let mut report = Report::default();
    for step in options.choose(STEPS) {
        println!("\n=== {}: {}", step.name, step.about);
        let begun = Instant::now();
        let outcome = match step.needs.iter().find(|need| report.failed(need)) {
            Some(need) => Outcome::Failed(format!("not run, because `{need}` failed")),
            None => (step.act)(&mut run).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}"))),
        };
        match &outcome {
            Outcome::Passed => {}
            Outcome::Absent(reason) => println!("{reason}"),
            Outcome::Failed(reason) => println!("FAILED: {reason}"),
        }
        report.add(step.name, outcome, begun.elapsed());
    }
    drop(run);
    print!("\n{report}");
    Ok(if report.is_green() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
