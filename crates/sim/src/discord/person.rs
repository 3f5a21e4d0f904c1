//! The `/sim/` endpoints of a person at a client: typing a command, waiting for suggestions, pressing a button, looking
//! into private messages. Stands in for the Discord app; knows nothing of what is answered.

use super::command::Typed;
use super::component;
use super::core::Core;
use super::interaction::{Deed, Spot};
use super::refusal::Refusal;
use super::rest::answer;
use super::server::Shared;
use super::snowflake::Snowflake;
use super::world::Member;
use super::{render, timer};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the answer to what was typed or pressed is awaited.
const PATIENCE: Duration = Duration::from_secs(10);
/// A deferred answer that needs longer is looked up again by its interaction.
const PATIENCE_MAX: Duration = Duration::from_secs(60);
/// Newest private messages shown.
const INBOX: usize = 50;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/type", post(typed))
        .route("/complete", post(complete))
        .route("/press", post(press))
        .route("/inbox", get(inbox))
        .route("/commands", get(commands))
        .route("/members", post(member))
}

fn refused(message: &str) -> Response {
    answer(400, &json!({"message": message}))
}

/// Somebody, and where: a channel, or the private channel with a bot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Id or account name.
    user: String,
    /// Id of a channel; none = the private channel with the bot.
    #[serde(default)]
    channel: Option<Snowflake>,
    /// `/name option:value ...`
    text: String,
    #[serde(default)]
    wait_ms: Option<u64>,
}

/// A press of a button or a choice in a menu.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Press {
    user: String,
    message: Snowflake,
    /// Its label or custom id.
    button: String,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    wait_ms: Option<u64>,
}

fn person(core: &Core, text: &str) -> Result<Snowflake, String> {
    let users = &core.state.world.users;
    let id = text.parse::<Snowflake>().ok();
    let found = users.iter().find(|u| Some(u.id) == id || u.username == text);
    found.filter(|u| !u.bot).map(|u| u.id).ok_or_else(|| {
        let names: Vec<&str> = users
            .iter()
            .filter(|u| !u.bot)
            .map(|u| u.username.as_str())
            .collect();
        format!("user: nobody called {text:?}; people here: {}", names.join(", "))
    })
}

fn begin(shared: &Shared, input: &Input, typing: bool) -> Result<(Snowflake, watch::Receiver<u32>), String> {
    let now = shared.now();
    let mut core = shared.core();
    let user = person(&core, &input.user)?;
    let typed = Typed::read(&input.text)?;
    let guild = input
        .channel
        .and_then(|c| core.state.world.channel(c))
        .map(|(g, _)| g.id);
    let Some((app, command)) = core.counter.command(&typed.name, guild) else {
        let names = core.counter.names();
        return Err(format!(
            "text: no command /{}; there are: {}",
            typed.name,
            names.join(", ")
        ));
    };
    let data = typed.data(&command, typing)?;
    let channel = match input.channel {
        Some(channel) => channel,
        None => core.direct(now, user, app).map_err(|e| e.to_string())?,
    };
    let deed = if typing {
        Deed::Complete(data)
    } else {
        Deed::Command(data)
    };
    let begun = core.interact(now, app, Spot { user, channel }, deed);
    begun.map_err(|e: Refusal| format!("channel: {e}"))
}

async fn outcome(
    shared: &Shared,
    wait_ms: Option<u64>,
    (id, mut heard): (Snowflake, watch::Receiver<u32>),
) -> Response {
    let patience = wait_ms.map_or(PATIENCE, Duration::from_millis).min(PATIENCE_MAX);
    let end = timer::now() + patience;
    loop {
        let told = shared.core().outcome(id);
        let open = matches!(
            told.get("state").and_then(Value::as_str),
            Some("waiting" | "thinking")
        );
        let left = end.saturating_duration_since(timer::now());
        if !open || left.is_zero() {
            return answer(200, &told);
        }
        // Looked at again from time to time: after three seconds Discord gives up waiting.
        let look = left.min(Duration::from_millis(500));
        let _either_way = timeout(look, heard.changed()).await;
    }
}

async fn typed(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    run(&shared, &body, false).await
}

async fn complete(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    run(&shared, &body, true).await
}

