//! The steps themselves, in order: what each is called, what it builds upon and what it does.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::Run;
use crate::node::Dashboard;
use crate::service::Services;
use crate::tool::{self, Tool};
use crate::{delegate, shell};

/// How a step ended. An error from a step is a failure.
pub enum Outcome {
    Passed,
    Failed(String),
    /// There is nothing to do yet, for this reason; not a pass.
    Absent(String),
}

/// One check.
pub struct Step {
    pub name: &'static str,
    pub about: &'static str,
    /// Earlier steps without which this one means nothing.
    pub needs: &'static [&'static str],
    pub act: fn(&mut Run) -> Result<Outcome>,
}

pub const STEPS: &[Step] = &[
    Step {
        name: "tools",
        about: "what the checks need beside Rust",
        needs: &[],
        act: tools,
    },
    Step {
        name: "format",
        about: "rustfmt",
        needs: &[],
        act: format,
    },
    Step {
        name: "rules",
        about: "repository rules",
        needs: &[],
        act: rules,
    },
    Step {
        name: "dashboard",
        about: "types, lints, tests and bundle of the dashboard",
        needs: &[],
        act: dashboard,
    },
    Step {
        name: "lint",
        about: "clippy, warnings denied",
        needs: &[],
        act: lint,
    },
    Step {
        name: "services",
        about: "a private PostgreSQL and Redis",
        needs: &[],
        act: services,
    },
    Step {
        name: "suites",
        about: "the Rust test suites",
        needs: &["services"],
        act: suites,
    },
    Step {
        name: "kills",
        about: "the program killed under load, its books held to the venue's ledger",
        needs: &["services"],
        act: kills,
    },
    Step {
        name: "simulation",
        about: "the whole application over a simulated world, 1,400 seeds but three that stand open",
        needs: &[],
        act: simulation,
    },
    Step {
        name: "deny",
        about: "licences, bans and sources of dependencies",
        needs: &[],
        act: deny,
    },
    Step {
        name: "binary",
        about: "the program",
        needs: &[],
        act: binary,
    },
    Step {
        name: "browser",
        about: "the dashboard in Chromium",
        needs: &["dashboard", "binary"],
        act: browser,
    },
    Step {
        name: "demo",
        about: "the demo, 20 s without a dashboard",
        needs: &["binary"],
        act: demo,
    },
    Step {
        name: "journal",
        about: "verification of the demo's journal",
        needs: &["demo"],
        act: journal,
    },
    Step {
        name: "corpus",
        about: "the parser's score",
        needs: &[],
        act: corpus,
    },
];

/// The demo runs 20 s; the rest is for a busy machine to start and stop it.
const DEMO_MAX: Duration = Duration::from_secs(180);
/// Kills over both databases.
const KILLS: u32 = 40;
const VERIFY_MAX: Duration = Duration::from_secs(120);
/// Seeds of the simulation; from 1,000 on it also asks that every fault kind and every step of an order was met.
const SEEDS: &str = "1400";
/// Seeds among them that show what is not mended; `docs/roadmap.md` says what each shows.
const OPEN_SEEDS: &str = "573,678,1017";

impl Run<'_> {
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = shell::cargo();
        command.current_dir(&self.workspace.root).args(arguments);
        if self.ci {
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    fn dashboard(&self) -> Result<Option<Dashboard>> {
        if !self.workspace.dashboard().join("package.json").is_file() {
            return Ok(None);
        }
        Dashboard::open(self.workspace.dashboard(), &self.tool(Tool::Node)?)
    }

    fn tool(&self, tool: Tool) -> Result<std::path::PathBuf> {
        tool.find(self.workspace)
            .with_context(|| format!("{} was not found; `{}`", tool.title(), tool::command_for(&[tool])))
    }

    /// Whether the built program has this command.
    fn program_has(&self, command: &str) -> Result<bool> {
        let help = shell::capture(Command::new(self.workspace.program("debug")).arg("--help"))?;
        Ok(lists_command(&help, command))
    }
}

