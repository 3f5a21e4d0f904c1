//! The binary: reads the command line, starts the runtime, hands over to a command.

mod clock;
mod demo;
mod run;
mod wire;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reads trade signals and places them in each follower's own account, within each follower's own limits.
#[derive(Parser)]
#[command(name = "ordercast", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything simulated on this machine: see signals become fills, with nothing to sign up for.
    Demo(demo::run::DemoArgs),
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
    let result = runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run::run(args).await,
        }
    });
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&error),
    }
}

#[expect(clippy::print_stderr, reason = "the last word of a failed command")]
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("ordercast: {error:#}");
    ExitCode::FAILURE
}
