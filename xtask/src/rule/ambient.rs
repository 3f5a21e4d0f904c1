//! What must not slip into code that has to be replayed: unordered maps, unfair selects, ownerless tasks, queues
//! without a limit. Clocks, randomness and clients are clippy's question (clippy.toml).

use super::{Tree, catches, hold, source};

/// Where a task may be spawned beside the server, which owns every task, and why.
const SPAWNERS: &[(&str, &str)] = &[
    (
        "crates/server/",
        "run.rs owns every task and stops it on one token",
    ),
    (
        "crates/sim/",
        "a program of its own; its servers own their connections",
    ),
    (
        "crates/testkit/",
        "drives the contract suites; ends with the test",
    ),
];

const UNBOUNDED: [&str; 5] = [
    "unbounded_channel",
    "UnboundedSender",
    "UnboundedReceiver",
    "unbounded",
    "mpsc::channel()",
];

fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, code) in tree.shipped_rust() {
        let mut report = |at: usize, fault: &str| {
            faults.push(format!("{path}:{}: {fault}", source::line_of(&code, at)));
        };
        if path.starts_with("crates/app/") || path.starts_with("crates/rules/") {
            for word in ["HashMap", "HashSet"] {
                for at in source::word_positions(&code, word) {
                    report(
                        at,
                        &format!("{word} has no order; BTreeMap or BTreeSet, so that a run can be replayed"),
                    );
                }
            }
        }
        if path.starts_with("crates/app/") {
            for at in unfair_selects(&code) {
                report(at, "select! without `biased;`: which branch wins would be chance");
            }
        }
        if path.starts_with("crates/") && !SPAWNERS.iter().any(|(owner, _)| path.starts_with(owner)) {
            for word in ["tokio::spawn", "task::spawn", "tokio::task::spawn_local"] {
                for at in source::word_positions(&code, word) {
                    report(at, "spawns a task nobody owns; hand the future to server/run.rs");
                }
            }
        }
    }
    for (path, text) in tree.rust() {
        let code = source::code(text);
        for word in UNBOUNDED {
            for at in source::word_positions(&code, word) {
                let line = source::line_of(&code, at);
                faults.push(format!(
                    "{path}:{line}: `{word}` has no limit; name one and say what happens when full"
                ));
            }
        }
    }
    faults
}

fn unfair_selects(code: &str) -> Vec<usize> {
    source::word_positions(code, "select!")
        .into_iter()
        .filter(|at| {
            let body = code[at + "select!".len()..]
                .trim_start()
                .trim_start_matches(['{', '('])
                .trim_start();
            !body.starts_with("biased;")
        })
        .collect()
}

#[test]
fn the_tree_holds_it() {
    hold(faults(&Tree::real()));
}

#[test]
fn each_is_caught_where_it_matters() {
    let app = "use std::collections::HashMap;\n// HashSet\nfn f() { tokio::select! { a = b => c } }\n\
        fn g() { tokio::select! {\n    biased;\n a = b => c } }\nfn h() { tokio::spawn(x) }\n\
        #[cfg(test)]\nmod tests { fn t() { tokio::spawn(x); } }\n";
    let store = "use std::collections::HashMap;\nfn f() { let (a, b) = mpsc::unbounded_channel(); }\n\
        fn g() { let (a, b) = mpsc::channel(); let (c, d) = mpsc::channel(8); }\n";
    let tree = Tree::example(&[
        ("crates/app/src/intake.rs", app),
        ("crates/store/src/writer.rs", store),
        (
            "crates/store/tests/it/main.rs",
            "fn f() { futures::channel::mpsc::unbounded(); }",
        ),
        ("crates/server/src/run.rs", "fn f() { tokio::spawn(x); }"),
    ]);
    let expected = [
        "intake.rs:1: HashMap",
        "intake.rs:3: select!",
        "intake.rs:7: spawns",
        "writer.rs:2: `unbounded_channel`",
        "writer.rs:3: `mpsc::channel()`",
        "it/main.rs:1: `unbounded`",
    ];
    catches(faults(&tree), &expected);
}
