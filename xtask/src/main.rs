//! The repository's commands: `cargo xtask <command>`. Decides which command runs and what the exit code is;
//! knows nothing of what Ordercast does.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command-line tool: it talks on the terminal, reads the environment and measures real time"
)]
#![allow(
    unreachable_pub,
    reason = "a program of one crate: `pub` says what a module offers the others"
)]

mod delegate;
mod demo;
mod gauntlet;
mod migration;
mod node;
#[cfg(test)]
mod rule;
mod service;
mod shell;
mod symbols;
mod tool;
mod workspace;

use std::process::ExitCode;

use workspace::Workspace;

/// One command of this tool.
struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&Workspace, &[String]) -> anyhow::Result<ExitCode>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--release] [options of `ordercast demo`]",
        about: "build the dashboard and the program, then run the demo",
        run: demo::run,
    },
    Command {
        name: "test",
        arguments: "[--only STEP] [--skip STEP]",
        about: "install or name what is missing, then run every check",
        run: gauntlet::run,
    },
    Command {
        name: "corpus",
        arguments: "[--check] [--mutations N] [--misses]",
        about: "score the parser on the corpus of messages",
        run: delegate::corpus,
    },
    Command {
        name: "bench",
        arguments: "[parser] [journal] [message] [fanout] [kill] [orders] [--accounts N,N] [--rounds N] [--json]",
        about: "measure the ratios against their floors and peers (release build)",
        run: delegate::bench,
    },
    Command {
        name: "soak",
        arguments: "[--kills N]",
        about: "kill the program 500 times under load, on both databases, and hold its books to the venue's ledger",
        run: delegate::soak,
    },
    Command {
        name: "sim",
        arguments: "[--seeds N] [--from S] [--only STEPS] [--tell]",
        about: "play the whole application over a simulated world, seed by seed",
        run: delegate::sim,
    },
    Command {
        name: "planted",
        arguments: "[MISTAKE] [--seeds N] [--from S]",
        about: "plant one mistake after the other and see the simulation find each",
        run: delegate::planted,
    },
    Command {
        name: "symbols",
        arguments: "",
        about: "write the parser's table of listed names again, from the packages it names",
        run: symbols::run,
    },
    Command {
        name: "seal",
        arguments: "",
        about: "list the checksums of new migrations, which are never edited afterwards",
        run: migration::seal,
    },
    Command {
        name: "help",
        arguments: "",
        about: "print this list",
        run: help,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        None => ("help", &[][..]),
        Some((first, rest)) => (first.as_str(), rest),
    };
    let name = if matches!(name, "-h" | "--help") {
        "help"
    } else {
        name
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("error: there is no command `{name}`\n");
        eprint!("{}", usage());
        return ExitCode::from(2);
    };
    let result = Workspace::find().and_then(|workspace| (command.run)(&workspace, rest));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn help(_workspace: &Workspace, _arguments: &[String]) -> anyhow::Result<ExitCode> {
    print!("{}", usage());
    Ok(ExitCode::SUCCESS)
}

fn usage() -> String {
    let mut text = String::from("cargo xtask <command>\n\n");
    for command in COMMANDS {
        text.push_str(&format!("  {:<8} {}\n", command.name, command.about));
        if !command.arguments.is_empty() {
            text.push_str(&format!("  {:<8}   {}\n", "", command.arguments));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_names_every_command_once() {
        for command in COMMANDS {
            let line = format!("  {:<8} {}\n", command.name, command.about);
            assert_eq!(usage().matches(&line).count(), 1, "{}", command.name);
        }
    }
}
