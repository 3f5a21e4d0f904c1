//! Messages come in exactly once, whatever the gateway repeats (invariant 13).

use ordercast_model::{
    ports::source::{Intake, Taken},
    signal::raw::RevisionKind::{self, Deleted, Edited, New},
};

use crate::world::{Setup, World};

/// What is offered, and what must be stored of it.
async fn check(name: &str, offered: &[(RevisionKind, &str)], stored: &[&str], orders: usize) {
    let world = World::new(Setup::default()).await;
    let first = world.message("77", New, "");
    let mut new = 0;
    for (kind, text) in offered {
        let mut message = world.message("77", *kind, text);
        message.posted_at = first.posted_at;
        let taken = world.take(message).await;
        assert_ne!(taken, Taken::Ignored, "{name}");
        new += usize::from(taken == Taken::Stored);
    }
    assert_eq!(new, stored.len(), "{name}: what was new");
    let rows = world.revisions("77").await;
    let got: Vec<String> = rows
        .iter()
        .map(|m| format!("{} {:?} {}", m.revision, m.kind, m.content.text))
        .collect();
    assert_eq!(got, stored, "{name}");
    world.settle().await;
    world.pass(crate::world::MOMENT).await;
    let live = world
        .entries(1)
        .await
        .iter()
        .filter(|o| !o.state.is_final())
        .count();
    assert_eq!(live, orders, "{name}: working entries");
}

#[tokio::test]
async fn invariant_13_a_message_is_taken_once() {
    const BUY: &str = "BUY AAPL @ 180 limit";
    check("once", &[(New, BUY)], &["1 New BUY AAPL @ 180 limit"], 1).await;
    check(
        "dispatch, resume and backfill",
        &[(New, BUY), (New, BUY), (New, BUY)],
        &["1 New BUY AAPL @ 180 limit"],
        1,
    )
    .await;
    check(
        "an edit that changes no text is an echo",
        &[(New, BUY), (Edited, BUY), (Edited, BUY)],
        &["1 New BUY AAPL @ 180 limit"],
        1,
    )
    .await;
    check(
        "an edit seen before its message",
        &[(Edited, "BUY AAPL @ 179 limit"), (New, BUY)],
        &["1 Edited BUY AAPL @ 179 limit"],
        1,
    )
    .await;
    check("a deletion of the unknown", &[(Deleted, "")], &[], 0).await;
    check(
        "deleted, then edited and posted again",
        &[
            (New, BUY),
            (Deleted, ""),
            (Edited, "BUY AAPL @ 170 limit"),
            (New, BUY),
        ],
        &["1 New BUY AAPL @ 180 limit", "2 Deleted "],
        0,
    )
    .await;
    check(
        "an edit there and back",
        &[(New, BUY), (Edited, "BUY AAPL @ 179 limit"), (Edited, BUY)],
        &[
            "1 New BUY AAPL @ 180 limit",
            "2 Edited BUY AAPL @ 179 limit",
            "3 Edited BUY AAPL @ 180 limit",
        ],
        1,
    )
    .await;
}

#[tokio::test]
async fn invariant_13_strangers_and_other_channels_are_counted_not_read() {
    let world = World::new(Setup::default()).await;
    let mut stranger = world.message("5", New, "BUY AAPL @ 180");
    stranger.author.id = "666".to_owned();
    assert_eq!(world.take(stranger).await, Taken::Ignored);
    let mut elsewhere = world.message("6", New, "BUY AAPL @ 180");
    elsewhere.source = ordercast_testkit::sample::tenant::source(2);
    assert_eq!(world.take(elsewhere).await, Taken::Ignored);
    world.settle().await;
    assert!(world.signals().await.is_empty());
}

#[tokio::test]
async fn invariant_14_a_message_that_cannot_be_stored_is_offered_again() {
    let world = World::new(Setup::default()).await;
    let message = world.message("9", New, "BUY AAPL @ 180");
    world.watch.fail_next(1);
    assert_eq!(world.take(message.clone()).await, Taken::Busy);
    assert!(world.revisions("9").await.is_empty());
    assert_eq!(world.take(message).await, Taken::Stored);
    world.settle().await;
    assert_eq!(world.at_venue(1).len(), 1);
}

#[tokio::test]
async fn invariant_13_two_edits_at_the_same_instant_are_two_revisions() {
    let world = World::new(Setup::default()).await;
    let message = world.message("9", New, "BUY AAPL @ 180 limit");
    assert_eq!(world.take(message.clone()).await, Taken::Stored);
    let (door, other) = (world.door(), world.door());
    let one = world.edited(&message, "BUY AAPL @ 179 limit");
    let two = world.edited(&message, "BUY AAPL @ 178 limit");
    let both = futures::future::join_all([
        tokio::spawn(async move { door.take(one).await }),
        tokio::spawn(async move { other.take(two).await }),
    ]);
    world.settle().await;
    for taken in both.await {
        assert_eq!(taken.unwrap(), Taken::Stored);
    }
    let rows = world.revisions("9").await;
    let mut texts: Vec<&str> = rows.iter().map(|m| m.content.text.as_str()).collect();
    texts.sort_unstable();
    let wanted = [
        "BUY AAPL @ 178 limit",
        "BUY AAPL @ 179 limit",
        "BUY AAPL @ 180 limit",
    ];
    assert_eq!(texts, wanted);
}

#[tokio::test]
async fn chatter_makes_one_entry_and_nothing_else() {
    let mut world = World::new(Setup::default()).await;
    world.post("good morning all, what a day").await;
    let kinds = world.kinds().await;
    let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!(
        (
            count("signal.received"),
            count("signal.not_a_trade"),
            count("signal.decision")
        ),
        (1, 1, 0)
    );
    assert!(world.signals().await.is_empty());
}
