//! From a signal to each follower: one decision each, durable before the wire, whatever dies in between.

use ordercast_model::{
    follow::FollowMode,
    limits::Limits,
    ports::{
        broker::Dedupe,
        store::{Batch, Query},
    },
    position::Lot,
};

use crate::{
    spy::{Death, Seen},
    world::{MOMENT, Setup, World, fixed, seconds},
};

#[tokio::test]
async fn a_signal_reaches_every_follower_once() {
    let mut world = World::new(Setup {
        followers: 5,
        ..Setup::default()
    })
    .await;
    world.post("BUY AAPL @ 180 SL 175").await;
    for n in 1..=5 {
        assert_eq!(world.verdicts(n).await, ["placed"], "follower {n}");
        let venue = world.at_venue(n);
        assert_eq!((venue.len(), venue[0].quantity.to_string()), (1, "1".to_owned()));
        assert_eq!(world.orders(n).await[0].state.code(), "submitted");
    }
}

#[tokio::test]
async fn ac_02_a_signal_is_cut_to_the_cap() {
    let mut world = World::new(Setup {
        sizing: fixed(100),
        ..Setup::default()
    })
    .await;
    world.post("BUY AAPL @ 180").await;
    let decision = world.decisions(1).await.remove(0);
    assert_eq!(World::word(&decision), "reduced");
    assert!(
        decision
            .message
            .contains("max position 10% of 10,000.00 = 1,000.00"),
        "{}",
        decision.message
    );
    assert_eq!(world.at_venue(1)[0].quantity.to_string(), "5");
}

#[tokio::test]
async fn invariant_04_nothing_leaves_before_it_is_durable() {
    let mut world = World::new(Setup {
        followers: 3,
        ..Setup::default()
    })
    .await;
    world.post("BUY AAPL @ 180 SL 175").await;
    for n in 1..=3 {
        world
            .fill(n, ordercast_model::order::identity::Leg::Entry, "1", "180")
            .await;
    }
    world.post("close AAPL").await;
    world.pass(MOMENT).await;
    let mut durable: Vec<String> = Vec::new();
    let mut sends = 0;
    for seen in world.watch.seen() {
        match seen {
            Seen::Durable(orders, _) => durable.extend(orders),
            Seen::Placed(id) => {
                sends += 1;
                assert!(durable.contains(&id), "{id} was sent before it was durable");
            }
            _ => {}
        }
    }
    assert_eq!(sends, 6, "three entries and three closes");
}

