//! The JSON Discord shows of guilds, channels, members and messages.
//! Pure: what is kept goes in, what the wire carries comes out.

use super::message::Message;
use super::snowflake::Snowflake;
use super::state::{Place, State};
use super::world::{Bot, Channel, Guild, Member, Role, User};
use super::{intent, permission};
use serde_json::{Value, json};

/// When everybody is said to have joined.
const JOINED_AT: &str = "2024-01-01T00:00:00.000000+00:00";
const TYPE_DEFAULT: u8 = 0;
const TYPE_REPLY: u8 = 19;
const FLAG_HAS_SNAPSHOT: u64 = 1 << 14;

/// Unix microseconds as Discord writes moments.
pub(crate) fn moment(unix_micros: i64) -> String {
    chrono::DateTime::from_timestamp_micros(unix_micros)
        .unwrap_or_default()
        .format("%Y-%m-%dT%H:%M:%S%.6f+00:00")
        .to_string()
}

pub(crate) fn user(user: &User) -> Value {
    json!({
        "id": user.id, "username": user.username, "global_name": user.display_name,
        "discriminator": "0", "avatar": null, "banner": null, "accent_color": null,
        "bot": user.bot, "public_flags": 0, "flags": 0, "primary_guild": null,
        "avatar_decoration_data": null, "collectibles": null,
    })
}

/// The bot's own account, with the fields only it sees.
pub(crate) fn own_user(of: &User) -> Value {
    let mut shown = user(of);
    if let Some(map) = shown.as_object_mut() {
        map.insert("mfa_enabled".into(), json!(false));
        map.insert("verified".into(), json!(true));
        map.insert("email".into(), Value::Null);
        map.insert("locale".into(), json!("en-US"));
        map.insert("premium_type".into(), json!(0));
    }
    shown
}

pub(crate) fn application(bot: &Bot, account: &User, guilds: usize) -> Value {
    let flags = intent::application_flags(bot.privileged_intents);
    json!({
        "id": bot.user_id, "name": account.username, "icon": null, "description": "",
        "type": null, "bot": user(account), "bot_public": true, "bot_require_code_grant": false,
        "verify_key": "0".repeat(64), "flags": flags, "flags_new": flags.to_string(),
        "redirect_uris": [], "interactions_endpoint_url": null,
        "role_connections_verification_url": null, "owner": user(account), "team": null,
        "approximate_guild_count": guilds, "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0, "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [], "rpc_origins": [], "tags": [],
        "integration_types_config": {}, "event_webhooks_url": null,
    })
}

pub(crate) fn role(role: &Role, position: usize) -> Value {
    json!({
        "id": role.id, "name": role.name, "permissions": role.permissions.to_string(),
        "position": position, "color": role.color, "hoist": false, "managed": false,
        "colors": {"primary_color": role.color, "secondary_color": null, "tertiary_color": null},
        "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
    })
}

pub(crate) fn roles(guild: &Guild) -> Vec<Value> {
    let each = guild.roles.iter().enumerate();
    each.map(|(position, it)| role(it, position)).collect()
}

pub(crate) fn channel(state: &State, guild: &Guild, channel: &Channel) -> Value {
    let position = guild.channels.iter().position(|c| c.id == channel.id);
    let overwrites: Vec<Value> = channel
        .overwrites
        .iter()
        .map(|o| {
            json!({
                "id": o.id, "type": u8::from(o.for_member),
                "allow": o.allow.to_string(), "deny": o.deny.to_string(),
            })
        })
        .collect();
    json!({
        "id": channel.id, "type": channel.kind, "guild_id": guild.id, "name": channel.name,
        "topic": channel.topic, "parent_id": channel.parent_id, "position": position.unwrap_or(0),
        "permission_overwrites": overwrites, "nsfw": false, "rate_limit_per_user": 0, "flags": 0,
        "last_message_id": state.last_message(channel.id), "last_pin_timestamp": null,
    })
}

/// What is left of a message in an event that tells of its embeds alone.
pub(crate) fn ids_alone(message: &Value) -> Value {
    json!({
        "id": message["id"], "channel_id": message["channel_id"], "guild_id": message["guild_id"], "embeds": [],
    })
}

