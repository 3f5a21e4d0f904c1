//! Commands that another package carries out: the parser's score and the benches. Passes arguments on, decides nothing.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::workspace::Workspace;

const CORPUS: [&str; 2] = [
    "crates/rules/examples/corpus.rs",
    "crates/rules/examples/corpus/main.rs",
];
const RATIOS: [&str; 2] = [
    "crates/server/benches/ratios.rs",
    "crates/server/benches/ratios/main.rs",
];

/// Whether the scorer is part of this tree.
pub fn has_corpus(workspace: &Workspace) -> bool {
    CORPUS.iter().any(|path| workspace.has(path))
}

/// The command that scores the parser.
pub fn corpus_command(workspace: &Workspace, arguments: &[String]) -> Command {
    let mut command = shell::cargo();
    command.current_dir(&workspace.root);
    command
        .args([
            "run",
            "--quiet",
            "--package",
            "ordercast-rules",
            "--example",
            "corpus",
            "--",
        ])
        .args(arguments);
    command
}

/// `cargo xtask corpus`
pub fn corpus(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    if !has_corpus(workspace) {
        bail!("there is nothing to score with: {} does not exist", CORPUS[0]);
    }
    pass_through(&mut corpus_command(workspace, arguments))
}

/// `cargo xtask bench`
pub fn bench(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    if !RATIOS.iter().any(|path| workspace.has(path)) {
        bail!("there is nothing to measure with: {} does not exist", RATIOS[0]);
    }
    let mut command = shell::cargo();
    command.current_dir(&workspace.root);
    command
        .args([
            "bench",
            "--package",
            "ordercast-server",
            "--bench",
            "ratios",
            "--",
        ])
        .args(arguments);
    pass_through(&mut command)
}

/// The command that plays seeds of the simulation; `planted` builds the mistakes in that it is to find.
pub fn sim_command(workspace: &Workspace, planted: bool, arguments: &[String]) -> Command {
    let mut command = shell::cargo();
    command.current_dir(&workspace.root);
    command.args([
        "run",
        "--profile",
        "sim",
        "--package",
        "ordercast-server-tests-sim",
    ]);
    if planted {
        command.args(["--features", "planted"]);
    }
    command.arg("--").args(arguments);
    command
}

/// `cargo xtask sim`
pub fn sim(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    pass_through(&mut sim_command(workspace, false, arguments))
}

/// `cargo xtask planted`
pub fn planted(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let mut all = vec!["--planted".to_owned()];
    all.extend_from_slice(arguments);
    pass_through(&mut sim_command(workspace, true, &all))
}

/// Runs on this terminal and hands the exit code back as it is.
fn pass_through(command: &mut Command) -> Result<ExitCode> {
    let status = command
        .status()
        .with_context(|| format!("could not start `{}`", shell::spelled(command)))?;
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Ok(ExitCode::from(code))
}
