//! Sets the scene of a replay: a store that is thrown away, one community with one provider, one follower with a paper
//! account, and the program over them, on a clock that only the replay moves.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow};
use ordercast_adapters::bus::LocalBus;
use ordercast_app::{
    context::{Context, Ports},
    replay::Replay,
};
use ordercast_model::{
    account::Account,
    community::{Channel, Community, Membership, Provider, ProviderStatus, Role},
    connection::{Connection, Health, Mode, SealedField},
    follow::{Follow, FollowMode},
    ids::{ChannelId, CommunityId, ConnectionId, FollowId, ProviderId, UserId},
    instrument::AssetClass,
    limits::{Caps, UserLimits},
    money::Currency,
    plan::Plan,
    ports::{
        BoxFuture,
        broker::{Access, Broker, VenueAccount},
        clock::{Clock, Random},
        store::Batch,
        vault::{Digest, Vault, VaultError},
    },
    secret::Secret,
    signal::{
        profile::{self, ProfileVersion},
        raw::Source,
    },
    tenant::SystemScope,
    time::{SessionZone, Timestamp},
    user::User,
};
use ordercast_rules::profile::Profile;
use ordercast_sim::{
    history::{
        market::{Recorded, Spread},
        walk::Player,
    },
    market::noise::Noise,
    venue::{
        config::{EngineConfig, Fees},
        engine::Engine,
        state::State,
    },
};
use ordercast_store::{Options, open};
use rust_decimal::Decimal;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{bars, export::History, venue::RecordedVenue};

/// Every replay draws the same identifiers.
const SEED: u64 = 1;
const SETTING: SystemScope = SystemScope::housekeeping("a replay sets its own scene");

/// The time of a replay.
#[derive(Clone)]
pub struct ReplayClock(Arc<Mutex<(Timestamp, Timestamp)>>);

impl ReplayClock {
    fn at(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new((start, start))))
    }
    /// Moves on; never back.
    pub fn move_to(&self, at: Timestamp) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.1 = held.1.max(at);
    }
}

