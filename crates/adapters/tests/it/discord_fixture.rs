//! A small Discord, and a source that reads it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use ordercast_adapters::discord::{DiscordBot, DiscordConfig, DiscordFault, DiscordSource};
use ordercast_model::{
    ports::{
        BoxFuture,
        chat::Counter,
        source::{ChannelCursor, Cursors, Gap, Held, Intake, Taken},
        store::StoreError,
    },
    secret::Secret,
    signal::raw::{RawMessage, RevisionKind},
    time::Timestamp,
};
use ordercast_sim::discord::{
    Bot, Channel, Discord, DiscordConfig as SimConfig, Guild, Limits, Member, MessageDraft, Role, Snowflake,
    User, World, bot_token, intent, permission,
};
use tokio_util::sync::CancellationToken;

use crate::world::{clock, http, micros, provider, random, until};

pub(crate) const GUILD: Snowflake = Snowflake(900_000_000_000_000_001);
pub(crate) const SIGNALS: Snowflake = Snowflake(900_000_000_000_000_010);
pub(crate) const THREAD: Snowflake = Snowflake(900_000_000_000_000_011);
pub(crate) const OTHER: Snowflake = Snowflake(900_000_000_000_000_012);
pub(crate) const LISTENER: Snowflake = Snowflake(900_000_000_000_000_021);
pub(crate) const ANALYST: Snowflake = Snowflake(900_000_000_000_000_022);
pub(crate) const BLIND: Snowflake = Snowflake(900_000_000_000_000_023);
pub(crate) const PERSON: Snowflake = Snowflake(900_000_000_000_000_024);
pub(crate) const ROLE: Snowflake = Snowflake(900_000_000_000_000_040);

const PEOPLE: [(Snowflake, &str); 4] = [
    (LISTENER, "listener"),
    (ANALYST, "analyst"),
    (BLIND, "blind"),
    (PERSON, "person"),
];

fn guild() -> Guild {
    let channel = |id, name: &str, kind, parent_id| Channel {
        id,
        name: name.into(),
        topic: None,
        kind,
        parent_id,
        overwrites: Vec::new(),
    };
    let role = |id, name: &str, permissions| Role {
        id,
        name: name.into(),
        permissions,
        color: 0,
    };
    let member = |id: Snowflake| Member {
        user_id: id,
        roles: if id == ANALYST { vec![ROLE] } else { Vec::new() },
        nick: (id == ANALYST).then(|| "The Analyst".into()),
    };
    Guild {
        id: GUILD,
        name: "Test floor".into(),
        owner_id: PERSON,
        roles: vec![
            role(GUILD, "@everyone", permission::MEMBER),
            role(ROLE, "analysts", 0),
        ],
        channels: vec![
            channel(SIGNALS, "signals", 0, None),
            channel(THREAD, "plan", 11, Some(SIGNALS)),
            channel(OTHER, "other", 0, None),
        ],
        members: PEOPLE.iter().map(|(id, _)| member(*id)).collect(),
    }
}

fn world() -> World {
    let user = |id: Snowflake, name: &str| User {
        id,
        username: name.into(),
        display_name: None,
        bot: id != PERSON,
    };
    let bot = |id, privileged_intents| Bot {
        user_id: id,
        token: bot_token(id, 7),
        listener: id == LISTENER,
        privileged_intents,
    };
    World {
        guilds: vec![guild()],
        users: PEOPLE.iter().map(|(id, name)| user(*id, name)).collect(),
        bots: vec![
            bot(LISTENER, intent::PRIVILEGED),
            bot(ANALYST, intent::PRIVILEGED),
            bot(BLIND, 0),
            // A user token, as far as Discord tells: the same shape, another kind of account.
            bot(PERSON, intent::PRIVILEGED),
        ],
        webhooks: Vec::new(),
    }
}

/// A guild of the other shard of two, with one channel.
pub(crate) const GUILD_2: Snowflake = Snowflake(900_000_000_000_000_001 + (1 << 22));
pub(crate) const SIGNALS_2: Snowflake = Snowflake(900_000_000_000_000_013);

pub(crate) async fn start() -> Discord {
    start_with(|_| {}).await
}

