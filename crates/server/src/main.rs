//! The binary: reads the command line, starts the runtime, hands over to a command.

#![allow(
    unreachable_pub,
    reason = "a program has no outside: `pub` is what a module offers its siblings"
)]

mod clock;
mod commands;
mod config;
mod demo;
mod host;
mod lead;
mod log;
mod notary;
mod readiness;
mod replay;
mod run;
mod serve;
mod steer;
mod wire;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

/// Reads trade signals and places them in each follower's own account, within each follower's own limits.
#[derive(Parser)]
#[command(name = "ordercast", version, about, propagate_version = true)]
struct Cli {
    /// Configuration file; `ordercast.toml` in the working folder when not given and it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything simulated on this machine: see signals become fills, with nothing to sign up for.
    Demo(demo::run::DemoArgs),
    /// The program as it is run for real, configured by environment and file.
    Serve(serve::ServeArgs),
    /// Show what a message means and where each field was read.
    Parse(commands::parse::ParseArgs),
    /// What following a channel would have meant, from its history and recorded prices.
    Replay(commands::replay::ReplayArgs),
    /// The record of everything that was done.
    #[command(subcommand)]
    Journal(commands::journal::JournalCommand),
    /// The master keys of the credentials' vault.
    #[command(subcommand)]
    Keys(commands::keys::KeysCommand),
    /// Look at everything the program needs and say what to do.
    Doctor(commands::doctor::DoctorArgs),
    /// What the operator does at the server in an emergency; journaled.
    #[command(subcommand)]
    Admin(commands::admin::AdminCommand),
    /// Bring the database's tables up to date.
    Migrate(commands::migrate::MigrateArgs),
    /// Show every setting, its value (secrets masked) and where it came from.
    Config {
        /// Print it as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print the API document.
    Openapi,
    /// Print the version.
    Version {
        /// Print it as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// A part of the simulated world as a process of its own.
    #[command(subcommand)]
    Sim(commands::sim::SimCommand),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        return fail(&anyhow::anyhow!("a TLS provider is installed already"));
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let result = runtime.block_on(configured(cli.command, cli.config.as_deref()));
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&error),
    }
}

/// The commands that may read the configuration.
async fn configured(command: Command, file: Option<&Path>) -> anyhow::Result<u8> {
    let sources = || config::Sources::gather(file);
    match command {
        Command::Demo(args) => demo::run::run(args).await,
        Command::Serve(args) => serve::run(config::Looked::at(&sources()).complete()?, args).await,
        Command::Parse(args) => commands::parse::run(&args),
        Command::Replay(args) => Box::pin(commands::replay::run(args, &sources())).await,
        Command::Journal(command) => commands::journal::run(&command, &sources()).await,
        Command::Keys(command) => Box::pin(commands::keys::run(&command, &sources())).await,
        Command::Doctor(args) => commands::doctor::run(args, &sources()).await,
        Command::Admin(command) => Box::pin(commands::admin::run(command, &sources())).await,
        Command::Migrate(args) => commands::migrate::run(&args, &sources()).await,
        Command::Config { json } => commands::show::config(&sources(), json),
        Command::Openapi => commands::show::openapi(),
        Command::Version { json } => commands::show::version(json),
        Command::Sim(command) => commands::sim::run(&command, file).await,
    }
}

/// Exit code of a faulty configuration.
const MISCONFIGURED: u8 = 2;

#[expect(clippy::print_stderr, reason = "the last word of a failed command")]
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("ordercast: {}", told(error));
    if error.is::<config::Faults>() {
        ExitCode::from(MISCONFIGURED)
    } else {
        ExitCode::FAILURE
    }
}

/// What went wrong and why, each cause once: many errors already say the cause they carry.
fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::told;

    #[derive(Debug, thiserror::Error)]
    #[error("bars: {0}")]
    struct Outer(#[from] std::io::Error);

    #[test]
    fn a_cause_is_told_once() {
        let inner = || std::io::Error::other("no such file");
        for (error, expected) in [
            (anyhow!(Outer(inner())), "bars: no such file"),
            (
                anyhow!(inner()).context("reading keys"),
                "reading keys: no such file",
            ),
            (
                anyhow!(Outer(inner())).context("starting"),
                "starting: bars: no such file",
            ),
            (anyhow!("plain"), "plain"),
        ] {
            assert_eq!(told(&error), expected);
        }
    }
}
