//! Orders by hand: a cap refuses unless asked to reduce; what is sent is the user's own alone.

use ordercast_app::manual::{Given, ManualError, ManualOrder, cancel, close_position, place, preview};
use ordercast_model::{
    gate::OnCap,
    order::{
        identity::Leg,
        shape::{OrderSide, OrderType},
    },
    ports::store::JournalStore,
    signal::instruction::{Action, StopLevel, Target, TargetLevel},
};

use crate::world::{MOMENT, Setup, World, dec, price, seconds};

/// Buys shares of AAPL by hand; over a cap it is refused.
pub(crate) fn buy(quantity: &str, limit: Option<&str>) -> ManualOrder {
    ManualOrder {
        given: Given::Hand,
        connection_id: None,
        symbol: "AAPL".to_owned(),
        side: OrderSide::Buy,
        action: None,
        order_type: limit.map_or(OrderType::Market, |l| OrderType::Limit { limit: price(l) }),
        quantity: Some(dec(quantity)),
        notional: None,
        percent: None,
        stop: None,
        targets: Vec::new(),
        trailing: None,
        time_in_force: None,
        extended_hours: false,
        on_cap: OnCap::Reject,
        note: None,
    }
}

#[tokio::test]
async fn ac_03_a_cap_refuses_or_reduces() {
    let world = World::new(Setup::default()).await;
    let user = world.user(1);
    let refused = place(world.ctx(), &user, buy("100", Some("180"))).await;
    let Err(ManualError::Denied(breaches)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(breaches[0].rule.code(), "RK-17");
    assert!(
        breaches[0].message.contains("18,000.00") && breaches[0].message.contains("1,000.00"),
        "{}",
        breaches[0].message
    );
    world.settle().await;
    assert!(world.at_venue(1).is_empty() && world.orders(1).await.is_empty());
    assert!(world.kinds().await.iter().any(|k| k == "risk.denied"));
    let reduced = ManualOrder {
        on_cap: OnCap::Reduce,
        ..buy("100", Some("180"))
    };
    place(world.ctx(), &user, reduced).await.unwrap();
    world.settle().await;
    assert_eq!(world.at_venue(1)[0].quantity.to_string(), "5");
}

/// An order that says what it is meant to do is never turned into something else, and its preview says the same.
#[tokio::test]
async fn an_order_does_what_it_was_meant_to_do_or_nothing() {
    let world = World::new(Setup::default()).await;
    let user = world.user(1);
    let sell = |action| ManualOrder {
        side: OrderSide::Sell,
        action,
        ..buy("2", None)
    };
    let field = |refused: Result<(), ManualError>| match refused {
        Err(ManualError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let nothing_held = place(world.ctx(), &user, sell(Some(Action::Close))).await;
    assert_eq!(field(nothing_held.map(|_| ())), "action");
    place(world.ctx(), &user, buy("5", Some("180"))).await.unwrap();
    world.settle().await;
    world.fill(1, Leg::Entry, "5", "180").await;
    let opens = place(world.ctx(), &user, sell(Some(Action::Open))).await;
    assert_eq!(field(opens.map(|_| ())), "action");
    let protected = ManualOrder {
        stop: Some(StopLevel::At(price("1"))),
        ..sell(Some(Action::Close))
    };
    let refused = place(world.ctx(), &user, protected).await;
    assert_eq!(field(refused.map(|_| ())), "protection");
    for action in [None, Some(Action::Close), Some(Action::Reduce)] {
        let shown = preview(world.ctx(), &user, &sell(action)).await.unwrap();
        assert_eq!(shown["outcome"], "placed", "{shown}");
        assert_eq!(shown["orders"][0]["leg"], "flatten", "{shown}");
        assert_eq!(shown["orders"][0]["quantity"], "2", "{shown}");
    }
    let closed = place(world.ctx(), &user, sell(Some(Action::Close)))
        .await
        .unwrap();
    assert_eq!(closed.orders[0].request.quantity.to_string(), "2");
}

/// Cancelling a leg of the protection would leave what is held without a stop, so it is refused by name.
#[tokio::test]
async fn protection_is_not_cancelled_by_hand_while_a_stop_is_required() {
    let world = World::new(Setup::default()).await;
    let user = world.user(1);
    let order = ManualOrder {
        targets: vec![Target {
            level: TargetLevel::At(price("190")),
            split_pct: None,
        }],
        ..buy("4", Some("180"))
    };
    place(world.ctx(), &user, order).await.unwrap();
    world.settle().await;
    world.fill(1, Leg::Entry, "4", "180").await;
    world.pass(MOMENT).await;
    let guards = world.guards(1).await;
    assert_eq!(guards.len(), 2, "{guards:?}");
    let legs: Vec<_> = world
        .orders(1)
        .await
        .into_iter()
        .filter(|o| o.leg.protects())
        .collect();
    assert_eq!(legs.len(), 2);
    for leg in legs {
        let refused = cancel(world.ctx(), &user, leg.id).await;
        let Err(ManualError::Denied(breaches)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(breaches[0].rule.code(), "RK-24");
    }
    world.settle().await;
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, guards);
}

#[tokio::test]
async fn ac_04_buying_power_is_refused_before_sending() {
    let world = World::new(Setup::default()).await;
    world.quote("AAPL", "100");
    let mut account = world.account(1).await;
    account.version += 1;
    (account.equity, account.buying_power, account.cash) = (dec("500000"), dec("20000"), dec("500000"));
    let mut batch = ordercast_model::ports::store::Batch::new();
    batch.update(account);
    world.write(batch).await;
    let refused = place(world.ctx(), &world.user(1), buy("500", Some("100"))).await;
    let Err(ManualError::Denied(breaches)) = refused else {
        panic!("{refused:?}");
    };
    let words: Vec<&str> = breaches.iter().map(|b| b.message.as_str()).collect();
    assert!(
        words
            .iter()
            .any(|w| w.contains("Needs 50,000.00, available 20,000.00")),
        "{words:?}"
    );
    assert_eq!(world.venue.sends(), 0);
}

#[tokio::test]
async fn what_is_asked_by_hand_is_not_sent_a_minute_later() {
    let mut world = World::new(Setup::default()).await;
    world.quote("MSFT", "100");
    let hold = std::sync::Arc::new(tokio::sync::Notify::new());
    let id = World::connection_id(1);
    world.mood.hanging.lock().unwrap().insert(id, hold.clone());
    world.post("BUY MSFT @ 100").await;
    place(world.ctx(), &world.user(1), buy("1", Some("180")))
        .await
        .unwrap();
    world.pass(seconds(70)).await;
    world.mood.hanging.lock().unwrap().clear();
    hold.notify_one();
    world.pass(seconds(2)).await;
    let states: Vec<&str> = world.entries(1).await.iter().map(|o| o.state.code()).collect();
    assert_eq!(states, ["submitted", "expired"]);
}

#[tokio::test]
async fn a_part_of_a_position_is_closed_and_the_rest_stays_covered() {
    let world = World::new(Setup::default()).await;
    place(world.ctx(), &world.user(1), buy("4", Some("180")))
        .await
        .unwrap();
    world.settle().await;
    world.fill(1, Leg::Entry, "4", "180").await;
    let position = world.positions(1).await.remove(0);
    close_position(world.ctx(), &world.user(1), position.id, dec("50"))
        .await
        .unwrap();
    world.settle().await;
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["close 2", "stop 2 @ 176.4"]);
    let again = close_position(world.ctx(), &world.user(1), position.id, dec("100"))
        .await
        .unwrap();
    assert_eq!(
        again.orders[0].request.quantity.to_string(),
        "2",
        "only what no close has taken"
    );
}

#[tokio::test]
async fn rk_27_more_than_was_meant_is_never_sent() {
    let mut world = World::new(Setup::default()).await;
    world.quote("MSFT", "100");
    let hold = std::sync::Arc::new(tokio::sync::Notify::new());
    let id = World::connection_id(1);
    world.mood.hanging.lock().unwrap().insert(id, hold.clone());
    world.post("BUY MSFT @ 100").await;
    place(world.ctx(), &world.user(1), buy("5", Some("180")))
        .await
        .unwrap();
    world.settle().await;
    // A fault shrinks the stored order behind the sealed one's back.
    let mut order = world.entries(1).await.pop().unwrap();
    order.version += 1;
    order.request.quantity = crate::world::units("2");
    let mut batch = ordercast_model::ports::store::Batch::new();
    batch.update(order);
    world.write(batch).await;
    world.mood.hanging.lock().unwrap().clear();
    hold.notify_one();
    world.settle().await;
    let order = world.entries(1).await.pop().unwrap();
    assert_eq!(
        (order.state.code(), order.reason.as_deref()),
        ("denied", Some("RK-27"))
    );
    assert_eq!(world.at_venue(1).len(), 1, "only the first left");
    assert!(
        world.kinds().await.iter().any(|k| k == "risk.locked"),
        "the account is stopped"
    );
    world.post("BUY AAPL @ 180").await;
    assert_eq!(world.verdicts(1).await.pop().as_deref(), Some("locked"));
}

/// What the user wrote stays with the order, opened or closed, and is told once.
#[tokio::test]
async fn a_note_stays_with_its_order() {
    let world = World::new(Setup::default()).await;
    let user = world.user(1);
    let noted = |side, text: &str| ManualOrder {
        side,
        note: Some(text.to_owned()),
        ..buy("4", None)
    };
    let long = "x".repeat(201);
    for text in ["", "two\nlines", long.as_str()] {
        let refused = place(world.ctx(), &user, noted(OrderSide::Buy, text)).await;
        assert!(
            matches!(refused, Err(ManualError::Invalid { field: "note", .. })),
            "{text:?}: {refused:?}"
        );
    }
    let placed = place(world.ctx(), &user, noted(OrderSide::Buy, "breakout"))
        .await
        .unwrap();
    assert_eq!(placed.orders[0].note.as_deref(), Some("breakout"));
    world.settle().await;
    world.fill(1, Leg::Entry, "4", "180").await;
    place(world.ctx(), &user, noted(OrderSide::Sell, "enough"))
        .await
        .unwrap();
    world.settle().await;
    let notes: Vec<_> = world.orders(1).await.into_iter().filter_map(|o| o.note).collect();
    assert_eq!(notes.len(), 2, "protection bears no note: {notes:?}");
    let chained = JournalStore::chained(world.store.as_ref(), 0, 10_000)
        .await
        .unwrap();
    let told: Vec<String> = chained
        .into_iter()
        .filter_map(|c| c.entry.after?.get("note")?.as_str().map(str::to_owned))
        .collect();
    assert_eq!(told, ["breakout", "enough"]);
}
