//! Each part is broken on purpose and must be named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{path::Path, sync::Arc, time::Duration};

use ordercast_model::{
    connection::SealedField,
    journal::kind::Kind,
    ports::{
        broker::Dedupe,
        clock::Clock,
        source::SourceStatus,
        store::{Batch, commit},
    },
    tenant::SystemScope,
    time::Timestamp,
};
use ordercast_testkit::{
    broker::{FakeBroker, capabilities},
    clock::SteerableClock,
    sample,
    store::MemoryStore,
    vault::FakeVault,
};
use ordercast_web::PartState;

use super::{Board, Finding, Trouble, Weight, expect_all, look, part};

const TEST: SystemScope = SystemScope::housekeeping("a test");

fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000)
}

/// A board on which everything works.
fn healthy() -> (Arc<SteerableClock>, Board) {
    let clock = Arc::new(SteerableClock::at(now()));
    let board = Board::new(clock.clone());
    expect_all(&board);
    for part in board.read() {
        board.tell(part.name, Ok(()));
    }
    (clock, board)
}

/// Tells a part's finding to a healthy board and checks that this part, and no other, is named.
fn check(name: &'static str, finding: Finding, state: PartState, words: &str) {
    let (_, board) = healthy();
    board.tell(name, finding);
    let bad: Vec<_> = board
        .read()
        .into_iter()
        .filter(|part| part.state != PartState::Ok)
        .collect();
    assert_eq!(bad.len(), 1, "{name}: {bad:?}");
    assert_eq!((bad[0].name, bad[0].state), (name, state));
    let reason = bad[0].reason.clone().unwrap();
    assert!(reason.contains(words), "{name}: {reason}");
}

#[test]
fn nothing_counts_as_working_before_it_was_looked_at() {
    let clock = Arc::new(SteerableClock::at(now()));
    let board = Board::new(clock);
    expect_all(&board);
    assert!(board.read().iter().all(|part| part.state != PartState::Ok));
    let (_, board) = healthy();
    assert!(
        board
            .read()
            .iter()
            .all(|part| part.state == PartState::Ok && part.reason.is_none())
    );
}

#[tokio::test]
async fn a_watcher_that_falls_silent_counts_against_its_part() {
    let (clock, board) = healthy();
    clock.advance(Duration::from_secs(6)).await;
    let bad: Vec<_> = board
        .read()
        .into_iter()
        .filter(|part| part.state != PartState::Ok)
        .collect();
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert_eq!((bad[0].name, bad[0].state), (part::DATABASE, PartState::Down));
    assert_eq!(bad[0].reason.as_deref(), Some("nothing heard of it for 6 s"));
}

#[test]
fn recovery_is_down_until_it_is_done() {
    check(
        part::RECOVERY,
        Err(Trouble::Broken("starting".to_owned())),
        PartState::Down,
        "starting",
    );
}

#[tokio::test]
async fn a_database_that_is_away_is_down() {
    let store = MemoryStore::new();
    assert_eq!(look::database(&store).await, Ok(()));
    store.set_away(true);
    check(
        part::DATABASE,
        look::database(&store).await,
        PartState::Down,
        "unavailable",
    );
}

#[tokio::test]
async fn entries_that_nobody_chains_are_told() {
    let store = MemoryStore::new();
    let mut batch = Batch::new();
    let mut entry = sample::record::entry(1, Kind::SystemStarted, None);
    entry.at = now();
    batch.note(entry);
    commit(&store, TEST, batch).await.unwrap();
    assert_eq!(
        look::journal(&store, now().plus(Duration::from_secs(1))).await,
        Ok(())
    );
    let late = look::journal(&store, now().plus(Duration::from_secs(4))).await;
    check(part::JOURNAL, late, PartState::Degraded, "4 s");
    let lost = look::journal(&store, now().plus(Duration::from_secs(11))).await;
    check(part::JOURNAL, lost, PartState::Down, "11 s");
}

#[tokio::test]
async fn keys_that_open_nothing_are_down() {
    let store = MemoryStore::new();
    assert_eq!(
        look::keys(&store, &FakeVault).await,
        Ok(()),
        "nothing is sealed yet"
    );
    let mut connection = sample::trade::connection(1, sample::id(1));
    let field = SealedField {
        name: "key".to_owned(),
        master_version: 1,
        sealed: "sealed under another key".to_owned(),
    };
    connection.credential.push(field);
    let mut batch = Batch::new();
    batch.insert(connection);
    commit(&store, TEST, batch).await.unwrap();
    check(
        part::KEYS,
        look::keys(&store, &FakeVault).await,
        PartState::Down,
        "ORDERCAST_MASTER_KEYS",
    );
}

