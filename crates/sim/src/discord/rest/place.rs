//! Guilds, channels, roles and members over REST.

use super::{Call, id, refusal, whole};
use crate::discord::core::Core;
use crate::discord::rate::Route;
use crate::discord::refusal::Refusal;
use crate::discord::snowflake::Snowflake;
use crate::discord::state::Place;
use crate::discord::world::{Channel, Guild, Member};
use crate::discord::{permission, render};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MEMBERS_MAX: usize = 1_000;
const NAME_MAX: usize = 100;
const TOPIC_MAX: usize = 1_024;

type Body = Result<Bytes, BytesRejection>;

/// A guild the bot is in; others do not exist for it.
fn mine(core: &Core, me: Snowflake, guild: Snowflake) -> Result<&Guild, Refusal> {
    let found = core.state.world.guild(guild);
    let found = found.ok_or_else(Refusal::unknown_guild)?;
    if permission::in_guild(found, me) == 0 {
        return Err(Refusal::missing_access());
    }
    Ok(found)
}

pub(super) async fn guild(call: Call, Path(guild): Path<String>) -> Response {
    let guild = id("guild_id", &guild);
    call.by_bot(Route::Other("guild"), guild.clone(), |core, me, _| {
        Ok((200, render::guild(mine(core, me, guild?)?)))
    })
}

pub(super) async fn channels(call: Call, Path(guild): Path<String>) -> Response {
    let guild = id("guild_id", &guild);
    call.by_bot(Route::Other("channels"), guild.clone(), |core, me, _| {
        let guild = mine(core, me, guild?)?;
        let visible = guild
            .channels
            .iter()
            .filter(|channel| permission::in_channel(guild, channel, me) != 0);
        let list = visible.map(|channel| render::channel(&core.state, guild, channel));
        Ok((200, Value::Array(list.collect())))
    })
}

/// Threads that are not archived; here none ever is.
pub(super) async fn active_threads(call: Call, Path(guild): Path<String>) -> Response {
    let guild = id("guild_id", &guild);
    call.by_bot(Route::Other("threads"), guild.clone(), |core, me, _| {
        let guild = mine(core, me, guild?)?;
        let threads = guild
            .channels
            .iter()
            .filter(|channel| matches!(channel.kind, 10..=12))
            .filter(|channel| permission::in_channel(guild, channel, me) != 0);
        let list: Vec<Value> = threads
            .map(|channel| render::channel(&core.state, guild, channel))
            .collect();
        Ok((200, json!({"threads": list, "members": [], "has_more": false})))
    })
}

pub(super) async fn roles(call: Call, Path(guild): Path<String>) -> Response {
    let guild = id("guild_id", &guild);
    call.by_bot(Route::Other("roles"), guild.clone(), |core, me, _| {
        Ok((200, Value::Array(render::roles(mine(core, me, guild?)?))))
    })
}

pub(super) async fn members(
    call: Call,
    Path(guild): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let guild = id("guild_id", &guild);
    call.by_bot(Route::Other("members"), guild.clone(), |core, me, _| {
        let guild = mine(core, me, guild?)?;
        let number = |name: &str, default: u64| match query.get(name) {
            None => Ok(default),
            Some(text) => text
                .parse::<u64>()
                .map_err(|_| Refusal::not_a_snowflake(name, text)),
        };
        let limit = usize::try_from(number("limit", 1)?).unwrap_or(MEMBERS_MAX);
        if !(1..=MEMBERS_MAX).contains(&limit) {
            let text = "int value should be between 1 and 1000.";
            return Err(Refusal::field("limit", "NUMBER_TYPE_MAX", text));
        }
        let after = Snowflake(number("after", 0)?);
        let mut list: Vec<&Member> = guild.members.iter().filter(|m| m.user_id > after).collect();
        list.sort_by_key(|member| member.user_id);
        let shown = list.iter().take(limit);
        let shown = shown.map(|member| render::member(&core.state, member));
        Ok((200, Value::Array(shown.collect())))
    })
}

fn find_member(guild: &Guild, user: Snowflake) -> Result<&Member, Refusal> {
    let mut members = guild.members.iter();
    members
        .find(|member| member.user_id == user)
        .ok_or_else(Refusal::unknown_member)
}

pub(super) async fn member(call: Call, Path((guild, user)): Path<(String, String)>) -> Response {
    let guild = id("guild_id", &guild);
    call.by_bot(Route::Other("member"), guild.clone(), |core, me, _| {
        let guild = mine(core, me, guild?)?;
        let member = find_member(guild, id("user_id", &user)?)?;
        Ok((200, render::member(&core.state, member)))
    })
}

