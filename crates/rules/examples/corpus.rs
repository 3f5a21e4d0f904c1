//! Scores the parser on the project's labelled messages: `cargo xtask corpus`.
//! Options: `--misses` prints what was not read rightly, `--mutations N` also scores N seeds of changed lines,
//! `--check` fails under the bar, a path scores another file: labelled JSON lines, or `.txt` in the form of our own lines.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints")]
#![allow(clippy::expect_used, clippy::panic, reason = "a broken corpus should stop it")]

#[path = "../corpus/mutate.rs"]
mod mutate;
#[path = "../corpus/own.rs"]
mod own;
#[path = "../corpus/score.rs"]
mod score;

use std::{collections::BTreeMap, process::ExitCode};

use score::{Case, Outcome, Table, cases};

fn main() -> ExitCode {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| options.iter().any(|o| o == name);
    let after = |name: &str| {
        options
            .iter()
            .position(|o| o == name)
            .and_then(|i| options.get(i + 1))
    };
    let seeds = after("--mutations")
        .and_then(|n| n.parse().ok())
        .unwrap_or(if has("--check") { 3 } else { 0 });
    let file = options
        .iter()
        .find(|o| !o.starts_with("--") && o.parse::<u64>().is_err());
    let text = file.map(|f| std::fs::read_to_string(f).expect("a readable file"));
    if let (Some(text), true) = (&text, file.is_some_and(|f| f.ends_with(".txt"))) {
        let (wrong, all) = own_lines(&own::lines_of(text), true);
        println!("\nlines        {}/{all} as expected", all - wrong);
        return if wrong == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    let cases = cases(text.as_deref().unwrap_or(score::CORPUS));

    let table = lines(&cases, has("--misses"));
    println!("\nlines        {}", table.summary());
    println!("by action    {}", table.actions());
    println!("fields off   {}", table.fields());

    let own = own_lines(&own::lines(), has("--misses"));
    println!("own lines    {}/{} as expected", own.1 - own.0, own.1);

    let mut whole = Table::default();
    if seeds > 0 {
        let mut by_kind: BTreeMap<&'static str, Table> = BTreeMap::new();
        mutations(&cases, seeds, has("--misses"), &mut whole, &mut by_kind);
        println!("\nmutations    {}", whole.summary());
        for (kind, table) in by_kind {
            println!("  {kind:<10} {}", table.summary());
        }
    }
    if has("--check") {
        let faults = score::under_the_bar(&table, &whole);
        faults.iter().for_each(|f| eprintln!("under the bar: {f}"));
        if !faults.is_empty() || own.0 > 0 {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn lines(cases: &[Case], misses: bool) -> Table {
    let mut table = Table::default();
    for case in cases {
        let outcome = score::score(case);
        table.add(&outcome);
        if misses && !outcome.right {
            miss(case, &outcome, "");
        }
    }
    table
}

fn own_lines(all: &[(String, String)], misses: bool) -> (usize, usize) {
    let mut wrong = 0;
    for (text, expected) in all {
        let (got, reading) = own::short(text, expected);
        if got != *expected {
            wrong += 1;
            if misses {
                println!(
                    "{text:?}\n   expected {expected}\n   read     {got}\n   {}",
                    reading.reasons.join("; ")
                );
            }
        }
    }
    (wrong, all.len())
}

fn mutations(
    cases: &[Case],
    seeds: u64,
    misses: bool,
    whole: &mut Table,
    by_kind: &mut BTreeMap<&'static str, Table>,
) {
    for seed in 0..seeds {
        for (i, case) in cases.iter().enumerate() {
            let mut dice = mutate::Dice::new(seed * 10_007 + i as u64 + 1);
            for kind in 0..6 {
                let Some((changed, name)) = mutate::mutate(case, kind, &mut dice) else {
                    continue;
                };
                let outcome = score::score(&changed);
                whole.add(&outcome);
                by_kind.entry(name).or_default().add(&outcome);
                if misses && !outcome.right {
                    miss(&changed, &outcome, name);
                }
            }
        }
    }
}

fn miss(case: &Case, outcome: &Outcome, name: &str) {
    let mark = if outcome.false_trade {
        " FALSE TRADE"
    } else if outcome.wrong_trade {
        " WRONG TRADE"
    } else {
        ""
    };
    let text: String = case.line.text.chars().take(300).collect();
    println!(
        "{} {name} {:?}{mark}\n   {text:?}\n   read {}\n   {}",
        case.line.id,
        outcome.wrong,
        score::compact(&outcome.got),
        outcome.reasons.join("; ")
    );
}
