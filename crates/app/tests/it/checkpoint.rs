//! Checkpoints: signed in time, grown on after a restart, and never signed over a journal that is too short.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ordercast_app::{
    checkpoint::{self, CheckpointError, Checkpointer},
    desk::journal,
    restored,
    switch::SwitchError,
    verify::watch,
};
use ordercast_model::{
    journal::{checkpoint::Checkpoint, entry::Actor, kind::Kind},
    order::identity::Leg,
    ports::{
        notary::Notary,
        store::{Batch, JournalStore, Page},
    },
};
use ordercast_rules::chain::merkle::Tree;

use ordercast_testkit::sample::person;

use crate::world::{KEY, SYSTEM, Setup, World, seconds, stepped_up};

/// Signs with what was signed.
#[derive(Default)]
struct Seal(Mutex<Option<Checkpoint>>);

impl Notary for Seal {
    fn key(&self) -> String {
        KEY.to_owned()
    }
    fn sign(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }
    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(checkpoint.clone());
        Ok(())
    }
    fn kept(&self) -> Result<Option<Checkpoint>, String> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

async fn grow(world: &World, entries: usize) {
    let mut batch = Batch::new();
    for _ in 0..entries {
        batch.note(world.ctx().entry(
            Kind::SystemStarted,
            Actor::system("test"),
            ("process", "1".to_owned()),
        ));
    }
    world.ctx().commit(SYSTEM, batch).await.unwrap();
    world.settle().await;
}

async fn sizes(world: &World) -> Vec<u64> {
    let all = journal::checkpoints(world.ctx(), Page::first(100)).await.unwrap();
    all.iter().map(|one| one.size).collect()
}

#[tokio::test]
async fn checkpoints_come_by_time_and_by_number_and_grow_on_after_a_restart() {
    let world = World::new(Setup::default()).await;
    let seal = Arc::new(Seal::default());
    let ctx = world.ctx();
    grow(&world, 3).await;
    let begun = world.store.head().await.unwrap().unwrap().seq + 1;
    let mut first = Checkpointer::new(seal.clone());
    first.attend(ctx, false).await;
    assert_eq!(sizes(&world).await, [begun], "the first one at once");
    grow(&world, 1).await;
    first.attend(ctx, false).await;
    assert_eq!(sizes(&world).await, [begun], "not due");
    // Another process takes over: it reads where the tree stands, and on.
    let mut second = Checkpointer::new(seal.clone());
    second.attend(ctx, true).await;
    assert_eq!(
        sizes(&world).await,
        [begun + 1, begun],
        "the last word counts everything"
    );
    second.attend(ctx, true).await;
    assert_eq!(
        sizes(&world).await,
        [begun + 1, begun],
        "nothing new, nothing signed"
    );
    grow(&world, 1_000).await;
    second.grown(&[]);
    let mut third = Checkpointer::new(seal.clone());
    third.attend(ctx, false).await;
    assert_eq!(
        sizes(&world).await[0],
        begun + 1_001,
        "a thousand entries are enough"
    );
    grow(&world, 1).await;
    world.pass(Duration::from_secs(61)).await;
    Checkpointer::new(seal.clone()).attend(ctx, false).await;
    let newest = journal::checkpoints(ctx, Page::first(1)).await.unwrap().remove(0);
    let chained = JournalStore::chained(world.store.as_ref(), 0, 10_000)
        .await
        .unwrap();
    let mut tree = Tree::default();
    assert!(
        chained
            .iter()
            .take(usize::try_from(newest.size).unwrap())
            .all(|c| tree.add(&c.hash))
    );
    assert!(newest.size >= begun + 1_002, "a minute passed");
    assert_eq!(newest.root, tree.root());
    assert_eq!(seal.kept().unwrap(), Some(newest.clone()));
    checkpoint::check(ctx, seal.as_ref()).await.unwrap();
}

#[tokio::test]
async fn invariant_14_a_journal_shorter_than_what_was_signed_is_not_gone_on_with() {
    let world = World::new(Setup::default()).await;
    let seal = Seal::default();
    grow(&world, 3).await;
    let have = world.store.head().await.unwrap().unwrap().seq + 1;
    let mut kept = ordercast_testkit::sample::record::checkpoint(have);
    for (key, size, refused) in [
        ("aa", have, false),
        ("aa", have + 2, true),
        ("bb", have + 2, false),
    ] {
        (kept.key, kept.size) = (key.to_owned(), size);
        seal.keep(&kept).unwrap();
        let checked = checkpoint::check(world.ctx(), &seal).await;
        assert_eq!(
            matches!(checked, Err(CheckpointError::Missing { have: had, .. }) if had == have),
            refused,
            "{key} {size}: {checked:?}"
        );
    }
}

