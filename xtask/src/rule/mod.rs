//! The repository rules, as tests. Each is a function from a tree of files to faults, held against the real tree and
//! against a small tree that breaks it on purpose.

mod ambient;
mod arrow;
mod dependency;
mod invariant;
mod migration;
mod name;
mod opening;
mod planted;
mod size;
mod source;
mod tree;
mod word;

use tree::Tree;

/// Fails with every fault in a list of its own line.
fn hold(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n\n{}\n", faults.join("\n"));
}

/// Fails unless the broken tree yields exactly these faults, each recognised by a part of its text.
fn catches(faults: Vec<String>, parts: &[&str]) {
    let all_found = parts
        .iter()
        .all(|part| faults.iter().any(|fault| fault.contains(part)));
    assert!(
        all_found && faults.len() == parts.len(),
        "expected {parts:#?}, found {faults:#?}"
    );
}
