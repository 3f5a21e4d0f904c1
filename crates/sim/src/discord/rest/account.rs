//! The calling bot itself: gateway address, account, application, guild list, private channels.

use super::{Call, answer, id, refusal, whole};
use crate::discord::core::Core;
use crate::discord::rate::Route;
use crate::discord::refusal::Refusal;
use crate::discord::snowflake::Snowflake;
use crate::discord::{permission, render, timer};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// Calls without an id of their own share this one.
const NOBODY: Snowflake = Snowflake(0);

pub(super) async fn gateway(State(shared): State<Arc<crate::discord::server::Shared>>) -> Response {
    answer(200, &json!({"url": shared.gateway_url()}))
}

pub(super) async fn gateway_bot(call: Call) -> Response {
    let url = call.shared.gateway_url();
    call.by_bot(Route::Other("gateway-bot"), Ok(NOBODY), |core, me, _| {
        let (left, reset) = core.hub.starts_left(&core.limits, me, timer::now());
        Ok((
            200,
            json!({
                "url": url, "shards": core.limits.shards,
                "session_start_limit": {
                    "total": core.limits.session_starts_max, "remaining": left,
                    "reset_after": u64::try_from(reset.as_millis()).unwrap_or(0),
                    "max_concurrency": core.limits.identify_concurrency,
                },
            }),
        ))
    })
}

pub(super) async fn me(call: Call) -> Response {
    if call.is_bearer() {
        return call.by_person("identify", |core, grant| {
            let account = core.state.world.user(grant.user);
            let account = account.ok_or_else(Refusal::unknown_user)?;
            let mut shown = render::own_user(account);
            if grant.scopes.iter().any(|scope| scope == "email")
                && let Some(map) = shown.as_object_mut()
            {
                let address = format!("{}@people.example", account.username);
                map.insert("email".into(), json!(address));
            }
            Ok((200, shown))
        });
    }
    call.by_bot(Route::Other("me"), Ok(NOBODY), |core, me, _| {
        let account = core.state.world.user(me);
        let account = account.ok_or_else(Refusal::unknown_user)?;
        Ok((200, render::own_user(account)))
    })
}

pub(super) async fn user(call: Call, Path(user): Path<String>) -> Response {
    call.by_bot(Route::Other("user"), Ok(NOBODY), |core, _, _| {
        let account = core.state.world.user(id("user_id", &user)?);
        let account = account.ok_or_else(Refusal::unknown_user)?;
        Ok((200, render::user(account)))
    })
}

pub(super) async fn application(call: Call) -> Response {
    call.by_bot(Route::Other("application"), Ok(NOBODY), |core, me, _| {
        let world = &core.state.world;
        let (bot, account) = world
            .bot(me)
            .zip(world.user(me))
            .ok_or_else(Refusal::unknown_user)?;
        let guilds = world.guilds.iter();
        let mine = guilds.filter(|guild| permission::in_guild(guild, me) != 0);
        Ok((200, render::application(bot, account, mine.count())))
    })
}

/// The servers somebody is in.
fn guilds_of(core: &Core, me: Snowflake) -> Value {
    let mut list = Vec::new();
    for guild in &core.state.world.guilds {
        let has = permission::in_guild(guild, me);
        if has != 0 {
            list.push(json!({
                "id": guild.id, "name": guild.name, "icon": null, "banner": null,
                "owner": guild.owner_id == me, "permissions": has.to_string(), "features": [],
            }));
        }
    }
    Value::Array(list)
}

pub(super) async fn my_guilds(call: Call) -> Response {
    if call.is_bearer() {
        return call.by_person("guilds", |core, grant| Ok((200, guilds_of(core, grant.user))));
    }
    call.by_bot(Route::Other("my-guilds"), Ok(NOBODY), |core, me, _| {
        Ok((200, guilds_of(core, me)))
    })
}

pub(super) async fn open_direct(call: Call, body: Result<Bytes, BytesRejection>) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    call.by_bot(Route::Other("direct"), Ok(NOBODY), |core, me, now| {
        let recipient = body?.get("recipient_id").cloned().unwrap_or_default();
        let recipient: Snowflake = serde_json::from_value(recipient.clone())
            .map_err(|_| Refusal::not_a_snowflake("recipient_id", &recipient.to_string()))?;
        let channel = core.direct(now, me, recipient)?;
        let users = [me, recipient];
        Ok((200, render::direct(&core.state, channel, users, me)))
    })
}
