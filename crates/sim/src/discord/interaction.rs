//! Interactions: what a person typed or pressed, and what the application answered. Holds answers to Discord's
//! windows (3 s to answer, 15 min to edit, once only); knows nothing of what they are about.

use super::core::Core;
use super::message::Message;
use super::refusal::Refusal;
use super::session::Event;
use super::snowflake::Snowflake;
use super::state::Place;
use super::{permission, render, timer};
use rand::distr::{Alphanumeric, SampleString};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Time for the first answer.
pub(super) const ANSWER_WINDOW: Duration = Duration::from_secs(3);
/// Time for edits and follow-ups.
const TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);
/// Interactions and ephemeral messages kept; the oldest are forgotten.
const KEPT_MAX: usize = 10_000;
/// Message flag: only the person who asked sees it.
pub(crate) const EPHEMERAL: u64 = 1 << 6;

/// What a person did.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    /// Typed a command.
    Command(Value),
    /// Is typing one.
    Complete(Value),
    /// Pressed something on a message.
    Press { message: Snowflake, data: Value },
}

impl Deed {
    fn kind(&self) -> u8 {
        match self {
            Self::Command(_) => 2,
            Self::Press { .. } => 3,
            Self::Complete(_) => 4,
        }
    }
}

/// How far the application has answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    None,
    /// Deferred: `update` = the pressed message will change.
    Thinking {
        update: bool,
        hidden: bool,
    },
    /// With a message of its own.
    Message(Snowflake),
    /// By changing the pressed message.
    Updated(Snowflake),
    Choices(Vec<Value>),
}

/// One interaction.
#[derive(Debug)]
pub(crate) struct Open {
    pub(super) app: Snowflake,
    pub(super) token: String,
    pub(super) user: Snowflake,
    pub(super) channel: Snowflake,
    pub(super) pressed: Option<Snowflake>,
    pub(super) completes: bool,
    pub(super) since: Instant,
    pub(super) answer: Answer,
    pub(super) told: watch::Sender<u32>,
}

/// A message that one person sees.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) message: Message,
    pub(super) user: Snowflake,
}

/// Interactions under way and ephemeral messages.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    commands: BTreeMap<(Snowflake, Option<Snowflake>), Vec<Value>>,
    pub(super) open: BTreeMap<Snowflake, Open>,
    pub(super) hidden: BTreeMap<Snowflake, Hidden>,
}

pub(super) fn unknown() -> Refusal {
    Refusal::unknown_interaction()
}

impl Counter {
    /// Sets an application's commands, for one guild or everywhere.
    pub(crate) fn register(&mut self, app: Snowflake, guild: Option<Snowflake>, commands: Vec<Value>) {
        self.commands.insert((app, guild), commands);
    }

    /// An application's commands.
    pub(crate) fn registered(&self, app: Snowflake, guild: Option<Snowflake>) -> Vec<Value> {
        self.commands.get(&(app, guild)).cloned().unwrap_or_default()
    }

    /// The command of a name that can be typed in a guild (none: in a private channel), with its application.
    pub(crate) fn command(&self, name: &str, guild: Option<Snowflake>) -> Option<(Snowflake, Value)> {
        let fits = |at: &Option<Snowflake>| at.is_none() || *at == guild;
        let all = self.commands.iter().filter(|((_, at), _)| fits(at));
        let mut named = all.flat_map(|((app, _), list)| list.iter().map(move |command| (*app, command)));
        let found = named.find(|(_, command)| command.get("name").is_some_and(|n| n == name));
        found.map(|(app, command)| (app, command.clone()))
    }

    /// Every name that can be typed.
    pub(crate) fn names(&self) -> Vec<String> {
        let all = self.commands.values().flatten();
        let names = all.filter_map(|command| command.get("name").and_then(Value::as_str));
        names.map(str::to_owned).collect()
    }

    pub(super) fn trim(&mut self) {
        while self.open.len() > KEPT_MAX {
            self.open.pop_first();
        }
        while self.hidden.len() > KEPT_MAX {
            self.hidden.pop_first();
        }
    }

    pub(super) fn live(&mut self, id: Snowflake, token: &str, now: Instant) -> Result<&mut Open, Refusal> {
        let open = self.open.get_mut(&id).filter(|open| open.token == token);
        open.filter(|open| now.duration_since(open.since) < TOKEN_LIFE)
            .ok_or_else(unknown)
    }

    /// The interaction a webhook token of an application belongs to.
    pub(crate) fn by_token(&self, app: Snowflake, token: &str) -> Option<Snowflake> {
        let mut open = self.open.iter();
        open.find(|(_, open)| open.app == app && open.token == token)
            .map(|(id, _)| *id)
    }
}

/// Where a person does something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) user: Snowflake,
    pub(crate) channel: Snowflake,
}

