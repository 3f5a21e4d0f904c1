//! Equity curves become sparser with age, also over a restart, and are shown oldest first.

use std::time::Duration;

use ordercast_app::desk::portfolio::{self, Range};
use ordercast_model::{
    account::EquityPoint,
    ports::store::{Batch, Query},
    time::Timestamp,
};
use rust_decimal::Decimal;

use crate::world::{Setup, World, seconds};

const DAY: u64 = 86_400;
/// Days ago, and what is left of the points of such a day: 120 in ten minutes, then 24 in two hours.
const LEFT: [(u64, usize); 8] = [
    (0, 10 + 24),
    (1, 1 + 12),
    (2, 1 + 12),
    (8, 1 + 2),
    (9, 1 + 2),
    (95, 1),
    (96, 1),
    (97, 1),
];

fn midnight() -> Timestamp {
    "2026-11-30T00:00:00Z".parse().unwrap()
}

/// Points of an account by days ago, without those that were marked since the beginning.
async fn left(world: &World, n: u64) -> Vec<(u64, usize)> {
    let all: Vec<EquityPoint> = world
        .find(n, Query::EquityCurve(Timestamp::from_seconds(0)))
        .await;
    let of = |ago: u64| {
        let day = midnight().minus(Duration::from_secs(ago * DAY));
        let end = day.plus(Duration::from_secs(4 * 3_600));
        all.iter().filter(|p| p.at >= day && p.at < end).count()
    };
    LEFT.iter().map(|(ago, _)| (*ago, of(*ago))).collect()
}

#[tokio::test]
async fn a_curve_becomes_sparser_with_age() {
    let mut world = World::new(Setup {
        start: "2026-11-30T14:30:07Z".parse().unwrap(),
        followers: 2,
        ..Setup::default()
    })
    .await;
    let mut batch = Batch::new();
    for n in 1..=2 {
        let connection = world.connection(n).await;
        for (ago, _) in LEFT {
            let day = midnight().minus(Duration::from_secs(ago * DAY));
            for second in (0..120).map(|k| k * 5).chain((0..24).map(|k| 7_200 + k * 300)) {
                batch.insert(EquityPoint {
                    user_id: connection.user_id,
                    connection_id: connection.id,
                    at: day.plus(Duration::from_secs(second)),
                    equity: Decimal::from(ago),
                    cash: Decimal::ZERO,
                });
            }
        }
    }
    world.write(batch).await;
    world.pass(seconds(62)).await;
    for n in 1..=2 {
        assert_eq!(left(&world, n).await, LEFT, "account {n}");
    }
    world.crash_and_restart().await;
    world.pass(seconds(62)).await;
    assert_eq!(left(&world, 1).await, LEFT, "thinned once");
    let curve = portfolio::history(world.ctx(), &world.user(1), Range::Year)
        .await
        .unwrap();
    assert!(curve.windows(2).all(|pair| pair[0].at <= pair[1].at));
}
