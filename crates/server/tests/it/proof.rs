//! `ordercast journal proof`, and the verifier that shares no code with the program: both say the same of everything.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::{
    journal::{ENTRIES, TAMPERED, record, tamper},
    program::{Bench, Ran, copy_database},
};

const VERIFIER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../verifier/journal.py");

/// Runs the verifier in the bench's folder.
fn verifier(bench: &Bench, args: &[&str]) -> Ran {
    let output = Command::new("python3")
        .args(["-B", "-I", VERIFIER])
        .args(args)
        .current_dir(bench.path(""))
        .output()
        .unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What both say of a proof in a file; they must agree.
fn judged(bench: &Bench, file: &str) -> (Option<i32>, String) {
    let ours = bench.run(&["journal", "proof", "--check", file]);
    let theirs = verifier(bench, &["--proof", file]);
    assert_eq!(
        ours.code, theirs.code,
        "{file}: {}{} / {}{}",
        ours.out, ours.err, theirs.out, theirs.err
    );
    let first = |ran: &Ran| ran.out.lines().next().unwrap_or_default().to_owned();
    if ours.code == Some(0) {
        assert_eq!(first(&ours), first(&theirs));
    }
    (ours.code, first(&ours))
}

/// A change to a proof.
type Bend = fn(&mut Value);

#[tokio::test]
async fn invariant_05_an_entry_is_proven_and_no_other_is() {
    let bench = Bench::new();
    record(&bench.path("")).await;
    let mut id = String::new();
    for seq in 0..11 {
        let ran = bench.run(&["journal", "proof", &seq.to_string(), "--data-dir", "."]);
        assert_eq!(ran.code, Some(0), "{seq}: {}", ran.err);
        let proof = ran.json();
        id = proof["entry"]["id"].as_str().unwrap().to_owned();
        bench.write("proof.json", &ran.out);
        let (code, said) = judged(&bench, "proof.json");
        assert_eq!(code, Some(0), "{seq}: {said}");
        assert!(
            said.starts_with(&format!("proven: entry {seq} ({id}) is one of the 11 ")),
            "{said}"
        );
        let bent: [(&str, Bend); 6] = [
            ("place", |p| {
                p["entry"]["seq"] = Value::from(p["entry"]["seq"].as_u64().unwrap() + 1)
            }),
            ("field", |p| p["entry"]["reason"] = Value::from("another")),
            ("hash", |p| p["entry"]["hash"] = p["entry"]["prev_hash"].clone()),
            ("path", |p| drop(p["path"].as_array_mut().unwrap().pop())),
            ("root", |p| p["checkpoint"]["root"] = p["entry"]["hash"].clone()),
            ("time", |p| {
                p["checkpoint"]["at"] = Value::from("2030-01-01T00:00:00.000000Z")
            }),
        ];
        for (what, bend) in bent {
            let mut other = proof.clone();
            bend(&mut other);
            bench.write("bent.json", &other.to_string());
            let (code, said) = judged(&bench, "bent.json");
            assert_eq!(code, Some(2), "{seq} {what}: {said}");
        }
    }
    let by_id = bench.run(&["journal", "proof", &id, "--data-dir", "."]);
    assert_eq!(by_id.json()["entry"]["seq"], Value::from(10));
    for (named, words) in [
        ("11", "counts 11 entries, not yet entry 11"),
        ("12", "holds no entry 12"),
        ("somebody", "expected the place of an entry"),
        ("jrn_01hzzzzzzzzzzzzzzzzzzzzzzz", "holds no entry jrn_"),
    ] {
        let ran = bench.run(&["journal", "proof", named, "--data-dir", "."]);
        assert_eq!(ran.code, Some(1), "{named}: {}", ran.out);
        assert!(ran.err.contains(words), "{named}: {}", ran.err);
    }
    bench.write("none.json", "{}");
    assert_eq!(judged(&bench, "none.json").0, Some(1));
}

#[tokio::test]
async fn invariant_05_a_journal_that_was_rewritten_proves_no_growth() {
    let bench = Bench::new();
    record(&bench.path("")).await;
    let exported = bench.run(&[
        "journal",
        "export",
        "--data-dir",
        ".",
        "--checkpoints",
        "checkpoints.jsonl",
    ]);
    assert_eq!(exported.code, Some(0), "{}", exported.err);
    let kept = std::fs::read_to_string(bench.path("checkpoints.jsonl")).unwrap();
    let kept: Vec<&str> = kept.lines().collect();
    assert_eq!(kept.len(), 2);
    bench.write("kept.json", kept[0]);
    let asked = ["journal", "proof", "--since", "kept.json", "--data-dir", "."];
    let ran = bench.run(&asked);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    bench.write("growth.json", &ran.out);
    let (code, said) = judged(&bench, "growth.json");
    assert!(
        code == Some(0) && said.contains("the 11 entries signed") && said.contains("the 5 signed"),
        "{said}"
    );
    let mut bent = ran.json();
    bent["path"].as_array_mut().unwrap().swap(0, 1);
    bench.write("bent.json", &bent.to_string());
    assert_eq!(judged(&bench, "bent.json").0, Some(2));
    let file = bench.path("ordercast.db");
    tamper(&file, "UPDATE journal_chain SET hash = prev_hash WHERE seq = 4").await;
    let ran = bench.run(&asked);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err
            .contains("there is no such proof: the path does not lead to both roots"),
        "{}",
        ran.err
    );
}