fn lists_command(help: &str, command: &str) -> bool {
    help.lines()
        .any(|line| line.starts_with("  ") && line.split_whitespace().next() == Some(command))
}

fn tools(run: &mut Run) -> Result<Outcome> {
    for (name, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if shell::capture(&mut run.cargo(&[name, "--version"])).is_err() {
            shell::run(Command::new("rustup").args(["component", "add", component]))
                .with_context(|| format!("`cargo {name}` is missing; `rustup component add {component}`"))?;
        }
    }
    let missing = tool::missing(run.workspace);
    if !missing.is_empty() {
        let titles: Vec<String> = missing.iter().map(|tool| tool.title()).collect();
        if !shell::is_root() {
            bail!(
                "missing: {}. Install with `{}`",
                titles.join(", "),
                tool::command_for(&missing)
            );
        }
        println!("missing: {}; installing", titles.join(", "));
        tool::install(run.workspace, &missing)?;
    }
    for tool in Tool::ALL {
        println!("{}: {}", tool.title(), run.tool(tool)?.display());
    }
    Ok(Outcome::Passed)
}

fn format(run: &mut Run) -> Result<Outcome> {
    shell::run(&mut run.cargo(&["fmt", "--all", "--", "--check"]))?;
    Ok(Outcome::Passed)
}

fn rules(run: &mut Run) -> Result<Outcome> {
    shell::run(
        run.cargo(&["test", "--quiet", "--package", "xtask"])
            .env("RUST_BACKTRACE", "0"),
    )?;
    Ok(Outcome::Passed)
}

fn dashboard(run: &mut Run) -> Result<Outcome> {
    let Some(dashboard) = run.dashboard()? else {
        return Ok(Outcome::Absent("dashboard/ has no package.json yet".to_owned()));
    };
    dashboard.install(run.ci)?;
    for script in ["typecheck", "lint", "test", "build"] {
        if !dashboard.has_script(script) {
            bail!("dashboard/package.json has no script `{script}`");
        }
        shell::run(dashboard.npm(&["run", script]).env("CI", "true"))?;
    }
    Ok(Outcome::Passed)
}

fn lint(run: &mut Run) -> Result<Outcome> {
    shell::run(&mut run.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(Outcome::Passed)
}

fn services(run: &mut Run) -> Result<Outcome> {
    let postgres = run.tool(Tool::Postgres)?;
    let redis = run.tool(Tool::Redis)?;
    run.services = Some(Services::start(&mut run.guardian, &postgres, &redis)?);
    Ok(Outcome::Passed)
}

fn suites(run: &mut Run) -> Result<Outcome> {
    // The siege is the step `kills`.
    let mut command = if shell::on_path(&["cargo-nextest"]).is_some() {
        run.cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--exclude",
            "xtask",
            "--no-tests=pass",
            "--filterset",
            "not test(/^siege::/)",
        ])
    } else {
        run.cargo(&[
            "test",
            "--workspace",
            "--exclude",
            "xtask",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
            "--",
            "--skip=siege::",
        ])
    };
    match &run.services {
        Some(services) => services.describe_to(&mut command),
        None => println!("`services` was skipped: the databases are those of the environment, if any"),
    }
    shell::run(command.env("INSTA_UPDATE", "no"))?;
    Ok(Outcome::Passed)
}

fn kills(run: &mut Run) -> Result<Outcome> {
    println!("strace: {}", shell::on_path(&["strace"]).map_or_else(
        || "absent, so nothing is killed at a chosen call and no disk fails; `sudo apt-get install -y strace`".to_owned(),
        |path| path.display().to_string(),
    ));
    let mut command = delegate::kills_command(run.workspace, KILLS);
    match &run.services {
        Some(services) => services.describe_to(&mut command),
        None => println!("`services` was skipped: PostgreSQL is that of the environment, if any"),
    }
    shell::run(&mut command)?;
    Ok(Outcome::Passed)
}

