//! A closed session queues; the open judges again.

use ordercast_model::{follow::WhenClosed, limits::Limits, order::identity::Leg, time::Timestamp};
use rust_decimal::Decimal;

use crate::world::{Setup, World, fixed, seconds};

fn monday() -> Timestamp {
    "2026-11-30T14:30:00Z".parse().unwrap()
}

fn saturday() -> Timestamp {
    "2026-11-29T01:00:00Z".parse().unwrap()
}

async fn weekend(setup: Setup) -> World {
    let mut world = World::new(Setup {
        // Five minutes before the open keep the walk short; what is queued does not age.
        start: monday().minus(seconds(300)),
        ..setup
    })
    .await;
    world.close_until("AAPL", monday());
    world.post("BUY AAPL @ 180").await;
    world
}

#[tokio::test]
async fn ac_05_ac_06_queued_for_the_open_and_judged_again() {
    for (open_at, state, reason) in [("180.9", "submitted", None), ("182.7", "denied", Some("RK-12"))] {
        let world = weekend(Setup::default()).await;
        assert_eq!(world.verdicts(1).await, ["queued"]);
        let said = world.decisions(1).await[0].message.clone();
        assert!(said.contains("Mon 2026-11-30 09:30 ET"), "{said}");
        assert_eq!(world.venue.sends(), 0);
        world.pass(seconds(290)).await;
        world.quote("AAPL", open_at);
        world.open_session("AAPL");
        world.pass(seconds(15)).await;
        let order = world.entries(1).await.remove(0);
        assert_eq!(
            (order.state.code(), order.reason.as_deref()),
            (state, reason),
            "{open_at}: {:?}",
            order.message
        );
        assert_eq!(world.account(1).await.reservations.is_empty(), state == "denied");
    }
    let _ = saturday();
}

#[tokio::test]
async fn a_queued_order_is_cut_at_the_open_as_it_would_have_been_before() {
    let world = weekend(Setup {
        sizing: fixed(100),
        ..Setup::default()
    })
    .await;
    world.pass(seconds(290)).await;
    world.open_session("AAPL");
    world.pass(seconds(15)).await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(order.state.code(), "submitted", "{:?}", order.message);
    assert_eq!(order.request.quantity.to_string(), "5");
    assert_eq!(world.at_venue(1)[0].quantity.to_string(), "5");
    let reserved: Vec<String> = world
        .account(1)
        .await
        .reservations
        .values()
        .map(|r| r.quantity.to_string())
        .collect();
    assert_eq!(reserved, ["5"]);
}

#[tokio::test]
async fn a_follow_that_skips_a_closed_market_queues_nothing() {
    let world = weekend(Setup {
        follow: |f| f.when_closed = WhenClosed::Skip,
        ..Setup::default()
    })
    .await;
    assert!(
        world.entries(1).await.is_empty(),
        "{:?}",
        world.decisions(1).await
    );
    assert_eq!(world.verdicts(1).await, ["RK-07"]);
    assert!(world.account(1).await.reservations.is_empty());
}

#[tokio::test]
async fn a_queued_order_whose_session_was_missed_expires() {
    let mut world = weekend(Setup::default()).await;
    world.close_until("AAPL", monday().plus(seconds(86_400)));
    world.leap(seconds(8 * 3_600)).await;
    world.pass(seconds(2)).await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(order.state.code(), "expired", "{:?}", order.message);
    assert!(world.account(1).await.reservations.is_empty());
}

#[tokio::test]
async fn ex_12_what_was_queued_for_one_session_is_not_sent_in_the_next() {
    let mut world = weekend(Setup::default()).await;
    world.open_session("AAPL");
    // The program was away all of Monday; on Tuesday the market is open.
    world.leap(seconds(24 * 3_600)).await;
    world.pass(seconds(2)).await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(
        (order.state.code(), order.message.as_deref()),
        ("expired", Some("The session it was queued for has ended"))
    );
    assert_eq!(world.venue.sends(), 0);
}

#[tokio::test]
async fn ex_12_a_venue_that_only_says_closed_is_queued_for_the_exchange_s_next_open() {
    // The half day after Thanksgiving, an hour after its close.
    let mut world = World::new(Setup {
        start: "2026-11-27T19:00:00Z".parse().unwrap(),
        ..Setup::default()
    })
    .await;
    let closed = ordercast_model::market::Session {
        open: false,
        next_open: None,
        next_close: None,
    };
    world.market.set_session(&World::stock("AAPL"), closed);
    world.post("BUY AAPL @ 180").await;
    assert_eq!(world.verdicts(1).await, ["queued"]);
    let said = world.decisions(1).await[0].message.clone();
    assert!(said.contains("Mon 2026-11-30 09:30 ET"), "{said}");
    assert_eq!(world.entries(1).await[0].due_at, Some(monday()));
}

/// Ten to noon in New York, on weekdays.
fn mornings(_: u64) -> Limits {
    let windows = serde_json::json!([{
        "days": ["mon", "tue", "wed", "thu", "fri"], "from": "10:00", "to": "12:00", "zone": "America/New_York",
    }]);
    Limits {
        trading_windows: serde_json::from_value(windows).unwrap(),
        ..Limits::default()
    }
}

