//! Where things are: the repository's root, the build folder, the built program. Refuses to know how they are built.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::shell;

/// The checkout this tool was built from.
pub struct Workspace {
    /// The repository's root.
    pub root: PathBuf,
    /// Cargo's build folder, wherever configuration or environment puts it.
    pub target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo. Fails outside a checkout.
    pub fn find() -> Result<Self> {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let output = shell::capture(shell::cargo().args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--manifest-path",
            manifest,
        ]))?;
        let found: Metadata =
            serde_json::from_str(&output).context("`cargo metadata` printed something else")?;
        Ok(Self {
            root: found.workspace_root,
            target: found.target_directory,
        })
    }

    /// The folder of the dashboard's sources.
    pub fn dashboard(&self) -> PathBuf {
        self.root.join("dashboard")
    }

    /// The program as the given profile's build leaves it.
    pub fn program(&self, profile_folder: &str) -> PathBuf {
        self.target
            .join(profile_folder)
            .join(format!("ordercast{}", std::env::consts::EXE_SUFFIX))
    }

    /// A folder of this tool's own, below the build folder, so that `cargo clean` removes it.
    pub fn own_folder(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Whether the path, relative to the root, exists.
    pub fn has(&self, path: impl AsRef<Path>) -> bool {
        self.root.join(path).exists()
    }
}
