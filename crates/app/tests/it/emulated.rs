//! Levels that no venue holds: watched against quotes, sent once, never more exits than shares, through restarts.

use std::sync::atomic::Ordering;

use ordercast_model::{
    order::identity::Leg,
    ports::{broker::VenueState, clock::Clock as _},
};
use ordercast_testkit::broker::Script;

use crate::{
    spy::Death,
    world::{MOMENT, Setup, World, fixed, price, seconds, units},
};

fn setup() -> Setup {
    Setup {
        cash: 1_000_000,
        sizing: fixed(10),
        native: false,
        ..Setup::default()
    }
}

/// A world that holds 10 AAPL at 180 by a message with these levels.
async fn holding(levels: &str) -> World {
    let mut world = World::new(setup()).await;
    world.post(&format!("BUY AAPL @ 180 {levels}")).await;
    world.fill(1, Leg::Entry, "10", "180").await;
    world.pass(MOMENT).await;
    world
}

/// Working exits never take more than is held.
async fn never_over(world: &World) {
    let held = world
        .positions(1)
        .await
        .first()
        .map_or(0.into(), |p| p.quantity.value());
    let mut exits = rust_decimal::Decimal::ZERO;
    let orders = world.orders(1).await;
    for working in world.working(1) {
        let ours = orders
            .iter()
            .find(|o| o.client_order_id() == &working.client_order_id);
        if ours.is_some_and(|o| !o.leg.opens()) {
            exits += working.quantity.value() - working.filled.value();
        }
    }
    assert!(
        exits <= held,
        "{exits} to leave of {held}: {:?}",
        world.guards(1).await
    );
}

#[tokio::test]
async fn ex_11_a_stop_is_watched_and_sent_within_two_seconds_of_its_touch() {
    let world = holding("SL 175").await;
    let lot = world.lots(1).await.remove(0);
    assert!(lot.emulated());
    assert_eq!((lot.stop_price, lot.covered), (Some(price("175")), units("10")));
    assert!(world.guards(1).await.is_empty(), "nothing stands at the venue");
    world.quote("AAPL", "175.01");
    world.pass(seconds(5)).await;
    assert!(world.guards(1).await.is_empty());
    world.quote("AAPL", "175");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"]);
    world.fill(1, Leg::StopExit, "10", "174.9").await;
    world.pass(seconds(5)).await;
    assert!(world.lots(1).await.is_empty() && world.open_orders().await.is_empty());
    assert_eq!(world.account(1).await.cash, crate::world::dec("999949"));
    world.audit().await;
}

#[tokio::test]
async fn ex_13_targets_split_break_even_follows_and_the_stop_waits_for_a_cancel() {
    let world = holding("SL 170 TP 190 33% 200 33% 210 34%").await;
    world.quote("AAPL", "190");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["target exit 3 @ 190"]);
    world.fill(1, Leg::TargetExit(1), "3", "190").await;
    world.pass(seconds(1)).await;
    let lot = world.lots(1).await.remove(0);
    assert_eq!(
        (lot.stop_price, lot.targets_filled),
        (Some(price("180")), 1),
        "EX-14: break-even"
    );
    // Target 2 works and fills in part; the price comes back to the stop.
    world.quote("AAPL", "200");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["target exit 3 @ 200"]);
    world.fill(1, Leg::TargetExit(2), "1", "200").await;
    world.quote("AAPL", "179");
    for _ in 0..20 {
        world.pass(std::time::Duration::from_millis(100)).await;
        never_over(&world).await;
    }
    assert_eq!(
        world.guards(1).await,
        ["stop exit 6"],
        "cancel first, then what is left"
    );
    world.fill(1, Leg::StopExit, "6", "179").await;
    world.pass(seconds(5)).await;
    assert!(world.lots(1).await.is_empty() && world.working(1).is_empty());
    world.audit().await;
}

#[tokio::test]
async fn a_target_that_fills_while_it_is_cancelled_leaves_less_to_the_stop() {
    let world = holding("SL 175 TP 190 50% 200 50%").await;
    world.quote("AAPL", "190");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["target exit 5 @ 190"]);
    // The stop is decided on ten; five leave at the venue before the cancel arrives.
    world.watch.die(Death::After(1));
    world.quote("AAPL", "170");
    world.pass(seconds(1)).await;
    let mut world = world;
    world.kill_process().await;
    let target = world
        .orders(1)
        .await
        .into_iter()
        .find(|o| o.leg == Leg::TargetExit(1))
        .unwrap();
    world
        .venue
        .fill(
            World::connection_id(1),
            target.client_order_id(),
            units("5"),
            price("190"),
        )
        .unwrap();
    world.start().await;
    for _ in 0..20 {
        world.pass(std::time::Duration::from_millis(100)).await;
        never_over(&world).await;
    }
    assert_eq!(world.guards(1).await, ["stop exit 5"]);
    world.audit().await;
}