/// Over an older state nothing opens, and closing goes on, until every connection was compared and an admin lifts it.
#[tokio::test]
async fn ex_23_a_restored_state_opens_nothing_until_all_is_compared_and_it_is_lifted() {
    let mut world = World::new(Setup {
        followers: 2,
        sizing: crate::world::fixed(1),
        ..Setup::default()
    })
    .await;
    world.post("BUY AAPL @ 180, stop 170").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.fill(2, Leg::Entry, "1", "180").await;
    ordercast_app::switch::reconcile_only(world.ctx(), "a backup of yesterday")
        .await
        .unwrap();
    world.crash_and_restart().await;
    world.quote("MSFT", "100");
    world.post("BUY MSFT @ 100").await;
    assert_eq!(world.verdicts(1).await, ["placed", "locked"]);
    let said = world.decisions(1).await[1].message.clone();
    assert!(said.contains("reconcile_only: a backup of yesterday"), "{said}");
    let admin = ordercast_model::user::User {
        platform_admin: true,
        ..world.user(1)
    };
    let (bare, proven) = (person::session(1, admin.id), stepped_up(&world, &admin));
    let lift = async |user: &ordercast_model::user::User, session, why: &str| {
        restored::lift(world.ctx(), user, session, why.to_owned()).await
    };
    assert!(matches!(
        lift(&world.user(2), &proven, "x").await,
        Err(SwitchError::Forbidden)
    ));
    let state = restored::status(world.ctx(), &admin).await.unwrap();
    assert_eq!((state.lock.is_some(), state.connections), (true, 2));
    // One venue is away: it was not compared, and the refusal counts and names it.
    world.pass(seconds(1)).await;
    let mut account = world.account(2).await;
    account.synced_at = state.lock.unwrap().since;
    account.version += 1;
    let mut batch = ordercast_model::ports::store::Batch::new();
    batch.update(account);
    world.write(batch).await;
    let early = lift(&admin, &proven, "compared").await;
    let Err(SwitchError::Locked(why)) = early else {
        panic!("{early:?}");
    };
    assert!(why.contains("1 of 2 connections are not compared"), "{why}");
    world.pass(seconds(61)).await;
    assert!(matches!(
        lift(&admin, &bare, "compared").await,
        Err(SwitchError::Identity(_))
    ));
    assert!(matches!(
        lift(&admin, &proven, "").await,
        Err(SwitchError::Invalid { .. })
    ));
    assert!(!lift(&admin, &proven, "compared").await.unwrap().unwrap().on);
    world.post("BUY MSFT @ 100").await;
    assert_eq!(world.verdicts(1).await[2], "placed");
    assert!(world.kinds().await.iter().any(|k| k == "risk.unlocked"));
}

/// What is not signed yet is seen every hour, the rest once a day: then nothing opens any more, and it is told once.
#[tokio::test]
async fn invariant_05_an_altered_entry_stops_what_opens() {
    for (signed, whole) in [(false, false), (true, false), (true, true)] {
        let world = World::new(Setup::default()).await;
        let ctx = world.ctx();
        grow(&world, 3).await;
        let mut told = None;
        watch::round(ctx, |_| true, true, &mut told).await.unwrap();
        assert_eq!(told, None);
        world.settle().await;
        assert!(world.kinds().await.contains(&"journal.verified".to_owned()));
        let altered = world.store.head().await.unwrap().unwrap().seq - 1;
        if signed {
            Checkpointer::new(Arc::new(Seal::default()))
                .attend(ctx, true)
                .await;
        }
        world.watch.alter(altered);
        for _ in 0..2 {
            watch::round(ctx, |_| true, whole, &mut told).await.unwrap();
        }
        world.settle().await;
        let seen = !signed || whole;
        let told_of = |kind: &str, kinds: &[String]| kinds.iter().filter(|k| *k == kind).count();
        let kinds = world.kinds().await;
        assert_eq!(
            told_of("journal.mismatch", &kinds),
            usize::from(seen),
            "{signed} {whole}"
        );
        assert_eq!(told_of("kill.set", &kinds), usize::from(seen), "{signed} {whole}");
        assert_eq!(
            told.is_some_and(|fault| fault.contains(&format!("entry {altered} "))),
            seen
        );
    }
    let world = World::new(Setup::default()).await;
    Checkpointer::new(Arc::new(Seal::default()))
        .attend(world.ctx(), true)
        .await;
    let mut told = None;
    watch::round(world.ctx(), |_| false, false, &mut told)
        .await
        .unwrap();
    assert!(told.is_some_and(|fault| fault.contains("its signature does not fit")));
}
