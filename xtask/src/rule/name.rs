//! A module is named after what it is about. Names that mean "the rest" are refused.

use super::{Tree, catches, hold, source};

const BANNED: [&str; 10] = [
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "types",
    "manager",
    "managers",
    "shared_types",
];

fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        let Some((stem, extension)) = path.rsplit_once('.') else {
            continue;
        };
        if !matches!(extension, "rs" | "ts" | "tsx") {
            continue;
        }
        for part in stem
            .split('/')
            .filter(|part| BANNED.contains(&part.to_lowercase().as_str()))
        {
            faults.push(format!(
                "{path}: `{part}` says nothing; name it after what it decides"
            ));
        }
        if extension == "rs" {
            let code = source::code(text);
            for word in BANNED {
                for at in source::word_positions(&code, &format!("mod {word}")) {
                    let line = source::line_of(&code, at);
                    faults.push(format!(
                        "{path}:{line}: `mod {word}` says nothing; name it after what it decides"
                    ));
                }
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
fn an_empty_name_is_caught() {
    let tree = Tree::example(&[
        ("crates/app/src/utils.rs", ""),
        ("crates/app/src/helpers/time.rs", ""),
        (
            "crates/app/src/lib.rs",
            "pub mod misc { }\nmod commonwealth;\n// mod utils",
        ),
        ("dashboard/src/types.ts", ""),
        ("dashboard/src/manager_view.tsx", ""),
    ]);
    let expected = [
        "app/src/utils.rs",
        "app/src/helpers/time.rs",
        "lib.rs:1: `mod misc`",
        "dashboard/src/types.ts",
    ];
    catches(faults(&tree), &expected);
}
