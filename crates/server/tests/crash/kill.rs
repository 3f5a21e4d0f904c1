//! A demo killed at any moment goes on lawfully: nothing is forgotten, nothing rewritten, and in the end ours equals
//! the venue's.

use std::time::Duration;

use serde_json::Value;

use super::{
    program::{Program, pause},
    snapshot::Snapshot,
};

/// Kills of one folder: the first while the demo still sets itself up, the rest in the middle of its work.
const KILLS: usize = 5;
/// Longest wait until a started demo is at its work; a busy machine needs a good part of it.
const AT_WORK_MAX: Duration = Duration::from_secs(60);
/// More than the last run's own time and its settling.
const LAST_RUN_MAX: Duration = Duration::from_secs(60);

/// Moments drawn from a seed: the first within 1.5 s of the start, the others up to 4 s after it came to its work.
fn moments(seed: u64) -> Vec<Duration> {
    let mut state = seed;
    let mut draw = |from: u64, to: u64| {
        // One step of SplitMix64: any spread of moments will do, as long as a seed gives the same ones again.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Duration::from_millis(from + (z ^ (z >> 31)) % (to - from))
    };
    let first = draw(50, 1_500);
    std::iter::once(first)
        .chain((1..KILLS).map(|_| draw(200, 4_000)))
        .collect()
}

/// Waits until the demo says where it is.
async fn at_work(program: &mut Program) {
    let step = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    while !program.lines().iter().any(|l| l.contains("Ctrl-C stops")) {
        assert!(program.is_alive(), "it ended by itself: {:?}", program.lines());
        assert!(waited < AT_WORK_MAX, "it is not at work: {:?}", program.lines());
        pause(step).await;
        waited += step;
    }
}

async fn check(seed: u64) {
    let folder = tempfile::tempdir().expect("a data folder");
    let text = seed.to_string();
    let arguments = ["--seed", &text, "--speed", "2"];
    let mut before = Snapshot::of(folder.path()).await;
    for (n, moment) in moments(seed).into_iter().enumerate() {
        let mut program = Program::start(folder.path(), &arguments);
        if n > 0 {
            at_work(&mut program).await;
        }
        pause(moment).await;
        assert!(
            program.is_alive(),
            "seed {seed}, run {n}: it ended by itself: {}",
            program.kill().await.err
        );
        let ended = program.kill().await;
        let now = Snapshot::of(folder.path()).await;
        let since = if n == 0 { "its start" } else { "it was at work" };
        let when = format!("seed {seed}, killed {} ms after {since}", moment.as_millis());
        println!("{when}: {}", now.counts());
        now.check_lawful(&when);
        now.check_goes_on(&before, &when);
        assert!(
            n == 0 || now.written() > before.written(),
            "{when}: nothing was done: {}",
            ended.err
        );
        before = now;
    }
    let last = Program::start(
        folder.path(),
        &[&arguments[..], &["--for", "8s", "--json"]].concat(),
    );
    let ended = last.end(LAST_RUN_MAX).await;
    let after = Snapshot::of(folder.path()).await;
    println!("seed {seed}, in the end: {}", after.counts());
    after.check_lawful("in the end");
    after.check_goes_on(&before, "in the end");
    assert!(
        after.pending.is_empty(),
        "a clean stop leaves {} entries unchained",
        after.pending.len()
    );
    let told: Value = serde_json::from_str(&ended.out).expect("a summary as JSON");
    assert_eq!(
        told["faults"],
        Value::Array(Vec::new()),
        "seed {seed}\n{}",
        ended.err
    );
    assert_eq!(told["journal_verified"], true, "seed {seed}");
    assert!(
        ended.status.success(),
        "seed {seed}: {}\n{}",
        ended.status,
        ended.out
    );
}

#[tokio::test]
async fn killed_again_and_again_it_goes_on_lawfully() {
    for seed in [11, 12, 13] {
        check(seed).await;
    }
}
