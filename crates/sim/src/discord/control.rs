//! The `/sim/` endpoints: steering and looking into the simulated Discord from another process.
//! They are no part of Discord and ask for no token.

use super::fault::Fault;
use super::render;
use super::rest::answer;
use super::server::Shared;
use super::snowflake::Snowflake;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

const MESSAGES_DEFAULT: usize = 100;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/world", get(world))
        .route("/messages", get(messages))
        .route("/faults", post(faults))
}

fn refused(message: &str) -> Response {
    answer(400, &json!({"message": message}))
}

async fn faults(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Fault>(&body) {
        Ok(fault) => {
            shared.core().trouble(&fault);
            answer(200, &json!({"injected": fault}))
        }
        Err(error) => refused(&format!("fault: {error}")),
    }
}

async fn world(State(shared): State<Arc<Shared>>) -> Response {
    let core = shared.core();
    let world = &core.state.world;
    let bots: Vec<Value> = world
        .bots
        .iter()
        .map(|bot| {
            let name = world.user(bot.user_id).map(|user| &user.username);
            json!({
                "id": bot.user_id, "name": name, "token": bot.token, "listener": bot.listener,
                "privileged_intents": bot.privileged_intents,
            })
        })
        .collect();
    answer(
        200,
        &json!({
            "rest_url": format!("http://{}/api/v10", shared.address),
            "gateway_url": shared.gateway_url(), "listeners": core.hub.attached(),
            "guilds": world.guilds, "bots": bots, "webhooks": world.webhooks,
        }),
    )
}

#[derive(Debug, Deserialize)]
struct Wanted {
    channel: Option<String>,
    limit: Option<usize>,
}

async fn messages(State(shared): State<Arc<Shared>>, Query(wanted): Query<Wanted>) -> Response {
    let channel = wanted.channel.unwrap_or_default();
    let Ok(channel) = channel.parse::<Snowflake>() else {
        return refused("channel: expected the id of a channel");
    };
    let core = shared.core();
    if core.state.place(channel).is_none() {
        return refused("channel: unknown");
    }
    let limit = wanted.limit.unwrap_or(MESSAGES_DEFAULT);
    let newest = core.state.history(channel).rev().take(limit);
    let mut shown: Vec<Value> = newest.map(|m| render::message(&core.state, m)).collect();
    shown.reverse();
    answer(200, &Value::Array(shown))
}
