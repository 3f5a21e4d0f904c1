//! A migration that has been sealed is never edited, and both databases have the same ones.

use std::collections::BTreeSet;

use super::{Tree, catches, hold, tree};
use crate::migration::{FOLDERS, SEALS, Sums, current, parse};

fn edited(current: &Sums, sealed: &Sums) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, sum) in sealed {
        match current.get(path) {
            None => faults.push(format!("{path}: sealed in {SEALS}, but it is gone")),
            Some(found) if found != sum => faults.push(format!(
                "{path}: edited after it was sealed. Write a new migration; if it was never released, take its \
                 line out of {SEALS} and run `cargo xtask seal`"
            )),
            Some(_) => {}
        }
    }
    let unsealed = current.keys().filter(|path| !sealed.contains_key(*path));
    faults.extend(
        unsealed.map(|path| format!("{path}: not sealed; run `cargo xtask seal` and commit {SEALS}")),
    );
    faults
}

fn unpaired(tree: &Tree) -> Vec<String> {
    let names = |folder: &str| -> BTreeSet<String> {
        tree.files()
            .filter_map(|(path, _)| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned))
            .collect()
    };
    let [first, second] = FOLDERS.map(names);
    let lone = first.symmetric_difference(&second);
    lone.map(|name| {
        let folder = FOLDERS[usize::from(first.contains(name))];
        format!("{folder}/{name}: missing; the other database has it")
    })
    .collect()
}

#[test]
fn sealed_migrations_are_as_they_were() {
    let sealed = std::fs::read_to_string(tree::root().join(SEALS)).unwrap_or_default();
    hold(edited(&current(&tree::root()).unwrap(), &parse(&sealed)));
}

#[test]
fn both_databases_have_the_same_migrations() {
    hold(unpaired(&Tree::real()));
}

#[test]
fn an_edit_a_loss_and_a_new_one_are_caught() {
    let sealed = parse("aa  m/1.sql\nbb  m/2.sql\ncc  m/3.sql\n");
    let now = parse("aa  m/1.sql\nxx  m/2.sql\ndd  m/4.sql\n");
    catches(
        edited(&now, &sealed),
        &["m/2.sql: edited", "m/3.sql: sealed in", "m/4.sql: not sealed"],
    );
}

#[test]
fn a_migration_for_one_database_alone_is_caught() {
    let tree = Tree::example(&[
        ("crates/store/migrations/sqlite/0001_first.sql", ""),
        ("crates/store/migrations/postgres/0001_first.sql", ""),
        ("crates/store/migrations/sqlite/0002_second.sql", ""),
        ("crates/store/migrations/postgres/0003_third.sql", ""),
    ]);
    catches(
        unpaired(&tree),
        &[
            "postgres/0002_second.sql: missing",
            "sqlite/0003_third.sql: missing",
        ],
    );
}
