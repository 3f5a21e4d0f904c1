//! Discord's REST calls that reading needs. Decides what is remembered of channels and members so that it is not asked
//! for with every message; refuses to know what the answers lead to.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ordercast_model::ports::clock::Clock;
use serde::Deserialize;
use twilight_http::routing::Route;
use twilight_model::{
    channel::{Channel, ChannelType, Message},
    gateway::connection_info::BotConnectionInfo,
    id::{
        Id,
        marker::{ApplicationMarker, ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker},
    },
    oauth::ApplicationFlags,
};

use super::{
    breaker::Breaker,
    call::Caller,
    config::Endpoint,
    error::{Trouble, unreadable},
    map::Place,
    member::Members,
};

/// Messages in one page of a channel's history: Discord's own limit.
pub(super) const PAGE: u16 = 100;
/// Channels kept; when full all are forgotten and asked for again.
const HELD_MAX: usize = 20_000;

/// The calls.
pub(super) struct Rest {
    caller: Caller,
    /// For the look-up of members.
    breaker: Breaker,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    places: BTreeMap<u64, Place>,
    members: Members,
    /// Private channels by person.
    privates: BTreeMap<u64, Id<ChannelMarker>>,
}

/// A page of a channel's history.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Of every message, newest first.
    pub(super) ids: Vec<u64>,
    /// Those that read.
    pub(super) messages: Vec<Message>,
}

/// Who the token belongs to.
#[derive(Debug, Deserialize)]
pub(super) struct Me {
    #[serde(default)]
    pub(super) bot: bool,
}

#[derive(Debug, Deserialize)]
struct Listing {
    threads: Vec<Channel>,
}

#[derive(Debug, Deserialize)]
struct Member {
    roles: Vec<Id<RoleMarker>>,
}

fn one<'a>(channel: Id<ChannelMarker>, message: Id<MessageMarker>) -> Route<'a> {
    Route::GetMessage {
        channel_id: channel.get(),
        message_id: message.get(),
    }
}

#[derive(Debug, Deserialize)]
struct Application {
    id: Id<ApplicationMarker>,
    flags: Option<u64>,
}