impl Core {
    /// Tells the application of what a person did. The receiver changes with every answer.
    pub(crate) fn interact(
        &mut self,
        now: i64,
        app: Snowflake,
        at: Spot,
        deed: Deed,
    ) -> Result<(Snowflake, watch::Receiver<u32>), Refusal> {
        let place = self.enter(at.user, at.channel, permission::VIEW_CHANNEL)?;
        let guild = place.guild().map(|guild| guild.id);
        let id = self.state.ids.next(now);
        let mut random = ChaCha8Rng::seed_from_u64(id.0);
        let token = Alphanumeric.sample_string(&mut random, 120);
        let data = self.interaction(app, at, guild, (id, &token), &deed)?;
        let (told, heard) = watch::channel(0);
        let pressed = match deed {
            Deed::Press { message, .. } => Some(message),
            Deed::Command(_) | Deed::Complete(_) => None,
        };
        let open = Open {
            app,
            token,
            user: at.user,
            channel: at.channel,
            pressed,
            completes: matches!(deed, Deed::Complete(_)),
            since: timer::now(),
            answer: Answer::None,
            told,
        };
        self.counter.open.insert(id, open);
        self.counter.trim();
        let event = Event {
            name: "INTERACTION_CREATE",
            // Sent to every session of the application, whatever it asked for.
            intent: u64::MAX,
            guild,
            data: data.to_string().into(),
            hidden: None,
            sees: &|bot| bot == app,
            reads: &|_| true,
        };
        self.hub.publish(&self.limits, &event);
        Ok((id, heard))
    }

    fn interaction(
        &self,
        app: Snowflake,
        at: Spot,
        guild: Option<Snowflake>,
        (id, token): (Snowflake, &str),
        deed: &Deed,
    ) -> Result<Value, Refusal> {
        let account = self.state.world.user(at.user).ok_or_else(Refusal::unknown_user)?;
        let mut shown = json!({
            "id": id, "application_id": app, "type": deed.kind(), "token": token, "version": 1,
            "channel_id": at.channel, "locale": "en-US", "entitlements": [],
            "authorizing_integration_owners": {"0": guild.map_or_else(|| "0".to_owned(), |g| g.to_string())},
            "context": if guild.is_some() { 0 } else { 1 },
            "attachment_size_limit": 10_485_760, "app_permissions": permission::MEMBER.to_string(),
        });
        let Some(map) = shown.as_object_mut() else {
            return Ok(shown);
        };
        match self.state.place(at.channel) {
            Some(Place::Guild(in_guild, channel)) => {
                map.insert("channel".into(), render::channel(&self.state, in_guild, channel));
                map.insert("guild_id".into(), json!(in_guild.id));
                map.insert("guild_locale".into(), json!("en-US"));
                map.insert(
                    "guild".into(),
                    json!({"id": in_guild.id, "locale": "en-US", "features": []}),
                );
                let member = in_guild.members.iter().find(|m| m.user_id == at.user);
                let mut member = member.map_or_else(|| json!({}), |m| render::member(&self.state, m));
                if let Some(inner) = member.as_object_mut() {
                    let may = permission::in_channel(in_guild, channel, at.user);
                    inner.insert("permissions".into(), json!(may.to_string()));
                }
                map.insert("member".into(), member);
            }
            Some(Place::Direct(users)) => {
                let channel = render::direct(&self.state, at.channel, users, app);
                map.insert("channel".into(), channel);
                map.insert("user".into(), render::user(account));
            }
            None => return Err(Refusal::unknown_channel()),
        }
        match deed {
            Deed::Command(data) | Deed::Complete(data) => drop(map.insert("data".into(), data.clone())),
            Deed::Press { message, data } => {
                let pressed = self.seen_by(at, *message).ok_or_else(Refusal::unknown_message)?;
                map.insert("message".into(), render::message(&self.state, pressed));
                map.insert("data".into(), data.clone());
            }
        }
        Ok(shown)
    }

    /// A message of the channel as this person sees it, ephemeral ones included.
    pub(crate) fn seen_by(&self, at: Spot, message: Snowflake) -> Option<&Message> {
        let hidden = self.counter.hidden.get(&message);
        let hidden = hidden.filter(|h| h.user == at.user && h.message.channel_id == at.channel);
        hidden
            .map(|h| &h.message)
            .or_else(|| self.state.message(at.channel, message))
    }

    /// Where a message stands that this person sees.
    pub(crate) fn spot_of(&self, user: Snowflake, message: Snowflake) -> Option<Spot> {
        if let Some(hidden) = self.counter.hidden.get(&message).filter(|h| h.user == user) {
            let channel = hidden.message.channel_id;
            return Some(Spot { user, channel });
        }
        let channel = self.state.channel_of(message)?;
        let sees = self.state.place(channel)?.permissions(user) != 0;
        sees.then_some(Spot { user, channel })
    }
}