#[tokio::test]
async fn rk_07_a_signal_outside_the_users_hours_waits_for_them_and_an_exit_does_not() {
    let ten = monday().plus(seconds(1_800));
    for (open_at, state, reason) in [("180.9", "submitted", None), ("182.7", "denied", Some("RK-12"))] {
        let mut world = World::new(Setup {
            start: monday().plus(seconds(60)),
            limits: mornings,
            ..Setup::default()
        })
        .await;
        world.post("BUY AAPL @ 180").await;
        assert_eq!(world.verdicts(1).await, ["queued"]);
        let said = world.decisions(1).await[0].message.clone();
        let words = "Outside your trading hours (Mon Tue Wed Thu Fri 10:00-12:00 America/New_York); queued for \
                     Mon 2026-11-30 10:00 ET";
        assert!(said.contains(words), "{said}");
        assert_eq!(world.entries(1).await[0].due_at, Some(ten));
        world.pass(seconds(1_735)).await;
        assert_eq!(world.venue.sends(), 0, "not before ten");
        world.quote("AAPL", open_at);
        world.pass(seconds(10)).await;
        let order = world.entries(1).await.remove(0);
        assert_eq!(
            (order.state.code(), order.reason.as_deref()),
            (state, reason),
            "{:?}",
            order.message
        );
    }
    let mut world = World::new(Setup {
        start: ten.plus(seconds(7_190)),
        limits: mornings,
        ..Setup::default()
    })
    .await;
    let call = world.post("BUY AAPL @ 180").await;
    world.fill(1, Leg::Entry, "5", "180").await;
    world.pass(seconds(30)).await;
    world.reply(&call, "close AAPL").await;
    world.fill(1, Leg::Flatten, "5", "181").await;
    assert_eq!(world.positions(1).await.len(), 0, "an exit waits for no hours");
}

#[tokio::test]
async fn rk_07_hours_that_meet_no_session_of_this_day_wait_for_the_next_that_does() {
    // Friday afternoon, hours on Saturday and from seven on weekdays: the next session within them opens on Monday.
    let mut world = World::new(Setup {
        start: "2026-11-25T20:00:00Z".parse().unwrap(),
        limits: |_| Limits {
            trading_windows: serde_json::from_value(serde_json::json!([
                { "days": ["sat"], "from": "10:00", "to": "12:00", "zone": "America/New_York" },
                { "days": ["mon", "thu"], "from": "07:00", "to": "09:45", "zone": "America/New_York" },
            ]))
            .unwrap(),
            ..Limits::default()
        },
        ..Setup::default()
    })
    .await;
    world.post("BUY AAPL @ 180").await;
    assert_eq!(
        world.entries(1).await[0].due_at,
        Some(monday()),
        "Thursday is Thanksgiving"
    );
}

#[tokio::test]
async fn ex_07_an_order_that_waited_for_the_open_keeps_its_guard() {
    let mut world = World::new(Setup {
        start: monday().minus(seconds(300)),
        ..Setup::default()
    })
    .await;
    world.close_until("AAPL", monday());
    world.post("BUY AAPL market, alert price 180").await;
    world.pass(seconds(290)).await;
    world.open_session("AAPL");
    world.pass(seconds(15)).await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(order.state.code(), "submitted", "{:?}", order.request);
    assert_eq!(order.request.order_type.code(), "limit", "a guarded entry");
    world.pass(seconds(50)).await;
    assert_eq!(world.entries(1).await[0].state.code(), "submitted");
    world.pass(seconds(12)).await;
    assert_eq!(
        world.entries(1).await[0].state.code(),
        "cancelled",
        "60 s after the open"
    );
}

#[tokio::test]
async fn a_kill_takes_what_is_queued() {
    let world = weekend(Setup::default()).await;
    let user = world.user(1);
    ordercast_app::switch::set(
        world.ctx(),
        &user,
        ordercast_model::limits::SwitchKind::Kill,
        ordercast_model::limits::SwitchScope::User(user.id),
        "enough".to_owned(),
    )
    .await
    .unwrap();
    world.settle().await;
    assert_eq!(world.entries(1).await[0].state.code(), "cancelled");
}

/// A day's loss is held against the user's own limit, not against the usual one, and a refusal does not outlast it.
#[tokio::test]
async fn a_decision_trips_nothing_by_a_limit_that_is_not_the_users() {
    for (own, denied) in [(10, false), (5, true)] {
        let mut world = World::new(Setup {
            sizing: fixed(20),
            limits: if own == 10 { wide } else { usual },
            ..Setup::default()
        })
        .await;
        world.quote("MSFT", "300");
        world.post("BUY AAPL @ 180").await;
        world.fill(1, Leg::Entry, "20", "180").await;
        // Down 600 of 10,000: 6 %.
        world.quote("AAPL", "150");
        world.post("BUY MSFT @ 300").await;
        let said = world.decisions(1).await.last().unwrap().message.clone();
        assert_eq!(said.contains("today"), denied, "{own} %: {said}");
        assert!(!world.account(1).await.daily_loss_tripped, "{own} %");
    }
}

fn usual(_: u64) -> Limits {
    Limits {
        position_pct: Decimal::from(50),
        exposure_pct: Decimal::from(100),
        ..Limits::default()
    }
}

fn wide(n: u64) -> Limits {
    Limits {
        daily_loss_pct: Decimal::from(10),
        ..usual(n)
    }
}
