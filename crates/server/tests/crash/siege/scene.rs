//! Who trades: a community with three channels of the cast, and followers with accounts at the venue that copy at once.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use ordercast_adapters::{
    paper::{PaperBroker, PaperConfig},
    vault::{LocalVault, MasterKeys},
};
use ordercast_model::{
    account::Account,
    connection::{Connection, Health, Mode},
    follow::{Follow, FollowMode, Sizing},
    ids::{ProviderId, UserId},
    instrument::AssetClass,
    limits::{Limits, UserLimits},
    plan::Plan,
    ports::{
        BoxFuture,
        broker::{Access, Broker},
        clock::Clock,
        store::{Batch, Scope, Store, commit},
        vault::Vault,
    },
    secret::Secret,
    tenant::SystemScope,
    time::{SessionZone, Timestamp},
};
use ordercast_sim::cast::{GUILD, PROVIDERS};
use ordercast_store::{Options, open};
use ordercast_testkit::{
    random::SeededRandom,
    sample::{id, person, tenant, trade},
};
use rust_decimal::Decimal;
use tokio_util::sync::CancellationToken;

use super::world::MASTER;
use crate::stranger::client;

const SETTING: SystemScope = SystemScope::housekeeping("a test sets its own scene");
/// The channels that are followed: shares, coins, patient entries.
pub(crate) const CHANNELS: [usize; 3] = [0, 2, 4];

/// Somebody who copies.
pub(crate) struct Follower {
    pub(crate) user: UserId,
    pub(crate) providers: Vec<ProviderId>,
}

/// The provider that posts in a channel of the cast.
pub(crate) fn provider_of(channel: usize) -> ProviderId {
    id(channel as u64 + 1)
}

struct Wall(Instant);

#[expect(clippy::disallowed_methods, reason = "the venue lives in real time")]
impl Clock for Wall {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        Timestamp::from_micros(i64::try_from(since.as_micros()).expect("before 290000"))
    }
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(at.since(self.now())))
    }
}

/// What the rows are made with.
struct Setter {
    clock: Arc<dyn Clock>,
    broker: PaperBroker,
    vault: LocalVault,
}

/// Fills an empty database and opens the accounts.
pub(crate) async fn set(database: &str, venue: &str, admin: &str) -> Vec<Follower> {
    let opened = open(database, &Options::default())
        .await
        .expect("an empty database");
    let stop = CancellationToken::new();
    let worker = tokio::spawn(opened.worker.run(stop.clone()));
    let followers = fill(&opened.store, venue, admin).await;
    stop.cancel();
    worker.await.expect("the store's worker ends");
    followers
}

#[expect(clippy::disallowed_methods, reason = "the clock the program would pass in")]
async fn fill(store: &Arc<dyn Store>, venue: &str, admin: &str) -> Vec<Follower> {
    let clock: Arc<dyn Clock> = Arc::new(Wall(Instant::now()));
    let random = Arc::new(SeededRandom::new(clock.now().micros().unsigned_abs()));
    let config = PaperConfig {
        admin_key: Some(Secret::new(admin.to_owned())),
        ..PaperConfig::new(venue)
    };
    let keys = MasterKeys::parse(&Secret::new(MASTER.to_owned())).expect("a master key");
    let setter = Setter {
        broker: PaperBroker::new(&config, client(), clock.clone(), random.clone())
            .expect("the venue's address"),
        vault: LocalVault::new(keys, store.clone(), clock.clone(), random),
        clock,
    };
    let mut batch = Batch::new();
    let mut community = tenant::community(1);
    community.guild_id = GUILD.to_string();
    for at in CHANNELS {
        let (cast, n) = (PROVIDERS[at], at as u64 + 1);
        let mut channel = tenant::channel(n, community.id);
        channel.source_key = format!("discord:{}", cast.channel);
        // Heard from its beginning: without a place to go on from, what is posted before the first life is nobody's.
        channel.cursor = Some(cast.channel.to_string());
        let mut provider = tenant::provider(n, community.id, cast.name);
        provider.authors = vec![cast.user.to_string()];
        batch.insert(channel);
        batch.insert(provider);
    }
    let mut owner = person::user(1);
    owner.plan = Plan::Premium;
    batch.insert(owner);
    batch.insert(community);
    let mut followers = Vec::new();
    // How big, and which channels.
    let people: [(u32, &[usize]); 5] = [
        (1_500, &[0, 2, 4]),
        (4_000, &[0, 2]),
        (700, &[2, 4]),
        (9_000, &[0, 4]),
        (2_500, &[2]),
    ];
    for (n, (amount, channels)) in (2..).zip(people) {
        followers.push(setter.follower(&mut batch, n, amount, channels).await);
    }
    commit(store.as_ref(), Scope::System(SETTING), batch)
        .await
        .expect("the scene is set");
    followers
}

