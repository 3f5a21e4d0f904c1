//! A lot is covered by exactly what is held: after each fill, after targets, through closes and refusals.

use std::sync::atomic::Ordering;

use ordercast_model::order::identity::Leg;

use crate::world::{MOMENT, Setup, World, fixed, seconds};

fn setup(n: u32) -> Setup {
    Setup {
        cash: 1_000_000,
        sizing: fixed(n),
        ..Setup::default()
    }
}

#[tokio::test]
async fn ac_10_a_missing_stop_is_added_at_the_fill() {
    let mut world = World::new(setup(10)).await;
    world.quote("AAPL", "250");
    world.post("BUY AAPL @ 250").await;
    world.fill(1, Leg::Entry, "10", "250").await;
    assert_eq!(world.guards(1).await, ["stop 10 @ 245"]);
}

#[tokio::test]
async fn ac_41_protection_follows_the_filled_part_and_the_rest_is_cancelled() {
    let mut world = World::new(setup(100)).await;
    world.post("BUY AAPL @ 180 limit SL 175").await;
    world.fill(1, Leg::Entry, "40", "180").await;
    assert_eq!(world.guards(1).await, ["stop 40 @ 175"]);
    world.pass(seconds(299)).await;
    assert_eq!(world.entries(1).await[0].state.code(), "partially_filled");
    world.pass(seconds(2)).await;
    let entry = world.entries(1).await.remove(0);
    assert_eq!(
        (entry.state.code(), entry.filled.to_string()),
        ("cancelled", "40".to_owned())
    );
    assert_eq!(world.guards(1).await, ["stop 40 @ 175"]);
    assert!(world.account(1).await.reservations.is_empty());
}

#[tokio::test]
async fn every_fill_of_a_burst_is_covered_once_and_never_over() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 limit SL 175").await;
    for (filled, at) in [("1", "180"), ("3", "179.9"), ("6", "179.8")] {
        world.fill(1, Leg::Entry, filled, at).await;
        let held = world.positions(1).await[0].quantity;
        assert_eq!(world.guards(1).await, [format!("stop {held} @ 175")]);
    }
    assert_eq!(world.entries(1).await[0].state.code(), "filled");
}

#[tokio::test]
async fn ac_42_targets_split_and_break_even_follows_the_first() {
    let mut world = World::new(setup(10)).await;
    world.quote("AAPL", "2.13");
    world
        .post("BUY AAPL @ 2.13 SL 1.60 TP 2.50 33% 3.00 33% 4.00 34%")
        .await;
    world.fill(1, Leg::Entry, "10", "2.13").await;
    assert_eq!(
        world.guards(1).await,
        [
            "stop 3 @ 1.6",
            "stop 3 @ 1.6",
            "stop 4 @ 1.6",
            "target 3 @ 2.5",
            "target 3 @ 3",
            "target 4 @ 4"
        ]
    );
    world.quote("AAPL", "2.55");
    world.fill(1, Leg::Target(1), "3", "2.50").await;
    world.pass(MOMENT).await;
    assert_eq!(
        world.guards(1).await,
        ["stop 3 @ 2.13", "stop 4 @ 2.13", "target 3 @ 3", "target 4 @ 4"]
    );
    assert_eq!(world.positions(1).await[0].quantity.to_string(), "7");
}

#[tokio::test]
async fn a_full_close_takes_protection_away_before_it_is_sent() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 SL 175 TP 190").await;
    world.fill(1, Leg::Entry, "10", "180").await;
    assert_eq!(world.guards(1).await, ["stop 10 @ 175", "target 10 @ 190"]);
    world.pass(seconds(10)).await;
    world.post("close AAPL").await;
    assert_eq!(
        world.guards(1).await,
        ["close 10"],
        "never more exits than shares"
    );
    world.fill(1, Leg::Flatten, "10", "181").await;
    world.pass(seconds(5)).await;
    assert!(world.working(1).is_empty(), "EX-16: no sibling is left");
    assert!(world.lots(1).await.is_empty());
    assert!(world.open_orders().await.is_empty());
}

#[tokio::test]
async fn a_close_that_the_venue_refuses_is_protected_again() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 SL 175").await;
    world.fill(1, Leg::Entry, "10", "180").await;
    world.pass(seconds(10)).await;
    world.venue.script([ordercast_testkit::broker::Script::Reject(
        ordercast_model::ports::broker::Refusal {
            kind: ordercast_model::ports::broker::ErrorKind::Restricted,
            code: "403".to_owned(),
            message: "halted".to_owned(),
        },
    )]);
    world.post("close AAPL").await;
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["stop 10 @ 175"]);
}

