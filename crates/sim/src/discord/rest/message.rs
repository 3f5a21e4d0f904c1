//! Messages over REST: list, read, post, edit, delete.

use super::{Answer, Call, id, refusal, whole};
use crate::discord::core::Core;
use crate::discord::draft::{MessageDraft, MessageEdit};
use crate::discord::message::Message;
use crate::discord::rate::Route;
use crate::discord::refusal::Refusal;
use crate::discord::snowflake::Snowflake;
use crate::discord::{intent, permission, render};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde_json::Value;
use std::collections::BTreeMap;

const LIST_DEFAULT: usize = 50;
const LIST_MAX: usize = 100;

type Body = Result<Bytes, BytesRejection>;

/// The message as this bot may read it.
fn shown(core: &Core, me: Snowflake, message: &Message) -> Value {
    let full = render::message(&core.state, message);
    let world = &core.state.world;
    let open = message.author == me
        || message.mentions.users.contains(&me)
        || world.channel(message.channel_id).is_none()
        || world
            .bot(me)
            .is_some_and(|bot| bot.privileged_intents & intent::MESSAGE_CONTENT != 0);
    if open { full } else { render::without_content(full) }
}

/// Which part of a channel's history is wanted.
enum Range {
    Newest,
    Before(Snowflake),
    After(Snowflake),
    Around(Snowflake),
}

fn range(query: &BTreeMap<String, String>) -> Result<(Range, usize), Refusal> {
    let at = |name: &str| query.get(name).map(|text| id(name, text)).transpose();
    let range = match (at("around")?, at("before")?, at("after")?) {
        (Some(middle), _, _) => Range::Around(middle),
        (None, Some(end), _) => Range::Before(end),
        (None, None, Some(start)) => Range::After(start),
        (None, None, None) => Range::Newest,
    };
    let limit = match query.get("limit") {
        None => LIST_DEFAULT,
        Some(text) => text.parse::<usize>().map_err(|_| {
            Refusal::field(
                "limit",
                "NUMBER_TYPE_COERCE",
                &format!("Value \"{text}\" is not int."),
            )
        })?,
    };
    if limit < 1 {
        let text = "int value should be greater than or equal to 1.";
        return Err(Refusal::field("limit", "NUMBER_TYPE_MIN", text));
    }
    if limit > LIST_MAX {
        let text = "int value should be less than or equal to 100.";
        return Err(Refusal::field("limit", "NUMBER_TYPE_MAX", text));
    }
    Ok((range, limit))
}

/// The wanted messages, newest first, as Discord always answers.
fn pick(core: &Core, channel: Snowflake, range: &Range, limit: usize) -> Vec<Message> {
    let history = || core.state.history(channel);
    let before = |end: Snowflake, count: usize| -> Vec<Message> {
        let older = history().rev().filter(|m| m.id < end).take(count);
        older.cloned().collect()
    };
    let after = |start: Snowflake, count: usize| -> Vec<Message> {
        let newer = history().filter(|m| m.id > start).take(count);
        let mut newer: Vec<Message> = newer.cloned().collect();
        newer.reverse();
        newer
    };
    match *range {
        Range::Newest => history().rev().take(limit).cloned().collect(),
        Range::Before(end) => before(end, limit),
        Range::After(start) => after(start, limit),
        Range::Around(middle) => {
            let half = limit / 2;
            let mut picked = after(middle, limit.saturating_sub(half + 1));
            picked.extend(core.state.message(channel, middle).cloned());
            picked.extend(before(middle, half));
            picked
        }
    }
}

pub(super) async fn list(
    call: Call,
    Path(channel): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let channel = id("channel_id", &channel);
    call.by_bot(Route::Read, channel.clone(), |core, me, _| {
        let channel = channel?;
        let place = core.enter(me, channel, permission::VIEW_CHANNEL)?;
        let (range, limit) = range(&query)?;
        if place.permissions(me) & permission::READ_MESSAGE_HISTORY == 0 {
            return Ok((200, Value::Array(Vec::new())));
        }
        let picked = pick(core, channel, &range, limit);
        let list = picked.iter().map(|m| shown(core, me, m)).collect();
        Ok((200, Value::Array(list)))
    })
}

pub(super) async fn create(call: Call, Path(channel): Path<String>, body: Body) -> Response {
    let draft = match whole(body).map(|body| call.json(&body)) {
        Ok(draft) => draft,
        Err(error) => return refusal(&error),
    };
    let channel = id("channel_id", &channel);
    call.by_bot(Route::Post, channel.clone(), |core, me, now| {
        let channel = channel?;
        core.enter(me, channel, permission::VIEW_CHANNEL)?;
        let draft = MessageDraft::from_json(&draft?)?;
        let draft = MessageDraft {
            username: None,
            ..draft
        };
        let message = core.post(now, me, channel, draft, None)?;
        Ok((200, render::message(&core.state, &message)))
    })
}

/// Both ids of a path that names a message, and the channel apart for the budget.
fn ids(path: &(String, String)) -> (Result<Snowflake, Refusal>, Result<Snowflake, Refusal>) {
    (id("channel_id", &path.0), id("message_id", &path.1))
}

pub(super) async fn read(call: Call, Path(path): Path<(String, String)>) -> Response {
    let (channel, message) = ids(&path);
    call.by_bot(Route::Read, channel.clone(), |core, me, _| -> Answer {
        let (channel, message) = (channel?, message?);
        core.enter(me, channel, permission::READ_MESSAGE_HISTORY)?;
        let found = core.state.message(channel, message);
        let found = found.ok_or_else(Refusal::unknown_message)?;
        Ok((200, shown(core, me, found)))
    })
}

pub(super) async fn edit(call: Call, Path(path): Path<(String, String)>, body: Body) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let (channel, message) = ids(&path);
    call.by_bot(Route::Edit, channel.clone(), |core, me, now| {
        let (channel, message) = (channel?, message?);
        core.enter(me, channel, permission::VIEW_CHANNEL)?;
        let edit = MessageEdit::from_json(&body?)?;
        let message = core.edit(now, me, channel, message, edit)?;
        Ok((200, render::message(&core.state, &message)))
    })
}

pub(super) async fn delete(call: Call, Path(path): Path<(String, String)>) -> Response {
    let (channel, message) = ids(&path);
    call.by_bot(Route::Delete, channel.clone(), |core, me, _| {
        let (channel, message) = (channel?, message?);
        core.enter(me, channel, permission::VIEW_CHANNEL)?;
        core.delete(me, channel, message)?;
        Ok((204, Value::Null))
    })
}

pub(super) async fn bulk_delete(call: Call, Path(channel): Path<String>, body: Body) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let channel = id("channel_id", &channel);
    let route = Route::Other("bulk-delete");
    call.by_bot(route, channel.clone(), |core, me, now| {
        let channel = channel?;
        let body = body?;
        let ids = body.get("messages").cloned().unwrap_or_default();
        let ids: Vec<Snowflake> = serde_json::from_value(ids).map_err(|_| {
            let text = "Expected a list of message ids.";
            Refusal::field("messages", "LIST_TYPE_CONVERT", text)
        })?;
        core.bulk_delete(now, me, channel, &ids)?;
        Ok((204, Value::Null))
    })
}