impl Setter {
    async fn follower(&self, batch: &mut Batch, n: u64, amount: u32, channels: &[usize]) -> Follower {
        let mut user = person::user(n);
        user.plan = Plan::Premium;
        let providers: Vec<ProviderId> = channels.iter().map(|c| provider_of(*c)).collect();
        for (at, provider) in (1..).zip(&providers) {
            let mut follow = Follow::new(id(n * 10 + at), user.id, *provider, self.clock.now());
            follow.mode = FollowMode::Auto;
            follow.sizing = Sizing::FixedNotional {
                amount: Decimal::from(amount),
            };
            batch.insert(follow);
        }
        batch.insert(tenant::membership(tenant::community(1).id, user.id));
        batch.insert(UserLimits {
            user_id: user.id,
            version: 1,
            limits: limits(),
            updated_at: self.clock.now(),
            pending: Vec::new(),
        });
        self.connect(batch, user.id, n).await;
        let follower = Follower {
            user: user.id,
            providers,
        };
        batch.insert(user);
        follower
    }

    async fn connect(&self, batch: &mut Batch, user: UserId, n: u64) {
        let fields = self
            .broker
            .open_account(&format!("follower {n}"), Decimal::from(400_000))
            .await;
        let mut fields = fields.expect("an account is opened");
        let account_id = fields
            .remove("account")
            .expect("an account has a name")
            .expose()
            .clone();
        let (connection, broker) = (id(n), self.broker.capabilities().broker.clone());
        let access = Access {
            connection_id: connection,
            account_id: account_id.clone(),
            mode: Mode::Paper,
            fields: fields.clone(),
        };
        let venue = self.broker.account(&access).await.expect("the account reads");
        let mut credential = Vec::new();
        for (field, value) in &fields {
            let sealed = self.vault.seal(user, connection, &broker, field, value).await;
            credential.push(sealed.expect("a credential is sealed"));
        }
        let (now, zone) = (self.clock.now(), SessionZone::NewYork);
        let connection = Connection {
            id: connection,
            user_id: user,
            version: 1,
            broker,
            mode: Mode::Paper,
            label: "Paper".to_owned(),
            account_id,
            credential,
            default_for: vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto],
            zone,
            health: Health::Ok,
            health_reason: None,
            fills_cursor: None,
            created_at: now,
        };
        batch.insert(Account {
            currency: venue.currency,
            cash: venue.cash,
            equity: venue.equity,
            buying_power: venue.buying_power,
            synced_at: now,
            day: zone.day_of(now),
            day_start_equity: venue.equity,
            day_high_equity: venue.equity,
            ..trade::account(&connection)
        });
        batch.insert(connection);
    }
}

/// Wide enough that most of what is called is placed.
fn limits() -> Limits {
    Limits {
        daily_loss_pct: Decimal::from(20),
        breaker_pct: Decimal::from(25),
        position_pct: Decimal::from(50),
        exposure_pct: Decimal::from(200),
        positions_max: 200,
        per_symbol_max: 20,
        orders_per_minute: 600,
        orders_per_day: 100_000,
        opens_per_minute_per_provider: 600,
        remainder_seconds: 10,
        ..Limits::default()
    }
}
