//! Files stay readable in one sitting. Functions are clippy's question (`too_many_lines` in clippy.toml).

use super::{Tree, catches, hold, source, tree};

const LINES_MAX: usize = 450;

fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        let lines = match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("rs") => source::shipped_line_count(text),
            Some("ts" | "tsx") if !is_generated(path, text) => text.lines().count(),
            _ => continue,
        };
        if lines > LINES_MAX && !tree::is_test(path) {
            faults.push(format!(
                "{path}: {lines} lines without its tests; at most {LINES_MAX}"
            ));
        }
    }
    faults
}

fn is_generated(path: &str, text: &str) -> bool {
    path.ends_with(".d.ts")
        || path.contains("/generated/")
        || text.lines().take(5).any(|line| line.contains("auto-generated"))
}

#[test]
fn the_tree_holds_it() {
    hold(faults(&Tree::real()));
}

#[test]
fn a_long_file_is_caught_and_tests_do_not_count() {
    let long = "let a = 1;\n".repeat(451);
    let tested = format!(
        "{}#[cfg(test)]\nmod tests {{\n{long}}}\n",
        "let a = 1;\n".repeat(450)
    );
    let generated = format!("/** This file was auto-generated. */\n{long}");
    let tree = Tree::example(&[
        ("crates/app/src/long.rs", &long),
        ("crates/app/src/tested.rs", &tested),
        ("crates/app/tests/it/main.rs", &long),
        ("dashboard/src/long.tsx", &long),
        ("dashboard/src/long.test.tsx", &long),
        ("dashboard/src/schema.ts", &generated),
    ]);
    catches(
        faults(&tree),
        &["app/src/long.rs: 451 lines", "dashboard/src/long.tsx: 451 lines"],
    );
}
