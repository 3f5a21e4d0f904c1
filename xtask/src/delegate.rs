//! Commands that another package carries out: the parser's score, the benches, the kills. Passes arguments on, decides nothing.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::service::{Guardian, POSTGRES_URL, Services};
use crate::shell;
use crate::tool::{self, Tool};
use crate::workspace::Workspace;

const CORPUS: [&str; 2] = [
    "crates/rules/examples/corpus.rs",
    "crates/rules/examples/corpus/main.rs",
];
/// Kills of a soak that is asked for nothing else.
const SOAK: u32 = 500;
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

/// Whether a bench that uses PostgreSQL is among what is asked for: by its name, or because none is named.
fn wants_postgres(arguments: &[String]) -> bool {
    let mut names = 0;
    let mut values = arguments.iter();
    while let Some(argument) = values.next() {
        match argument.as_str() {
            "orders" => return true,
            "--json" => {}
            // Its value is no name.
            flag if flag.starts_with("--") => {
                values.next();
            }
            _ => names += 1,
        }
    }
    names == 0
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
    let given = std::env::var_os(POSTGRES_URL).is_some_and(|url| !url.is_empty());
    // Lives until the benches end.
    let mut guardian = None;
    if wants_postgres(arguments) && !given {
        match Tool::Postgres.find(workspace) {
            Some(folder) => {
                let guardian = guardian.insert(Guardian::start()?);
                command.env(POSTGRES_URL, Services::postgres(guardian, &folder)?);
            }
            None => eprintln!(
                "{} was not found, so that `orders` is measured on SQLite alone; `{}`",
                Tool::Postgres.title(),
                tool::command_for(&[Tool::Postgres])
            ),
        }
    }
    pass_through(&mut command)
}

/// The command that kills the program so many times under load and holds its books to the venue's ledger.
pub fn kills_command(workspace: &Workspace, kills: u32) -> Command {
    let mut command = shell::cargo();
    command.current_dir(&workspace.root);
    command
        .args([
            "test",
            "--package",
            "ordercast-server",
            "--test",
            "crash",
            "siege::",
        ])
        .args(["--", "--nocapture"])
        .env("ORDERCAST_KILLS", kills.to_string());
    command
}

/// `cargo xtask soak`
pub fn soak(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let kills = match arguments {
        [] => SOAK,
        [flag, number] if flag == "--kills" => number
            .parse()
            .with_context(|| format!("--kills: expected a number, got `{number}`"))?,
        _ => bail!("expected nothing or `--kills N`, got `{}`", arguments.join(" ")),
    };
    let mut guardian = Guardian::start()?;
    let folder = |tool: Tool| {
        tool.find(workspace)
            .with_context(|| format!("{} was not found; `{}`", tool.title(), tool::command_for(&[tool])))
    };
    let services = Services::start(&mut guardian, &folder(Tool::Postgres)?, &folder(Tool::Redis)?)?;
    let mut command = kills_command(workspace, kills);
    services.describe_to(&mut command);
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

#[cfg(test)]
mod tests {
    use super::wants_postgres;

    #[test]
    fn postgresql_is_started_for_the_bench_that_uses_it() {
        for (arguments, expected) in [
            ("", true),
            ("--json", true),
            ("--accounts 100", true),
            ("orders", true),
            ("fanout orders", true),
            ("--accounts 100 parser", false),
            ("message --json", false),
        ] {
            let words: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
            assert_eq!(wants_postgres(&words), expected, "{arguments:?}");
        }
    }
}
