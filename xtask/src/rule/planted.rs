//! Mistakes on purpose stay out of every program that is run: the feature `planted` is off by default, and only the command
//! that plants them turns it on.

use super::{Tree, catches, hold};

/// Where the feature may be named: where it is defined, and the command that turns it on.
const MAY: [&str; 5] = [
    "crates/model/Cargo.toml",
    "crates/server/tests/sim/Cargo.toml",
    "xtask/src/delegate.rs",
    "xtask/src/main.rs",
    "xtask/src/rule/planted.rs",
];

fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        let names = |line: &&str| {
            line.contains("\"planted\"") || line.contains("/planted") || line.contains("features planted")
        };
        let is_code = path.starts_with("crates/") && path.ends_with(".rs");
        let gates = |line: &str| line.contains("cfg(feature") || line.contains("cfg(not(feature");
        for line in text.lines().filter(names) {
            let turns_on = line.trim_start().starts_with("default") || line.contains("features = [");
            let allowed = MAY.contains(&path) || path.ends_with(".md") || (is_code && gates(line));
            if turns_on || !allowed {
                faults.push(format!("{path}: turns planted mistakes on: {}", line.trim()));
            }
        }
    }
    faults
}

#[test]
fn the_tree_holds_it() {
    hold(faults(&Tree::real()));
}

#[test]
fn a_program_with_mistakes_is_caught() {
    let tree = Tree::example(&[
        (
            "crates/model/Cargo.toml",
            "[features]\ndefault = [\"planted\"]\nplanted = []\n",
        ),
        (
            "crates/app/Cargo.toml",
            "ordercast-model = { path = \"../model\", features = [\"planted\"] }\n",
        ),
        ("Dockerfile", "RUN cargo build --features planted\n"),
        (
            "crates/model/src/planted.rs",
            "#[cfg(feature = \"planted\")]\nmod switch {}\n",
        ),
    ]);
    catches(
        faults(&tree),
        &["crates/model/Cargo.toml", "crates/app/Cargo.toml", "Dockerfile"],
    );
}
