//! A posted message as it is kept, and the mentions inside its text.

use super::draft::Ring;
use super::snowflake::Snowflake;
use super::world::Guild;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One message as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: Snowflake,
    pub(crate) channel_id: Snowflake,
    /// User or webhook.
    pub(crate) author: Snowflake,
    /// The name a webhook posted under; absent for users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) webhook_name: Option<String>,
    pub(crate) content: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) embeds: Vec<Value>,
    /// Rows of buttons and menus, as the application sent them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) components: Vec<Value>,
    /// Unix microseconds.
    pub(crate) posted_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) edited_at: Option<i64>,
    #[serde(default)]
    pub(crate) tts: bool,
    #[serde(default)]
    pub(crate) flags: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<Referred>,
    /// The forwarded message's own fields, when this one is a forward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) snapshot: Option<Value>,
    #[serde(default)]
    pub(crate) mentions: Mentions,
}

/// The message another one answers or forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Referred {
    pub(crate) message_id: Snowflake,
    pub(crate) channel_id: Snowflake,
    pub(crate) forward: bool,
}

/// Who is called by a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mentions {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) users: Vec<Snowflake>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<Snowflake>,
    #[serde(default)]
    pub(crate) everyone: bool,
}

impl Mentions {
    /// Reads `<@id>`, `<@!id>`, `<@&id>`, `@everyone` and `@here` of members and roles that exist.
    pub(crate) fn read(content: &str, guild: Option<&Guild>, ring: Ring, may_ring: bool) -> Self {
        let mut found = Self {
            everyone: may_ring
                && ring.everyone
                && (content.contains("@everyone") || content.contains("@here")),
            ..Self::default()
        };
        let Some(guild) = guild else { return found };
        for piece in content.split("<@").skip(1) {
            let Some((inside, _)) = piece.split_once('>') else {
                continue;
            };
            if let Some(role) = inside.strip_prefix('&').and_then(|id| id.parse().ok()) {
                let exists = guild.roles.iter().any(|known| known.id == role);
                if ring.roles && exists && !found.roles.contains(&role) {
                    found.roles.push(role);
                }
            } else if let Ok(user) = inside.trim_start_matches('!').parse() {
                let exists = guild.members.iter().any(|member| member.user_id == user);
                if ring.users && exists && !found.users.contains(&user) {
                    found.users.push(user);
                }
            }
        }
        found
    }
}
