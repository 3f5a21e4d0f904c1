//! What a person typed or pressed, from Discord's words to ours: pure. Reads only what is needed, so that a new field
//! of Discord's never costs an answer.

use std::collections::BTreeMap;

use ordercast_model::chat::{Ask, Deed, Person, Spot};
use serde::Deserialize;
use serde_json::Value;
use twilight_model::id::{
    Id,
    marker::{ApplicationMarker, ChannelMarker, GuildMarker, InteractionMarker, UserMarker},
};

use super::map;

/// Permission bits of somebody who may set a server up: administrator, manage server.
const MANAGES: u64 = 1 << 3 | 1 << 5;

/// An interaction, as much of it as is used.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Interaction {
    pub(super) id: Id<InteractionMarker>,
    pub(super) application_id: Id<ApplicationMarker>,
    pub(super) token: String,
    #[serde(rename = "type")]
    pub(super) kind: u8,
    guild_id: Option<Id<GuildMarker>>,
    channel_id: Option<Id<ChannelMarker>>,
    member: Option<Member>,
    user: Option<User>,
    data: Option<Data>,
}

#[derive(Debug, Clone, Deserialize)]
struct Member {
    user: Option<User>,
    permissions: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct User {
    id: Id<UserMarker>,
    username: String,
    global_name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Data {
    name: Option<String>,
    #[serde(default)]
    options: Vec<Given>,
    custom_id: Option<String>,
    #[serde(default)]
    values: Vec<String>,
    resolved: Option<Resolved>,
}

/// What the chosen ids are called.
#[derive(Debug, Clone, Default, Deserialize)]
struct Resolved {
    #[serde(default)]
    users: BTreeMap<String, User>,
    #[serde(default)]
    roles: BTreeMap<String, Named>,
    #[serde(default)]
    channels: BTreeMap<String, Named>,
}

#[derive(Debug, Clone, Deserialize)]
struct Named {
    name: String,
}

impl Resolved {
    fn names(self) -> BTreeMap<String, String> {
        let users = self
            .users
            .into_iter()
            .map(|(id, user)| (id, user.global_name.unwrap_or(user.username)));
        let others = self.roles.into_iter().chain(self.channels);
        users.chain(others.map(|(id, it)| (id, it.name))).collect()
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Given {
    name: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    focused: bool,
}

/// Kinds of interaction.
const PING: u8 = 1;
const COMMAND: u8 = 2;
const PRESS: u8 = 3;
const TYPING: u8 = 4;

/// A dispatch that may be an interaction.
#[derive(Debug, Deserialize)]
struct Frame {
    t: Option<String>,
    d: Option<Value>,
}

const NAME: &str = "INTERACTION_CREATE";

/// The interaction in a frame of the gateway; none when it is something else.
pub(super) fn read(frame: &str) -> Option<Interaction> {
    if !frame.contains(NAME) {
        return None;
    }
    let frame: Frame = serde_json::from_str(frame).ok()?;
    if frame.t.as_deref() != Some(NAME) {
        return None;
    }
    match serde_json::from_value(frame.d?) {
        Ok(interaction) => Some(interaction),
        Err(why) => {
            tracing::warn!(%why, "an interaction does not read");
            None
        }
    }
}

/// The interaction in a posted body; none when it does not read.
pub(super) fn posted(body: &[u8]) -> Option<Interaction> {
    serde_json::from_slice(body).ok()
}

impl Interaction {
    /// Discord asks whether anybody is there.
    pub(super) const fn is_ping(&self) -> bool {
        self.kind == PING
    }

    /// A press changes the card it was made on.
    pub(super) const fn is_press(&self) -> bool {
        self.kind == PRESS
    }

    /// Suggestions are wanted at once or not at all.
    pub(super) const fn is_typing(&self) -> bool {
        self.kind == TYPING
    }

    /// As an ask; none for a kind that is not answered.
    pub(super) fn ask(&self) -> Option<Ask> {
        let user = self
            .member
            .as_ref()
            .and_then(|m| m.user.as_ref())
            .or(self.user.as_ref())?;
        let data = self.data.as_ref()?;
        let permissions = self.member.as_ref().and_then(|m| m.permissions.as_ref());
        let permissions: u64 = permissions.and_then(|p| p.parse().ok()).unwrap_or(0);
        Some(Ask {
            id: self.id.to_string(),
            person: Person {
                id: user.id.to_string(),
                name: user.global_name.clone().unwrap_or_else(|| user.username.clone()),
            },
            spot: Spot {
                guild: self.guild_id.map(|id| id.to_string()),
                channel: self.channel_id.map(|id| id.to_string()).unwrap_or_default(),
                manages: permissions & MANAGES != 0,
            },
            at: map::posted_at(self.id.get()),
            deed: deed(self.kind, data)?,
        })
    }
}

fn deed(kind: u8, data: &Data) -> Option<Deed> {
    let name = || data.name.clone();
    match kind {
        COMMAND => Some(Deed::Command {
            name: name()?,
            options: data
                .options
                .iter()
                .map(|given| (given.name.clone(), text(&given.value)))
                .collect::<BTreeMap<_, _>>(),
        }),
        TYPING => {
            let focused = data.options.iter().find(|given| given.focused)?;
            Some(Deed::Typing {
                name: name()?,
                option: focused.name.clone(),
                text: text(&focused.value),
            })
        }
        PRESS => Some(Deed::Press {
            control: data.custom_id.clone()?,
            values: data.values.clone(),
            names: data.resolved.clone().unwrap_or_default().names(),
        }),
        _ => None,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn frame(kind: u8, data: &Value) -> String {
        json!({"t": "INTERACTION_CREATE", "op": 0, "s": 3, "d": {
            "id": "1175000000000000000", "application_id": "9", "token": "tok", "type": kind, "version": 1,
            "guild_id": "1", "channel_id": "2", "some_new_field": {"x": 1},
            "member": {"user": {"id": "5", "username": "ana", "global_name": "Ana"}, "permissions": "40", "roles": []},
            "data": data,
        }})
        .to_string()
    }

    #[test]
    fn what_is_typed_and_pressed_is_read() {
        let options = json!([{"name": "symbol", "type": 3, "value": "AAPL"}, {"name": "all", "type": 5, "value": true}]);
        let ask = read(&frame(
            2,
            &json!({"id": "7", "name": "buy", "type": 1, "options": options}),
        ))
        .and_then(|i| i.ask())
        .unwrap();
        assert_eq!((ask.person.name.as_str(), ask.spot.manages), ("Ana", true));
        let Deed::Command { name, options } = ask.deed else {
            unreachable!("a command")
        };
        assert_eq!(
            (name.as_str(), options["symbol"].as_str(), options["all"].as_str()),
            ("buy", "AAPL", "true")
        );
        let typing = json!({"name": "buy", "options": [{"name": "symbol", "value": "AA", "focused": true}]});
        let ask = read(&frame(4, &typing)).and_then(|i| i.ask()).unwrap();
        assert!(
            matches!(ask.deed, Deed::Typing { ref option, ref text, .. } if option == "symbol" && text == "AA")
        );
        let pressed = json!({"custom_id": "a:1", "component_type": 2});
        let ask = read(&frame(3, &pressed)).and_then(|i| i.ask()).unwrap();
        assert!(matches!(ask.deed, Deed::Press { ref control, .. } if control == "a:1"));
    }

    #[test]
    fn other_frames_and_kinds_are_passed_over() {
        assert!(read(r#"{"t":"MESSAGE_CREATE","d":{"content":"INTERACTION_CREATE"}}"#).is_none());
        assert!(read(r#"{"t":"INTERACTION_CREATE","d":{"id":"x"}}"#).is_none());
        assert!(read(&frame(1, &Value::Null)).and_then(|i| i.ask()).is_none());
    }
}