impl Clock for ReplayClock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
    fn monotonic(&self) -> Duration {
        let (start, now) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        now.since(start)
    }
    /// Nobody waits: whoever moves the time asks what is due.
    fn sleep_until(&self, _: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

struct SeededRandom(Mutex<Noise>);

impl Random for SeededRandom {
    fn fill(&self, out: &mut [u8]) {
        let mut noise = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in out {
            [*slot] = noise.bytes();
        }
    }
}

/// There is nothing to seal: the venue stands in this process and asks for no key.
struct NoSecrets;

impl Vault for NoSecrets {
    fn seal<'a>(
        &'a self,
        _: UserId,
        _: ConnectionId,
        _: &'a str,
        field: &'a str,
        _: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<SealedField, VaultError>> {
        Box::pin(async move { Err(VaultError::Sealed(format!("{field}: a replay keeps no secret"))) })
    }
    fn open<'a>(&'a self, connection: &'a Connection) -> BoxFuture<'a, Result<Access, VaultError>> {
        Box::pin(async move {
            Ok(Access {
                connection_id: connection.id,
                account_id: connection.account_id.clone(),
                mode: connection.mode,
                fields: BTreeMap::new(),
            })
        })
    }
    fn seal_personal<'a>(
        &'a self,
        _: UserId,
        field: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<String, VaultError>> {
        Box::pin(async move { Err(VaultError::Sealed(format!("{field}: a replay keeps no secret"))) })
    }
    fn seal_secret<'a>(
        &'a self,
        _: UserId,
        purpose: &'a str,
        _: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<String, VaultError>> {
        Box::pin(async move { Err(VaultError::Sealed(format!("{purpose}: a replay keeps no secret"))) })
    }
    fn open_secret<'a>(
        &'a self,
        _: UserId,
        purpose: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Secret<String>, VaultError>> {
        Box::pin(async move { Err(VaultError::Sealed(format!("{purpose}: a replay keeps no secret"))) })
    }
    fn digest(&self, _: &str, key_version: Option<u32>, _: &[&str]) -> Result<Digest, VaultError> {
        Err(VaultError::NoKey(key_version.unwrap_or(0)))
    }
}

/// What a replay is given.
pub struct Setting {
    /// The messages.
    pub history: History,
    /// Recorded prices.
    pub bars: bars::Bars,
    /// Opening cash, USD.
    pub cash: Decimal,
    /// Limits and size.
    pub profile: Profile,
    /// What the provider taught of its own way of writing.
    pub taught: Option<profile::Profile>,
    /// Distance between bid and ask.
    pub spread: Spread,
}

/// A scene that is set.
pub struct Stage {
    /// The program.
    pub ctx: Context,
    /// Its stations.
    pub replay: Replay,
    /// The venue.
    pub venue: Arc<RecordedVenue>,
    /// The time.
    pub clock: ReplayClock,
    /// The follower.
    pub user: User,
    /// The follower's connection.
    pub connection: Connection,
    /// The community, to read by.
    pub community: Community,
    stop: CancellationToken,
    worker: JoinHandle<()>,
    _folder: TempDir,
}

impl Stage {
    /// Sets the scene at an instant.
    ///
    /// # Errors
    /// When the throw-away store cannot be made.
    pub async fn set(setting: &Setting, start: Timestamp) -> Result<Self> {
        let folder = tempfile::tempdir().context("a folder for the time of the replay")?;
        let url = format!("sqlite:{}", folder.path().join("replay.db").display());
        let options = Options {
            durable: false,
            ..Options::default()
        };
        let opened = open(&url, &options).await?;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(opened.worker.run(stop.clone()));
        let clock = ReplayClock::at(start);
        let market = Recorded::new(setting.bars.clone(), setting.spread, start);
        let config = EngineConfig {
            fees: Fees::default(),
            ..EngineConfig::default()
        };
        let player = Player::new(Engine::new(config, market, State::default()));
        let venue = Arc::new(RecordedVenue::new(player, setting.profile.limits.allow_short));
        let (ctx, jobs) = Context::new(Ports {
            store: opened.store,
            clock: Arc::new(clock.clone()),
            random: Arc::new(SeededRandom(Mutex::new(Noise::new(SEED)))),
            vault: Arc::new(NoSecrets),
            brokers: BTreeMap::from([("paper".to_owned(), venue.clone() as _)]),
            markets: BTreeMap::from([("paper".to_owned(), venue.clone() as _)]),
            bus: Arc::new(LocalBus::new()),
            chat: Arc::new(ordercast_model::ports::chat::NoChat),
            rules: ordercast_rules::risk::rule_set()?,
            platform_caps: Caps::default(),
            live_trading: false,
        });
        let (user, connection, community) = people(&ctx, venue.as_ref(), setting).await?;
        let replay = Box::pin(Replay::start(ctx.clone(), jobs)).await?;
        Ok(Self {
            ctx,
            replay,
            venue,
            clock,
            user,
            connection,
            community,
            stop,
            worker,
            _folder: folder,
        })
    }

    /// Throws everything away.
    pub async fn strike(self) {
        self.stop.cancel();
        if self.worker.await.is_err() {
            tracing::debug!("the store of the replay ended early");
        }
    }
}

async fn people(
    ctx: &Context,
    venue: &RecordedVenue,
    setting: &Setting,
) -> Result<(User, Connection, Community)> {
    let now = ctx.now();
    let user = User {
        id: ctx.id::<UserId>(),
        version: 1,
        discord_id: None,
        name: "Follower".to_owned(),
        plan: Plan::Premium,
        platform_admin: false,
        demo: false,
        created_at: now,
    };
    let history = &setting.history;
    let community = Community {
        id: ctx.id::<CommunityId>(),
        version: 1,
        guild_id: history.guild_id.clone(),
        name: history.guild.clone(),
        owner_id: user.id,
        access: ordercast_model::community::Access::default(),
        caps: ordercast_model::limits::Caps::default(),
        pending: Vec::new(),
        staff_unlocks: false,
        created_at: now,
    };
    let (channels, mut provider) = voice(ctx, &community, history);
    let lesson = setting
        .taught
        .as_ref()
        .map(|taught| lesson(&mut provider, taught, user.id));
    let (connection, account) = connect(ctx, venue, &user, setting.cash).await?;
    let mut follow = Follow::new(ctx.id::<FollowId>(), user.id, provider.id, now);
    follow.mode = FollowMode::Auto;
    follow.sizing = setting.profile.sizing;
    let mut batch = Batch::new();
    batch.insert(Membership {
        community_id: community.id,
        user_id: user.id,
        version: 1,
        role: Role::Trader,
        created_at: now,
    });
    batch.insert(UserLimits {
        user_id: user.id,
        version: 1,
        limits: setting.profile.limits.clone(),
        updated_at: now,
        pending: Vec::new(),
    });
    for channel in channels {
        batch.insert(channel);
    }
    batch.insert(provider);
    if let Some(lesson) = lesson {
        batch.insert(lesson);
    }
    batch.insert(follow);
    batch.insert(account);
    batch.insert(connection.clone());
    batch.insert(user.clone());
    batch.insert(community.clone());
    ctx.commit(SETTING, batch).await?;
    Ok((user, connection, community))
}

/// What is taught, as the provider's first version, in force before the first message.
fn lesson(provider: &mut Provider, taught: &profile::Profile, by: UserId) -> ProfileVersion {
    provider.profile = 1;
    ProfileVersion {
        community_id: provider.community_id,
        provider_id: provider.id,
        profile: profile::Profile {
            version: provider.profile,
            ..taught.clone()
        },
        by,
        note: String::new(),
        created_at: provider.created_at,
    }
}

/// The channels, and the provider everybody in them speaks for.
fn voice(ctx: &Context, community: &Community, history: &History) -> (Vec<Channel>, Provider) {
    let now = ctx.now();
    let channel = |source: &Source| Channel {
        id: ctx.id::<ChannelId>(),
        community_id: community.id,
        version: 1,
        source_key: source.key(),
        name: history.channel.clone(),
        enabled: true,
        cursor: None,
        created_at: now,
    };
    let channels: Vec<Channel> = history.sources.iter().map(channel).collect();
    let provider = Provider {
        id: ctx.id::<ProviderId>(),
        community_id: community.id,
        version: 1,
        name: history.channel.clone(),
        about: String::new(),
        status: ProviderStatus::Active,
        channels: channels.iter().map(|c| c.id).collect(),
        authors: history.authors.keys().cloned().collect(),
        roles: Vec::new(),
        sell_opens_short: history.sell_opens_short,
        profile: 0,
        created_at: now,
    };
    (channels, provider)
}

async fn connect(
    ctx: &Context,
    venue: &RecordedVenue,
    user: &User,
    cash: Decimal,
) -> Result<(Connection, Account)> {
    let fields = venue.open_account("Follower", cash).await?;
    let account_id = fields
        .get("account")
        .ok_or_else(|| anyhow!("the venue named no account"))?
        .expose()
        .clone();
    let now = ctx.now();
    // Days are counted as the venue's busiest class counts them.
    let zone = SessionZone::NewYork;
    let connection = Connection {
        id: ctx.id::<ConnectionId>(),
        user_id: user.id,
        version: 1,
        broker: "paper".to_owned(),
        mode: Mode::Paper,
        label: "Paper".to_owned(),
        account_id: account_id.clone(),
        credential: Vec::new(),
        default_for: vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto],
        zone,
        health: Health::Ok,
        health_reason: None,
        fills_cursor: None,
        created_at: now,
    };
    let opened = VenueAccount {
        account_id,
        mode: Mode::Paper,
        currency: Currency::USD,
        cash,
        equity: cash,
        buying_power: cash,
        may_withdraw: None,
        at: now,
    };
    let account = Account::opened(&connection, &opened, now);
    Ok((connection, account))
}
