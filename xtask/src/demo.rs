//! `cargo xtask demo`: dashboard when there is Node, then the program itself in our place, so that Ctrl-C is its own.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::node::Dashboard;
use crate::workspace::Workspace;
use crate::{shell, tool};

/// `cargo xtask demo [--release] [options of ordercast demo]`
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let (release, rest) = split_release(arguments);
    if let Err(error) = dashboard(workspace) {
        eprintln!("The demo starts without its dashboard: {error:#}");
    }
    let mut build = shell::cargo();
    build
        .current_dir(&workspace.root)
        .args(["build", "--package", "ordercast-server"]);
    if release {
        build.arg("--release");
    }
    let status = build.status().context("could not start cargo")?;
    if !status.success() {
        bail!("the program did not build");
    }
    let program = workspace.program(if release { "release" } else { "debug" });
    become_program(Command::new(program).arg("demo").args(rest))
}

/// Takes our own flag out; everything after `--` belongs to the demo.
fn split_release(arguments: &[String]) -> (bool, Vec<&String>) {
    let ours = arguments
        .iter()
        .take_while(|argument| *argument != "--")
        .any(|argument| argument == "--release");
    let mut open = true;
    let rest = arguments
        .iter()
        .filter(|argument| {
            if open && *argument == "--" {
                open = false;
                return false;
            }
            !(open && *argument == "--release")
        })
        .collect();
    (ours, rest)
}

fn dashboard(workspace: &Workspace) -> Result<()> {
    if !workspace.dashboard().join("package.json").is_file() {
        return Ok(());
    }
    let node = match tool::node::find(workspace) {
        Some(node) => node,
        None if shell::is_root() => {
            println!("Node {} or newer is missing; installing it.", tool::node::LEAST);
            tool::install(workspace, &[tool::Tool::Node])?;
            tool::node::find(workspace).context("Node is still missing after its installation")?
        }
        None => bail!(
            "Node {} or newer with npm was not found. Install it with `{}` and start again.",
            tool::node::LEAST,
            tool::command_for(&[tool::Tool::Node])
        ),
    };
    match Dashboard::open(workspace.dashboard(), &node)? {
        Some(dashboard) => dashboard.build(),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).with_context(|| format!("could not start `{}`", shell::spelled(command)))
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    let status = command
        .status()
        .with_context(|| format!("could not start `{}`", shell::spelled(command)))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], release: bool, rest: &[&str]) {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let (found, left) = split_release(&arguments);
        assert_eq!(
            (found, left.iter().map(|word| word.as_str()).collect::<Vec<_>>()),
            (release, rest.to_vec())
        );
    }

    #[test]
    fn our_flag_is_taken_out_and_the_rest_passed_on() {
        check(&[], false, &[]);
        check(
            &["--headless", "--for", "20s"],
            false,
            &["--headless", "--for", "20s"],
        );
        check(&["--fresh", "--release", "--json"], true, &["--fresh", "--json"]);
        check(&["--", "--release"], false, &["--release"]);
    }
}
