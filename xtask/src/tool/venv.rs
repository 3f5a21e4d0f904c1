//! A folder of programs that come as Python wheels, below the build folder: nothing is installed into the system.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::workspace::Workspace;

/// The one environment of this tool.
pub struct Venv {
    folder: PathBuf,
}

impl Venv {
    pub fn of(workspace: &Workspace) -> Self {
        Self {
            folder: workspace.own_folder().join("venv"),
        }
    }

    /// Where its programs are, whether it exists or not.
    pub fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// Installs a package, making the environment first when needed. Safe to repeat.
    pub fn install(&self, package: &str) -> Result<()> {
        if !self.programs().join("pip").is_file() {
            self.create()?;
        }
        let pip = self.programs().join("pip");
        shell::run(Command::new(pip).args(["install", "--quiet", "--disable-pip-version-check", package]))
    }

    fn create(&self) -> Result<()> {
        if !shell::answers("python3", &["-c", "import venv, ensurepip"]) {
            if !shell::is_root() {
                bail!(
                    "Python with its venv module was not found; install it with `sudo apt-get install -y python3-venv`"
                );
            }
            super::apt(&["update", "-q"])?;
            super::apt_install(&["python3-venv"])?;
        }
        shell::run(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&self.folder),
        )
        .context("could not make the environment for tools that come as wheels")
    }
}
