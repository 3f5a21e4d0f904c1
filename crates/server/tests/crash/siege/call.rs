//! Killed at chosen system calls, and met by a disk that fails: with `strace`, where it is present.

use std::time::Duration;

use super::{STOP_MAX, Siege, world::Backend};
use crate::program::{Ended, pause};

/// Longest wait until a chosen call comes; a busy machine needs a good part of it.
const CALL_MAX: Duration = Duration::from_secs(40);
/// A full disk stays full this long.
const FULL: Duration = Duration::from_secs(6);

/// The words that run a program so that one of its calls meets something; none where that cannot be had.
fn strace(calls: &str, what: &str) -> Option<Vec<String>> {
    let there = std::process::Command::new("strace")
        .args(["-f", "-qq", "true"])
        .output();
    if !there.is_ok_and(|o| o.status.success()) {
        println!("SKIPPED: strace is not there, or may not trace");
        return None;
    }
    // -D: the program is our own child, and strace watches from aside.
    let words = [
        "strace",
        "-f",
        "-D",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "signal=none",
        "-e",
    ];
    let mut words: Vec<String> = words.map(str::to_owned).to_vec();
    words.extend([
        format!("trace={calls}"),
        "-e".to_owned(),
        format!("inject={calls}:{what}"),
    ]);
    Some(words)
}

/// Killed at the N-th of such calls of a thread.
async fn check(backend: Backend, seed: u64, calls: &[(&str, u32)]) {
    if strace("fdatasync", "signal=KILL:when=1").is_none() {
        return;
    }
    let Some(mut siege) = Siege::lay(seed, backend).await else {
        return;
    };
    let mut reached = 0;
    for (n, (call, when)) in (1..).zip(calls) {
        siege.world.trouble(&mut siege.draw).await;
        let words = strace(call, &format!("signal=KILL:when={when}")).unwrap_or_default();
        let (program, _) = siege.world.serve(&words);
        let met = match program.ends_within(CALL_MAX).await {
            Some(ended) => {
                assert!(
                    ended.status.code().is_none(),
                    "{call} {when}: it ended by itself: {}",
                    ended.err
                );
                reached += 1;
                "at"
            }
            None => "never reached",
        };
        siege.killed(n, &format!("{met} {call} {when}")).await;
    }
    assert!(
        reached * 2 >= calls.len(),
        "{reached} of {} calls were reached",
        calls.len()
    );
    let tally = siege.lift().await;
    println!(
        "{backend:?} seed {seed}: {reached} of {} kills at their call; {} orders, {} fills: books and ledger agree",
        calls.len(),
        tally.orders,
        tally.fills
    );
}

#[tokio::test]
async fn killed_at_chosen_calls_on_sqlite_it_loses_and_doubles_nothing() {
    let calls = [
        ("fdatasync,fsync", 1),
        ("fdatasync,fsync", 9),
        ("fdatasync,fsync", 30),
        ("fdatasync,fsync", 75),
        ("pwrite64", 60),
        ("pwrite64", 400),
        ("sendto,write,writev", 60),
    ];
    check(Backend::Sqlite, 241, &calls).await;
}

#[tokio::test]
async fn killed_at_chosen_calls_on_postgresql_it_loses_and_doubles_nothing() {
    let calls = [("sendto", 350), ("sendto", 700), ("recvfrom", 1_200)];
    check(Backend::Postgres, 341, &calls).await;
}

/// A disk that fails: the program stops by itself and says so; the next life goes on from the log.
#[tokio::test]
async fn a_failed_write_or_sync_ends_the_program_and_the_next_one_goes_on() {
    if strace("fdatasync", "error=EIO:when=1").is_none() {
        return;
    }
    let Some(mut siege) = Siege::lay(441, Backend::Sqlite).await else {
        return;
    };
    // Tables and entry 0 first: the faults are to meet a program at its work.
    let (program, _) = siege.world.serve(&[]);
    pause(Duration::from_secs(3)).await;
    program.kill().await;
    for (n, (call, when)) in (1..).zip([("fdatasync,fsync", 8), ("fdatasync,fsync", 40), ("pwrite64", 90)]) {
        siege.world.trouble(&mut siege.draw).await;
        let words = strace(call, &format!("error=EIO:when={when}")).unwrap_or_default();
        let (program, _) = siege.world.serve(&words);
        let Some(Ended { status, err, .. }) = program.ends_within(CALL_MAX).await else {
            panic!("{call} {when} failed and it goes on");
        };
        assert_eq!(status.code(), Some(1), "{call} {when}: {err}");
        let told = err.lines().find(|l| l.starts_with("ordercast: "));
        let told = told.unwrap_or_else(|| panic!("{call} {when}: it says nothing: {err}"));
        println!("{call} {when}: {told}");
        // A write may also fail while the log of the life before is carried over.
        let says = [
            "ordercast: the disk under the database failed",
            "ordercast: database ",
        ];
        let says = says.iter().any(|start| told.starts_with(start));
        assert!(says && told.contains("disk I/O error"), "{call} {when}: {told}");
        siege.killed(n, &format!("ended by {call} {when}")).await;
    }
    siege.lift().await;
}

/// A full disk opens nothing and heals by itself: the program stays.
#[tokio::test]
async fn a_full_disk_is_sat_out() {
    if strace("pwrite64", "error=ENOSPC:when=1").is_none() {
        return;
    }
    let Some(mut siege) = Siege::lay(541, Backend::Sqlite).await else {
        return;
    };
    let (program, _) = siege.world.serve(&[]);
    pause(Duration::from_secs(3)).await;
    // Stopped in order, it leaves no log that the next start would have to carry over.
    let ended = program.terminate(STOP_MAX).await;
    assert!(ended.status.success(), "{}: {}", ended.status, ended.err);
    siege.killed(1, "stopped before the disk is full").await;
    let words = strace("pwrite64", "error=ENOSPC:when=120..180").unwrap_or_default();
    let (mut program, _) = siege.world.serve(&words);
    assert!(
        siege.under_way(&mut program, &siege.before.orders).await,
        "no order: {}",
        program.said()
    );
    pause(FULL).await;
    assert!(program.is_alive(), "a full disk ended it: {}", program.said());
    let said = program.said();
    assert!(
        said.contains("database or disk is full"),
        "it was not met by a full disk: {said}"
    );
    let written = siege.before.written();
    program.kill().await;
    siege.killed(2, "after the disk was full").await;
    assert!(siege.before.written() > written, "nothing was written after it");
    siege.lift().await;
}
