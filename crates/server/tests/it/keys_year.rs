//! The year of the master keys on a steered clock: what is told in December, what happens on 1 January, what opens after.

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::DateTime;
use ordercast_adapters::{
    bus::LocalBus,
    vault::{LocalVault, MasterKeys},
};
use ordercast_app::keyring::{Keyholder, KeyringError, Survey, begin, job, read, rotate};
use ordercast_model::{
    connection::Connection,
    journal::kind::Kind,
    ports::{
        store::{Batch, JournalStore as _, Page, SystemQuery, commit, find_any},
        vault::{Vault as _, VaultError},
    },
    secret::Secret,
    tenant::SystemScope,
    time::Timestamp,
};
use ordercast_testkit::{clock::SteerableClock, random::SeededRandom, sample, store::MemoryStore};

const SCOPE: SystemScope = SystemScope::housekeeping("test");

fn keys(versions: &[u8]) -> MasterKeys {
    let entry = |version: &u8| {
        let key: Vec<u8> = (0..32_u8).map(|i| i.wrapping_mul(5) ^ version).collect();
        format!("{version}:{}", STANDARD.encode(key))
    };
    let text: Vec<String> = versions.iter().map(entry).collect();
    MasterKeys::parse(&Secret::new(text.join(","))).unwrap()
}

fn instant(text: &str) -> Timestamp {
    Timestamp::from_micros(DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros())
}

struct World {
    store: Arc<MemoryStore>,
    clock: SteerableClock,
    vault: Arc<LocalVault>,
    holder: Keyholder,
}