#[tokio::test]
async fn partial_fills_of_the_entry_are_watched_as_they_come() {
    let mut world = World::new(setup()).await;
    world.post("BUY AAPL @ 180 limit SL 175").await;
    for (filled, held) in [("4", "4"), ("3", "7"), ("3", "10")] {
        world.fill(1, Leg::Entry, filled, "180").await;
        world.pass(MOMENT).await;
        let lot = world.lots(1).await.remove(0);
        assert_eq!((lot.emulated(), lot.covered), (true, units(held)));
    }
}

#[tokio::test]
async fn ex_15_a_trailing_stop_follows_one_way_and_survives_a_restart() {
    let mut world = holding("trailing stop 5%").await;
    assert_eq!(world.lots(1).await[0].stop_price, Some(price("171")));
    world.quote("AAPL", "200");
    world.pass(seconds(1)).await;
    assert_eq!(world.lots(1).await[0].stop_price, Some(price("190")));
    world.quote("AAPL", "195");
    world.pass(seconds(1)).await;
    world.crash_and_restart().await;
    world.pass(seconds(1)).await;
    assert_eq!(
        world.lots(1).await[0].stop_price,
        Some(price("190")),
        "RK-34: one way, durable"
    );
    world.quote("AAPL", "189.5");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"]);
}

async fn guards_and_stop(world: &World) -> (Vec<String>, Option<ordercast_model::money::Price>) {
    (world.guards(1).await, world.lots(1).await[0].stop_price)
}

#[tokio::test]
async fn a_trailing_stop_with_a_start_begins_there_at_either_kind_of_venue() {
    for native in [false, true] {
        let mut world = World::new(Setup { native, ..setup() }).await;
        world.post("BUY AAPL @ 180 SL 170").await;
        world.fill(1, Leg::Entry, "10", "180").await;
        let mut lot = world.lots(1).await.remove(0);
        lot.protection.trailing = Some(ordercast_model::signal::instruction::Trailing {
            by: ordercast_model::signal::instruction::TrailBy::Percent(crate::world::dec("5")),
            from: Some(price("190")),
        });
        lot.covered = units("0");
        lot.version += 1;
        let mut batch = ordercast_model::ports::store::Batch::new();
        batch.update(lot);
        world.write(batch).await;
        world.pass(seconds(61)).await;
        let (guards, at) = guards_and_stop(&world).await;
        assert_eq!(at, Some(price("170")));
        assert_eq!(guards.is_empty(), !native);
        world.quote("AAPL", "189.99");
        world.pass(seconds(2)).await;
        assert_eq!(guards_and_stop(&world).await.1, Some(price("170")), "not yet");
        world.quote("AAPL", "190");
        world.pass(seconds(2)).await;
        if native {
            let types: Vec<_> = world
                .orders(1)
                .await
                .iter()
                .map(|o| o.request.order_type.code())
                .collect();
            assert_eq!(types.last(), Some(&"trailing"));
            assert_eq!(world.guards(1).await, ["stop 10"]);
        } else {
            assert_eq!(guards_and_stop(&world).await.1, Some(price("180.5")));
        }
    }
}

#[tokio::test]
async fn a_trigger_that_was_durable_is_sent_once_wherever_the_process_died() {
    for n in 1..5 {
        let mut world = holding("SL 175").await;
        world.watch.die(Death::After(n));
        world.quote("AAPL", "174");
        world.pass(seconds(2)).await;
        world.leap(seconds(90)).await;
        // The price has come back; what was decided is sent all the same, and once.
        let durable = world
            .orders(1)
            .await
            .iter()
            .filter(|o| o.leg == Leg::StopExit)
            .count();
        world.pass(seconds(5)).await;
        let exits: Vec<_> = world
            .orders(1)
            .await
            .into_iter()
            .filter(|o| o.leg == Leg::StopExit)
            .collect();
        assert_eq!(exits.len(), 1.max(durable), "died after write {n}");
        assert_eq!(world.guards(1).await, ["stop exit 10"], "died after write {n}");
        let sent = world
            .at_venue(1)
            .iter()
            .filter(|o| &o.client_order_id == exits[0].client_order_id())
            .count();
        assert_eq!(sent, 1, "died after write {n}");
    }
}

#[tokio::test]
async fn a_stale_quote_triggers_nothing_and_is_told() {
    let world = holding("SL 175").await;
    world.freeze("AAPL", "180");
    world.pass(seconds(6)).await;
    let old = world.clock.now().minus(seconds(6));
    world.market.quote_at(&World::stock("AAPL"), price("170"), old);
    world.pass(seconds(20)).await;
    assert!(world.guards(1).await.is_empty(), "missing data never trades");
    let told = |kinds: Vec<String>| kinds.iter().filter(|k| *k == "protection.missing").count();
    assert_eq!(told(world.kinds().await), 0);
    world.pass(seconds(15)).await;
    assert_eq!(told(world.kinds().await), 1);
    world.pass(seconds(60)).await;
    assert_eq!(told(world.kinds().await), 1, "once");
    world.quote("AAPL", "174");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"], "fresh again");
}

