//! A small world and the clients that visit it.

use ordercast_sim::discord::{
    Bot, Channel, Clock, Discord, DiscordConfig, Guild, Member, Overwrite, Role, Snowflake, User, Webhook,
    World, bot_token, intent, permission, webhook_token,
};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use twilight_gateway::{Config, ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt};

pub(crate) const GUILD: Snowflake = Snowflake(900_000_000_000_000_001);
pub(crate) const SIGNALS: Snowflake = Snowflake(900_000_000_000_000_010);
pub(crate) const OTHER: Snowflake = Snowflake(900_000_000_000_000_011);
pub(crate) const SECRET: Snowflake = Snowflake(900_000_000_000_000_012);
pub(crate) const READ_ONLY: Snowflake = Snowflake(900_000_000_000_000_013);
pub(crate) const OWNER: Snowflake = Snowflake(900_000_000_000_000_020);
pub(crate) const LISTENER: Snowflake = Snowflake(900_000_000_000_000_021);
pub(crate) const PROVIDER: Snowflake = Snowflake(900_000_000_000_000_022);
pub(crate) const PLAIN: Snowflake = Snowflake(900_000_000_000_000_023);
pub(crate) const MODERATOR: Snowflake = Snowflake(900_000_000_000_000_024);
pub(crate) const HOOK: Snowflake = Snowflake(900_000_000_000_000_030);
pub(crate) const MODERATORS: Snowflake = Snowflake(900_000_000_000_000_040);

pub(crate) const WAIT: Duration = Duration::from_secs(10);

fn user(id: Snowflake, name: &str) -> User {
    User {
        id,
        username: name.into(),
        display_name: None,
        bot: id != OWNER,
    }
}

fn channel(id: Snowflake, name: &str, deny: u64) -> Channel {
    let overwrites = match deny {
        0 => Vec::new(),
        deny => vec![Overwrite {
            id: GUILD,
            for_member: false,
            allow: 0,
            deny,
        }],
    };
    Channel {
        id,
        name: name.into(),
        topic: None,
        kind: 0,
        parent_id: None,
        overwrites,
    }
}

pub(crate) fn world() -> World {
    let people = [
        (OWNER, "owner"),
        (LISTENER, "listener"),
        (PROVIDER, "provider"),
        (PLAIN, "plain"),
        (MODERATOR, "moderator"),
    ];
    let role = |id, name: &str, permissions| Role {
        id,
        name: name.into(),
        permissions,
        color: 0,
    };
    let bot = |id, privileged_intents| Bot {
        user_id: id,
        token: bot_token(id, 7),
        listener: id == LISTENER,
        privileged_intents,
    };
    World {
        guilds: vec![Guild {
            id: GUILD,
            name: "Test floor".into(),
            owner_id: OWNER,
            roles: vec![
                role(GUILD, "@everyone", permission::MEMBER),
                role(
                    MODERATORS,
                    "moderators",
                    permission::MANAGE_MESSAGES | 1 << 4 | 1 << 28,
                ),
            ],
            channels: vec![
                channel(SIGNALS, "signals", 0),
                channel(OTHER, "other", 0),
                channel(SECRET, "secret", permission::VIEW_CHANNEL),
                channel(READ_ONLY, "read-only", permission::SEND_MESSAGES),
            ],
            members: people
                .iter()
                .map(|(id, _)| Member {
                    user_id: *id,
                    roles: if *id == MODERATOR {
                        vec![MODERATORS]
                    } else {
                        Vec::new()
                    },
                    nick: None,
                })
                .collect(),
        }],
        users: people.iter().map(|(id, name)| user(*id, name)).collect(),
        bots: vec![
            bot(LISTENER, intent::PRIVILEGED),
            bot(PROVIDER, intent::PRIVILEGED),
            bot(PLAIN, 0),
            bot(MODERATOR, intent::PRIVILEGED),
        ],
        webhooks: vec![Webhook {
            id: HOOK,
            name: "Alerts".into(),
            token: webhook_token(HOOK, 7),
            channel_id: SIGNALS,
        }],
    }
}

/// A clock that moves a millisecond with every look.
pub(crate) fn clock() -> Clock {
    let micros = Arc::new(AtomicI64::new(1_790_000_000_000_000));
    Arc::new(move || micros.fetch_add(1_000, Ordering::SeqCst))
}

pub(crate) fn config() -> DiscordConfig {
    DiscordConfig::new(world())
}

pub(crate) async fn start(config: DiscordConfig) -> Discord {
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    Discord::start(config, clock()).await.unwrap()
}

pub(crate) fn token(bot: Snowflake) -> String {
    bot_token(bot, 7)
}

pub(crate) fn message_intents() -> Intents {
    Intents::GUILDS | Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT | Intents::DIRECT_MESSAGES
}

pub(crate) fn shard_config(discord: &Discord, bot: Snowflake, intents: Intents) -> ConfigBuilder {
    ConfigBuilder::new(format!("Bot {}", token(bot)), intents).proxy_url(discord.gateway_url())
}

/// A gateway client that keeps what it saw.
pub(crate) struct Client {
    pub(crate) shard: Shard,
}

impl Client {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            shard: Shard::with_config(ShardId::ONE, config),
        }
    }

    /// Connects as a bot and waits until its guild is there.
    pub(crate) async fn ready(discord: &Discord, bot: Snowflake, intents: Intents) -> Self {
        let mut client = Self::new(shard_config(discord, bot, intents).build());
        client.until(|event| matches!(event, Event::GuildCreate(_))).await;
        client
    }

    /// The next event that fits; errors and other events on the way are passed over.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        self.seen_until(fits).await.pop().unwrap()
    }

    /// All events up to the first that fits, that one included.
    pub(crate) async fn seen_until(&mut self, fits: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        let search = async {
            loop {
                match self.shard.next_event(EventTypeFlags::all()).await {
                    Some(Ok(event)) => {
                        let found = fits(&event);
                        seen.push(event);
                        if found {
                            return;
                        }
                    }
                    Some(Err(_)) => {}
                    None => panic!("the shard ended for ever"),
                }
            }
        };
        let found = tokio::time::timeout(WAIT, search).await;
        assert!(found.is_ok(), "the event did not come; seen: {seen:?}");
        seen
    }

    /// The text of the next message created.
    pub(crate) async fn next_text(&mut self) -> String {
        match self.until(|event| matches!(event, Event::MessageCreate(_))).await {
            Event::MessageCreate(message) => message.content.clone(),
            other => panic!("not a message: {other:?}"),
        }
    }
}

/// A REST call without any library's manners: status, headers, body.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn id(&self) -> Snowflake {
        self.body["id"].as_str().unwrap().parse().unwrap()
    }
}

pub(crate) async fn call(
    discord: &Discord,
    authorization: Option<&str>,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Reply {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let url = format!("{}{path}", discord.rest_url());
    let mut request = reqwest::Client::new().request(method, url);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Reply {
        status,
        headers,
        body,
    }
}

/// The same as a bot of the world.
pub(crate) async fn as_bot(
    discord: &Discord,
    bot: Snowflake,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Reply {
    let authorization = format!("Bot {}", token(bot));
    call(discord, Some(&authorization), method, path, body).await
}
