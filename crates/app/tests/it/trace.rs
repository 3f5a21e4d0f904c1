//! The same seed gives the same trace, hash for hash (invariant 11), and every feed is without gaps.

use ordercast_model::{order::identity::Leg, ports::store::JournalStore, tenant::TenantScope};

use crate::world::{MOMENT, Setup, World, fixed, seconds};

async fn story(seed: u64) -> (Vec<String>, World) {
    let mut world = World::new(Setup {
        followers: 4,
        cash: 100_000,
        sizing: fixed(4),
        seed,
        ..Setup::default()
    })
    .await;
    world
        .venue
        .script([ordercast_testkit::broker::Script::LoseAnswer]);
    let opened = world.post("BUY AAPL @ 180 limit SL 170 TP 190 200").await;
    world.pass(seconds(3)).await;
    for n in 1..=3 {
        world.fill(n, Leg::Entry, "4", "180").await;
    }
    world.pass(seconds(10)).await;
    world.reply(&opened, "half out, SL to BE").await;
    world.quote("AAPL", "185");
    world.reply(&opened, "SL to BE").await;
    for n in 1..=3 {
        world.fill(n, Leg::Flatten, "2", "185").await;
    }
    world
        .edit(&opened, "BUY AAPL @ 179 limit SL 170 TP 190 200")
        .await;
    world.pass(MOMENT).await;
    world.audit().await;
    let chained = world.store.chained(0, 10_000).await.unwrap();
    let hashes = chained.iter().map(|c| c.hash.clone()).collect();
    (hashes, world)
}

#[tokio::test]
async fn invariant_11_a_seed_repeats() {
    let (first, _) = story(3).await;
    let (second, _) = story(3).await;
    let (other, _) = story(4).await;
    assert!(first.len() > 60, "{}", first.len());
    assert_eq!(first, second);
    assert_ne!(first, other);
}

#[tokio::test]
async fn every_feed_is_without_gaps_and_its_owners_alone() {
    let (hashes, world) = story(5).await;
    let all = world.store.chained(0, 10_000).await.unwrap();
    assert_eq!(all.len(), hashes.len());
    assert!(all.iter().enumerate().all(|(n, c)| c.seq == n as u64));
    assert!(world.store.pending(1).await.unwrap().is_empty());
    let mut told = 0;
    for n in 1..=4 {
        let user = world.user(n);
        let scope = TenantScope::of_user(&user);
        let feed = world.store.feed(&scope, 0, 1_000).await.unwrap();
        let numbers: Vec<u64> = feed.iter().map(|(n, _)| *n).collect();
        assert_eq!(numbers, (1..=feed.len() as u64).collect::<Vec<u64>>());
        assert!(feed.iter().all(|(_, c)| c.entry.user == Some(user.id)));
        let mine = all
            .iter()
            .filter(|c| c.entry.user == Some(user.id) && c.entry.event().is_some())
            .count();
        assert_eq!(
            mine,
            feed.len(),
            "an event of follower {n} is missing in the feed"
        );
        let events = ordercast_app::publish::feed(world.ctx(), &scope, 2, 10)
            .await
            .unwrap();
        assert_eq!(events.first().map(|e| e.user_seq), Some(3));
        told += feed.len();
    }
    assert!(told > 40, "{told}");
}