pub(super) async fn edit_member(
    call: Call,
    Path((guild, user)): Path<(String, String)>,
    body: Body,
) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let guild = id("guild_id", &guild);
    call.by_bot(Route::Other("edit-member"), guild.clone(), |core, me, _| {
        let found = mine(core, me, guild?)?;
        if permission::in_guild(found, me) & permission::MANAGE_ROLES == 0 {
            return Err(Refusal::missing_permissions());
        }
        let mut member = find_member(found, id("user_id", &user)?)?.clone();
        let body = body?;
        if let Some(roles) = body.get("roles") {
            member.roles = serde_json::from_value(roles.clone()).map_err(|_| {
                let text = "Expected a list of role ids.";
                Refusal::field("roles", "LIST_TYPE_CONVERT", text)
            })?;
            let known = |role: &Snowflake| found.roles.iter().any(|known| known.id == *role);
            if !member.roles.iter().all(known) {
                let text = "Unknown role.";
                return Err(Refusal::field("roles", "BASE_TYPE_CHOICES", text));
            }
        }
        match body.get("nick") {
            None => {}
            Some(Value::String(nick)) if !nick.is_empty() => member.nick = Some(nick.clone()),
            Some(_) => member.nick = None,
        }
        let guild = found.id;
        let shown = render::member(&core.state, &member);
        core.set_member(guild, member)?;
        Ok((200, shown))
    })
}

pub(super) async fn channel(call: Call, Path(channel): Path<String>) -> Response {
    let channel = id("channel_id", &channel);
    call.by_bot(Route::Other("channel"), channel.clone(), |core, me, _| {
        let channel = channel?;
        match core.enter(me, channel, permission::VIEW_CHANNEL)? {
            Place::Guild(guild, channel) => Ok((200, render::channel(&core.state, guild, channel))),
            Place::Direct(users) => Ok((200, render::direct(&core.state, channel, users, me))),
        }
    })
}

/// Takes name and topic from a body; what is absent stays.
fn change_channel(channel: &mut Channel, body: &Value) -> Result<(), Refusal> {
    match body.get("name") {
        None => {}
        Some(Value::String(name)) if (1..=NAME_MAX).contains(&name.chars().count()) => {
            channel.name.clone_from(name);
        }
        Some(_) => {
            let text = "Must be between 1 and 100 in length.";
            return Err(Refusal::field("name", "BASE_TYPE_BAD_LENGTH", text));
        }
    }
    match body.get("topic") {
        None => {}
        Some(Value::Null) => channel.topic = None,
        Some(Value::String(topic)) if topic.chars().count() <= TOPIC_MAX => {
            channel.topic = Some(topic.clone());
        }
        Some(_) => return Err(Refusal::too_long("topic", TOPIC_MAX)),
    }
    Ok(())
}

/// The guild channel, when the bot may manage it.
fn managed(core: &Core, me: Snowflake, channel: Snowflake) -> Result<(Snowflake, Channel), Refusal> {
    match core.enter(me, channel, permission::MANAGE_CHANNELS)? {
        Place::Guild(guild, channel) => Ok((guild.id, channel.clone())),
        Place::Direct(_) => Err(Refusal::missing_permissions()),
    }
}

pub(super) async fn create_channel(call: Call, Path(guild): Path<String>, body: Body) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let guild = id("guild_id", &guild);
    let route = Route::Other("create-channel");
    call.by_bot(route, guild.clone(), |core, me, now| {
        let found = mine(core, me, guild?)?;
        if permission::in_guild(found, me) & permission::MANAGE_CHANNELS == 0 {
            return Err(Refusal::missing_permissions());
        }
        let guild = found.id;
        let body = body?;
        if !body.get("name").is_some_and(Value::is_string) {
            let text = "This field is required";
            return Err(Refusal::field("name", "BASE_TYPE_REQUIRED", text));
        }
        let id = core.state.ids.next(now);
        let mut channel = Channel {
            id,
            name: String::new(),
            topic: None,
            kind: 0,
            parent_id: None,
            overwrites: Vec::new(),
        };
        change_channel(&mut channel, &body)?;
        core.set_channel(guild, channel)?;
        let made = core.state.world.channel(id);
        let (guild, channel) = made.ok_or_else(Refusal::unknown_channel)?;
        Ok((201, render::channel(&core.state, guild, channel)))
    })
}

pub(super) async fn edit_channel(call: Call, Path(channel): Path<String>, body: Body) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let channel = id("channel_id", &channel);
    let route = Route::Other("edit-channel");
    call.by_bot(route, channel.clone(), |core, me, _| {
        let (guild, mut channel) = managed(core, me, channel?)?;
        let id = channel.id;
        change_channel(&mut channel, &body?)?;
        core.set_channel(guild, channel)?;
        let changed = core.state.world.channel(id);
        let (guild, channel) = changed.ok_or_else(Refusal::unknown_channel)?;
        Ok((200, render::channel(&core.state, guild, channel)))
    })
}

pub(super) async fn delete_channel(call: Call, Path(channel): Path<String>) -> Response {
    let channel = id("channel_id", &channel);
    let route = Route::Other("delete-channel");
    call.by_bot(route, channel.clone(), |core, me, _| {
        let (guild, channel) = managed(core, me, channel?)?;
        let guild = core.state.world.guild(guild);
        let guild = guild.ok_or_else(Refusal::unknown_guild)?;
        let shown = render::channel(&core.state, guild, &channel);
        core.remove_channel(channel.id)?;
        Ok((200, shown))
    })
}
