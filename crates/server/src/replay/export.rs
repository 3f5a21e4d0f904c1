//! Reads a channel's history as DiscordChatExporter writes it, message by message, so that a large file needs little
//! memory. Keeps what the parser reads and refuses what is not of that form, by field.

use std::{
    fmt,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use ordercast_model::{
    signal::raw::{Author, Content, Embed, EmbedField, RawMessage, RevisionKind, Source},
    time::Timestamp,
};
use serde::{
    Deserialize,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// Why a history cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// It is not JSON, or not of the expected form.
    #[error("{}: {why}. Expected a channel exported as JSON by DiscordChatExporter (guild, channel, messages)", path.display())]
    Form {
        /// Which.
        path: PathBuf,
        /// What is wrong, and where.
        why: String,
    },
    /// There is nothing to replay.
    #[error("{}: messages: expected at least one message{of}", path.display())]
    Empty {
        /// Which.
        path: PathBuf,
        /// Of whom.
        of: String,
    },
}

/// A channel's history.
#[derive(Debug, Clone)]
pub struct History {
    /// Name of the guild.
    pub guild: String,
    /// Its snowflake.
    pub guild_id: String,
    /// Name of the channel.
    pub channel: String,
    /// Where the messages come from.
    pub sources: Vec<Source>,
    /// Everybody who posted, by snowflake.
    pub authors: std::collections::BTreeMap<String, String>,
    /// Messages in the order in which their text was there: an edited one at its edit.
    pub messages: Vec<RawMessage>,
    /// Messages whose text is the edited one, or edits.
    pub edited: usize,
    /// Every revision is there, not the last text alone.
    pub revisions: bool,
    /// What a bare "sell" of this provider does.
    pub sell_opens_short: bool,
    /// System notices (joins, pins, calls) that were passed over.
    pub notices: usize,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct RawRole {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAuthor {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    nickname: Option<String>,
    #[serde(default)]
    is_bot: bool,
    #[serde(default)]
    roles: Vec<RawRole>,
}

#[derive(Deserialize)]
struct RawText {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Deserialize)]
struct RawField {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct RawEmbed {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    author: Option<RawText>,
    #[serde(default)]
    footer: Option<RawText>,
    #[serde(default)]
    fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReference {
    #[serde(default)]
    message_id: Option<String>,
}

#[derive(Deserialize)]
struct RawForward {
    #[serde(default)]
    content: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPost {
    id: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    timestamp: Timestamp,
    #[serde(default)]
    timestamp_edited: Option<Timestamp>,
    content: String,
    author: RawAuthor,
    #[serde(default)]
    embeds: Vec<RawEmbed>,
    #[serde(default)]
    reference: Option<RawReference>,
    #[serde(default)]
    forwarded_message: Option<RawForward>,
}

/// What is kept of a message, without its source.
struct Kept {
    message: RawMessage,
    notice: bool,
}

fn said(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.is_empty())
}

impl From<RawEmbed> for Embed {
    fn from(raw: RawEmbed) -> Self {
        Self {
            author: said(raw.author.and_then(|a| a.name)),
            title: said(raw.title),
            description: said(raw.description),
            fields: raw
                .fields
                .into_iter()
                .map(|f| EmbedField {
                    name: f.name,
                    value: f.value,
                })
                .collect(),
            footer: said(raw.footer.and_then(|f| f.text)),
        }
    }
}

impl From<RawPost> for Kept {
    fn from(raw: RawPost) -> Self {
        let forwarded = raw.forwarded_message.into_iter().map(|f| f.content);
        let name = said(raw.author.nickname).unwrap_or(raw.author.name);
        // Nobody knows what stood there before an edit: the text counts from the edit on.
        let known = raw.timestamp_edited.unwrap_or(raw.timestamp).max(raw.timestamp);
        let message = RawMessage {
            source: Source::Discord {
                guild: String::new(),
                channel: String::new(),
            },
            source_id: raw.id,
            revision: RevisionKind::New,
            author: Author {
                id: raw.author.id,
                name,
                bot: raw.author.is_bot,
                roles: raw.author.roles.into_iter().map(|r| r.id).collect(),
                webhook: None,
            },
            content: Content {
                text: raw.content,
                embeds: raw.embeds.into_iter().map(Embed::from).collect(),
                forwarded: forwarded.filter(|t| !t.is_empty()).collect(),
            },
            reply_to: raw.reference.and_then(|r| r.message_id),
            thread_of: None,
            posted_at: raw.timestamp,
            edited_at: raw.timestamp_edited,
            received_at: known,
            backfilled: false,
        };
        let kind = raw.kind.as_deref().unwrap_or("Default");
        Self {
            notice: !matches!(kind, "Default" | "Reply" | "0" | "19" | "20" | "23")
                && !kind.contains("Command"),
            message,
        }
    }
}

#[derive(Default)]
struct Gathered {
    guild: Option<Named>,
    channel: Option<Named>,
    messages: Option<Vec<RawMessage>>,
    notices: usize,
}

/// Takes the messages one by one.
struct Posts<'a>(&'a mut usize);

impl<'de> DeserializeSeed<'de> for Posts<'_> {
    type Value = Vec<RawMessage>;
    fn deserialize<D: serde::Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Posts<'_> {
    type Value = Vec<RawMessage>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of messages")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        loop {
            let number = all.len() + *self.0 + 1;
            let next = seq.next_element::<RawPost>();
            let next = next.map_err(|e| serde::de::Error::custom(format!("message {number}: {e}")))?;
            let Some(raw) = next else { return Ok(all) };
            let Kept { message, notice } = raw.into();
            if notice {
                *self.0 += 1;
            } else {
                all.push(message);
            }
        }
    }
}

struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Gathered;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with guild, channel and messages")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Gathered, A::Error> {
        let mut all = Gathered::default();
        let within =
            |name: &str, e: &dyn fmt::Display| serde::de::Error::custom(format!("field {name}: {e}"));
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "guild" => all.guild = Some(map.next_value().map_err(|e| within("guild", &e))?),
                "channel" => all.channel = Some(map.next_value().map_err(|e| within("channel", &e))?),
                "messages" => {
                    let read = map.next_value_seed(Posts(&mut all.notices));
                    all.messages = Some(read.map_err(|e| within("messages", &e))?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(all)
    }
}

/// Reads a history. With `of`, only messages whose author has that snowflake or name.
///
/// # Errors
/// `ExportError`, with the file and the field.
pub fn read(path: &Path, of: Option<&str>) -> Result<History, ExportError> {
    let io = |source| ExportError::Io {
        path: path.to_owned(),
        source,
    };
    let form = |why: String| ExportError::Form {
        path: path.to_owned(),
        why,
    };
    let file = File::open(path).map_err(io)?;
    let mut reader = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, file));
    let all = serde::Deserializer::deserialize_map(&mut reader, Whole).map_err(|e| form(e.to_string()))?;
    reader.end().map_err(|e| form(e.to_string()))?;
    let missing = |field: &str| form(format!("field {field} is missing"));
    let guild = all.guild.ok_or_else(|| missing("guild"))?;
    let channel = all.channel.ok_or_else(|| missing("channel"))?;
    let mut messages = all.messages.ok_or_else(|| missing("messages"))?;
    let mut authors = std::collections::BTreeMap::new();
    for message in &messages {
        if !authors.contains_key(&message.author.id) {
            authors.insert(message.author.id.clone(), message.author.name.clone());
        }
    }
    if let Some(of) = of {
        messages.retain(|m| m.author.id == of || m.author.name.eq_ignore_ascii_case(of));
        authors.retain(|id, name| id == of || name.eq_ignore_ascii_case(of));
    }
    if messages.is_empty() {
        let of = of.map_or_else(String::new, |of| {
            format!(" of an author with the id or name {of:?}")
        });
        return Err(ExportError::Empty {
            path: path.to_owned(),
            of,
        });
    }
    let source = Source::Discord {
        guild: guild.id.clone(),
        channel: channel.id,
    };
    for message in &mut messages {
        message.source = source.clone();
    }
    // Snowflakes grow with time; of equal length they compare as text.
    messages.sort_by(|a, b| {
        (a.received_at, a.source_id.len(), &a.source_id).cmp(&(
            b.received_at,
            b.source_id.len(),
            &b.source_id,
        ))
    });
    Ok(History {
        guild: guild.name,
        guild_id: guild.id,
        channel: channel.name,
        sources: vec![source],
        revisions: false,
        sell_opens_short: false,
        authors,
        edited: messages.iter().filter(|m| m.edited_at.is_some()).count(),
        notices: all.notices,
        messages,
    })
}