impl Rest {
    pub(super) fn new(endpoint: &Endpoint, http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            caller: Caller::new(endpoint, http, clock.clone()),
            breaker: Breaker::new(clock.clone()),
            clock,
            held: Mutex::default(),
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account behind the token.
    pub(super) async fn me(&self) -> Result<Me, Trouble> {
        self.caller.read(&Route::GetCurrentUser).await
    }

    /// The application, and what it may ask the gateway for; none when Discord does not say.
    pub(super) async fn application(
        &self,
    ) -> Result<(Id<ApplicationMarker>, Option<ApplicationFlags>), Trouble> {
        let found: Application = self.caller.read(&Route::GetCurrentUserApplicationInfo).await?;
        let flags = found.flags.map(ApplicationFlags::from_bits_truncate);
        Ok((found.id, flags))
    }

    /// How many shards, how fast, and where.
    pub(super) async fn gateway(&self) -> Result<BotConnectionInfo, Trouble> {
        self.caller.read(&Route::GetGatewayBot).await
    }

    /// One message.
    pub(super) async fn message(
        &self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
    ) -> Result<Message, Trouble> {
        self.caller.read(&one(channel, id)).await
    }

    /// Whether a message exists, read or not.
    pub(super) async fn is_there(
        &self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
    ) -> Result<bool, Trouble> {
        match self.caller.call(&one(channel, id), None).await {
            Ok(_) => Ok(true),
            Err(Trouble::NoMessage) => Ok(false),
            Err(why) => Err(why),
        }
    }

    /// A page of history, newest first. A message that does not read is left out, and logged by its id.
    pub(super) async fn page(
        &self,
        channel: Id<ChannelMarker>,
        before: Option<Id<MessageMarker>>,
    ) -> Result<Page, Trouble> {
        let route = Route::GetMessages {
            after: None,
            around: None,
            before: before.map(Id::get),
            channel_id: channel.get(),
            limit: Some(PAGE),
        };
        let values: Vec<serde_json::Value> = self.caller.read(&route).await?;
        let mut page = Page::default();
        for value in values {
            let id: Option<u64> = value.get("id").and_then(|id| id.as_str()?.parse().ok());
            page.ids.extend(id);
            match serde_json::from_value(value) {
                Ok(message) => page.messages.push(message),
                Err(why) => tracing::warn!(?id, %why, "a message of the history does not read"),
            }
        }
        Ok(page)
    }

    /// Threads of a guild that are not archived.
    pub(super) async fn threads(&self, guild: u64) -> Result<Vec<Channel>, Trouble> {
        let Some(id) = Id::<GuildMarker>::new_checked(guild) else {
            return Ok(Vec::new());
        };
        let route = Route::GetActiveThreads { guild_id: id.get() };
        let Listing { threads } = self.caller.read(&route).await?;
        for thread in &threads {
            self.learn(thread, Some(guild));
        }
        Ok(threads)
    }

    /// Where a channel or thread stands.
    pub(super) async fn place(&self, channel: Id<ChannelMarker>) -> Result<Place, Trouble> {
        let known = self.held().places.get(&channel.get()).copied();
        if let Some(place) = known {
            return Ok(place);
        }
        let channel_id = channel.get();
        let found: Channel = self.caller.read(&Route::GetChannel { channel_id }).await?;
        self.learn(&found, None).ok_or(Trouble::Gone)
    }

    /// Remembers a channel that was shown; none when it belongs to no guild.
    pub(super) fn learn(&self, channel: &Channel, guild: Option<u64>) -> Option<Place> {
        let guild = channel.guild_id.map(Id::get).or(guild)?;
        let thread = matches!(
            channel.kind,
            ChannelType::AnnouncementThread | ChannelType::PublicThread | ChannelType::PrivateThread
        );
        let parent = channel.parent_id.map(Id::get).filter(|_| thread);
        let place = Place {
            guild,
            channel: parent.unwrap_or(channel.id.get()),
            thread: parent.map(|_| channel.id.get()),
        };
        let mut held = self.held();
        if held.places.len() >= HELD_MAX {
            held.places.clear();
        }
        held.places.insert(channel.id.get(), place);
        Some(place)
    }

    /// Roles of a member; none for somebody who is not there.
    pub(super) async fn member(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
    ) -> Result<Option<Vec<String>>, Trouble> {
        let key = (guild.get(), user.get());
        let known = self.held().members.get(key, self.clock.monotonic());
        if let Some(roles) = known {
            return Ok(roles);
        }
        // The answer is as old as the question: a change told meanwhile must not be overwritten by it.
        let asked = self.clock.monotonic();
        let route = Route::GetMember {
            guild_id: guild.get(),
            user_id: user.get(),
        };
        self.breaker.look(asked)?;
        // Waiting for a turn is no failure of the one who is asked.
        let turn = self.caller.turn(&route).await?;
        let trial = self.breaker.trial(self.clock.monotonic())?;
        let roles = match self.caller.go(turn, None).await {
            Ok(bytes) => {
                let member: Member = serde_json::from_slice(&bytes).map_err(unreadable)?;
                Some(member.roles.iter().map(ToString::to_string).collect())
            }
            Err(Trouble::Gone) => None,
            Err(trouble) => return Err(trouble),
        };
        trial.good();
        let mut held = self.held();
        let told = held.members.get(key, asked);
        if let Some(told) = told {
            return Ok(told);
        }
        held.members.put(key, asked, roles.clone());
        Ok(roles)
    }

    /// Roles of an author; none for somebody who has left.
    pub(super) async fn roles(&self, guild: u64, user: Id<UserMarker>) -> Result<Vec<String>, Trouble> {
        let Some(guild) = Id::<GuildMarker>::new_checked(guild) else {
            return Ok(Vec::new());
        };
        Ok(self.member(guild, user).await?.unwrap_or_default())
    }

    /// The gateway tells the roles of a member; none when the member has left.
    pub(super) fn learn_member(&self, guild: u64, user: u64, roles: Option<Vec<String>>) {
        let now = self.clock.monotonic();
        self.held().members.put((guild, user), now, roles);
    }

    /// Whether a shard hears of changes of members from now on, and whether it may have missed some.
    pub(super) fn hears(&self, shard: (u32, u32), fresh: bool) {
        let now = self.clock.monotonic();
        let mut held = self.held();
        if fresh {
            held.members.restart(shard.0, shard.1, now);
        } else {
            held.members.listen(shard.0, shard.1, now);
        }
    }

    /// A shard hears nothing any more.
    pub(super) fn deaf(&self, shard: u32) {
        let now = self.clock.monotonic();
        self.held().members.deaf(shard, now);
    }

    pub(super) fn known_private(&self, person: Id<UserMarker>) -> Option<Id<ChannelMarker>> {
        self.held().privates.get(&person.get()).copied()
    }

    pub(super) fn learn_private(&self, person: Id<UserMarker>, channel: Id<ChannelMarker>) {
        let mut held = self.held();
        if held.privates.len() >= HELD_MAX {
            held.privates.clear();
        }
        held.privates.insert(person.get(), channel);
    }

    /// The way to Discord.
    pub(super) const fn caller(&self) -> &Caller {
        &self.caller
    }
}