#[tokio::test]
async fn a_closed_market_neither_triggers_nor_alarms() {
    let world = holding("SL 175").await;
    world.close_until("AAPL", world.clock.now().plus(seconds(3_600)));
    world.quote("AAPL", "170");
    world.pass(seconds(120)).await;
    assert!(world.guards(1).await.is_empty());
    assert!(!world.kinds().await.contains(&"protection.missing".to_owned()));
    world.open_session("AAPL");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"]);
}

#[tokio::test]
async fn ex_21_a_jump_without_a_trade_suspends_and_the_way_back_resumes() {
    let mut world = holding("SL 175").await;
    world.pass(seconds(1)).await;
    world.quote_untraded("AAPL", "90", "180");
    world.pass(seconds(3)).await;
    assert!(world.guards(1).await.is_empty(), "no order on a split");
    assert!(world.lots(1).await[0].watch.as_ref().unwrap().suspended);
    world.crash_and_restart().await;
    world.quote("AAPL", "90");
    world.pass(seconds(3)).await;
    assert!(
        world.guards(1).await.is_empty(),
        "suspended until somebody looked"
    );
    world.quote("AAPL", "178");
    world.pass(seconds(2)).await;
    assert!(!world.lots(1).await[0].watch.as_ref().unwrap().suspended);
    // A fall that was traded is a fall.
    world.quote("AAPL", "100");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"]);
}

#[tokio::test]
async fn ex_21_the_user_goes_on_with_a_new_stop_after_a_split() {
    let world = holding("SL 175").await;
    world.pass(seconds(1)).await;
    world.quote_untraded("AAPL", "90", "180");
    world.pass(seconds(1)).await;
    let (user, position) = (world.user(1), world.positions(1).await[0].id);
    let resume =
        |stop: Option<&str>| ordercast_app::manual::resume(world.ctx(), &user, position, stop.map(price));
    let refused = resume(Some("91")).await.unwrap_err().to_string();
    assert!(refused.contains("would trigger at once"), "{refused}");
    assert_eq!(resume(Some("87")).await.unwrap(), 1);
    assert_eq!(resume(None).await.unwrap(), 0, "nothing is suspended any more");
    world.quote("AAPL", "90");
    world.pass(seconds(3)).await;
    let lot = world.lots(1).await.remove(0);
    assert_eq!(
        (lot.stop_price, lot.watch.unwrap().suspended),
        (Some(price("87")), false)
    );
    assert!(world.guards(1).await.is_empty());
    world.quote("AAPL", "87");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"]);
}

#[tokio::test]
async fn a_refused_exit_is_sent_anew_with_patience() {
    let world = holding("SL 175").await;
    let refuse = || {
        Script::Reject(ordercast_model::ports::broker::Refusal {
            kind: ordercast_model::ports::broker::ErrorKind::Restricted,
            code: "403".to_owned(),
            message: "halted".to_owned(),
        })
    };
    world.venue.script(std::iter::repeat_with(refuse).take(1_000));
    world.quote("AAPL", "174");
    world.pass(seconds(120)).await;
    let exits = world
        .orders(1)
        .await
        .iter()
        .filter(|o| o.leg == Leg::StopExit)
        .count();
    assert!(
        (3..12).contains(&exits),
        "{exits} exits in two minutes of refusals"
    );
    world.venue.forget_scripts();
    world.pass(seconds(61)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"]);
}

#[tokio::test]
async fn a_close_goes_before_a_target_that_works() {
    let mut world = holding("SL 175 TP 190 50% 200 50%").await;
    world.quote("AAPL", "190");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["target exit 5 @ 190"]);
    world.pass(seconds(10)).await;
    world.post("close AAPL").await;
    for _ in 0..20 {
        world.pass(std::time::Duration::from_millis(100)).await;
        never_over(&world).await;
    }
    assert_eq!(world.guards(1).await, ["close 10"]);
    world.fill(1, Leg::Flatten, "10", "189").await;
    world.pass(seconds(5)).await;
    assert!(world.working(1).is_empty() && world.lots(1).await.is_empty());
}

#[tokio::test]
async fn what_the_venue_still_held_gives_way_to_what_we_watch() {
    let mut world = World::new(Setup {
        native: true,
        ..setup()
    })
    .await;
    world.post("BUY AAPL @ 180 limit SL 175").await;
    world.fill(1, Leg::Entry, "4", "180").await;
    assert_eq!(world.guards(1).await, ["stop 4 @ 175"]);
    world.mood.refusing.store(true, Ordering::SeqCst);
    world.fill(1, Leg::Entry, "6", "180").await;
    world.pass(seconds(2)).await;
    assert!(world.lots(1).await[0].emulated());
    assert!(world.guards(1).await.is_empty(), "the old stop is taken back");
    world.quote("AAPL", "174");
    world.pass(seconds(2)).await;
    assert_eq!(world.guards(1).await, ["stop exit 10"]);
    let ended = world
        .at_venue(1)
        .iter()
        .filter(|o| o.state == VenueState::Cancelled)
        .count();
    assert_eq!(ended, 1);
}
