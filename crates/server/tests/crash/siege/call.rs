//! Killed at chosen system calls, and met by a disk that fails: with `strace`, where it is present.

use std::time::Duration;

use super::{STOP_MAX, Siege, world::Backend};
use crate::program::Ended;

/// Longest wait until a chosen call comes; a busy machine needs a good part of it.
const CALL_MAX: Duration = Duration::from_secs(40);
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
        ("fdatasync,fsync", 120),
        ("pwrite64", 60),
        ("pwrite64", 400),
        ("sendto,writev", 25),
        ("sendto,writev", 60),
        ("sendto,writev", 110),
        ("recvfrom", 150),
    ];
    check(Backend::Sqlite, 241, &calls).await;
}

#[tokio::test]
async fn killed_at_chosen_calls_on_postgresql_it_loses_and_doubles_nothing() {
    let calls = [
        ("sendto", 350),
        ("sendto", 700),
        ("sendto", 1_100),
        ("sendto", 1_700),
        ("recvfrom", 1_200),
        ("recvfrom", 2_500),
    ];
    check(Backend::Postgres, 341, &calls).await;
}

/// A disk that fails or is full meets a program at its work: it ends by itself with exit code 1 and says what to do, and
/// the next life goes on from the log.
#[tokio::test]
async fn a_failed_write_or_sync_ends_the_program_and_the_next_one_goes_on() {
    if strace("fdatasync", "error=EIO:when=1").is_none() {
        return;
    }
    let Some(mut siege) = Siege::lay(441, Backend::Sqlite).await else {
        return;
    };
    // Tables and entry 0 first; stopped in order, it leaves no log whose carrying over would meet the fault instead.
    let (mut program, port) = siege.world.serve(&[]);
    siege.world.ready(&mut program, port).await;
    let ended = program.terminate(STOP_MAX).await;
    assert!(ended.status.success(), "{}: {}", ended.status, ended.err);
    siege.killed(0, "stopped before the disk fails").await;
    let faults = [
        ("fdatasync,fsync", "error=EIO:when=8"),
        ("fdatasync,fsync", "error=EIO:when=40"),
        ("fdatasync,fsync", "error=ENOSPC:when=25"),
        ("pwrite64", "error=EIO:when=90"),
        ("pwrite64", "error=ENOSPC:when=300"),
        // And full it stays: the next life does not come up.
        ("pwrite64", "error=ENOSPC:when=1+"),
    ];
    for (n, (calls, what)) in (1..).zip(faults) {
        siege.world.trouble(&mut siege.draw).await;
        let words = strace(calls, what).unwrap_or_default();
        let (program, _) = siege.world.serve(&words);
        let Some(Ended { status, err, .. }) = program.ends_within(CALL_MAX).await else {
            panic!("{calls} {what} and it goes on");
        };
        assert_eq!(status.code(), Some(1), "{calls} {what}: {err}");
        let told = err.lines().find(|l| l.starts_with("ordercast: "));
        let told = told.unwrap_or_else(|| panic!("{calls} {what}: it says nothing: {err}"));
        println!("{calls} {what}: {told}");
        let why = ["disk I/O error", "database or disk is full"];
        assert!(why.iter().any(|why| told.contains(why)), "{calls} {what}: {told}");
        // The fault may also come while the log of the life before is carried over.
        let at_work = told.starts_with("ordercast: the disk under the database failed: ");
        let at_start =
            told.starts_with("ordercast: database ") && told.contains("the disk under it failed: ");
        assert!(at_work || at_start, "{calls} {what}: {told}");
        for said in ["Free space or mend the disk", "start again"] {
            assert!(told.contains(said), "{calls} {what} names no way out: {told}");
        }
        siege.killed(n, &format!("ended by {calls} {what}")).await;
    }
    let written = siege.before.written();
    let tally = siege.lift().await;
    println!(
        "Sqlite seed 441: {} ends by a disk, {written} entries before the last life; {} orders, {} fills: books and \
         ledger agree",
        faults.len(),
        tally.orders,
        tally.fills
    );
}
