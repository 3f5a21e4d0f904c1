//! Webhooks: posting into one channel by an address that is its own credential.

use super::{Call, id, interaction, refusal, whole};
use crate::discord::core::Core;
use crate::discord::draft::{MessageDraft, MessageEdit};
use crate::discord::rate::Route;
use crate::discord::refusal::Refusal;
use crate::discord::render;
use crate::discord::snowflake::Snowflake;
use crate::discord::world::Webhook;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Body = Result<Bytes, BytesRejection>;

fn find(core: &Core, id: Snowflake, token: &str) -> Result<Webhook, Refusal> {
    let mut known = core.state.world.webhooks.iter();
    let webhook = known.find(|webhook| webhook.id == id);
    let webhook = webhook.ok_or_else(Refusal::unknown_webhook)?;
    if webhook.token != token {
        return Err(Refusal::invalid_webhook_token());
    }
    Ok(webhook.clone())
}

pub(super) async fn read(call: Call, Path((webhook, token)): Path<(String, String)>) -> Response {
    let webhook = id("webhook_id", &webhook);
    call.by_anybody(Route::Other("webhook-read"), webhook.clone(), |core, _| {
        let found = find(core, webhook?, &token)?;
        let guild = core.state.world.channel(found.channel_id);
        Ok((
            200,
            json!({
                "id": found.id, "type": 1, "name": found.name, "token": found.token,
                "channel_id": found.channel_id, "guild_id": guild.map(|(guild, _)| guild.id),
                "avatar": null, "application_id": null,
            }),
        ))
    })
}

pub(super) async fn execute(
    call: Call,
    Path((webhook, token)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
    body: Body,
) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let webhook = id("webhook_id", &webhook);
    call.by_anybody(Route::Webhook, webhook.clone(), |core, now| {
        let (webhook, body) = (webhook?, body?);
        if let Some(answer) = interaction::follow_up(core, now, webhook, &token, &body) {
            return answer;
        }
        let found = find(core, webhook, &token)?;
        let draft = MessageDraft::from_json(&body)?;
        let message = core.post(now, found.id, found.channel_id, draft, Some(&found))?;
        if query.get("wait").is_some_and(|wait| wait == "true") {
            Ok((200, render::message(&core.state, &message)))
        } else {
            Ok((204, Value::Null))
        }
    })
}

type MessagePath = Path<(String, String, String)>;

pub(super) async fn edit(call: Call, Path((webhook, token, message)): MessagePath, body: Body) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let webhook = id("webhook_id", &webhook);
    call.by_anybody(Route::Webhook, webhook.clone(), |core, now| {
        let found = find(core, webhook?, &token)?;
        let message = id("message_id", &message)?;
        let edit = MessageEdit::from_json(&body?)?;
        let message = core.edit(now, found.id, found.channel_id, message, edit)?;
        Ok((200, render::message(&core.state, &message)))
    })
}

pub(super) async fn delete(call: Call, Path((webhook, token, message)): MessagePath) -> Response {
    let webhook = id("webhook_id", &webhook);
    call.by_anybody(Route::Webhook, webhook.clone(), |core, _| {
        let found = find(core, webhook?, &token)?;
        let message = id("message_id", &message)?;
        core.delete(found.id, found.channel_id, message)?;
        Ok((204, Value::Null))
    })
}