/// A private channel as one of its two users sees it.
pub(crate) fn direct(state: &State, id: Snowflake, users: [Snowflake; 2], viewer: Snowflake) -> Value {
    let others: Vec<Value> = users
        .iter()
        .filter(|user| **user != viewer)
        .filter_map(|id| state.world.user(*id).map(user))
        .collect();
    json!({
        "id": id, "type": 1, "flags": 0, "recipients": others,
        "last_message_id": state.last_message(id), "last_pin_timestamp": null,
    })
}

/// A membership without the user inside, as messages carry it.
fn membership(member: &Member) -> Value {
    json!({
        "roles": member.roles, "nick": member.nick, "joined_at": JOINED_AT, "avatar": null,
        "banner": null, "communication_disabled_until": null, "flags": 0, "pending": false,
        "premium_since": null, "deaf": false, "mute": false,
    })
}

pub(crate) fn member(state: &State, member: &Member) -> Value {
    let mut shown = membership(member);
    if let (Some(map), Some(account)) = (shown.as_object_mut(), state.world.user(member.user_id)) {
        map.insert("user".into(), user(account));
    }
    shown
}

/// A guild as `GET /guilds/{id}` shows it.
pub(crate) fn guild(guild: &Guild) -> Value {
    json!({
        "id": guild.id, "name": guild.name, "owner_id": guild.owner_id, "roles": roles(guild),
        "icon": null, "description": null, "home_header": null, "splash": null,
        "discovery_splash": null, "banner": null, "features": [], "emojis": [], "stickers": [],
        "application_id": null, "region": "us-east", "afk_channel_id": null, "afk_timeout": 300,
        "system_channel_id": null, "system_channel_flags": 0, "widget_enabled": false,
        "widget_channel_id": null, "verification_level": 1, "default_message_notifications": 1,
        "mfa_level": 0, "explicit_content_filter": 0, "max_presences": null, "max_members": 500_000,
        "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": null,
        "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US",
        "rules_channel_id": null, "safety_alerts_channel_id": null,
        "public_updates_channel_id": null, "premium_progress_bar_enabled": false,
        "nsfw": false, "nsfw_level": 0, "incidents_data": null,
        "approximate_member_count": guild.members.len(),
    })
}

/// A guild as GUILD_CREATE carries it: what the viewer may see, and itself or everybody as member.
pub(crate) fn guild_create(state: &State, of: &Guild, viewer: Snowflake, all_members: bool) -> Value {
    let mut shown = guild(of);
    let channels: Vec<Value> = of
        .channels
        .iter()
        .filter(|c| permission::in_channel(of, c, viewer) != 0)
        .map(|c| channel(state, of, c))
        .collect();
    let members: Vec<Value> = of
        .members
        .iter()
        .filter(|m| all_members || m.user_id == viewer)
        .map(|m| member(state, m))
        .collect();
    if let Some(map) = shown.as_object_mut() {
        map.insert("channels".into(), json!(channels));
        map.insert("members".into(), json!(members));
        map.insert("member_count".into(), json!(of.members.len()));
        map.insert("joined_at".into(), json!(JOINED_AT));
        map.insert("large".into(), json!(false));
        map.insert("unavailable".into(), json!(false));
        for empty in [
            "threads",
            "presences",
            "voice_states",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
        ] {
            map.insert(empty.into(), json!([]));
        }
    }
    shown
}

fn author(state: &State, message: &Message) -> Value {
    match (&message.webhook_name, state.world.user(message.author)) {
        (None, Some(account)) => user(account),
        (name, _) => json!({
            "id": message.author, "username": name.as_deref().unwrap_or("Deleted User"),
            "discriminator": "0000", "avatar": null, "bot": true, "public_flags": 0, "flags": 0,
            "global_name": null, "primary_guild": null,
        }),
    }
}