/// With limits of its own, and a second guild when there is more than one shard.
pub(crate) async fn start_with(change: impl FnOnce(&mut Limits)) -> Discord {
    provider();
    let mut config = SimConfig::new(world());
    config.limits.read.count = 50;
    config.limits.global_per_second = 500;
    change(&mut config.limits);
    if config.limits.shards > 1 {
        let mut second = guild();
        second.id = GUILD_2;
        second.channels.drain(1..);
        second.channels[0].id = SIGNALS_2;
        second.roles[0].id = GUILD_2;
        second.roles[1].id = Snowflake(ROLE.0 + 1);
        second.members.iter_mut().for_each(|m| m.roles.clear());
        config.world.guilds.push(second);
    }
    Discord::start(config, Arc::new(micros)).await.unwrap()
}

/// Keeps what it takes; may be busy for a while.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) taken: Mutex<Vec<RawMessage>>,
    pub(crate) busy: AtomicU32,
}

impl Intake for Desk {
    fn take(&self, message: RawMessage) -> BoxFuture<'_, Taken> {
        Box::pin(async move {
            let left = self
                .busy
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
            if left.is_ok() {
                return Taken::Busy;
            }
            // As intake does it: what nothing new can follow from counts once.
            let mut taken = self.taken.lock().unwrap();
            let last = taken.iter().rfind(|m| m.source_id == message.source_id);
            let known = match (last, message.revision) {
                (None, kind) => kind == RevisionKind::Deleted,
                (Some(last), kind) => {
                    last.revision == RevisionKind::Deleted
                        || kind == RevisionKind::New
                        || (kind == RevisionKind::Edited && last.content == message.content)
                }
            };
            if known {
                return Taken::Known;
            }
            taken.push(message);
            Taken::Stored
        })
    }
}

#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) of: Mutex<BTreeMap<String, Option<String>>>,
    pub(crate) gaps: Mutex<Vec<Gap>>,
    pub(crate) heard: Mutex<Option<Timestamp>>,
    pub(crate) desk: Mutex<Option<Arc<Desk>>>,
}

impl Cursors for Marks {
    fn channels(&self) -> BoxFuture<'_, Result<Vec<ChannelCursor>, StoreError>> {
        let all = self
            .of
            .lock()
            .unwrap()
            .iter()
            .map(|(c, m)| (c.clone(), m.clone()))
            .collect();
        Box::pin(async move { Ok(all) })
    }
    fn advance<'a>(&'a self, channel: &'a str, id: &'a str) -> BoxFuture<'a, ()> {
        if let Some(mark) = self.of.lock().unwrap().get_mut(channel) {
            let number = |text: &str| text.parse::<u64>().unwrap();
            if mark.as_deref().is_none_or(|kept| number(kept) < number(id)) {
                *mark = Some(id.to_owned());
            }
        }
        Box::pin(async {})
    }
    fn heard(&self, until: Timestamp) -> BoxFuture<'_, ()> {
        *self.heard.lock().unwrap() = Some(until);
        Box::pin(async {})
    }
    fn last_heard(&self) -> BoxFuture<'_, Result<Option<Timestamp>, StoreError>> {
        let heard = *self.heard.lock().unwrap();
        Box::pin(async move { Ok(heard) })
    }
    fn held<'a>(&'a self, channel: &'a str, from: &'a str) -> BoxFuture<'a, Result<Vec<Held>, StoreError>> {
        let desk = self.desk.lock().unwrap().clone();
        let taken = desk.map_or_else(Vec::new, |desk| desk.taken.lock().unwrap().clone());
        let mut newest = BTreeMap::new();
        let key = format!("discord:{channel}");
        for message in taken {
            if message.source.key() == key && message.source_id.as_str() >= from {
                newest.insert(message.source_id.clone(), message);
            }
        }
        newest.retain(|_, m| m.revision != RevisionKind::Deleted);
        let held = newest.into_values().rev().map(|m| Held {
            id: m.source_id,
            thread: m.thread_of,
        });
        let held = held.collect();
        Box::pin(async move { Ok(held) })
    }
    fn gap(&self, gap: Gap) -> BoxFuture<'_, Result<(), StoreError>> {
        self.gaps.lock().unwrap().push(gap);
        Box::pin(async { Ok(()) })
    }
}

