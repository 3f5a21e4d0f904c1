//! Commands and interactions over REST: registering, answering, editing the answer, following up.

use super::{Call, id, refusal, whole};
use crate::discord::command;
use crate::discord::rate::Route;
use crate::discord::refusal::Refusal;
use crate::discord::snowflake::Snowflake;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use serde_json::{Value, json};

type Body = Result<Bytes, BytesRejection>;

fn own(me: Snowflake, app: &str) -> Result<(), Refusal> {
    if id("application_id", app)? == me {
        Ok(())
    } else {
        Err(Refusal::missing_access())
    }
}

fn register(call: Call, app: &str, guild: Option<Result<Snowflake, Refusal>>, body: Body) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    call.by_bot(Route::Other("commands"), Ok(Snowflake(0)), |core, me, now| {
        own(me, app)?;
        let guild = guild.transpose()?;
        let ids = &mut core.state.ids;
        let commands = command::check(&body?, || ids.next(now))?;
        core.counter.register(me, guild, commands.clone());
        let shown = commands.into_iter().map(|command| dressed(command, me, guild));
        Ok((200, Value::Array(shown.collect())))
    })
}

fn dressed(mut command: Value, app: Snowflake, guild: Option<Snowflake>) -> Value {
    if let Some(map) = command.as_object_mut() {
        map.insert("application_id".into(), json!(app));
        map.entry("default_member_permissions").or_insert(Value::Null);
        if let Some(guild) = guild {
            map.insert("guild_id".into(), json!(guild));
        }
    }
    command
}

pub(super) async fn set_global(call: Call, Path(app): Path<String>, body: Body) -> Response {
    register(call, &app, None, body)
}

pub(super) async fn set_in_guild(
    call: Call,
    Path((app, guild)): Path<(String, String)>,
    body: Body,
) -> Response {
    register(call, &app, Some(id("guild_id", &guild)), body)
}

pub(super) async fn list_global(call: Call, Path(app): Path<String>) -> Response {
    call.by_bot(Route::Other("commands-list"), Ok(Snowflake(0)), |core, me, _| {
        own(me, &app)?;
        let list = core.counter.registered(me, None);
        let shown = list.into_iter().map(|command| dressed(command, me, None));
        Ok((200, Value::Array(shown.collect())))
    })
}

pub(super) async fn callback(
    call: Call,
    Path((interaction, token)): Path<(String, String)>,
    body: Body,
) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let interaction = id("interaction_id", &interaction);
    call.by_anybody(Route::Other("callback"), interaction.clone(), |core, now| {
        core.answer(now, interaction?, &token, &body?)?;
        Ok((204, Value::Null))
    })
}

/// A follow-up, when the token is an interaction's; none when it must be a webhook's.
pub(super) fn follow_up(
    core: &mut crate::discord::core::Core,
    now: i64,
    app: Snowflake,
    token: &str,
    body: &Value,
) -> Option<super::Answer> {
    core.counter.by_token(app, token)?;
    Some(
        core.follow_up(now, app, token, body)
            .map(|message| (200, message)),
    )
}

pub(super) async fn amend(call: Call, Path((app, token)): Path<(String, String)>, body: Body) -> Response {
    let body = match whole(body).map(|body| call.json(&body)) {
        Ok(body) => body,
        Err(error) => return refusal(&error),
    };
    let app = id("application_id", &app);
    call.by_anybody(Route::Webhook, app.clone(), |core, now| {
        Ok((200, core.amend(now, app?, &token, &body?)?))
    })
}