/// Runs one signal with a process that dies at the n-th write, starts again, and asks for the same end every time.
async fn dies(death: Death, dedupe: Dedupe) -> bool {
    let mut world = World::new(Setup {
        followers: 3,
        dedupe,
        window: seconds(2),
        ..Setup::default()
    })
    .await;
    world.watch.die(death);
    let message = world.message(
        "500",
        ordercast_model::signal::raw::RevisionKind::New,
        "BUY AAPL @ 180 SL 175",
    );
    let offered = message.clone();
    {
        let take = world.take(offered);
        tokio::pin!(take);
        for _ in 0..50 {
            if futures::poll!(&mut take).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    world.settle().await;
    world.pass(seconds(1)).await;
    let died = world.watch.is_dead();
    world.crash_and_restart().await;
    // The gateway offers again what it had no answer for.
    world.take(message).await;
    world.settle().await;
    world.pass(seconds(12)).await;
    for n in 1..=3 {
        let name = format!("{death:?} {dedupe:?}, follower {n}");
        let decisions = world.verdicts(n).await;
        assert_eq!(decisions, ["placed"], "{name}");
        let entries = world.entries(n).await;
        assert_eq!(entries.len(), 1, "{name}: {entries:?}");
        assert_eq!(
            world.at_venue(n).len(),
            1,
            "{name}: at the venue; {}",
            entries[0].state.code()
        );
        assert_eq!(entries[0].state.code(), "submitted", "{name}");
    }
    world.audit().await;
    let kinds = world.kinds().await;
    for kind in ["signal.received", "signal.parsed"] {
        assert_eq!(kinds.iter().filter(|k| *k == kind).count(), 1, "{death:?} {kind}");
    }
    died
}

#[tokio::test]
async fn invariant_01_no_intent_is_lost_and_none_doubled_when_the_process_dies() {
    for dedupe in [Dedupe::Always, Dedupe::Never] {
        for n in 1..40 {
            let before = dies(Death::Before(n), dedupe).await;
            let after = dies(Death::After(n), dedupe).await;
            if !before && !after {
                assert!(n > 6, "the scenario wrote only {n} times");
                break;
            }
        }
    }
}

#[tokio::test]
async fn invariant_14_a_full_disk_opens_nothing_and_heals() {
    let world = World::new(Setup::default()).await;
    let mut failures = 1;
    while failures < 6 {
        let message = world.message(
            &format!("{}", 600 + failures),
            ordercast_model::signal::raw::RevisionKind::New,
            &format!("BUY AAPL @ {}", 180),
        );
        let sent = world.at_venue(1).len();
        assert_eq!(
            world.take(message).await,
            ordercast_model::ports::source::Taken::Stored
        );
        world.watch.fail_next(failures);
        world.settle().await;
        assert_eq!(world.at_venue(1).len(), sent, "sent while the disk was full");
        world.pass(seconds(8)).await;
        let last = world.decisions(1).await.pop().unwrap();
        assert!(
            ["placed", "RK-22"].contains(&World::word(&last).as_str()),
            "{last:?}"
        );
        failures += 1;
    }
    assert_eq!(world.at_venue(1).len(), 1);
    assert_eq!(world.verdicts(1).await.len(), 5);
}

#[tokio::test]
async fn invariant_07_one_slot_is_given_once() {
    // AC-16: nine positions are open, ten are allowed, two signals come at the same instant.
    let mut world = World::new(Setup {
        limits: |_| Limits {
            positions_max: 3,
            orders_per_minute: 100,
            ..Limits::default()
        },
        ..Setup::default()
    })
    .await;
    for symbol in ["AMZN", "NVDA", "MSFT", "TSLA"] {
        world.quote(symbol, "100");
    }
    world.post("BUY AMZN @ 100").await;
    world.post("BUY NVDA @ 100").await;
    let (first, second) = (
        world.message(
            "801",
            ordercast_model::signal::raw::RevisionKind::New,
            "BUY MSFT @ 100",
        ),
        world.message(
            "802",
            ordercast_model::signal::raw::RevisionKind::New,
            "BUY TSLA @ 100",
        ),
    );
    world.take(first).await;
    world.take(second).await;
    world.settle().await;
    assert_eq!(world.verdicts(1).await, ["placed", "placed", "placed", "RK-21"]);
    assert_eq!(world.at_venue(1).len(), 3);
}

#[tokio::test]
async fn one_followers_trouble_is_not_anothers() {
    let mut world = World::new(Setup {
        followers: 4,
        ..Setup::default()
    })
    .await;
    // Follower 2's figures do not fit any number; follower 3's venue breaks; follower 4's hangs.
    let mut account = world.account(2).await;
    account.version += 1;
    account.equity = rust_decimal::Decimal::MAX;
    account.cash = rust_decimal::Decimal::MAX;
    account.day_start_equity = rust_decimal::Decimal::MAX;
    let holding = ordercast_model::account::Holding {
        quantity: rust_decimal::Decimal::MAX,
        average_price: crate::world::price("180"),
        mark: crate::world::price("1"),
        lots: 1,
    };
    account.holdings.insert(World::stock("AAPL"), holding);
    let mut batch = Batch::new();
    batch.update(account);
    world.write(batch).await;
    *world.mood.panicking.lock().unwrap() = Some(World::connection_id(3));
    let hold = std::sync::Arc::new(tokio::sync::Notify::new());
    world
        .mood
        .hanging
        .lock()
        .unwrap()
        .insert(World::connection_id(4), hold);
    world.post("BUY AAPL @ 180").await;
    world.post("good morning").await;
    assert_eq!(world.at_venue(1).len(), 1, "the first follower waits for nobody");
    assert_eq!(
        world.verdicts(2).await.len(),
        1,
        "the second has a decision with its reason"
    );
    *world.mood.panicking.lock().unwrap() = None;
    world.pass(seconds(3)).await;
    assert_eq!(
        world.at_venue(3).len(),
        1,
        "the third is served once its venue works"
    );
    assert_eq!(world.signals().await.len(), 1);
    let kinds = world.kinds().await;
    assert!(
        kinds.iter().any(|k| k == "signal.not_a_trade"),
        "the next message was read"
    );
}

#[tokio::test]
async fn a_second_of_the_same_words_counts_once() {
    // SG-31: the identical instruction by one provider within 5 s.
    let mut world = World::new(Setup {
        sizing: fixed(5),
        ..Setup::default()
    })
    .await;
    world.post("BUY AAPL @ 180 SL 170").await;
    world
        .fill(1, ordercast_model::order::identity::Leg::Entry, "5", "180")
        .await;
    world.pass(seconds(10)).await;
    world.post("trim half AAPL").await;
    world.pass(seconds(2)).await;
    world.post("trim half AAPL").await;
    assert_eq!(world.verdicts(1).await, ["placed", "placed", "duplicate"]);
    world
        .fill(1, ordercast_model::order::identity::Leg::Flatten, "2", "181")
        .await;
    world.pass(seconds(10)).await;
    world.post("trim half AAPL").await;
    assert_eq!(world.verdicts(1).await[3], "placed");
}

#[tokio::test]
async fn ac_72_the_plans_signals_per_day() {
    let mut world = World::new(Setup {
        followers: 2,
        limits: |_| Limits {
            orders_per_minute: 120,
            opens_per_minute_per_provider: 120,
            positions_max: 100,
            exposure_pct: 100.into(),
            ..Limits::default()
        },
        sizing: fixed(1),
        ..Setup::default()
    })
    .await;
    let mut free = world.user(1);
    free.plan = ordercast_model::plan::Plan::Free;
    free.version += 1;
    let mut batch = Batch::new();
    batch.update(free);
    world.write(batch).await;
    for n in 0..11 {
        let symbol = format!("AB{}", char::from(b'A' + n));
        world.quote(&symbol, "10");
        world.post(&format!("BUY ${symbol} @ 10")).await;
        world.pass(seconds(6)).await;
    }
    let verdicts = world.verdicts(1).await;
    assert_eq!(
        verdicts.iter().filter(|v| *v == "placed").count(),
        10,
        "{verdicts:?}"
    );
    assert_eq!(verdicts[10], "plan_limit");
    let last = world.decisions(1).await.pop().unwrap();
    assert_eq!(last.message, "10 of 10 signals used today; resets 00:00 UTC");
    assert_eq!(world.verdicts(2).await[10], "placed", "Premium has no such limit");
    world
        .fill(1, ordercast_model::order::identity::Leg::Entry, "1", "10")
        .await;
    world.post("close $ABJ").await;
    assert_eq!(
        world.verdicts(1).await[11],
        "placed",
        "a close never depends on a plan"
    );
    world.leap(seconds(86_400)).await;
    world.pass(seconds(3)).await;
    world.quote("ABZ", "10");
    world.post("BUY $ABZ @ 10").await;
    assert_eq!(world.verdicts(1).await[12], "placed", "a new day");
}

#[tokio::test]
async fn a_message_costs_few_questions() {
    // How often the store is asked for one follower's order, from message to the venue's answer.
    let mut counts = Vec::new();
    for followers in [1, 11] {
        let world = World::new(Setup {
            followers,
            mode: FollowMode::Auto,
            ..Setup::default()
        })
        .await;
        world.pass(seconds(3)).await;
        let before = world.watch.reads();
        let message = world.message(
            "900",
            ordercast_model::signal::raw::RevisionKind::New,
            "BUY AAPL @ 180",
        );
        world.take(message).await;
        for _ in 0..400 {
            tokio::task::yield_now().await;
        }
        counts.push(world.watch.reads() - before);
        assert_eq!(world.at_venue(followers).len(), 1);
    }
    let each = (counts[1] - counts[0]) / 10;
    assert!(
        each <= 9,
        "{each} calls of the store for one more follower ({counts:?})"
    );
}

#[tokio::test]
async fn lots_of_a_close_are_of_that_provider_only() {
    let mut world = World::new(Setup::default()).await;
    world.post("close AAPL").await;
    assert_eq!(world.verdicts(1).await, ["nothing_to_close"]);
    let lots: Vec<Lot> = world.find(1, Query::LotsOpen(None)).await;
    assert!(lots.is_empty());
}
