//! `cargo xtask seal`: writes down the checksum of each new migration. What is sealed is never edited; the
//! repository rule of the same name holds us to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::shell;
use crate::workspace::Workspace;

/// The list of sealed migrations, in the format of `sha256sum`.
pub const SEALS: &str = "xtask/migrations.sha256";
/// One folder of migrations for each database.
pub const FOLDERS: [&str; 2] = [
    "crates/store/migrations/sqlite",
    "crates/store/migrations/postgres",
];

/// Path relative to the root → checksum.
pub type Sums = BTreeMap<String, String>;

/// Reads the lines of `sha256sum`.
pub fn parse(text: &str) -> Sums {
    text.lines()
        .filter_map(|line| line.split_once(char::is_whitespace))
        .map(|(sum, path)| (path.trim_start_matches([' ', '*']).to_owned(), sum.to_owned()))
        .collect()
}

/// The checksums of the migrations as they stand.
pub fn current(root: &Path) -> Result<Sums> {
    let files = files(root)?;
    if files.is_empty() {
        return Ok(Sums::new());
    }
    Ok(parse(&shell::capture(
        Command::new("sha256sum").current_dir(root).args(files),
    )?))
}

fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let Ok(entries) = fs::read_dir(root.join(folder)) else {
            continue;
        };
        for entry in entries {
            let name = entry?.file_name();
            if Path::new(&name)
                .extension()
                .is_some_and(|extension| extension == "sql")
            {
                found.push(Path::new(folder).join(name));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `cargo xtask seal`
pub fn seal(workspace: &Workspace, _arguments: &[String]) -> Result<ExitCode> {
    let path = workspace.root.join(SEALS);
    let mut sealed = parse(&fs::read_to_string(&path).unwrap_or_default());
    let mut added = 0;
    for (file, sum) in current(&workspace.root)? {
        sealed.entry(file).or_insert_with_key(|file| {
            println!("sealed {file}");
            added += 1;
            sum
        });
    }
    let text: String = sealed
        .iter()
        .map(|(file, sum)| format!("{sum}  {file}\n"))
        .collect();
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{added} new, {} in all, in {SEALS}", sealed.len());
    Ok(ExitCode::SUCCESS)
}