/// The first place, or checkpoint, that a verdict names.
fn named(said: &str) -> String {
    let from = |word: &str| said.find(word).map(|at| (at, word.len()));
    let (at, length) = from("checkpoint chk_").or_else(|| from("entry ")).unwrap();
    let end = said[at + length..].find([' ', ':', ';', ',']);
    said[at..]
        .chars()
        .take(length + end.unwrap_or(said.len()))
        .collect()
}

fn export(bench: &Bench, folder: &Path) -> Ran {
    let folder = folder.to_str().unwrap();
    let ran = bench.run(&[
        "journal",
        "export",
        "--data-dir",
        folder,
        "--checkpoints",
        "checkpoints.jsonl",
    ]);
    bench.write("entries.jsonl", &ran.out);
    ran
}

#[tokio::test]
async fn invariant_05_the_stand_alone_verifier_agrees() {
    let bench = Bench::new();
    record(&bench.path("")).await;
    let args = ["entries.jsonl", "--checkpoints", "checkpoints.jsonl"];
    assert_eq!(export(&bench, &bench.path("")).code, Some(0));
    let ours = bench.run(&["journal", "verify", "--data-dir", "."]);
    let theirs = verifier(&bench, &args);
    assert_eq!(
        (ours.code, theirs.code),
        (Some(0), Some(0)),
        "{}{}",
        theirs.out,
        theirs.err
    );
    assert!(
        theirs.out.contains(&format!("entries that hold  {ENTRIES}\n")),
        "{}",
        theirs.out
    );
    let head = |ran: &Ran| {
        ran.out
            .lines()
            .find(|line| line.starts_with("head hash"))
            .map(str::to_owned)
    };
    assert_eq!(head(&ours), head(&theirs));
    let other = verifier(&bench, &["entries.jsonl", "--key", &"0".repeat(64)]);
    assert_eq!(other.code, Some(2), "{}", other.out);
    let mut compared = 0;
    for (statement, _) in TAMPERED.iter().copied() {
        let copy = Bench::new();
        let file = copy.path("ordercast.db");
        copy_database(&bench.path("ordercast.db"), &file);
        tamper(&file, statement).await;
        // What is kept beside a body only to find it is not exported, nor what is gone: the program refuses to.
        let exported = export(&copy, &copy.path(""));
        if exported.code != Some(0) {
            assert!(
                exported.err.contains("entry") || exported.err.contains("row"),
                "{}",
                exported.err
            );
            continue;
        }
        let ours = copy.run(&["journal", "verify", "--data-dir", "."]);
        let theirs = verifier(&copy, &args);
        // An entry that was recorded and stands in no chain is seen in the database alone.
        if ours.out.contains("no longer in the chain") {
            continue;
        }
        assert_eq!(theirs.code, Some(2), "{statement}: {}{}", theirs.out, theirs.err);
        assert_eq!(
            named(&theirs.out),
            named(&ours.out),
            "{statement}: {} / {}",
            theirs.out,
            ours.out
        );
        compared += 1;
    }
    assert!(compared >= 3, "{compared}");
}

#[tokio::test]
async fn invariant_05_an_altered_export_is_named_by_the_stand_alone_verifier() {
    let bench = Bench::new();
    record(&bench.path("")).await;
    assert_eq!(export(&bench, &bench.path("")).code, Some(0));
    let args = ["entries.jsonl", "--checkpoints", "checkpoints.jsonl"];
    let whole = std::fs::read_to_string(bench.path("entries.jsonl")).unwrap();
    let rows: Vec<&str> = whole.lines().collect();
    let altered = rows[6].replace("process", "procesz");
    let files: [(&str, Vec<&str>, &str); 6] = [
        (
            "changed",
            [&rows[..6], &[altered.as_str()], &rows[7..]].concat(),
            "entry 6:",
        ),
        ("left out", [&rows[..6], &rows[7..]].concat(), "entry 7:"),
        ("doubled", [&rows[..6], &rows[5..]].concat(), "entry 5:"),
        (
            "swapped",
            [&rows[..4], &[rows[5], rows[4]], &rows[6..]].concat(),
            "entry 5:",
        ),
        (
            "cut",
            rows[..10].to_vec(),
            "entry 10: it is missing; checkpoint chk_",
        ),
        ("begun late", rows[1..].to_vec(), "entry 1:"),
    ];
    for (what, rows, words) in files {
        bench.write("entries.jsonl", &rows.join("\n"));
        let said = verifier(&bench, &args);
        assert_eq!(said.code, Some(2), "{what}: {}{}", said.out, said.err);
        assert!(said.out.contains(words), "{what}: {}", said.out);
    }
}