impl Marks {
    pub(crate) fn of(&self, channel: Snowflake) -> Option<String> {
        self.of
            .lock()
            .unwrap()
            .get(&channel.to_string())
            .cloned()
            .flatten()
    }
}

/// A running source.
pub(crate) struct Reading {
    pub(crate) bot: Arc<DiscordBot>,
    pub(crate) source: Arc<DiscordSource>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) marks: Arc<Marks>,
    token: CancellationToken,
    task: tokio::task::JoinHandle<Result<(), DiscordFault>>,
}

pub(crate) fn config(discord: &Discord, bot: Snowflake) -> DiscordConfig {
    DiscordConfig {
        token: Secret::new(bot_token(bot, 7)),
        api_base: Some(discord.rest_url()),
        gateway_base: Some(discord.gateway_url()),
    }
}

impl Reading {
    pub(crate) fn of(config: &DiscordConfig, after: Option<Snowflake>) -> Self {
        Self::with(config, after, None)
    }

    /// With somebody who answers people.
    pub(crate) fn with(
        config: &DiscordConfig,
        after: Option<Snowflake>,
        counter: Option<Arc<dyn Counter>>,
    ) -> Self {
        Self::going_on(config, after, counter, Marks::default())
    }

    /// Where an earlier run left off.
    pub(crate) fn going_on(
        config: &DiscordConfig,
        after: Option<Snowflake>,
        counter: Option<Arc<dyn Counter>>,
        marks: Marks,
    ) -> Self {
        let desk = Arc::new(Desk::default());
        *marks.desk.lock().unwrap() = Some(desk.clone());
        let marks = Arc::new(marks);
        marks
            .of
            .lock()
            .unwrap()
            .insert(SIGNALS.to_string(), after.map(|id| id.to_string()));
        let bot = DiscordBot::new(config, http(), clock()).unwrap();
        let source = DiscordSource::new(bot.clone(), desk.clone(), marks.clone(), counter, random());
        let token = CancellationToken::new();
        let task = tokio::spawn(source.clone().run(token.clone()));
        Self {
            bot,
            source,
            desk,
            marks,
            token,
            task,
        }
    }

    /// Reads as the listener from a cursor on, connected.
    pub(crate) async fn after(discord: &Discord, after: Snowflake) -> Self {
        let reading = Self::of(&config(discord, LISTENER), Some(after));
        reading.connected().await;
        reading
    }

    /// Reads as the listener, connected and with the first look at the history done.
    pub(crate) async fn start(discord: &Discord) -> Self {
        let old = discord.post(ANALYST, SIGNALS, MessageDraft::text("old")).unwrap();
        let reading = Self::of(&config(discord, LISTENER), None);
        reading.connected().await;
        let first = reading.taken(1).await;
        assert!(
            first[0].backfilled && first[0].source_id == old["id"],
            "{first:?}"
        );
        until("the cursor", async || reading.marks.of(SIGNALS)).await;
        reading.desk.taken.lock().unwrap().clear();
        reading
    }

    pub(crate) async fn connected(&self) {
        until("the connection", async || {
            self.source.status().connected.then_some(())
        })
        .await;
    }

    /// Waits until so many revisions came.
    pub(crate) async fn taken(&self, count: usize) -> Vec<RawMessage> {
        until("the messages", async || {
            let taken = self.desk.taken.lock().unwrap().clone();
            (taken.len() >= count).then_some(taken)
        })
        .await
    }

    pub(crate) async fn texts(&self, count: usize) -> Vec<String> {
        self.taken(count)
            .await
            .into_iter()
            .map(|m| m.content.text)
            .collect()
    }

    /// The gaps told, once there are so many.
    pub(crate) async fn gaps(&self, count: usize) -> Vec<Gap> {
        until("the gaps", async || {
            let gaps = self.marks.gaps.lock().unwrap().clone();
            (gaps.len() >= count).then_some(gaps)
        })
        .await
    }

    pub(crate) async fn stop(self) -> Result<(), DiscordFault> {
        self.token.cancel();
        self.ended().await
    }

    pub(crate) async fn ended(self) -> Result<(), DiscordFault> {
        tokio::time::timeout(crate::world::WAIT, self.task)
            .await
            .unwrap()
            .unwrap()
    }
}
