//! The numbered invariants of ARCHITECTURE.md: each is in the table, and each test it claims exists.

use std::collections::{BTreeMap, BTreeSet};

use super::{Tree, catches, hold, source};

const COUNT: u32 = 14;
const COLUMN: &str = "held by";

/// Every function of the tree's Rust files, and every test title of the dashboard's.
fn functions(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in tree.rust() {
        let code = source::code(text);
        for at in source::word_positions(&code, "fn ") {
            names.insert(identifier(&code[at + 3..]).to_owned());
        }
    }
    names
}

fn identifier(text: &str) -> &str {
    let end = text
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(text.len());
    &text[..end]
}

/// Number → tests named after it.
fn numbered(functions: &BTreeSet<String>) -> BTreeMap<u32, Vec<&str>> {
    let mut found: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for name in functions {
        let number = name
            .strip_prefix("invariant_")
            .and_then(|rest| rest.split('_').next()?.parse().ok());
        if let Some(number) = number {
            found.entry(number).or_default().push(name);
        }
    }
    found
}

/// (number, tests it claims) of each row of the table with the column "held by".
fn claims(document: &str) -> Vec<(Option<u32>, Vec<String>)> {
    let mut column = None;
    let mut rows = Vec::new();
    for line in document.lines() {
        let Some(line) = line.trim().strip_prefix('|') else {
            column = None;
            continue;
        };
        let cells: Vec<&str> = line.trim_end_matches('|').split('|').map(str::trim).collect();
        match column {
            None => column = cells.iter().position(|cell| cell.eq_ignore_ascii_case(COLUMN)),
            Some(_)
                if cells
                    .iter()
                    .all(|cell| cell.chars().all(|letter| "-: ".contains(letter))) => {}
            Some(at) => {
                let number = cells
                    .first()
                    .and_then(|cell| cell.trim_matches(['*', '`', '.', ' ']).parse().ok());
                rows.push((number, claimed_tests(cells.get(at).copied().unwrap_or_default())));
            }
        }
    }
    rows
}

/// The names between backticks: the last part of each path, without parentheses.
fn claimed_tests(cell: &str) -> Vec<String> {
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted
        .map(|name| {
            name.rsplit("::")
                .next()
                .unwrap_or(name)
                .trim_end_matches("()")
                .to_owned()
        })
        .filter(|name| name.contains('_') && identifier(name) == name)
        .collect()
}

fn faults(tree: &Tree) -> Vec<String> {
    let functions = functions(tree);
    let mut faults = Vec::new();
    for (number, names) in numbered(&functions) {
        if !(1..=COUNT).contains(&number) {
            faults.push(format!("{}: there is no invariant {number}", names.join(", ")));
        }
    }
    let Some(document) = tree.text("ARCHITECTURE.md") else {
        return faults;
    };
    let rows = claims(document);
    for number in 1..=COUNT {
        let count = rows.iter().filter(|(row, _)| *row == Some(number)).count();
        if count != 1 {
            faults.push(format!(
                "ARCHITECTURE.md: invariant {number} has {count} rows with a column \"{COLUMN}\""
            ));
        }
    }
    for (number, tests) in rows {
        let number = number.map_or("?".to_owned(), |number| number.to_string());
        for test in tests.iter().filter(|test| !functions.contains(*test)) {
            faults.push(format!(
                "ARCHITECTURE.md: invariant {number} claims the test `{test}`, which does not exist"
            ));
        }
    }
    faults
}

#[test]
fn the_tree_holds_it() {
    let tree = Tree::real();
    let functions = functions(&tree);
    let numbered = numbered(&functions);
    for number in 1..=COUNT {
        println!(
            "invariant {number:>2}: {}",
            numbered
                .get(&number)
                .map_or(String::new(), |names| names.join(", "))
        );
    }
    hold(faults(&tree));
}

#[test]
fn a_claim_without_its_test_is_caught() {
    let mut document = "| no. | invariant | held by |\n|---|---|---|\n".to_owned();
    for number in 1..COUNT {
        let claim = if number == 2 {
            "`it::invariant_02_no_duplicate`, `invariant_02_gone`"
        } else {
            "not yet"
        };
        document.push_str(&format!("| {number} | words | {claim} |\n"));
    }
    document.push_str("\n| other | table |\n|---|---|\n| 14 | `not_a_claim` |\n");
    let test = "//! Tests.\n#[test]\nfn invariant_02_no_duplicate() {}\nfn invariant_99_none() {}\n// fn invariant_02_gone()\n";
    let tree = Tree::example(&[
        ("ARCHITECTURE.md", &document),
        ("crates/server/tests/it/main.rs", test),
    ]);
    let expected = [
        "no invariant 99",
        "invariant 14 has 0 rows",
        "claims the test `invariant_02_gone`",
    ];
    catches(faults(&tree), &expected);
}