#[tokio::test]
async fn a_jump_of_the_wall_clock_is_down_for_a_while() {
    let clock = SteerableClock::at(now());
    let mut watch = look::ClockWatch::default();
    assert_eq!(watch.look(clock.now(), clock.monotonic()), Ok(()));
    clock.advance(Duration::from_secs(1)).await;
    assert_eq!(watch.look(clock.now(), clock.monotonic()), Ok(()));
    clock.jump_to(clock.now().plus(Duration::from_secs(90)));
    check(
        part::CLOCK,
        watch.look(clock.now(), clock.monotonic()),
        PartState::Down,
        "jumped forward by 90 s",
    );
    clock.advance(Duration::from_secs(10)).await;
    assert!(watch.look(clock.now(), clock.monotonic()).is_err());
    clock.advance(Duration::from_secs(21)).await;
    assert_eq!(watch.look(clock.now(), clock.monotonic()), Ok(()));
    clock.jump_to(clock.now().minus(Duration::from_secs(3)));
    check(
        part::CLOCK,
        watch.look(clock.now(), clock.monotonic()),
        PartState::Down,
        "jumped back by 3 s",
    );
}

#[test]
fn discord_away_or_refused_is_degraded() {
    let up = SourceStatus {
        connected: true,
        ..SourceStatus::default()
    };
    assert_eq!(look::source(&up), Ok(()));
    let down = SourceStatus {
        reason: Some("cut".to_owned()),
        gap_seconds: 12,
        ..SourceStatus::default()
    };
    check(
        part::DISCORD,
        look::source(&down),
        PartState::Degraded,
        "cut (for 12 s)",
    );
    let refused = SourceStatus {
        fatal: Some("bad_token"),
        ..SourceStatus::default()
    };
    check(
        part::DISCORD,
        look::source(&refused),
        PartState::Degraded,
        "bad_token",
    );
}

#[tokio::test]
async fn a_venue_that_is_away_is_degraded() {
    let (store, clock) = (MemoryStore::new(), Arc::new(SteerableClock::at(now())));
    let venue = FakeBroker::new(capabilities(Dedupe::Always), clock);
    venue.set_away(true);
    assert_eq!(
        look::broker(&store, &FakeVault, &venue).await,
        Ok(()),
        "no account there yet"
    );
    let mut batch = Batch::new();
    batch.insert(sample::trade::connection(1, sample::id(1)));
    commit(&store, TEST, batch).await.unwrap();
    let finding = look::broker(&store, &FakeVault, &venue).await;
    check(
        part::PAPER_BROKER,
        finding,
        PartState::Degraded,
        "does not answer",
    );
}

#[test]
fn quotes_bus_disk_and_dashboard_are_told_apart() {
    assert_eq!(
        (look::market(true), look::bus(true), look::dashboard(true)),
        (Ok(()), Ok(()), Ok(()))
    );
    check(
        part::PAPER_MARKET,
        look::market(false),
        PartState::Degraded,
        "no quotes",
    );
    check(part::BUS, look::bus(false), PartState::Degraded, "Redis is away");
    check(
        part::DASHBOARD,
        look::dashboard(false),
        PartState::Degraded,
        "not built",
    );
    let folder = Path::new("/data");
    assert_eq!(look::space_of(folder, look::SPACE_ENOUGH), Ok(()));
    check(
        part::DISK,
        look::space_of(folder, look::SPACE_ENOUGH - 1),
        PartState::Degraded,
        "1023 MiB free in /data",
    );
    check(
        part::DISK,
        look::space_of(folder, look::SPACE_LEAST - 1),
        PartState::Down,
        "99 MiB free in /data",
    );
    check(
        part::DISK,
        look::disk(Path::new("/nowhere/at/all")),
        PartState::Down,
        "/nowhere/at/all",
    );
}

#[test]
fn a_part_nobody_expects_is_left_out() {
    let board = Board::new(Arc::new(SteerableClock::at(now())));
    board.expect(part::BUS, Weight::Side, None);
    board.tell(part::DISK, Ok(()));
    assert_eq!(board.read().len(), 1);
}
