//! The commands beside `serve` and `demo`: table of contents.

pub mod admin;
pub mod doctor;
pub mod journal;
pub mod keys;
pub mod migrate;
pub mod out;
pub mod parse;
pub mod replay;
pub mod show;
pub mod sim;
mod taught;

use std::path::{Path, PathBuf};

/// The folder a file stands in.
#[must_use]
pub fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
