//! Edits and deletions: only the difference acts, what is filled stays, nothing is entered twice, also when the process
//! dies in the middle.

use ordercast_model::{journal::entry::ActorKind, order::identity::Leg, ports::store::JournalStore};

use crate::{
    spy::Death,
    world::{MOMENT, Setup, World, fixed, seconds},
};

fn setup() -> Setup {
    Setup {
        followers: 2,
        cash: 1_000_000,
        sizing: fixed(10),
        limits: |_| ordercast_model::limits::Limits {
            per_symbol_max: 5,
            ..Default::default()
        },
        ..Setup::default()
    }
}

fn limits_of(orders: &[ordercast_model::order::intent::Order]) -> Vec<String> {
    orders
        .iter()
        .filter(|o| !o.state.is_final())
        .map(|o| {
            format!(
                "{} {}",
                o.request.instrument,
                o.request.order_type.price().unwrap()
            )
        })
        .collect()
}

#[tokio::test]
async fn ac_29_an_edited_price_replaces_what_has_not_filled() {
    let mut world = World::new(setup()).await;
    let message = world.post("BUY AAPL @ 180 limit SL 170").await;
    world.fill(2, Leg::Entry, "10", "180").await;
    world.pass(seconds(40)).await;
    world.edit(&message, "BUY AAPL @ 179 limit SL 170").await;
    assert_eq!(limits_of(&world.entries(1).await), ["AAPL 179"]);
    assert_eq!(world.working(1).len(), 1);
    assert_eq!(world.signals().await[0].revision, 2);
    assert_eq!(world.entries(2).await.len(), 1, "what is filled stays");
    assert_eq!(world.positions(2).await[0].quantity.to_string(), "10");
}

#[tokio::test]
async fn ac_29_a_late_edit_cancels_and_asks() {
    let mut world = World::new(setup()).await;
    let message = world.post("BUY AAPL @ 180 limit SL 170").await;
    world.fill(2, Leg::Entry, "10", "180").await;
    world.pass(seconds(600)).await;
    world.edit(&message, "BUY AAPL @ 179 limit SL 170").await;
    assert!(world.working(1).is_empty());
    let cards = world.cards(1).await;
    assert_eq!(cards.len(), 1, "{:?}", world.decisions(1).await);
    assert!(world.cards(2).await.is_empty(), "who holds it is not asked");
    ordercast_app::approve::answer(world.ctx(), &world.user(1), cards[0].id, true)
        .await
        .unwrap();
    world.settle().await;
    assert_eq!(limits_of(&world.entries(1).await), ["AAPL 179"]);
}

#[tokio::test]
async fn ac_30_chatter_edited_into_a_trade_is_stale() {
    let mut world = World::new(setup()).await;
    let message = world.post("good morning").await;
    world.pass(seconds(600)).await;
    world.edit(&message, "BUY AAPL now").await;
    assert_eq!(world.verdicts(1).await, ["stale"]);
    assert!(world.at_venue(1).is_empty() && world.cards(1).await.is_empty());
}

#[tokio::test]
async fn ac_31_a_deletion_cancels_what_has_not_filled() {
    let mut world = World::new(setup()).await;
    let message = world.post("BUY AAPL @ 180 limit SL 170").await;
    world.fill(2, Leg::Entry, "10", "180").await;
    world.delete(&message).await;
    assert!(world.working(1).is_empty());
    let cancelled = world.entries(1).await.remove(0);
    assert_eq!(cancelled.state.code(), "cancelled");
    assert_eq!(cancelled.reason.as_deref(), Some("provider_cancelled"));
    assert_eq!(
        world.guards(2).await,
        ["stop 10 @ 170"],
        "the filled one keeps its stop"
    );
    for n in [1, 2] {
        let told = world.decisions(1).await.pop().unwrap();
        assert!(
            told.message.to_lowercase().contains("deleted"),
            "follower {n} is told: {}",
            told.message
        );
    }
}

#[tokio::test]
async fn an_edit_into_chatter_cancels_what_has_not_filled() {
    let mut world = World::new(setup()).await;
    let message = world.post("BUY AAPL @ 180 limit SL 170").await;
    world.edit(&message, "never mind, good morning").await;
    assert!(world.working(1).is_empty());
    // The venue says "user_cancelled" of whatever its client cancels; the journal says whose word it was.
    let chained = world.store.chained(0, 10_000).await.unwrap();
    let ends: Vec<_> = chained
        .iter()
        .filter(|c| c.entry.kind.code() == "order.cancelled")
        .map(|c| (c.entry.reason.as_deref(), c.entry.actor.kind))
        .collect();
    assert_eq!(ends, [(Some("provider_cancelled"), ActorKind::Provider); 2]);
}

