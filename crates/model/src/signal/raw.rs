//! A source message as it arrived, before anybody reads meaning into it.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Where a message came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A Discord channel. What is posted in a thread belongs to the channel the thread hangs in.
    Discord {
        /// Guild snowflake.
        guild: String,
        /// Channel snowflake.
        channel: String,
    },
    /// A webhook of a provider.
    Webhook {
        /// Public id of the hook.
        hook: String,
    },
    /// A manual order of a user.
    Manual {
        /// The user.
        user: String,
    },
}

impl Source {
    /// Stable text that names the source; with the message id it is unique for ever.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Discord { channel, .. } => format!("discord:{channel}"),
            Self::Webhook { hook } => format!("webhook:{hook}"),
            Self::Manual { user } => format!("manual:{user}"),
        }
    }
}

/// Who posted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Snowflake of the user or bot.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Whether Discord marks the author as a bot.
    pub bot: bool,
    /// Snowflakes of the roles the author holds.
    pub roles: Vec<String>,
    /// Snowflake of the webhook that posted, if one did.
    pub webhook: Option<String>,
}

/// One name and value of an embed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedField {
    /// Heading.
    #[serde(default)]
    pub name: String,
    /// Text.
    #[serde(default)]
    pub value: String,
}

/// One embed: every part that carries text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// Author line.
    #[serde(default)]
    pub author: Option<String>,
    /// Title.
    #[serde(default)]
    pub title: Option<String>,
    /// Body.
    #[serde(default)]
    pub description: Option<String>,
    /// Fields in order.
    #[serde(default)]
    pub fields: Vec<EmbedField>,
    /// Footer line.
    #[serde(default)]
    pub footer: Option<String>,
}

/// The text of a message: content, embeds, forwarded snapshots.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The message text; may be empty.
    #[serde(default)]
    pub text: String,
    /// Embeds in order.
    #[serde(default)]
    pub embeds: Vec<Embed>,
    /// Texts of forwarded messages.
    #[serde(default)]
    pub forwarded: Vec<String>,
}

/// Which version of the message this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    /// First posting.
    New,
    /// An edit.
    Edited,
    /// A deletion; content is empty.
    Deleted,
}

/// One revision of one source message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawMessage {
    /// Where it was posted.
    pub source: Source,
    /// Message id at the source (a snowflake on Discord).
    pub source_id: String,
    /// New, edited or deleted.
    pub revision: RevisionKind,
    /// Who posted.
    pub author: Author,
    /// What was posted.
    pub content: Content,
    /// Message id at the source this one replies to.
    pub reply_to: Option<String>,
    /// First message of the thread this one stands in.
    pub thread_of: Option<String>,
    /// Time of the first posting, as the source says it.
    pub posted_at: Timestamp,
    /// Time of this edit, as the source says it.
    pub edited_at: Option<Timestamp>,
    /// When we received it.
    pub received_at: Timestamp,
    /// Whether it was fetched after an outage instead of pushed.
    pub backfilled: bool,
}
