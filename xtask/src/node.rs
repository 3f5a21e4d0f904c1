//! The dashboard's npm scripts: which exist, whether packages and bundle are up to date, how they are run.
//! Refuses to know what the scripts do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::shell;

/// The dashboard's folder together with the node that serves it.
pub struct Dashboard {
    folder: PathBuf,
    scripts: BTreeMap<String, String>,
    search_path: std::ffi::OsString,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    scripts: BTreeMap<String, String>,
}

impl Dashboard {
    /// `None` when the folder holds no package yet. `node_folder` goes in front of the search path.
    pub fn open(folder: PathBuf, node_folder: &Path) -> Result<Option<Self>> {
        let manifest = folder.join("package.json");
        if !manifest.is_file() {
            return Ok(None);
        }
        let text =
            fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
        let package: Package = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a package file", manifest.display()))?;
        Ok(Some(Self {
            folder,
            scripts: package.scripts,
            search_path: shell::path_with(node_folder)?,
        }))
    }

    /// Whether package.json has this script.
    pub fn has_script(&self, name: &str) -> bool {
        self.scripts.contains_key(name)
    }

    /// An npm command in the dashboard's folder.
    pub fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command
            .current_dir(&self.folder)
            .env("PATH", &self.search_path)
            .args(arguments);
        command
    }

    /// Installs the locked packages when they are missing or older than the lock file, or in any case on CI.
    pub fn install(&self, always: bool) -> Result<()> {
        let lock = self.folder.join("package-lock.json");
        if !lock.is_file() {
            bail!("dashboard/package-lock.json is missing; run `npm install` in dashboard/ and commit it");
        }
        let installed = modified(&self.folder.join("node_modules/.package-lock.json"));
        if !always && installed.is_some() && installed >= modified(&lock) {
            return Ok(());
        }
        shell::prepare(&mut self.npm(&["ci", "--no-audit", "--no-fund"]))
    }

    /// Whether dist/ is at least as new as everything it is made from.
    pub fn is_built(&self) -> Result<bool> {
        let Some(built) = modified(&self.folder.join("dist/index.html")) else {
            return Ok(false);
        };
        Ok(newest(&self.folder)?.is_none_or(|source| source <= built))
    }

    /// Installs and builds unless the bundle is up to date.
    pub fn build(&self) -> Result<()> {
        if !self.is_built()? {
            self.install(false)?;
            shell::prepare(&mut self.npm(&["run", "build"]))?;
        }
        Ok(())
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// The newest file below the folder, generated folders left out.
fn newest(folder: &Path) -> Result<Option<SystemTime>> {
    let mut latest = None;
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let generated = ["node_modules", "dist", "test-results", "e2e"]
            .iter()
            .any(|skip| name == *skip);
        if generated {
            continue;
        }
        let time = if entry.file_type()?.is_dir() {
            newest(&entry.path())?
        } else {
            modified(&entry.path())
        };
        latest = latest.max(time);
    }
    Ok(latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("ordercast-xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("dist")).unwrap();
        folder
    }

    #[test]
    fn a_bundle_older_than_its_sources_is_not_built() {
        let folder = scratch("bundle");
        fs::write(folder.join("package.json"), r#"{"scripts":{"build":"true"}}"#).unwrap();
        let dashboard = Dashboard::open(folder.clone(), Path::new("/usr/bin"))
            .unwrap()
            .unwrap();
        assert!(!dashboard.is_built().unwrap(), "no bundle at all");
        fs::write(folder.join("dist/index.html"), "").unwrap();
        assert!(dashboard.is_built().unwrap());
        let later = SystemTime::now() + std::time::Duration::from_secs(60);
        fs::File::create(folder.join("main.ts"))
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert!(!dashboard.is_built().unwrap(), "a source is newer");
        assert!(dashboard.has_script("build") && !dashboard.has_script("e2e"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_empty_folder_has_no_dashboard() {
        let folder = scratch("empty");
        assert!(
            Dashboard::open(folder.clone(), Path::new("/usr/bin"))
                .unwrap()
                .is_none()
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