#[tokio::test]
async fn an_edited_stop_moves_on_its_own_trade_only() {
    let mut world = World::new(setup()).await;
    world.quote("MSFT", "100");
    let message = world
        .post("BUY AAPL @ 180 limit SL 170\nBUY MSFT @ 100 limit SL 90")
        .await;
    let symbols: Vec<String> = world
        .entries(1)
        .await
        .iter()
        .map(|o| o.request.instrument.to_string())
        .collect();
    assert_eq!(symbols.len(), 2, "two instructions");
    for order in world.entries(1).await {
        let at = order.request.order_type.price().unwrap();
        world.venue.fill(
            World::connection_id(1),
            order.client_order_id(),
            crate::world::units("10"),
            at,
        );
        world.settle().await;
    }
    assert_eq!(world.guards(1).await, ["stop 10 @ 170", "stop 10 @ 90"]);
    world
        .edit(
            &message,
            "BUY AAPL @ 180 limit SL 172\nBUY MSFT @ 100 limit SL 95",
        )
        .await;
    assert_eq!(world.guards(1).await, ["stop 10 @ 172", "stop 10 @ 95"]);
}

#[tokio::test]
async fn an_edited_entry_leaves_the_other_instruction_alone() {
    let mut world = World::new(setup()).await;
    world.quote("MSFT", "100");
    let message = world
        .post("BUY AAPL @ 180 limit SL 170\nBUY MSFT @ 100 limit SL 90")
        .await;
    world
        .edit(
            &message,
            "BUY AAPL @ 180 limit SL 170\nBUY MSFT @ 99.50 limit SL 90",
        )
        .await;
    let mut left = limits_of(&world.entries(1).await);
    left.sort();
    assert_eq!(left, ["AAPL 180", "MSFT 99.5"]);
    let symbols: Vec<String> = world
        .working(1)
        .iter()
        .map(|o| o.instrument.to_string())
        .collect();
    assert_eq!(symbols.len(), 2);
}

/// The end of an edit or deletion is the same wherever the process dies in it.
async fn dies(act: &str, death: Death) -> bool {
    let mut world = World::new(setup()).await;
    let message = world.post("BUY AAPL @ 180 limit SL 170").await;
    world.fill(2, Leg::Entry, "10", "180").await;
    world.pass(seconds(5)).await;
    let next = match act {
        "edit" => world.edited(&message, "BUY AAPL @ 179 limit SL 170"),
        "withdraw" => world.edited(&message, "never mind"),
        _ => ordercast_model::signal::raw::RawMessage {
            revision: ordercast_model::signal::raw::RevisionKind::Deleted,
            content: ordercast_model::signal::raw::Content::default(),
            ..message.clone()
        },
    };
    world.take(next).await;
    world.watch.die(death);
    world.settle().await;
    world.pass(MOMENT).await;
    let died = world.watch.is_dead();
    world.crash_and_restart().await;
    world.pass(seconds(8)).await;
    let name = format!("{act} {death:?}");
    let one = limits_of(&world.entries(1).await);
    if act == "edit" {
        assert_eq!(one, ["AAPL 179"], "{name}");
    } else {
        assert!(one.is_empty(), "{name}: {one:?}");
    }
    assert_eq!(world.working(1).len(), one.len(), "{name}: at the venue");
    assert_eq!(
        world.entries(2).await.len(),
        1,
        "{name}: the filled one entered again"
    );
    assert_eq!(world.guards(2).await, ["stop 10 @ 170"], "{name}");
    world.audit().await;
    died
}

#[tokio::test]
async fn invariant_02_a_death_in_an_edit_enters_nothing_twice() {
    for act in ["edit", "withdraw", "delete"] {
        for n in 1..30 {
            let before = dies(act, Death::Before(n)).await;
            let after = dies(act, Death::After(n)).await;
            if !before && !after {
                break;
            }
        }
    }
}

#[tokio::test]
async fn an_edit_after_everything_was_closed_opens_nothing() {
    let mut world = World::new(setup()).await;
    let message = world.post("BUY AAPL @ 180 limit SL 170").await;
    world.fill(1, Leg::Entry, "10", "180").await;
    world.pass(seconds(10)).await;
    world.post("close AAPL").await;
    world.fill(1, Leg::Flatten, "10", "181").await;
    world.pass(seconds(2)).await;
    world.edit(&message, "BUY AAPL @ 179 limit SL 170").await;
    assert_eq!(world.entries(1).await.len(), 1);
}
