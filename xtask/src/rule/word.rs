//! The project speaks only of itself: no machine's paths, no registry's addresses, nothing about who wrote it where.

use super::{Tree, catches, hold};

/// Each cut in two, so that this list does not find itself.
const FORBIDDEN: &[(&str, &str)] = &[
    // A path of one machine
    ("/wor", "k/"),
    ("/roo", "t/"),
    ("/tmp/", "oc"),
    ("/home", "/user"),
    // Registries are found through their ordinary clients' own settings
    ("registry.", "npmjs"),
    ("pypi", ".org"),
    ("python", "hosted.org"),
    ("deb.", "debian.org"),
    ("static.", "crates.io"),
    // Notes that are not part of the repository
    ("ARCHITECTURE", "-BRIEF"),
    ("PRODUCT", ".md"),
    ("CRATES", ".md"),
    ("COUNTER", "PARTS.md"),
    // Who wrote it, and where
    ("helper", " session"),
    ("language", " model"),
    ("anth", "ropic"),
    ("chat", "gpt"),
    ("co-authored", "-by"),
];

fn faults(tree: &Tree) -> Vec<String> {
    let words: Vec<String> = FORBIDDEN
        .iter()
        .map(|(a, b)| format!("{a}{b}").to_lowercase())
        .collect();
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        for (number, line) in text.lines().enumerate() {
            let line = line.to_lowercase();
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                faults.push(format!(
                    "{path}:{}: `{word}` speaks of something that is not this project",
                    number + 1
                ));
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
fn a_machine_path_and_a_registry_are_caught() {
    let lock = format!("a\nb \"https://{}{}.org/x.tgz\"\n", "registry.", "npmjs");
    let note = format!("see {}{}main", "/wor", "k/");
    let tree = Tree::example(&[
        ("dashboard/package-lock.json", &lock),
        ("README.md", &note),
        ("a.md", "network/x"),
    ]);
    catches(faults(&tree), &["package-lock.json:2", "README.md:1"]);
}
