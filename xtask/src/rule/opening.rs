//! A Rust file opens with `//!` lines: what it decides, what it refuses to know.

use super::{Tree, catches, hold};

fn faults(tree: &Tree) -> Vec<String> {
    tree.rust()
        .filter(|(_, text)| !text.trim().is_empty() && !text.starts_with("//!"))
        .map(|(path, _)| {
            format!("{path}: opens without `//!`; say what the file decides and what it refuses to know")
        })
        .collect()
}

#[test]
fn the_tree_holds_it() {
    hold(faults(&Tree::real()));
}

#[test]
fn a_file_without_an_opening_is_caught() {
    let tree = Tree::example(&[
        ("crates/app/src/a.rs", "//! Decides a.\n"),
        ("crates/app/src/b.rs", "use std::fmt;\n"),
        ("crates/app/tests/it/main.rs", "// Tests\n"),
        ("crates/app/src/lib.rs", ""),
    ]);
    catches(faults(&tree), &["app/src/b.rs", "tests/it/main.rs"]);
}