#[tokio::test]
async fn a_part_close_waits_for_a_larger_group_whose_answer_was_lost() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 limit SL 175").await;
    world.fill(1, Leg::Entry, "3", "180").await;
    assert_eq!(world.guards(1).await, ["stop 3 @ 175"]);
    world.mood.deaf.store(true, Ordering::SeqCst);
    world.fill(1, Leg::Entry, "3", "180").await;
    assert_eq!(world.guards(1).await, ["stop 6 @ 175"], "it arrived");
    world.post("close half AAPL").await;
    for turn in 0..150 {
        world.mood.deaf.store(turn < 60, Ordering::SeqCst);
        world.pass(std::time::Duration::from_millis(100)).await;
        let guards = world.guards(1).await;
        assert_ne!(
            guards,
            ["close 3", "stop 6 @ 175"],
            "never more exits than shares"
        );
    }
    assert_eq!(world.guards(1).await, ["close 3", "stop 3 @ 175"]);
    world.audit().await;
}

#[tokio::test]
async fn ex_11_a_refused_stop_is_watched_by_us_told_and_asked_for_with_patience() {
    let mut world = World::new(setup(10)).await;
    world.mood.refusing.store(true, Ordering::SeqCst);
    world.post("BUY AAPL @ 180 SL 175").await;
    world.fill(1, Leg::Entry, "10", "180").await;
    world.pass(seconds(1)).await;
    assert!(world.lots(1).await[0].emulated(), "watched within a second");
    let told = |kinds: Vec<String>| kinds.iter().filter(|k| *k == "protection.emulated").count();
    assert_eq!(told(world.kinds().await), 1, "TR-11: told");
    world.pass(seconds(600)).await;
    assert_eq!(told(world.kinds().await), 1, "once");
    let orders = world.orders(1).await.len();
    assert!(orders < 40, "{orders} orders of ten minutes of refusals");
    world.mood.refusing.store(false, Ordering::SeqCst);
    world.pass(seconds(900)).await;
    assert_eq!(world.guards(1).await, ["stop 10 @ 175"]);
    assert!(!world.lots(1).await[0].emulated(), "the venue holds it now");
}

#[tokio::test]
async fn ex_20_a_stop_removed_at_the_broker_is_told_and_put_back() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 SL 175 TP 190").await;
    world.fill(1, Leg::Entry, "10", "180").await;
    let guards = ["stop 10 @ 175", "target 10 @ 190"];
    assert_eq!(world.guards(1).await, guards);
    let stop = world
        .orders(1)
        .await
        .into_iter()
        .find(|o| o.leg == Leg::Stop(1))
        .unwrap();
    let id = World::connection_id(1);
    let by_hand = ordercast_model::ports::broker::VenueState::Cancelled;
    assert!(world.venue.end(id, stop.client_order_id(), by_hand, ""));
    world.settle().await;
    world.pass(seconds(2)).await;
    let orders = world.orders(1).await;
    let ended = orders.iter().find(|o| o.id == stop.id).unwrap();
    assert_eq!(
        (ended.state.code(), ended.cancelled_by, ended.message.as_deref()),
        (
            "cancelled",
            Some(ordercast_model::order::intent::CancelledBy::Broker),
            Some("Cancelled at the broker")
        )
    );
    assert_eq!(world.guards(1).await, guards, "put back");
    let told = |kinds: Vec<String>| kinds.iter().filter(|k| *k == "protection.missing").count();
    assert_eq!(told(world.kinds().await), 1);
    world.pass(seconds(120)).await;
    assert_eq!(
        (told(world.kinds().await), world.guards(1).await.len()),
        (1, 2),
        "once"
    );
    world.audit().await;
}

#[tokio::test]
async fn ex_20_a_stop_removed_at_the_broker_stays_away_when_the_user_wants_it_so() {
    let mut world = World::new(Setup {
        limits: |_| ordercast_model::limits::Limits {
            enforce_stops: false,
            ..Default::default()
        },
        ..setup(10)
    })
    .await;
    world.post("BUY AAPL @ 180 SL 175 TP 190").await;
    world.fill(1, Leg::Entry, "10", "180").await;
    let orders = world.orders(1).await;
    let stop = orders.iter().find(|o| o.leg == Leg::Stop(1)).unwrap();
    let by_hand = ordercast_model::ports::broker::VenueState::Cancelled;
    let id = World::connection_id(1);
    assert!(world.venue.end(id, stop.client_order_id(), by_hand, ""));
    world.settle().await;
    world.pass(seconds(180)).await;
    assert_eq!(world.guards(1).await, ["target 10 @ 190"], "the target works on");
    let told: Vec<_> = world.kinds().await;
    let missing = told.iter().filter(|k| *k == "protection.missing").count();
    assert_eq!(missing, 1, "told once");
    assert_eq!(world.lots(1).await[0].stop_price, None);
}

#[tokio::test]
async fn ex_20_an_entry_cancelled_at_the_broker_ends_so_and_frees_what_it_held() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 limit SL 175").await;
    let entry = world.entries(1).await.remove(0);
    let by_hand = ordercast_model::ports::broker::VenueState::Cancelled;
    assert!(
        world
            .venue
            .end(World::connection_id(1), entry.client_order_id(), by_hand, "")
    );
    world.pass(seconds(2)).await;
    let entry = world.entries(1).await.remove(0);
    assert_eq!(
        (entry.state.code(), entry.cancelled_by),
        (
            "cancelled",
            Some(ordercast_model::order::intent::CancelledBy::Broker)
        )
    );
    assert!(world.account(1).await.reservations.is_empty() && world.open_orders().await.is_empty());
    assert_eq!(world.venue.sends(), 1, "never fought");
}

