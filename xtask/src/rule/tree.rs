//! The files of the repository, or of an example made up for a test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::source;

/// Text files by their path from the root.
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// Folders no rule looks into when git cannot tell.
const GENERATED: [&str; 5] = [".git", "target", "node_modules", "dist", "ordercast-demo"];

impl Tree {
    /// The repository this was built from: what git tracks or would track, without generated files.
    pub fn real() -> Self {
        let root = root();
        let mut files = BTreeMap::new();
        for path in listed(&root).unwrap_or_else(|| walked(&root)) {
            if let Ok(text) = fs::read_to_string(root.join(&path)) {
                files.insert(path, text);
            }
        }
        assert!(
            files.contains_key("Cargo.toml"),
            "{} is not the repository's root",
            root.display()
        );
        Self { files }
    }

    /// A tree of these files.
    pub fn example(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
        }
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Rust files with their text.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(|(path, _)| path.ends_with(".rs"))
    }

    /// Rust files that ship, without comments, literals and test parts.
    pub fn shipped_rust(&self) -> impl Iterator<Item = (&str, String)> {
        self.rust()
            .filter(|(path, _)| !is_test(path))
            .map(|(path, text)| (path, source::shipped(text)))
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether the whole file is test code.
pub fn is_test(path: &str) -> bool {
    let mut folders = path.split('/');
    let file = folders.next_back().unwrap_or_default();
    folders.any(|folder| matches!(folder, "tests" | "__tests__" | "e2e" | "benches" | "examples"))
        || file == "tests.rs"
        || file.ends_with("_tests.rs")
        || [".test.ts", ".test.tsx", ".spec.ts", ".spec.tsx"]
            .iter()
            .any(|end| file.ends_with(end))
}

fn listed(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let paths: Vec<String> = text
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    (output.status.success() && !paths.is_empty()).then_some(paths)
}

fn walked(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !GENERATED.iter().any(|name| entry.file_name() == *name) {
                    open.push(path);
                }
            } else if let Ok(relative) = path.strip_prefix(root) {
                found.push(relative.to_string_lossy().into_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_git_the_walk_finds_the_same_sources() {
        let own = |paths: Vec<String>| {
            let mut own: Vec<String> = paths
                .into_iter()
                .filter(|path| path.starts_with("xtask/src/"))
                .collect();
            own.sort();
            own
        };
        let walked = own(walked(&root()));
        assert!(walked.iter().any(|path| path == "xtask/src/rule/tree.rs"));
        if let Some(listed) = listed(&root()) {
            assert_eq!(own(listed), walked);
        }
    }

    #[test]
    fn test_files_are_known_by_their_place() {
        for path in [
            "crates/web/tests/it/main.rs",
            "crates/app/src/intake/tests.rs",
            "dashboard/src/a.test.tsx",
        ] {
            assert!(is_test(path), "{path}");
        }
        for path in [
            "crates/testkit/src/lib.rs",
            "crates/app/src/test.rs",
            "dashboard/src/contest.ts",
        ] {
            assert!(!is_test(path), "{path}");
        }
    }
}
