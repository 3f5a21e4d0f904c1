//! Before and after the regular session (RK-07): only where limits and venue allow, only as limits, by the exchange's days.

use ordercast_model::{
    limits::Limits,
    order::{identity::Leg, intent::Order},
    time::Timestamp,
};

use crate::world::{Setup, World, fixed, seconds};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn on(_: u64) -> Limits {
    Limits {
        extended_hours: true,
        ..Limits::default()
    }
}

/// A venue whose regular session opens then.
async fn closed(start: &str, opens: &str, limits: fn(u64) -> Limits, around: bool) -> World {
    let world = World::new(Setup {
        start: at(start),
        sizing: fixed(5),
        limits,
        around,
        ..Setup::default()
    })
    .await;
    world.close_until("AAPL", at(opens));
    world
}

/// How the entry stands: state, type and price, whether it may work around the session.
async fn entry(world: &World) -> String {
    let order = world.entries(1).await.remove(0);
    let kind = order.request.order_type;
    let price = kind.price().map_or(String::new(), |p| format!(" {p}"));
    let around = if order.request.extended_hours {
        " around"
    } else {
        ""
    };
    format!("{} {}{price}{around}", order.state.code(), kind.code())
}

#[tokio::test]
async fn rk_07_an_entry_goes_before_the_session_where_limits_and_venue_allow_it() {
    // 07:00 in New York on a Monday.
    let (start, opens) = ("2026-11-30T12:00:00Z", "2026-11-30T14:30:00Z");
    let queued = "queued for Mon 2026-11-30 09:30 ET";
    let unable = "Market closed, and Fake takes no orders before or after the session; queued for Mon 2026-11-30 09:30 ET";
    for (text, limits, around, want, said) in [
        (
            "BUY AAPL @ 180",
            on as fn(u64) -> Limits,
            true,
            "submitted limit 180 around",
            "",
        ),
        ("BUY AAPL market", on, true, "submitted limit 181.8 around", ""),
        ("BUY STOP 5 AAPL 185", on, true, "queued stop 185", queued),
        (
            "BUY AAPL @ 180",
            |_| Limits::default(),
            true,
            "queued limit 180",
            queued,
        ),
        ("BUY AAPL @ 180", on, false, "queued limit 180", unable),
    ] {
        let mut world = closed(start, opens, limits, around).await;
        world.post(text).await;
        assert_eq!(
            entry(&world).await,
            want,
            "{text}: {:?}",
            world.decisions(1).await
        );
        let message = world.decisions(1).await[0].message.clone();
        assert!(message.contains(said), "{text}: {message}");
    }
}

#[tokio::test]
async fn rk_07_at_night_it_waits_for_the_early_hours_and_goes_then_as_a_limit() {
    for (start, opens, early, said) in [
        // A week-end in which the clocks go forward, one in which they go back, and the half day after Thanksgiving.
        (
            "2026-03-09T07:59:50Z",
            "2026-03-09T13:30:00Z",
            "2026-03-09T08:00:00Z",
            "Mon 2026-03-09 04:00 ET",
        ),
        (
            "2026-11-02T08:59:50Z",
            "2026-11-02T14:30:00Z",
            "2026-11-02T09:00:00Z",
            "Mon 2026-11-02 04:00 ET",
        ),
        (
            "2026-11-27T08:59:50Z",
            "2026-11-27T14:30:00Z",
            "2026-11-27T09:00:00Z",
            "Fri 2026-11-27 04:00 ET",
        ),
    ] {
        let mut world = closed(start, opens, on, true).await;
        world.post("BUY AAPL market").await;
        assert_eq!(entry(&world).await, "queued market", "{start}");
        let message = world.decisions(1).await[0].message.clone();
        assert!(message.contains(said), "{message}");
        assert_eq!(world.entries(1).await[0].due_at, Some(at(early)));
        world.quote("AAPL", "180.5");
        world.pass(seconds(15)).await;
        assert_eq!(entry(&world).await, "submitted limit 182.3 around", "{start}");
        let account = world.account(1).await;
        let reserved = account.reservations.values().next().unwrap();
        assert_eq!(
            reserved.price.to_string(),
            "182.3",
            "what it may cost is reserved"
        );
        world.pass(seconds(62)).await;
        assert_eq!(
            entry(&world).await,
            "cancelled limit 182.3 around",
            "as any guarded entry"
        );
    }
}

#[tokio::test]
async fn rk_07_after_a_half_day_the_late_hours_end_at_five() {
    let opens = "2026-11-30T14:30:00Z";
    let mut world = closed("2026-11-27T21:59:30Z", opens, on, true).await;
    world.post("BUY AAPL @ 180").await;
    assert_eq!(entry(&world).await, "submitted limit 180 around");
    let mut world = closed("2026-11-27T22:00:01Z", opens, on, true).await;
    world.post("BUY AAPL @ 180").await;
    let message = world.decisions(1).await[0].message.clone();
    assert!(
        message.contains("queued for Mon 2026-11-30 04:00 ET"),
        "{message}"
    );
    let mut world = closed("2026-11-26T15:00:00Z", "2026-11-27T14:30:00Z", on, true).await;
    world.post("BUY AAPL @ 180").await;
    let message = world.decisions(1).await[0].message.clone();
    assert!(
        message.contains("queued for Fri 2026-11-27 04:00 ET"),
        "Thanksgiving: {message}"
    );
}

#[tokio::test]
async fn rk_07_a_close_goes_around_the_session_as_a_limit_where_an_entry_may() {
    for (limits, want) in [
        (on as fn(u64) -> Limits, "submitted limit 178.2 around"),
        (|_| Limits::default(), "queued market"),
    ] {
        let mut world = World::new(Setup {
            start: at("2026-11-30T20:59:00Z"),
            sizing: fixed(5),
            limits,
            around: true,
            ..Setup::default()
        })
        .await;
        let call = world.post("BUY AAPL @ 180").await;
        world.fill(1, Leg::Entry, "5", "180").await;
        world.pass(seconds(60)).await;
        world.close_until("AAPL", at("2026-12-01T14:30:00Z"));
        world.reply(&call, "close AAPL").await;
        let close = world
            .orders(1)
            .await
            .into_iter()
            .find(|o| o.leg == Leg::Flatten)
            .unwrap();
        let kind = close.request.order_type;
        let price = kind.price().map_or(String::new(), |p| format!(" {p}"));
        let around = if close.request.extended_hours {
            " around"
        } else {
            ""
        };
        let got = format!("{} {}{price}{around}", close.state.code(), kind.code());
        assert_eq!(got, want, "{:?}", close.message);
        if close.request.extended_hours {
            // Nobody pays that much for an hour before the session: the rest goes at the regular open, at the market.
            world.pass(seconds(1)).await;
            assert_eq!(world.guards(1).await, ["close 5 @ 178.2"], "protection gave way");
            world.pass(seconds(64)).await;
            let closes: Vec<Order> = world
                .orders(1)
                .await
                .into_iter()
                .filter(|o| o.leg == Leg::Flatten)
                .collect();
            let words: Vec<String> = closes
                .iter()
                .map(|o| {
                    format!(
                        "{} {} {}",
                        o.state.code(),
                        o.request.order_type.code(),
                        o.request.quantity
                    )
                })
                .collect();
            assert_eq!(words, ["cancelled limit 5", "queued market 5"]);
            assert_eq!(closes[1].due_at, Some(at("2026-12-01T14:30:00Z")));
            assert_eq!(world.guards(1).await, ["stop 5 @ 176.4"], "protected meanwhile");
        }
    }
}