#[tokio::test]
async fn a_venue_without_an_answer_gets_protection_once_it_is_back() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 SL 175").await;
    let entry = world.entries(1).await.remove(0);
    world.venue.fill(
        World::connection_id(1),
        entry.client_order_id(),
        crate::world::units("10"),
        crate::world::price("180"),
    );
    world.venue.set_away(true);
    world.settle().await;
    world.pass(seconds(30)).await;
    world.venue.set_away(false);
    world.pass(seconds(10)).await;
    assert_eq!(world.guards(1).await, ["stop 10 @ 175"]);
    world.pass(seconds(130)).await;
    let open = world.open_orders().await;
    assert_eq!(
        open.len(),
        1,
        "legs of versions that never arrived have ended: {open:?}"
    );
}

#[tokio::test]
async fn a_crash_between_fill_and_protection_leaves_nothing_naked() {
    for n in 1..5 {
        let mut world = World::new(setup(10)).await;
        world.post("BUY AAPL @ 180 SL 175").await;
        world.watch.die(crate::spy::Death::After(n));
        let entry = world.entries(1).await.remove(0);
        world.venue.fill(
            World::connection_id(1),
            entry.client_order_id(),
            crate::world::units("10"),
            crate::world::price("180"),
        );
        world.settle().await;
        world.crash_and_restart().await;
        world.pass(seconds(5)).await;
        assert_eq!(world.guards(1).await, ["stop 10 @ 175"], "killed after write {n}");
        assert_eq!(
            world.account(1).await.cash,
            crate::world::dec("998200"),
            "killed after write {n}"
        );
        assert_eq!(world.positions(1).await[0].quantity.to_string(), "10");
    }
}

/// What is held is 10, and what leaves or may leave at the venue is never more.
fn leaving(guards: &[String]) -> u32 {
    let units = |guard: &String| guard.split(' ').nth(1).and_then(|n| n.parse::<u32>().ok());
    guards.iter().filter_map(units).sum()
}

#[tokio::test]
async fn a_close_waits_for_the_stop_that_a_moved_one_has_not_replaced_yet() {
    for unsent in 1..6 {
        let mut world = World::new(setup(10)).await;
        let call = world.post("BUY AAPL @ 180 SL 175").await;
        world.fill(1, Leg::Entry, "10", "180").await;
        world.pass(seconds(10)).await;
        world.quote("AAPL", "181");
        world.mood.unsent.store(unsent, Ordering::SeqCst);
        world.reply(&call, "half out, SL to BE").await;
        for _ in 0..80 {
            let guards = world.guards(1).await;
            assert!(leaving(&guards) <= 10, "EX-13, {unsent} unsent: {guards:?}");
            world.pass(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(world.guards(1).await, ["close 5", "stop 5 @ 180"]);
    }
}

#[tokio::test]
async fn a_stop_that_moves_while_its_group_is_on_the_wire_is_moved_after_all() {
    let mut world = World::new(setup(10)).await;
    let call = world.post("BUY AAPL @ 180 limit SL 175").await;
    let hold = std::sync::Arc::new(tokio::sync::Notify::new());
    *world.mood.dallying.lock().unwrap() = Some(hold.clone());
    world.fill(1, Leg::Entry, "10", "180").await;
    world.quote("AAPL", "182");
    world.reply(&call, "SL to BE").await;
    *world.mood.dallying.lock().unwrap() = None;
    hold.notify_waiters();
    world.settle().await;
    world.pass(seconds(3)).await;
    assert_eq!(world.guards(1).await, ["stop 10 @ 180"]);
}

#[tokio::test]
async fn a_version_that_may_be_on_its_way_counts_until_the_venue_must_have_shown_it() {
    let mut world = World::new(setup(10)).await;
    world.post("BUY AAPL @ 180 limit SL 175").await;
    *world.mood.dallying.lock().unwrap() = Some(std::sync::Arc::default());
    world.fill(1, Leg::Entry, "10", "180").await;
    world.kill_process().await;
    *world.mood.dallying.lock().unwrap() = None;
    world.mood.refusing.store(true, Ordering::SeqCst);
    world.start().await;
    world.pass(seconds(8)).await;
    let first = |orders: Vec<ordercast_model::order::intent::Order>| {
        let mut legs = orders.into_iter().filter(|o| o.leg == Leg::Stop(1));
        legs.next().map(|leg| leg.state.is_final())
    };
    assert_eq!(first(world.orders(1).await), Some(false), "it may arrive yet");
    assert!(world.lots(1).await[0].emulated(), "watched meanwhile");
    world.pass(seconds(120)).await;
    assert_eq!(first(world.orders(1).await), Some(true));
}
