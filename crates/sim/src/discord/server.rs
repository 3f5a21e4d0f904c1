//! Starts and stops the simulated Discord, and lets the program it is embedded in speak through it.

use super::config::{Clock, DiscordConfig, Limits};
use super::core::Core;
use super::diary::Deed;
use super::draft::{MessageDraft, MessageEdit};
use super::fault::Fault;
use super::ledger::{Entry, Ledger, LedgerError};
use super::oauth::{Oauth, OauthApp};
use super::rate::Rates;
use super::refusal::Refusal;
use super::session::{Hub, Identity, Turned};
use super::snowflake::Snowflake;
use super::state::State;
use super::wire::{Cut, WireListener};
use super::world::{Channel, Member, World, WorldFault};
use super::{control, gateway, intent, permission, person, render, rest, timer};
use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long open connections get at shutdown.
const SHUTDOWN_WAIT: Duration = Duration::from_secs(3);

/// The simulated Discord cannot start.
#[derive(Debug, thiserror::Error)]
pub enum DiscordError {
    /// The address is taken or not ours.
    #[error("simulated Discord cannot listen on {address}: {source}")]
    Bind {
        address: SocketAddr,
        source: std::io::Error,
    },
    /// The data folder cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The world description contradicts itself.
    #[error("world: {0}")]
    World(#[from] WorldFault),
}

/// What every connection and call shares.
pub(crate) struct Shared {
    core: Mutex<Core>,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) address: SocketAddr,
    pub(crate) token: CancellationToken,
    pub(crate) tracker: TaskTracker,
}

impl Shared {
    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    pub(crate) fn gateway_url(&self) -> String {
        format!("ws://{}/gw", self.address)
    }

    /// Opens a session and sends READY and the guilds of its shard.
    pub(crate) fn identify(&self, connection: u64, identity: Identity, now: Instant) -> Result<(), Turned> {
        let mut core = self.core();
        let core = &mut *core;
        let opened = core.hub.identify(&self.limits, connection, identity, now);
        let what = format!("identify {}", identity.shard.0);
        core.diary.note(what, self.now(), opened.is_err());
        let session = opened?;
        let world = &core.state.world;
        let (Some(bot), Some(account)) = (world.bot(identity.bot), world.user(identity.bot)) else {
            return Err(Turned::Invalid);
        };
        let mine = world
            .guilds
            .iter()
            .filter(|g| identity.has_guild(Some(g.id)) && permission::in_guild(g, bot.user_id) != 0);
        let guilds: Vec<_> = mine.collect();
        let unavailable: Vec<Value> = guilds
            .iter()
            .map(|guild| json!({"id": guild.id, "unavailable": true}))
            .collect();
        let flags = intent::application_flags(bot.privileged_intents);
        let ready = json!({
            "v": 10, "user": render::own_user(account), "guilds": unavailable,
            "session_id": session, "session_type": "normal",
            "resume_gateway_url": self.gateway_url(),
            "shard": [identity.shard.0, identity.shard.1],
            "application": {"id": bot.user_id, "flags": flags},
            "user_settings": {}, "relationships": [], "private_channels": [], "presences": [],
            "guild_join_requests": [], "geo_ordered_rtc_regions": [], "auth": {},
            "_trace": ["simulated"],
        });
        let all_members = intent::GUILD_MEMBERS | intent::GUILD_PRESENCES;
        let all_members = identity.intents & all_members != 0;
        let created: Vec<String> = guilds
            .iter()
            .filter(|_| identity.intents & intent::GUILDS != 0)
            .map(|g| render::guild_create(&core.state, g, identity.bot, all_members).to_string())
            .collect();
        core.hub.tell(&self.limits, &session, "READY", &ready.to_string());
        for guild in created {
            core.hub.tell(&self.limits, &session, "GUILD_CREATE", &guild);
        }
        Ok(())
    }
}

