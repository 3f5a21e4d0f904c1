//! Orders that the account's owner places at the broker, past us: noticed while they work, counted, never touched (EX-20).

use ordercast_app::switch;
use ordercast_model::{
    limits::SwitchScope,
    money::Quantity,
    order::{shape::OrderSide, state::OrderState},
    outside::Size,
    ports::broker::VenueState,
};

use crate::world::{Setup, World, dec, fixed, price, seconds, units};

/// The venue is compared every minute.
const NOTICED: u64 = 61;

fn setup() -> Setup {
    Setup {
        cash: 10_000,
        sizing: fixed(10),
        ..Setup::default()
    }
}

fn place(world: &World, symbol: &str, side: OrderSide, size: Size, limit: Option<&str>) -> String {
    let what = (&World::stock(symbol), side, size);
    let limit = limit.map(price);
    world.venue.place_by_hand(World::connection_id(1), what, limit)
}

fn change(world: &World, id: &str, state: VenueState, filled: &str, at: Option<&str>) {
    let to = (state, units(filled), at.map(price));
    assert!(world.venue.change_by_hand(World::connection_id(1), id, to));
}

async fn said(world: &World) -> Vec<String> {
    let entries = world.journal().await;
    let ours = entries.iter().filter(|e| e.kind.code() == "order.external");
    ours.map(|e| e.after.as_ref().unwrap()["message"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn ex_20_an_order_by_hand_is_told_once_when_it_is_seen_changes_and_ends() {
    let world = World::new(setup()).await;
    let id = place(
        &world,
        "SPY",
        OrderSide::Buy,
        Size::Units(units("10")),
        Some("180"),
    );
    world.pass(seconds(3 * NOTICED)).await;
    let seen = "An order you placed at the broker: buy 10 SPY limit 180.00, working";
    assert_eq!(said(&world).await, [seen], "once, however often it is compared");
    assert_eq!(world.account(1).await.outside[&id].terms.filled, Quantity::ZERO);
    change(&world, &id, VenueState::PartiallyFilled, "4", Some("179.95"));
    world.pass(seconds(NOTICED)).await;
    change(&world, &id, VenueState::Cancelled, "4", Some("179.95"));
    world.pass(seconds(NOTICED)).await;
    assert_eq!(
        said(&world).await,
        [
            seen,
            "An order you placed at the broker changed: buy 10 SPY limit 180.00, 4 filled at 179.95",
            "An order you placed at the broker was cancelled: buy 10 SPY limit 180.00, 4 filled at 179.95",
        ]
    );
    assert!(world.account(1).await.outside.is_empty());
    assert_eq!(world.venue.sends(), 0, "nothing was sent because of it");
}

#[tokio::test]
async fn ex_20_what_works_by_hand_counts_as_used() {
    // 10 % of 10,000 in one instrument, 80 % in all, 50 orders.
    for (name, hands, message, verdict) in [
        (
            "another instrument",
            vec![("MSFT", OrderSide::Buy, "2", Some("400"))],
            "BUY AAPL @ 100 SL 95",
            "10",
        ),
        (
            "the same instrument",
            vec![("AAPL", OrderSide::Buy, "6", Some("100"))],
            "BUY AAPL @ 100 SL 95",
            "4",
        ),
        (
            "one at the market counts at the last price",
            vec![("AAPL", OrderSide::Buy, "7", None)],
            "BUY AAPL @ 100 SL 95",
            "3",
        ),
        (
            "all of the exposure but a little",
            vec![("MSFT", OrderSide::Buy, "19", Some("400"))],
            "BUY AAPL @ 100 SL 95",
            "4",
        ),
    ] {
        let mut world = World::new(setup()).await;
        world.quote("AAPL", "100");
        world.quote("MSFT", "400");
        for (symbol, side, quantity, limit) in hands {
            place(&world, symbol, side, Size::Units(units(quantity)), limit);
        }
        world.pass(seconds(NOTICED)).await;
        world.quote("AAPL", "100");
        world.post(message).await;
        let entry = world.entries(1).await.remove(0);
        assert_eq!(entry.request.quantity, units(verdict), "{name}");
    }
}

#[tokio::test]
async fn ex_25_fifty_orders_by_hand_leave_no_room_and_a_sale_of_what_is_held_opens_nothing() {
    let mut world = World::new(setup()).await;
    world.quote("AAPL", "100");
    world.post("BUY AAPL @ 100 SL 95").await;
    world
        .fill(1, ordercast_model::order::identity::Leg::Entry, "10", "100")
        .await;
    place(
        &world,
        "AAPL",
        OrderSide::Sell,
        Size::Units(units("10")),
        Some("140"),
    );
    world.pass(seconds(NOTICED)).await;
    let counted = ordercast_rules::risk::counted(&world.account(1).await).unwrap();
    assert!(counted.is_empty(), "{counted:?}");
    for _ in 0..49 {
        place(&world, "F", OrderSide::Buy, Size::Amount(dec("1")), Some("10"));
    }
    world.pass(seconds(NOTICED)).await;
    world.quote("MSFT", "400");
    world.post("BUY MSFT @ 400 SL 380").await;
    let decision = world.decisions(1).await.pop().unwrap();
    assert_eq!(
        decision.message,
        "50 of 50 orders open or queued, 50 of them placed at the broker"
    );
}

#[tokio::test]
async fn ex_20_a_kill_and_a_restart_leave_what_works_by_hand_alone() {
    let mut world = World::new(setup()).await;
    world.quote("AAPL", "100");
    let id = place(
        &world,
        "SPY",
        OrderSide::Buy,
        Size::Units(units("1")),
        Some("180"),
    );
    world.pass(seconds(NOTICED)).await;
    world.post("BUY AAPL @ 100 SL 95").await;
    let user = world.user(1);
    let also = switch::Also {
        flatten: true,
        freeze: false,
    };
    switch::kill(
        world.ctx(),
        &user,
        SwitchScope::User(user.id),
        String::new(),
        also,
    )
    .await
    .unwrap();
    world.pass(seconds(5)).await;
    assert!(
        world
            .entries(1)
            .await
            .iter()
            .all(|o| o.state == OrderState::Cancelled)
    );
    world.crash_and_restart().await;
    world.pass(seconds(NOTICED)).await;
    assert_eq!(world.account(1).await.outside.keys().collect::<Vec<_>>(), [&id]);
    assert_eq!(said(&world).await.len(), 1, "not told again after the restart");
    let killed = world.journal().await;
    let told = killed.iter().rfind(|e| e.kind.code() == "kill.set").unwrap();
    assert_eq!(told.after.as_ref().unwrap()["left_at_broker"], 1);
}
