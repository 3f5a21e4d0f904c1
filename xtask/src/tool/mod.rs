//! The programs the checks need beside Rust: which are missing, how they are installed, which command a person types
//! to install them. Installs only as root and only from the system's own packages.

pub mod deny;
pub mod node;
pub mod venv;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;
use crate::workspace::Workspace;

/// A program the checks need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Node,
    Postgres,
    Redis,
    Chromium,
    Python,
}

impl Tool {
    pub const ALL: [Self; 5] = [
        Self::Node,
        Self::Postgres,
        Self::Redis,
        Self::Chromium,
        Self::Python,
    ];

    /// What a person calls it, with the version we need.
    pub fn title(self) -> String {
        match self {
            Self::Node => format!("Node {} or newer with npm", node::LEAST),
            Self::Postgres => format!("PostgreSQL {POSTGRES_LEAST} or newer (the server)"),
            Self::Redis => format!("Redis {REDIS_LEAST} or newer (the server)"),
            Self::Chromium => "Chromium".to_owned(),
            Self::Python => "Python 3 (for the journal's stand-alone verifier)".to_owned(),
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Node => &["nodejs", "npm"],
            Self::Postgres => &["postgresql"],
            Self::Redis => &["redis-server"],
            Self::Chromium => &["chromium", "fonts-liberation"],
            Self::Python => &["python3"],
        }
    }

    /// Where it is, when it is there in a version that will do.
    pub fn find(self, workspace: &Workspace) -> Option<PathBuf> {
        match self {
            Self::Node => node::find(workspace),
            Self::Postgres => postgres_folder(),
            Self::Redis => redis_server(),
            Self::Chromium => chromium(),
            Self::Python => python(),
        }
    }
}

const POSTGRES_LEAST: u32 = 15;
const REDIS_LEAST: u32 = 7;

/// The tools of this list that are not there.
pub fn missing(workspace: &Workspace) -> Vec<Tool> {
    Tool::ALL
        .into_iter()
        .filter(|tool| tool.find(workspace).is_none())
        .collect()
}

/// What a person types to install these.
pub fn command_for(tools: &[Tool]) -> String {
    let packages: Vec<&str> = tools.iter().flat_map(|tool| tool.packages()).copied().collect();
    format!(
        "sudo apt-get update && sudo apt-get install -y {}",
        packages.join(" ")
    )
}

/// Installs these from the system's packages. Needs root; safe to repeat.
pub fn install(workspace: &Workspace, tools: &[Tool]) -> Result<()> {
    apt(&["update", "-q"])?;
    let mut packages = Vec::new();
    for tool in tools {
        if *tool != Tool::Node || node::packaged_is_new_enough() {
            packages.extend(tool.packages());
        }
    }
    if !packages.is_empty() {
        apt_install(&packages)?;
    }
    if tools.contains(&Tool::Node) && node::find(workspace).is_none() {
        node::install_aside(workspace)?;
    }
    Ok(())
}

fn python() -> Option<PathBuf> {
    shell::answers("python3", &["--version"]).then(|| PathBuf::from("python3"))
}

/// Installs system packages; the package lists must be fresh.
fn apt_install(packages: &[&str]) -> Result<()> {
    let fixed = ["install", "-q", "-y", "--no-install-recommends"];
    apt(&[&fixed[..], packages].concat())
}

fn apt(arguments: &[&str]) -> Result<()> {
    shell::run(
        Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
    .context("the system's package manager failed; this works on Debian and Ubuntu")
}

/// The first number of the first word that starts with a digit: 15 of "postgres (PostgreSQL) 15.18".
fn major(text: &str) -> Option<u32> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let digits: String = text[start..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn is_at_least(program: &Path, least: u32) -> bool {
    shell::capture(Command::new(program).arg("--version"))
        .ok()
        .and_then(|text| major(&text))
        .is_some_and(|version| version >= least)
}

/// The folder with `initdb`, `pg_ctl` and `postgres`, the newest version that is installed.
fn postgres_folder() -> Option<PathBuf> {
    let packaged = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<PathBuf> = packaged.map(|entry| entry.path().join("bin")).collect();
    folders.sort_by_key(|folder| folder.parent().and_then(|v| major(&v.to_string_lossy())));
    folders.reverse();
    let own = shell::capture(Command::new("pg_config").arg("--bindir")).ok();
    folders.extend(own.map(|folder| PathBuf::from(folder.trim())));
    folders.into_iter().find(|folder| {
        folder.join("initdb").is_file()
            && folder.join("pg_ctl").is_file()
            && is_at_least(&folder.join("postgres"), POSTGRES_LEAST)
    })
}

fn redis_server() -> Option<PathBuf> {
    shell::on_path(&["redis-server", "valkey-server"]).filter(|program| is_at_least(program, REDIS_LEAST))
}

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|program| program.is_file());
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    named.or_else(|| shell::on_path(&names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_programs_print_them() {
        assert_eq!(
            major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(
            major("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1"),
            Some(7)
        );
        assert_eq!(major("no number"), None);
    }

    #[test]
    fn the_command_names_every_package() {
        let command = command_for(&Tool::ALL);
        for package in ["nodejs", "npm", "postgresql", "redis-server", "chromium"] {
            assert!(command.contains(package), "{command}");
        }
    }
}