async fn run(shared: &Arc<Shared>, body: &[u8], typing: bool) -> Response {
    let input: Input = match serde_json::from_slice(body) {
        Ok(input) => input,
        Err(error) => return refused(&format!("expected {{\"user\", \"channel\"?, \"text\"}}: {error}")),
    };
    let begun = begin(shared, &input, typing);
    match begun {
        Ok(begun) => outcome(shared, input.wait_ms, begun).await,
        Err(message) => refused(&message),
    }
}

async fn press(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let input: Press = match serde_json::from_slice(&body) {
        Ok(input) => input,
        Err(error) => {
            return refused(&format!(
                "expected {{\"user\", \"message\", \"button\"}}: {error}"
            ));
        }
    };
    let begun = pressed(&shared, &input);
    match begun {
        Ok(begun) => outcome(&shared, input.wait_ms, begun).await,
        Err(message) => refused(&message),
    }
}

fn pressed(shared: &Shared, input: &Press) -> Result<(Snowflake, watch::Receiver<u32>), String> {
    let now = shared.now();
    let mut core = shared.core();
    let user = person(&core, &input.user)?;
    let unseen = || "message: none that this person sees".to_owned();
    let spot = core.spot_of(user, input.message).ok_or_else(unseen)?;
    let message = core.seen_by(spot, input.message).ok_or_else(unseen)?;
    let app = message.author;
    let Some((custom_id, kind)) = component::pressable(&message.components, &input.button) else {
        let labels = component::labels(&message.components);
        return Err(format!(
            "button: no {:?} to press; there are: {}",
            input.button,
            labels.join(", ")
        ));
    };
    let values = chosen(&core, &input.values)?;
    let data = json!({
        "custom_id": custom_id, "component_type": kind, "values": input.values, "resolved": values,
    });
    let deed = Deed::Press {
        message: input.message,
        data,
    };
    core.interact(now, app, spot, deed).map_err(|e| e.to_string())
}

/// What the chosen ids are, as Discord tells it beside them.
fn chosen(core: &Core, values: &[String]) -> Result<Value, String> {
    let world = &core.state.world;
    let (mut users, mut roles, mut channels) = (Map::new(), Map::new(), Map::new());
    for value in values {
        let Ok(id) = value.parse::<Snowflake>() else {
            continue;
        };
        let role = world.guilds.iter().flat_map(|g| &g.roles).find(|r| r.id == id);
        if let Some(user) = world.user(id) {
            users.insert(value.clone(), render::user(user));
        } else if let Some((_, channel)) = world.channel(id) {
            channels.insert(
                value.clone(),
                json!({"id": id, "name": channel.name, "type": channel.kind}),
            );
        } else if let Some(role) = role {
            roles.insert(value.clone(), render::role(role, 0));
        } else {
            return Err(format!("values: nothing has the id {id}"));
        }
    }
    Ok(json!({"users": users, "roles": roles, "channels": channels}))
}

#[derive(Debug, Deserialize)]
struct Whose {
    user: Option<String>,
}

async fn inbox(State(shared): State<Arc<Shared>>, Query(whose): Query<Whose>) -> Response {
    let core = shared.core();
    let user = match person(&core, whose.user.as_deref().unwrap_or("")) {
        Ok(user) => user,
        Err(message) => return refused(&message),
    };
    let mut all: Vec<_> = core
        .state
        .directs_of(user)
        .into_iter()
        .flat_map(|c| core.state.history(c))
        .collect();
    all.sort_by_key(|message| std::cmp::Reverse(message.id));
    let mut newest: Vec<Value> = all
        .into_iter()
        .take(INBOX)
        .map(|m| render::message(&core.state, m))
        .collect();
    newest.reverse();
    answer(200, &Value::Array(newest))
}

async fn commands(State(shared): State<Arc<Shared>>) -> Response {
    answer(200, &json!(shared.core().counter.names()))
}

/// Sets the roles of a member, as a server's owner does in the app.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    guild: Snowflake,
    user: String,
    roles: Vec<Snowflake>,
}

async fn member(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let input: Roles = match serde_json::from_slice(&body) {
        Ok(input) => input,
        Err(error) => return refused(&format!("expected {{\"guild\", \"user\", \"roles\"}}: {error}")),
    };
    let mut core = shared.core();
    let user_id = match person(&core, &input.user) {
        Ok(user) => user,
        Err(message) => return refused(&message),
    };
    let member = Member {
        user_id,
        roles: input.roles,
        nick: None,
    };
    match core.set_member(input.guild, member) {
        Ok(()) => answer(200, &json!({"set": true})),
        Err(error) => refused(&error.to_string()),
    }
}
