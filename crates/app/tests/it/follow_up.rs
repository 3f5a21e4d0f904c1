//! Closes, reductions and moved levels act on the lots of their own signal, in the quantity that is really held.

use ordercast_model::order::identity::Leg;

use crate::world::{MOMENT, Setup, World, dec, fixed, seconds};

fn setup(n: u32) -> Setup {
    Setup {
        cash: 1_000_000,
        sizing: fixed(n),
        limits: |_| ordercast_model::limits::Limits {
            per_symbol_max: 3,
            ..Default::default()
        },
        ..Setup::default()
    }
}

#[tokio::test]
async fn ac_27_half_out_and_stop_to_break_even() {
    let mut world = World::new(setup(3)).await;
    world.quote("AAPL", "2.13");
    let opened = world.post("BUY AAPL @ 2.13 SL 1.60").await;
    world.fill(1, Leg::Entry, "3", "2.13").await;
    world.quote("AAPL", "2.40");
    world.pass(seconds(10)).await;
    world.reply(&opened, "half out, SL to BE").await;
    world.pass(MOMENT).await;
    assert_eq!(world.verdicts(1).await, ["placed", "placed", "placed"]);
    let guards = world.guards(1).await;
    assert_eq!(guards, ["close 1", "stop 2 @ 2.13"]);
    world.fill(1, Leg::Flatten, "1", "2.40").await;
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["stop 2 @ 2.13"]);
    assert_eq!(world.positions(1).await[0].realised, dec("0.27"));
}

#[tokio::test]
async fn ac_28_two_signals_fit_so_nothing_is_closed() {
    let mut world = World::new(setup(1)).await;
    world.post("BUY AAPL @ 180 SL 175").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.pass(seconds(10)).await;
    world.post("BUY AAPL @ 180 SL 174").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.pass(seconds(10)).await;
    world.post("close AAPL").await;
    assert_eq!(
        world.verdicts(1).await,
        ["placed", "placed", "ambiguous_followup"]
    );
    let said = world.decisions(1).await.pop().unwrap().message;
    assert_eq!(said.matches("AAPL opened").count(), 2, "{said}");
    assert_eq!(world.positions(1).await[0].quantity.to_string(), "2");
}

#[tokio::test]
async fn a_close_cancels_what_works_and_closes_what_filled() {
    let mut world = World::new(setup(10)).await;
    let opened = world.post("BUY AAPL @ 180 limit SL 175").await;
    world.fill(1, Leg::Entry, "4", "180").await;
    world.pass(seconds(10)).await;
    world.reply(&opened, "close AAPL now").await;
    world.pass(MOMENT).await;
    assert_eq!(world.entries(1).await[0].state.code(), "cancelled");
    assert_eq!(world.guards(1).await, ["close 4"]);
    world.fill(1, Leg::Flatten, "4", "181").await;
    world.pass(MOMENT).await;
    assert!(world.positions(1).await.is_empty());
    assert!(world.working(1).is_empty());
    assert!(world.lots(1).await.is_empty());
}

#[tokio::test]
async fn two_closes_at_once_close_once() {
    let mut world = World::new(setup(10)).await;
    let opened = world.post("BUY AAPL @ 180 SL 175").await;
    world.fill(1, Leg::Entry, "10", "180").await;
    world.pass(seconds(10)).await;
    let position = world.positions(1).await.remove(0);
    // The follower's own close and the provider's are decided at the same instant.
    let mut close = world.message(
        "910",
        ordercast_model::signal::raw::RevisionKind::New,
        "close AAPL",
    );
    close.reply_to = Some(opened.source_id.clone());
    world.take(close).await;
    let user = world.user(1);
    let own = ordercast_app::manual::close_position(world.ctx(), &user, position.id, dec("100")).await;
    world.settle().await;
    world.pass(MOMENT).await;
    let closing: Vec<_> = world
        .orders(1)
        .await
        .into_iter()
        .filter(|o| o.leg == Leg::Flatten)
        .collect();
    let total: rust_decimal::Decimal = closing.iter().map(|o| o.request.quantity.value()).sum();
    assert_eq!(total, dec("10"), "own: {own:?}; {closing:?}");
}

#[tokio::test]
async fn a_stale_close_is_told_and_not_done() {
    let mut world = World::new(setup(1)).await;
    world.post("BUY AAPL @ 180 SL 175").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    let mut late = world.message(
        "911",
        ordercast_model::signal::raw::RevisionKind::New,
        "close AAPL",
    );
    late.posted_at = late.posted_at.minus(seconds(16 * 60));
    world.take(late).await;
    world.settle().await;
    assert_eq!(world.verdicts(1).await, ["placed", "stale"]);
    assert_eq!(world.guards(1).await, ["stop 1 @ 175"]);
}

#[tokio::test]
async fn a_stop_that_would_trigger_at_once_is_asked_about() {
    let mut world = World::new(setup(1)).await;
    world.post("BUY AAPL @ 180 SL 175").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.quote("AAPL", "176");
    world.pass(seconds(10)).await;
    world.post("AAPL move stop to 178").await;
    let last = world.decisions(1).await.pop().unwrap();
    assert!(last.message.contains("would trigger at once"), "{}", last.message);
    assert_eq!(world.guards(1).await, ["stop 1 @ 175"]);
    assert_eq!(world.verdicts(1).await, ["placed", "awaiting_approval"]);
}