/// A running simulated Discord. Copies speak to the same server; [`Discord::shutdown`] ends it for all.
#[derive(Clone)]
pub struct Discord {
    shared: Arc<Shared>,
}

impl Discord {
    /// Reads the ledger (when there is a folder), takes the address and serves.
    ///
    /// The world given counts when the ledger is new, or when it differs from the one the ledger was
    /// started with; otherwise the ledger's world with its later changes goes on.
    pub async fn start(config: DiscordConfig, clock: Clock) -> Result<Self, DiscordError> {
        config.world.check()?;
        let (state, ledger) = recall(&config)?;
        let failed = |source| DiscordError::Bind {
            address: config.bind,
            source,
        };
        let listener = TcpListener::bind(config.bind).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let mut oauth = Oauth::default();
        config.oauth_apps.into_iter().for_each(|app| oauth.register(app));
        let core = Core {
            state,
            ledger,
            hub: Hub::default(),
            rates: Rates::default(),
            limits: config.limits.clone(),
            counter: Default::default(),
            diary: Default::default(),
            oauth,
        };
        let shared = Arc::new(Shared {
            core: Mutex::new(core),
            limits: config.limits,
            clock,
            address,
            token: CancellationToken::new(),
            tracker: TaskTracker::new(),
        });
        let mut router = Router::new()
            .route("/", get(gateway::upgrade))
            .route("/gw", get(gateway::upgrade))
            .route("/gw/", get(gateway::upgrade))
            .route("/oauth2/authorize", rest::authorize())
            .nest("/api/v10", rest::router())
            .nest("/api/v9", rest::router())
            .nest("/api", rest::router());
        if config.control {
            router = router.nest("/sim", control::router().merge(person::router()));
        }
        let service = router
            .fallback(rest::unknown_route)
            .with_state(shared.clone())
            .into_make_service_with_connect_info::<Cut>();
        let token = shared.token.clone();
        shared.tracker.spawn(async move {
            let stop = token.clone();
            let serving = axum::serve(WireListener(listener), service)
                .with_graceful_shutdown(async move { stop.cancelled().await });
            let overdue = async {
                token.cancelled().await;
                timer::pause(SHUTDOWN_WAIT).await;
            };
            tokio::select! {
                served = serving => {
                    if let Err(error) = served {
                        tracing::error!(%error, "the simulated Discord stopped serving");
                    }
                }
                () = overdue => {}
            }
        });
        shared.tracker.close();
        Ok(Self { shared })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.shared.address
    }

    /// Base of the REST calls, `http://host:port/api/v10`.
    pub fn rest_url(&self) -> String {
        format!("http://{}/api/v10", self.shared.address)
    }

    /// Address of the gateway, `ws://host:port/gw`.
    pub fn gateway_url(&self) -> String {
        self.shared.gateway_url()
    }

    /// The world as it is now.
    pub fn world(&self) -> World {
        self.shared.core().state.world.clone()
    }

    /// Posts as a member (bot or person), without rate limit. Not safe to repeat: each call posts.
    pub fn post(&self, author: Snowflake, channel: Snowflake, draft: MessageDraft) -> Result<Value, Refusal> {
        let now = self.shared.now();
        let mut core = self.shared.core();
        let message = core.post(now, author, channel, draft, None)?;
        Ok(render::message(&core.state, &message))
    }

    /// Changes a message of the author.
    pub fn edit(
        &self,
        author: Snowflake,
        channel: Snowflake,
        message: Snowflake,
        edit: MessageEdit,
    ) -> Result<Value, Refusal> {
        let now = self.shared.now();
        let mut core = self.shared.core();
        let message = core.edit(now, author, channel, message, edit)?;
        Ok(render::message(&core.state, &message))
    }

    /// Deletes a message: the user's own, or anybody's with the right to manage messages.
    pub fn delete(&self, user: Snowflake, channel: Snowflake, message: Snowflake) -> Result<(), Refusal> {
        self.shared.core().delete(user, channel, message)
    }