fn simulation(run: &mut Run) -> Result<Outcome> {
    let seeds = ["--seeds", SEEDS, "--but", OPEN_SEEDS].map(str::to_owned);
    let mut command = delegate::sim_command(run.workspace, false, &seeds);
    if run.ci {
        command.env("CARGO_INCREMENTAL", "0");
    }
    shell::run(&mut command)?;
    Ok(Outcome::Passed)
}

fn deny(run: &mut Run) -> Result<Outcome> {
    let program = match tool::deny::find_or_install(run.workspace) {
        Ok(program) => program,
        Err(error) if run.ci => return Err(error),
        Err(error) => {
            let reason = format!(
                "cargo-deny could not be had ({error:#}); `{}`",
                tool::deny::COMMAND
            );
            return Ok(Outcome::Absent(reason));
        }
    };
    let mut command = Command::new(program);
    command
        .current_dir(&run.workspace.root)
        .args(["check", "licenses", "bans", "sources"]);
    shell::run(&mut command)?;
    Ok(Outcome::Passed)
}

fn binary(run: &mut Run) -> Result<Outcome> {
    shell::run(&mut run.cargo(&["build", "--package", "ordercast-server"]))?;
    Ok(Outcome::Passed)
}

fn browser(run: &mut Run) -> Result<Outcome> {
    let Some(dashboard) = run.dashboard()? else {
        return Ok(Outcome::Absent("dashboard/ has no package.json yet".to_owned()));
    };
    if !dashboard.has_script("e2e") {
        return Ok(Outcome::Absent(
            "dashboard/package.json has no script `e2e` yet".to_owned(),
        ));
    }
    let mut command = dashboard.npm(&["run", "e2e"]);
    command
        .env("ORDERCAST_BIN", run.workspace.program("debug"))
        .env("CHROMIUM", run.tool(Tool::Chromium)?);
    shell::run(command.env("CI", "true"))?;
    Ok(Outcome::Passed)
}

fn demo(run: &mut Run) -> Result<Outcome> {
    if !run.program_has("demo")? {
        return Ok(Outcome::Absent(
            "the program has no command `demo` yet".to_owned(),
        ));
    }
    let mut command = Command::new(run.workspace.program("debug"));
    command.args([
        "demo",
        "--headless",
        "--for",
        "20s",
        "--json",
        "--fresh",
        "--data-dir",
    ]);
    let summary = shell::capture_within(command.arg(demo_folder(run)), DEMO_MAX)?;
    print!("{summary}");
    let document = summary.find('{').map_or("", |start| &summary[start..]);
    serde_json::from_str::<serde_json::Value>(document).context("the demo's summary is not JSON")?;
    Ok(Outcome::Passed)
}

fn journal(run: &mut Run) -> Result<Outcome> {
    let folder = demo_folder(run);
    if !folder.is_dir() {
        return Ok(Outcome::Absent(
            "the demo left no data folder to verify".to_owned(),
        ));
    }
    let mut command = Command::new(run.workspace.program("debug"));
    command.args(["journal", "verify", "--data-dir"]).arg(folder);
    print!("{}", shell::capture_within(&mut command, VERIFY_MAX)?);
    Ok(Outcome::Passed)
}

fn demo_folder(run: &Run) -> std::path::PathBuf {
    run.guardian.folder().join("demo")
}

fn corpus(run: &mut Run) -> Result<Outcome> {
    if !delegate::has_corpus(run.workspace) {
        return Ok(Outcome::Absent("the parser has no scorer yet".to_owned()));
    }
    shell::run(&mut delegate::corpus_command(
        run.workspace,
        &["--check".to_owned()],
    ))?;
    Ok(Outcome::Passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_in_the_help_by_its_own_line() {
        let help = "Copies signals\n\nCommands:\n  demo     Runs the demo\n  journal  Verifies\n\nOptions:\n";
        assert!(lists_command(help, "demo") && lists_command(help, "journal"));
        assert!(!lists_command(help, "Runs") && !lists_command(help, "Copies"));
    }
}