/// A message without the one it answers.
fn message_alone(state: &State, message: &Message) -> Value {
    let is_reply = message.reference.is_some_and(|r| !r.forward);
    let snapshot_flag = if message.snapshot.is_some() {
        FLAG_HAS_SNAPSHOT
    } else {
        0
    };
    let mentions: Vec<Value> = message
        .mentions
        .users
        .iter()
        .filter_map(|id| state.world.user(*id).map(user))
        .collect();
    let mut shown = json!({
        "id": message.id, "channel_id": message.channel_id, "author": author(state, message),
        "type": if is_reply { TYPE_REPLY } else { TYPE_DEFAULT }, "content": message.content,
        "timestamp": moment(message.posted_at), "edited_timestamp": message.edited_at.map(moment),
        "tts": message.tts, "pinned": false, "flags": message.flags | snapshot_flag,
        "mention_everyone": message.mentions.everyone, "mentions": mentions,
        "mention_roles": message.mentions.roles, "embeds": message.embeds,
        "attachments": [], "components": message.components,
    });
    let Some(map) = shown.as_object_mut() else {
        return shown;
    };
    if message.webhook_name.is_some() {
        map.insert("webhook_id".into(), json!(message.author));
    }
    if let Some(nonce) = &message.nonce {
        map.insert("nonce".into(), nonce.clone());
    }
    if let Some(snapshot) = &message.snapshot {
        map.insert("message_snapshots".into(), json!([{"message": snapshot}]));
    }
    if let Some(referred) = message.reference {
        let guild = state.world.channel(referred.channel_id).map(|(g, _)| g.id);
        let mut reference = json!({
            "type": u8::from(referred.forward),
            "message_id": referred.message_id, "channel_id": referred.channel_id,
        });
        if let (Some(inner), Some(guild)) = (reference.as_object_mut(), guild) {
            inner.insert("guild_id".into(), json!(guild));
        }
        map.insert("message_reference".into(), reference);
    }
    shown
}

/// A message as REST shows it; a reply carries the message it answers, null when that is gone.
pub(crate) fn message(state: &State, of: &Message) -> Value {
    let mut shown = message_alone(state, of);
    if let (Some(referred), Some(map)) = (of.reference, shown.as_object_mut())
        && !referred.forward
    {
        let answered = state
            .message(referred.channel_id, referred.message_id)
            .map_or(Value::Null, |m| message_alone(state, m));
        map.insert("referenced_message".into(), answered);
    }
    shown
}

/// A message as the gateway carries it: with guild and membership, and a private `channel_type`.
pub(crate) fn message_event(state: &State, of: &Message) -> Value {
    let mut shown = message(state, of);
    let (Some(map), Some(place)) = (shown.as_object_mut(), state.place(of.channel_id)) else {
        return shown;
    };
    match place {
        Place::Guild(guild, channel) => {
            map.insert("guild_id".into(), json!(guild.id));
            map.insert("channel_type".into(), json!(channel.kind));
            if let Some(member) = guild.members.iter().find(|m| m.user_id == of.author) {
                map.insert("member".into(), membership(member));
            }
        }
        Place::Direct(_) => {
            map.insert("channel_type".into(), json!(1));
        }
    }
    shown
}

/// The fields of a message that a forward keeps.
pub(crate) fn snapshot(of: &Message) -> Value {
    json!({
        "type": TYPE_DEFAULT, "content": of.content, "embeds": of.embeds, "attachments": [],
        "timestamp": moment(of.posted_at), "edited_timestamp": of.edited_at.map(moment),
        "flags": of.flags, "mentions": [], "mention_roles": of.mentions.roles, "components": [],
    })
}

/// Empties what only holders of the message-content intent may read, the answered message's included.
pub(crate) fn without_content(mut shown: Value) -> Value {
    if let Some(map) = shown.as_object_mut() {
        map.insert("content".into(), json!(""));
        for list in ["embeds", "attachments", "components"] {
            map.insert(list.into(), json!([]));
        }
        map.remove("message_snapshots");
        if let Some(answered) = map.remove("referenced_message") {
            let hidden = if answered.is_null() {
                Value::Null
            } else {
                without_content(answered)
            };
            map.insert("referenced_message".into(), hidden);
        }
    }
    shown
}
