//! What the simulated Discord holds besides messages: guilds, channels, roles, people, bots, webhooks.
//! Plain data, readable from JSON; decides only whether the description fits together.

use super::intent;
use super::snowflake::Snowflake;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::distr::{Alphanumeric, SampleString};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The whole description. Ids are unique across it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Servers.
    pub guilds: Vec<Guild>,
    /// Everybody who has a name: people and bots.
    pub users: Vec<User>,
    /// The users that are bots, with what makes them so.
    pub bots: Vec<Bot>,
    /// Addresses that post into one channel without an account.
    #[serde(default)]
    pub webhooks: Vec<Webhook>,
}

/// A Discord server. Its `@everyone` role has the guild's own id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guild {
    pub id: Snowflake,
    pub name: String,
    pub owner_id: Snowflake,
    pub roles: Vec<Role>,
    pub channels: Vec<Channel>,
    pub members: Vec<Member>,
}

/// A role and its permission bits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub id: Snowflake,
    pub name: String,
    pub permissions: u64,
    #[serde(default)]
    pub color: u32,
}

/// A text channel (`kind` 0) or a category (`kind` 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub id: Snowflake,
    pub name: String,
    #[serde(default)]
    pub topic: Option<String>,
    #[serde(default)]
    pub kind: u8,
    #[serde(default)]
    pub parent_id: Option<Snowflake>,
    #[serde(default)]
    pub overwrites: Vec<Overwrite>,
}

/// A change of permissions in one channel, for a role or for one member (`for_member`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overwrite {
    pub id: Snowflake,
    #[serde(default)]
    pub for_member: bool,
    #[serde(default)]
    pub allow: u64,
    #[serde(default)]
    pub deny: u64,
}

/// A user's place in a guild.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub user_id: Snowflake,
    #[serde(default)]
    pub roles: Vec<Snowflake>,
    #[serde(default)]
    pub nick: Option<String>,
}

/// Somebody with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub id: Snowflake,
    /// Account name, lower case.
    pub username: String,
    /// Name shown to people.
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub bot: bool,
}

/// What a user that is a bot has besides: its token and its application's intents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bot {
    pub user_id: Snowflake,
    /// Token without the word `Bot`.
    pub token: String,
    /// True for the bot that listens for signals; the others are scripted providers.
    #[serde(default)]
    pub listener: bool,
    /// Privileged intents switched on for the application (bits of `intent::PRIVILEGED`).
    #[serde(default = "all_privileged")]
    pub privileged_intents: u64,
}

fn all_privileged() -> u64 {
    intent::PRIVILEGED
}

/// An address that posts into one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub id: Snowflake,
    pub name: String,
    pub token: String,
    pub channel_id: Snowflake,
}

/// The description contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorldFault {
    /// Two things share an id.
    #[error("{what} {id}: the id is already taken")]
    IdTaken { what: &'static str, id: Snowflake },
    /// Something points at an id that does not exist.
    #[error("{what} {id}: {field} {missing} does not exist")]
    Missing {
        what: &'static str,
        id: Snowflake,
        field: &'static str,
        missing: Snowflake,
    },
    /// Two bots share a token, or a token is empty.
    #[error("bot {0}: the token must be present and belong to one bot only")]
    Token(Snowflake),
    /// The guild has no role with its own id.
    #[error("guild {0}: the role with the guild's own id (@everyone) is missing")]
    NoEveryone(Snowflake),
}

impl World {
    /// Checks that ids are unique and references point somewhere.
    pub fn check(&self) -> Result<(), WorldFault> {
        let mut ids = BTreeSet::new();
        let mut take = |what, id| {
            if ids.insert(id) {
                Ok(())
            } else {
                Err(WorldFault::IdTaken { what, id })
            }
        };
        for user in &self.users {
            take("user", user.id)?;
        }
        for guild in &self.guilds {
            take("guild", guild.id)?;
            for channel in &guild.channels {
                take("channel", channel.id)?;
            }
            for role in guild.roles.iter().filter(|role| role.id != guild.id) {
                take("role", role.id)?;
            }
        }
        for webhook in &self.webhooks {
            take("webhook", webhook.id)?;
        }
        self.check_references()
    }

    fn check_references(&self) -> Result<(), WorldFault> {
        let users: BTreeSet<_> = self.users.iter().map(|user| user.id).collect();
        let channels: BTreeSet<_> = self
            .guilds
            .iter()
            .flat_map(|guild| guild.channels.iter().map(|channel| channel.id))
            .collect();
        let need = |set: &BTreeSet<Snowflake>, what, id, field, missing| {
            if set.contains(&missing) {
                Ok(())
            } else {
                Err(WorldFault::Missing {
                    what,
                    id,
                    field,
                    missing,
                })
            }
        };
        for guild in &self.guilds {
            need(&users, "guild", guild.id, "owner_id", guild.owner_id)?;
            let roles: BTreeSet<_> = guild.roles.iter().map(|role| role.id).collect();
            if !roles.contains(&guild.id) {
                return Err(WorldFault::NoEveryone(guild.id));
            }
            for member in &guild.members {
                need(&users, "guild", guild.id, "member", member.user_id)?;
                for role in &member.roles {
                    need(&roles, "member", member.user_id, "role", *role)?;
                }
            }
        }
        let mut tokens = BTreeSet::new();
        for bot in &self.bots {
            need(&users, "bot", bot.user_id, "user_id", bot.user_id)?;
            if bot.token.is_empty() || !tokens.insert(&bot.token) {
                return Err(WorldFault::Token(bot.user_id));
            }
        }
        for webhook in &self.webhooks {
            need(&channels, "webhook", webhook.id, "channel_id", webhook.channel_id)?;
        }
        Ok(())
    }

    /// A bot by its token (without the word `Bot`).
    pub fn bot_by_token(&self, token: &str) -> Option<&Bot> {
        self.bots.iter().find(|bot| bot.token == token)
    }

    /// A bot by its user id.
    pub fn bot(&self, id: Snowflake) -> Option<&Bot> {
        self.bots.iter().find(|bot| bot.user_id == id)
    }

    /// A user by id.
    pub fn user(&self, id: Snowflake) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A guild channel by id, with its guild.
    pub fn channel(&self, id: Snowflake) -> Option<(&Guild, &Channel)> {
        self.guilds.iter().find_map(|guild| {
            let channel = guild.channels.iter().find(|channel| channel.id == id)?;
            Some((guild, channel))
        })
    }

    /// A guild by id.
    pub fn guild(&self, id: Snowflake) -> Option<&Guild> {
        self.guilds.iter().find(|guild| guild.id == id)
    }
}

/// A token of the shape Discord gives its bots, the same for the same user and seed.
pub fn bot_token(user: Snowflake, seed: u64) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ user.0);
    let owner = URL_SAFE_NO_PAD.encode(user.to_string());
    let stamp = Alphanumeric.sample_string(&mut random, 6);
    let proof = Alphanumeric.sample_string(&mut random, 38);
    format!("{owner}.{stamp}.{proof}")
}

/// A webhook token of the shape Discord gives, the same for the same webhook and seed.
pub fn webhook_token(webhook: Snowflake, seed: u64) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ webhook.0.rotate_left(17));
    Alphanumeric.sample_string(&mut random, 68)
}
