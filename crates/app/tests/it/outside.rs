//! What the account's owner does at the broker, past us, is noticed, told and never fought (EX-20).

use ordercast_model::{
    order::{identity::Leg, shape::OrderSide},
    position::Position,
};
use rust_decimal::Decimal;

use crate::world::{Setup, World, dec, fixed, price, seconds, units};

/// The venue is compared every minute, and a difference must last.
const NOTICED: u64 = 130;

fn setup() -> Setup {
    Setup {
        cash: 100_000,
        sizing: fixed(10),
        ..Setup::default()
    }
}

fn by_hand(world: &World, symbol: &str, trade: (OrderSide, &str, &str), listed: bool) {
    let (side, quantity, at) = trade;
    let id = World::connection_id(1);
    let trade = (side, units(quantity), price(at));
    world.venue.by_hand(id, &World::stock(symbol), trade, listed);
}

async fn open(world: &World) -> Vec<String> {
    let all: Vec<Position> = world.positions(1).await;
    all.iter()
        .filter(|p| p.closed_at.is_none())
        .map(|p| format!("{} {} {}", p.instrument, p.quantity, p.managed))
        .collect()
}

async fn told(world: &World, kind: &str) -> usize {
    world.kinds().await.iter().filter(|k| *k == kind).count()
}

async fn day_loss(world: &World) -> Decimal {
    let account = world.account(1).await;
    (account.day_start_equity - account.equity).normalize()
}

#[tokio::test]
async fn ac_44_a_sale_by_hand_is_taken_over_and_its_siblings_go() {
    for listed in [true, false] {
        let mut world = World::new(setup()).await;
        world.post("BUY AAPL @ 180 SL 175 TP 190").await;
        world.fill(1, Leg::Entry, "10", "180").await;
        assert_eq!(world.guards(1).await, ["stop 10 @ 175", "target 10 @ 190"]);
        by_hand(&world, "AAPL", (OrderSide::Sell, "4", "180"), listed);
        world.pass(seconds(NOTICED)).await;
        assert_eq!(
            world.guards(1).await,
            ["stop 6 @ 175", "target 6 @ 190"],
            "{listed}"
        );
        assert_eq!(world.lots(1).await[0].open, units("6"));
        by_hand(&world, "AAPL", (OrderSide::Sell, "6", "180"), listed);
        world.pass(seconds(NOTICED)).await;
        assert!(world.working(1).is_empty(), "siblings are cancelled");
        assert!(open(&world).await.is_empty());
        assert_eq!(told(&world, "position.external_change").await, 2);
        assert_eq!(day_loss(&world).await, Decimal::ZERO, "no loss");
        let sends = world.venue.sends();
        world.post("close AAPL").await;
        world.pass(seconds(2)).await;
        assert_eq!(world.venue.sends(), sends, "a later close does nothing");
        let account = world.account(1).await;
        assert!(account.holdings.is_empty() && account.unexplained.is_empty());
        assert_eq!(world.venue.holdings(World::connection_id(1)).0, account.cash);
    }
}

#[tokio::test]
async fn ex_20_a_position_opened_by_hand_counts_in_limits_and_no_signal_closes_it() {
    let mut world = World::new(setup()).await;
    world.quote("MSFT", "400");
    by_hand(&world, "MSFT", (OrderSide::Buy, "20", "400"), true);
    world.pass(seconds(NOTICED)).await;
    assert_eq!(open(&world).await, ["MSFT 20 false"]);
    assert_eq!(told(&world, "position.external_change").await, 1);
    assert_eq!(
        (
            day_loss(&world).await,
            told(&world, "risk.daily_loss_tripped").await
        ),
        (Decimal::ZERO, 0),
        "money that became shares is no loss"
    );
    let holding = &world.account(1).await.holdings[&World::stock("MSFT")];
    assert_eq!((holding.quantity, holding.lots), (dec("20"), 0));
    // 8 % of the account is held already; ten more shares would make it 12 %.
    world.post("BUY MSFT @ 400 SL 380").await;
    let entry = world.entries(1).await.remove(0);
    assert_eq!(entry.request.quantity, units("5"), "cut to 10 % of equity");
    world.fill(1, Leg::Entry, "5", "400").await;
    world.post("close MSFT").await;
    let close = world.orders(1).await.into_iter().find(|o| o.leg == Leg::Flatten);
    assert_eq!(close.unwrap().request.quantity, units("5"), "its own lot only");
}

#[tokio::test]
async fn ex_20_a_difference_that_passes_is_nobodys_trade() {
    let world = World::new(setup()).await;
    world.pass(seconds(61)).await;
    by_hand(&world, "MSFT", (OrderSide::Buy, "20", "400"), false);
    world.pass(seconds(61)).await;
    assert_eq!(world.account(1).await.unexplained.len(), 1, "seen");
    by_hand(&world, "MSFT", (OrderSide::Sell, "20", "400"), false);
    world.pass(seconds(NOTICED)).await;
    assert!(world.account(1).await.unexplained.is_empty());
    assert_eq!(told(&world, "position.external_change").await, 0);
}
