//! A channel that was not heard for a while: who is told, of what, and once.

use std::{collections::BTreeSet, time::Duration};

use ordercast_app::{cursor::Bookmarks, notice::Teller};
use ordercast_model::{
    community::Role,
    journal::{entry::Chained, kind::Kind},
    ports::{
        clock::Clock,
        source::{Cursors, Gap, Taken},
        store::{Batch, JournalStore},
    },
    signal::raw::{
        Author, Content, RawMessage,
        RevisionKind::{Deleted, Edited, New},
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
async fn what_stands_in_a_channel_is_what_may_be_found_deleted() {
    let world = World::new(Setup::default()).await;
    let marks = Bookmarks(world.ctx().clone());
    let offer = async |id: &str, kind, text: &str, thread: Option<&str>| {
        let mut message = world.message(id, kind, text);
        message.thread_of = thread.map(str::to_owned);
        world.take(message).await
    };
    for (id, kind, text, thread) in [
        ("100", New, "too old", None),
        ("201", New, "BUY AAPL @ 180 limit", None),
        ("202", New, "in a thread", Some("200")),
        ("203", New, "gone", None),
        ("203", Deleted, "", None),
        ("204", New, "/signal action:buy symbol:AAPL", None),
        ("205", New, "changed", None),
        ("205", Edited, "changed since", None),
        ("99", New, "much older", None),
    ] {
        assert_eq!(offer(id, kind, text, thread).await, Taken::Stored, "{id}");
    }
    let held = marks.held(&snowflake(), "200").await.unwrap();
    let seen: Vec<_> = held
        .iter()
        .map(|h| (h.id.as_str(), h.thread.as_deref()))
        .collect();
    assert_eq!(seen, [("205", None), ("202", Some("200")), ("201", None)]);
    assert!(
        marks.held("404", "200").await.unwrap().is_empty(),
        "nobody's channel"
    );
}

#[tokio::test]
async fn a_signal_found_deleted_afterwards_is_cancelled_as_if_it_had_been_heard() {
    let mut world = World::new(Setup::default()).await;
    let message = world.post("BUY AAPL @ 180 limit").await;
    assert_eq!(world.working(1).len(), 1);
    // Hours later: what takes risk away has no age.
    world.pass(Duration::from_secs(4 * 3_600)).await;
    let gone = RawMessage {
        revision: Deleted,
        content: Content::default(),
        author: Author::default(),
        received_at: world.clock.now(),
        backfilled: true,
        ..message
    };
    assert_eq!(world.take(gone.clone()).await, Taken::Stored);
    world.settle().await;
    world.pass(crate::world::MOMENT).await;
    assert!(world.working(1).is_empty(), "{:?}", world.working(1));
    assert_eq!(world.take(gone).await, Taken::Known, "found once");
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
