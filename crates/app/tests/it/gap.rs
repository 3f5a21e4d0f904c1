//! A channel that was not heard for a while: who is told, of what, and once.

use std::{collections::BTreeSet, time::Duration};

use ordercast_app::{cursor::Bookmarks, notice::Teller};
use ordercast_model::{
    community::Role,
    journal::{entry::Chained, kind::Kind},
    ports::{
        clock::Clock,
        source::{Cursors, Gap},
        store::{Batch, JournalStore},
    },
    tenant::TenantScope,
};
use ordercast_testkit::sample::{person, tenant};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::world::{Setup, World, seconds};

/// The channel of the small world, by snowflake.
fn snowflake() -> String {
    let key = tenant::source(1).key();
    key.strip_prefix("discord:").unwrap().to_owned()
}

/// A gap of 90 s that ends now, with messages of so many seconds ago.
fn gap(world: &World, ages: &[u64]) -> Gap {
    let now = world.clock.now();
    Gap {
        channel: snowflake(),
        since: now.minus(seconds(90)),
        until: now,
        read: ages.iter().map(|age| now.minus(seconds(*age))).collect(),
        edited: 1,
        deleted: 0,
        cut: false,
    }
}

async fn gaps(world: &World) -> Vec<Chained> {
    world.pass(seconds(1)).await;
    let all = world.store.chained(0, 10_000).await.unwrap();
    all.into_iter()
        .filter(|c| c.entry.kind == Kind::SignalGap)
        .collect()
}

/// Two followers, a moderator and somebody who only looks.
async fn staffed() -> World {
    let world = World::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    let mut batch = Batch::new();
    for (n, role) in [(21, Role::Moderator), (22, Role::Viewer)] {
        let mut user = person::user(n);
        user.discord_id = Some(n.to_string());
        let mut place = tenant::membership(tenant::community(1).id, user.id);
        place.role = role;
        batch.insert(user);
        batch.insert(place);
    }
    world.write(batch).await;
    world
}

#[tokio::test]
async fn a_gap_is_told_to_staff_and_followers_and_stands_in_the_journal() {
    let world = staffed().await;
    let marks = Bookmarks(world.ctx().clone());
    marks.gap(gap(&world, &[80, 61, 20])).await.unwrap();
    let told = gaps(&world).await;
    let users: BTreeSet<_> = told.iter().filter_map(|c| c.entry.user).collect();
    let expected = [11, 12, 21].map(|n| person::user(n).id);
    assert_eq!(users, BTreeSet::from(expected));
    let own: Vec<_> = told.iter().filter(|c| c.entry.user.is_none()).collect();
    assert_eq!(
        (told.len(), own.len()),
        (4, 1),
        "each once, and the community's own"
    );
    assert_eq!(own[0].entry.community, Some(tenant::community(1).id));
    let after = own[0].entry.after.clone().unwrap();
    for (name, want) in [
        ("seconds", json!(90)),
        ("read", json!(3)),
        ("stale", json!(2)),
        ("stale_exits", json!(0)),
        ("edited", json!(1)),
        ("about", json!("signal.gap")),
    ] {
        assert_eq!(after[name], want, "{name}: {after}");
    }
    let feed = ordercast_app::publish::feed(world.ctx(), &TenantScope::of_user(&world.user(1)), 0, 100)
        .await
        .unwrap();
    let event = feed.iter().find(|e| e.event == "notification").unwrap();
    let message = event.data["message"].as_str().unwrap();
    assert!(
        message.contains("90 s") && message.contains("2 too old to open") && message.contains("1 edited"),
        "{message}"
    );
}

#[tokio::test]
async fn a_flapping_gateway_is_told_in_private_once_in_ten_minutes() {
    let world = staffed().await;
    let teller = tokio::spawn(Teller::new(world.ctx().clone()).run(CancellationToken::new()));
    world.pass(seconds(1)).await;
    let marks = Bookmarks(world.ctx().clone());
    for _ in 0..3 {
        marks.gap(gap(&world, &[])).await.unwrap();
        world.pass(seconds(20)).await;
    }
    let letters = |person: &str| {
        let all = world.chat.letters().into_iter();
        all.filter(|(who, _)| who == person).count()
    };
    assert_eq!([letters("11"), letters("21"), letters("22")], [1, 1, 0]);
    world.pass(Duration::from_secs(600)).await;
    marks.gap(gap(&world, &[])).await.unwrap();
    world.pass(seconds(2)).await;
    assert_eq!(letters("11"), 2);
    teller.abort();
}

#[tokio::test]
async fn the_last_instant_heard_outlives_the_process_and_never_goes_back() {
    let mut world = World::new(Setup::default()).await;
    let marks = Bookmarks(world.ctx().clone());
    assert_eq!(marks.last_heard().await.unwrap(), None);
    let now = world.clock.now();
    for at in [now, now.plus(seconds(5)), now.plus(seconds(3))] {
        marks.heard(at).await;
    }
    world.crash_and_restart().await;
    let marks = Bookmarks(world.ctx().clone());
    assert_eq!(marks.last_heard().await.unwrap(), Some(now.plus(seconds(5))));
}

#[tokio::test]
async fn a_channel_nobody_enabled_has_no_gap() {
    let world = World::new(Setup::default()).await;
    let marks = Bookmarks(world.ctx().clone());
    let elsewhere = Gap {
        channel: "404".to_owned(),
        ..gap(&world, &[1])
    };
    marks.gap(elsewhere).await.unwrap();
    assert!(gaps(&world).await.is_empty());
}