    /// A channel's messages, oldest first, at most `limit` of the newest.
    pub fn messages(&self, channel: Snowflake, limit: usize) -> Vec<Value> {
        let core = self.shared.core();
        let newest = core.state.history(channel).rev().take(limit);
        let mut shown: Vec<Value> = newest.map(|m| render::message(&core.state, m)).collect();
        shown.reverse();
        shown
    }

    /// Messages that exist now, in all channels.
    pub fn message_count(&self) -> u64 {
        self.shared.core().state.message_count()
    }

    /// Makes or changes a channel.
    pub fn set_channel(&self, guild: Snowflake, channel: Channel) -> Result<(), Refusal> {
        self.shared.core().set_channel(guild, channel)
    }

    /// Removes a channel with its messages.
    pub fn remove_channel(&self, channel: Snowflake) -> Result<(), Refusal> {
        self.shared.core().remove_channel(channel)
    }

    /// Changes a member's roles or nickname.
    pub fn set_member(&self, guild: Snowflake, member: Member) -> Result<(), Refusal> {
        self.shared.core().set_member(guild, member)
    }

    /// Lets people let a program in, in place of what was registered under its id.
    pub fn register(&self, app: OauthApp) {
        self.shared.core().oauth.register(app);
    }

    /// Takes back what a person allowed a program, as they do in the app; how many tokens that ended.
    pub fn forget(&self, user: Snowflake, client_id: &str) -> usize {
        self.shared.core().oauth.forget(user, client_id)
    }

    /// Tokens that programs hold in a person's name.
    pub fn tokens(&self, user: Snowflake) -> usize {
        self.shared.core().oauth.count(user)
    }

    /// Makes trouble.
    pub fn inject(&self, fault: &Fault) {
        self.shared.core().trouble(fault);
    }

    /// What clients did whose name contains this, oldest first; the newest few thousand are known.
    pub fn deeds(&self, part: &str) -> Vec<Deed> {
        self.shared.core().diary.of(part)
    }

    /// Gateway connections that have identified or resumed.
    pub fn listeners(&self) -> usize {
        self.shared.core().hub.attached()
    }

    /// Closes every connection (code 1001) and stops. Safe to repeat.
    pub async fn shutdown(&self) {
        self.inject(&Fault::Close { code: 1_001 });
        // One turn of the connections' tasks, so that the close frames leave.
        timer::pause(Duration::from_millis(20)).await;
        self.shared.token.cancel();
        if timeout(SHUTDOWN_WAIT * 2, self.shared.tracker.wait())
            .await
            .is_err()
        {
            tracing::warn!("the simulated Discord left connections open");
        }
        self.shared.core().ledger = None;
    }
}

/// Serves until the token is cancelled.
pub async fn run(config: DiscordConfig, clock: Clock, token: CancellationToken) -> Result<(), DiscordError> {
    let discord = Discord::start(config, clock).await?;
    tracing::info!(address = %discord.addr(), "simulated Discord listens");
    token.cancelled().await;
    discord.shutdown().await;
    Ok(())
}

/// The state the ledger tells of, brought in line with the world of the configuration.
fn recall(config: &DiscordConfig) -> Result<(State, Option<Ledger>), DiscordError> {
    let mut state = State::default();
    let first = Entry::World {
        world: config.world.clone(),
    };
    let Some(folder) = &config.data_dir else {
        state.apply(&first);
        return Ok((state, None));
    };
    let (mut ledger, entries) = Ledger::open(folder)?;
    let mut described = None;
    for entry in entries {
        state.apply(&entry);
        if let Entry::World { world } = entry {
            described = Some(world);
        }
    }
    if described.as_ref() != Some(&config.world) {
        ledger.append(&first)?;
        state.apply(&first);
    }
    Ok((state, Some(ledger)))
}
