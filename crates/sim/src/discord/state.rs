//! What is true in the simulated Discord now: the world as changed, its messages, its private channels.
//! Applies entries of the ledger and answers questions; decides nothing about who may do what.

use super::ledger::Entry;
use super::message::Message;
use super::permission;
use super::snowflake::{Snowflake, SnowflakeSource};
use super::world::{Channel, Guild, World};
use std::collections::{BTreeMap, VecDeque};

/// Messages kept in memory for each channel. When full the oldest leaves memory; the ledger still has it.
const HISTORY_MAX: usize = 20_000;

/// Where a channel id leads.
pub(crate) enum Place<'a> {
    Guild(&'a Guild, &'a Channel),
    Direct([Snowflake; 2]),
}

impl Place<'_> {
    /// The guild, unless the channel is private.
    pub(crate) fn guild(&self) -> Option<&Guild> {
        match self {
            Self::Guild(guild, _) => Some(guild),
            Self::Direct(_) => None,
        }
    }

    /// What the user may do there; zero means that it cannot be seen.
    pub(crate) fn permissions(&self, user: Snowflake) -> u64 {
        match self {
            Self::Guild(guild, channel) => permission::in_channel(guild, channel, user),
            Self::Direct(users) if users.contains(&user) => permission::MEMBER,
            Self::Direct(_) => 0,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) ids: SnowflakeSource,
    messages: BTreeMap<Snowflake, VecDeque<Message>>,
    directs: BTreeMap<Snowflake, [Snowflake; 2]>,
}

impl State {
    /// Makes one change true.
    pub(crate) fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::World { world } => self.world = world.clone(),
            Entry::Post { message } => {
                self.ids.seen(message.id);
                let history = self.messages.entry(message.channel_id).or_default();
                if history.len() == HISTORY_MAX {
                    history.pop_front();
                }
                history.push_back(message.clone());
            }
            Entry::Edit { message } => {
                if let Some(old) = self.message_mut(message.channel_id, message.id) {
                    *old = message.clone();
                }
            }
            Entry::Delete { channel, ids } => {
                if let Some(history) = self.messages.get_mut(channel) {
                    history.retain(|message| !ids.contains(&message.id));
                }
            }
            Entry::Direct { id, users } => {
                self.ids.seen(*id);
                self.directs.insert(*id, *users);
            }
            Entry::ChannelSet { guild, channel } => {
                self.ids.seen(channel.id);
                if let Some(guild) = self.guild_mut(*guild) {
                    match guild.channels.iter_mut().find(|c| c.id == channel.id) {
                        Some(old) => *old = channel.clone(),
                        None => guild.channels.push(channel.clone()),
                    }
                }
            }
            Entry::ChannelGone { channel } => {
                for guild in &mut self.world.guilds {
                    guild.channels.retain(|c| c.id != *channel);
                }
                self.world.webhooks.retain(|w| w.channel_id != *channel);
                self.messages.remove(channel);
            }
            Entry::MemberSet { guild, member } => {
                if let Some(guild) = self.guild_mut(*guild) {
                    match guild.members.iter_mut().find(|m| m.user_id == member.user_id) {
                        Some(old) => *old = member.clone(),
                        None => guild.members.push(member.clone()),
                    }
                }
            }
        }
    }

    fn guild_mut(&mut self, id: Snowflake) -> Option<&mut Guild> {
        self.world.guilds.iter_mut().find(|guild| guild.id == id)
    }

    fn message_mut(&mut self, channel: Snowflake, id: Snowflake) -> Option<&mut Message> {
        let history = self.messages.get_mut(&channel)?;
        let at = history.binary_search_by_key(&id, |message| message.id).ok()?;
        history.get_mut(at)
    }

    /// Guild channel or private channel of an id.
    pub(crate) fn place(&self, channel: Snowflake) -> Option<Place<'_>> {
        if let Some((guild, channel)) = self.world.channel(channel) {
            return Some(Place::Guild(guild, channel));
        }
        self.directs.get(&channel).map(|users| Place::Direct(*users))
    }

    /// The private channel of two users, if they have one.
    pub(crate) fn direct_between(&self, a: Snowflake, b: Snowflake) -> Option<Snowflake> {
        let found = self
            .directs
            .iter()
            .find(|(_, users)| users.contains(&a) && users.contains(&b));
        found.map(|(id, _)| *id)
    }

    /// One message, if it has not been deleted.
    pub(crate) fn message(&self, channel: Snowflake, id: Snowflake) -> Option<&Message> {
        let history = self.messages.get(&channel)?;
        let at = history.binary_search_by_key(&id, |message| message.id).ok()?;
        history.get(at)
    }

    /// The channel a message stands in.
    pub(crate) fn channel_of(&self, id: Snowflake) -> Option<Snowflake> {
        let mut channels = self.messages.keys();
        channels
            .find(|channel| self.message(**channel, id).is_some())
            .copied()
    }

    /// The private channels of a user.
    pub(crate) fn directs_of(&self, user: Snowflake) -> Vec<Snowflake> {
        let own = self.directs.iter().filter(|(_, users)| users.contains(&user));
        own.map(|(id, _)| *id).collect()
    }

    /// A channel's messages, oldest first.
    pub(crate) fn history(&self, channel: Snowflake) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.get(&channel).into_iter().flatten()
    }

    /// Messages kept in memory, in all channels.
    pub(crate) fn message_count(&self) -> u64 {
        let count: usize = self.messages.values().map(VecDeque::len).sum();
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    /// Id of a channel's newest message.
    pub(crate) fn last_message(&self, channel: Snowflake) -> Option<Snowflake> {
        self.messages.get(&channel)?.back().map(|message| message.id)
    }
}