impl World {
    fn over(store: &Arc<MemoryStore>, versions: &[u8], now: &str) -> Self {
        let clock = SteerableClock::at(instant(now));
        let random = Arc::new(SeededRandom::new(u64::try_from(versions.len()).unwrap() + 40));
        let vault = Arc::new(LocalVault::new(
            keys(versions),
            store.clone(),
            Arc::new(clock.clone()),
            random.clone(),
        ));
        Self {
            store: store.clone(),
            holder: Keyholder {
                store: store.clone(),
                clock: Arc::new(clock.clone()),
                random,
                bus: Arc::new(LocalBus::new()),
                keeper: vault.clone(),
            },
            clock,
            vault,
        }
    }
    async fn connect(&self, users: std::ops::RangeInclusive<u64>) {
        for n in users {
            let mut connection = sample::trade::connection(n, sample::id(n));
            let secret = Secret::new(format!("credential {n}"));
            let sealed = self.vault.seal(
                connection.user_id,
                connection.id,
                &connection.broker,
                "key",
                &secret,
            );
            connection.credential.push(sealed.await.unwrap());
            let mut batch = Batch::new();
            batch.insert(connection);
            commit(self.store.as_ref(), SCOPE, batch).await.unwrap();
        }
    }
    async fn all(&self) -> Vec<Connection> {
        let query = SystemQuery::ConnectionsAll(Page::first(1_000));
        find_any(self.store.as_ref(), SCOPE, query).await.unwrap()
    }
    async fn all_open(&self) -> bool {
        for one in self.all().await {
            if self.vault.open(&one).await.is_err() {
                return false;
            }
        }
        true
    }
    async fn at(&self, now: &str) {
        self.clock.advance(instant(now).since(self.clock_now())).await;
    }
    fn clock_now(&self) -> Timestamp {
        ordercast_model::ports::clock::Clock::now(&self.clock)
    }
    async fn alerts(&self) -> Vec<String> {
        let entries = self.store.pending(1_000).await.unwrap();
        let told = entries.iter().filter(|entry| entry.kind == Kind::AlertRaised);
        told.map(|entry| {
            entry.after.as_ref().unwrap()["severity"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
    }
}

#[tokio::test]
async fn a_missing_key_is_told_of_three_times_and_its_coming_rotates() {
    let store = Arc::new(MemoryStore::new());
    let world = World::over(&store, &[1], "2026-06-01T00:00:00Z");
    begin(&world.holder).await.unwrap();
    world.connect(1..=3).await;
    let mut told = 0;
    for (now, more) in [
        ("2026-11-30T23:59:00Z", 0),
        ("2026-12-01T00:00:00Z", 1),
        ("2026-12-02T00:00:00Z", 0),
        ("2026-12-15T00:00:00Z", 1),
        ("2026-12-25T00:00:00Z", 1),
        ("2026-12-31T23:59:59Z", 0),
        ("2027-01-01T00:00:00Z", 1),
        ("2027-01-02T00:00:00Z", 0),
    ] {
        world.at(now).await;
        for _ in 0..2 {
            job::work(&world.holder).await.unwrap();
        }
        told += more;
        assert_eq!(world.alerts().await.len(), told, "{now}");
        assert_eq!(world.holder.keeper.active(), 1, "nothing changes without a key");
    }
    assert_eq!(
        world.alerts().await,
        ["warning", "warning", "warning", "critical"]
    );
    // The key comes late: the rotation is made at once.
    world
        .vault
        .give(keys(&[2, 1]).held(Arc::new(SeededRandom::new(3))))
        .unwrap();
    job::work(&world.holder).await.unwrap();
    let ring = read(store.as_ref()).await.unwrap().unwrap();
    assert_eq!((ring.active, ring.year, ring.done_at.is_some()), (2, 2027, true));
    assert!(world.all_open().await);
}

#[tokio::test]
async fn on_the_first_of_january_the_next_key_comes_into_force_and_the_older_may_go() {
    let store = Arc::new(MemoryStore::new());
    let world = World::over(&store, &[2, 1], "2026-06-01T00:00:00Z");
    // Version 1 was in force when there was no keyring: the newer one waits.
    World::over(&store, &[1], "2026-05-01T00:00:00Z")
        .connect(1..=120)
        .await;
    begin(&world.holder).await.unwrap();
    world.connect(121..=122).await;
    let before = world
        .vault
        .digest("hook address", None, &["hook", "secret"])
        .unwrap();
    assert_eq!((before.key_version, world.holder.keeper.active()), (1, 1));
    world.at("2026-12-31T23:59:59Z").await;
    job::work(&world.holder).await.unwrap();
    assert_eq!(world.holder.keeper.active(), 1);
    assert!(world.alerts().await.is_empty());
    world.at("2027-01-01T00:00:00Z").await;
    job::work(&world.holder).await.unwrap();
    let ring = read(store.as_ref()).await.unwrap().unwrap();
    assert_eq!((ring.active, ring.done_at.is_some()), (2, true));
    let survey = Survey::of(store.as_ref()).await.unwrap();
    assert_eq!((survey.data_keys[&2], survey.fields[&2]), (122, 122));
    assert_eq!((survey.data_keys.len(), survey.fields.len()), (1, 1));
    // A process that knows version 2 only opens everything, and knows what was digested under version 1.
    let later = World::over(&store, &[2], "2027-02-01T00:00:00Z");
    begin(&later.holder).await.unwrap();
    assert!(later.all_open().await);
    let again = later
        .vault
        .digest("hook address", Some(1), &["hook", "secret"])
        .unwrap();
    assert_eq!(again.bytes.expose(), before.bytes.expose());
    let fresh = later
        .vault
        .digest("hook address", None, &["hook", "secret"])
        .unwrap();
    assert_ne!(fresh.bytes.expose(), before.bytes.expose());
}

#[tokio::test]
async fn a_process_without_the_new_key_holds_the_rotation_up() {
    let store = Arc::new(MemoryStore::new());
    let world = World::over(&store, &[2, 1], "2026-06-01T00:00:00Z");
    let other = World::over(&store, &[1], "2026-06-01T00:00:00Z");
    other.connect(1..=2).await;
    begin(&other.holder).await.unwrap();
    job::look(&other.holder, "other", false).await.unwrap();
    begin(&world.holder).await.unwrap();
    let refused = rotate::activate(&world.holder, false).await;
    assert!(
        matches!(&refused, Err(KeyringError::NotHeld { process, to: 2, .. }) if process == "other"),
        "{refused:?}"
    );
    other
        .vault
        .give(keys(&[2, 1]).held(Arc::new(SeededRandom::new(3))))
        .unwrap();
    job::look(&other.holder, "other", false).await.unwrap();
    rotate::activate(&world.holder, false).await.unwrap();
    rotate::pass(&world.holder, &mut |_| {}).await.unwrap();
    // It still seals with the older version: what it seals now must not be forgotten.
    assert!(!rotate::finish(&world.holder).await.unwrap());
    other.connect(3..=3).await;
    job::look(&other.holder, "other", false).await.unwrap();
    assert!(!rotate::finish(&world.holder).await.unwrap(), "one is left");
    rotate::pass(&world.holder, &mut |_| {}).await.unwrap();
    assert!(rotate::finish(&world.holder).await.unwrap());
    assert!(world.all_open().await && other.all_open().await);
    let active: BTreeSet<u32> = world
        .all()
        .await
        .iter()
        .map(|c| c.credential[0].master_version)
        .collect();
    assert_eq!(active, BTreeSet::from([2]));
}

#[tokio::test]
async fn what_is_needed_is_not_dropped_and_what_would_be_lost_is_not_left_behind() {
    let store = Arc::new(MemoryStore::new());
    World::over(&store, &[1], "2026-06-01T00:00:00Z")
        .connect(1..=2)
        .await;
    let world = World::over(&store, &[3, 1], "2026-06-01T00:00:00Z");
    begin(&world.holder).await.unwrap();
    rotate::activate(&world.holder, false).await.unwrap();
    // Nothing is wrapped yet; version 1 is needed still, and out of reach of version 4.
    let without = World::over(&store, &[3], "2026-06-01T00:00:00Z");
    let dropped = begin(&without.holder).await;
    assert!(
        matches!(
            dropped,
            Err(KeyringError::Dropped {
                version: 1,
                data_keys: 2
            })
        ),
        "{dropped:?}"
    );
    let absent = begin(&World::over(&store, &[2, 1], "2026-06-01T00:00:00Z").holder).await;
    assert!(
        matches!(absent, Err(KeyringError::Absent { version: 3, .. })),
        "{absent:?}"
    );
    let ahead = World::over(&store, &[4, 3, 1], "2026-06-01T00:00:00Z");
    begin(&ahead.holder).await.unwrap();
    let left = rotate::activate(&ahead.holder, false).await;
    assert!(
        matches!(
            left,
            Err(KeyringError::OutOfReach {
                to: 4,
                version: 1,
                data_keys: 2
            })
        ),
        "{left:?}"
    );
    rotate::pass(&ahead.holder, &mut |_| {}).await.unwrap();
    assert!(rotate::finish(&ahead.holder).await.unwrap());
    rotate::activate(&ahead.holder, false).await.unwrap();
    assert!(ahead.all_open().await, "version 3 is within reach of 4");
    let mut lost = ahead.all().await.remove(0);
    lost.health = ordercast_model::connection::Health::Disabled;
    assert!(matches!(
        ahead.vault.open(&lost).await,
        Err(VaultError::Disabled(_))
    ));
}
