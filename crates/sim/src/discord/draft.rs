//! What somebody wants to post or change, read from JSON and held to Discord's limits.
//! Knows the shape of a message, not who may send it.

use super::component;
use super::refusal::Refusal;
use super::snowflake::Snowflake;
use serde_json::{Map, Value, json};

const CONTENT_MAX: usize = 2_000;
const EMBEDS_MAX: usize = 10;
const EMBED_FIELDS_MAX: usize = 25;
const EMBED_TEXT_MAX: usize = 6_000;
const NONCE_MAX: usize = 25;
/// Flag bits a sender may set: suppress embeds, suppress notifications.
const SENDABLE_FLAGS: u64 = 1 << 2 | 1 << 12;

/// A message to be posted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageDraft {
    pub content: String,
    /// Embeds as Discord takes them (title, description, fields, footer, author ...).
    pub embeds: Vec<Value>,
    /// Rows of buttons and menus as Discord takes them.
    pub components: Vec<Value>,
    pub tts: bool,
    pub flags: u64,
    pub nonce: Option<Value>,
    pub enforce_nonce: bool,
    pub reference: Option<Reference>,
    /// False when `allowed_mentions.parse` is given and leaves the kind out.
    pub ring: Ring,
    /// Webhooks only: the name to post under.
    pub username: Option<String>,
}

/// Which kinds of mention take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    pub users: bool,
    pub roles: bool,
    pub everyone: bool,
}

impl Default for Ring {
    fn default() -> Self {
        Self {
            users: true,
            roles: true,
            everyone: true,
        }
    }
}

/// The message a draft answers or forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    pub message_id: Snowflake,
    pub channel_id: Option<Snowflake>,
    /// Refuse the post when the message is gone (the default), instead of posting without reference.
    pub fail_if_not_exists: bool,
    /// True for a forward, false for a reply.
    pub forward: bool,
}

impl MessageDraft {
    /// Plain text.
    pub fn text(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    /// One embed, no text.
    pub fn embed(embed: Value) -> Self {
        Self {
            embeds: vec![embed],
            ..Self::default()
        }
    }

    /// The same as an answer to a message of the same channel.
    #[must_use]
    pub fn reply_to(mut self, message: Snowflake) -> Self {
        self.reference = Some(Reference {
            message_id: message,
            channel_id: None,
            fail_if_not_exists: true,
            forward: false,
        });
        self
    }

    /// Reads the body of a request. Unknown fields are ignored, as Discord does.
    pub fn from_json(body: &Value) -> Result<Self, Refusal> {
        let body = object(body, "")?;
        let nonce = match body.get("nonce") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.chars().count() > NONCE_MAX => {
                return Err(Refusal::too_long("nonce", NONCE_MAX));
            }
            Some(nonce @ (Value::String(_) | Value::Number(_))) => Some(nonce.clone()),
            Some(_) => return Err(wrong("nonce", "STRING", "a string or an integer")),
        };
        let draft = Self {
            content: content(body)?.unwrap_or_default(),
            embeds: embeds(body)?.unwrap_or_default(),
            components: components(body)?.unwrap_or_default(),
            tts: flag(body, "tts")?,
            flags: flags(body)?.unwrap_or(0),
            nonce,
            enforce_nonce: flag(body, "enforce_nonce")?,
            reference: reference(body)?,
            ring: ring(body)?,
            username: text(body, "username")?,
        };
        draft.check()?;
        Ok(draft)
    }

    /// Holds a draft made in Rust to the same limits as one that came by REST.
    pub fn check(&self) -> Result<(), Refusal> {
        check_content(&self.content)?;
        check_embeds(&self.embeds)?;
        component::check(&self.components)?;
        let forwards = self.reference.is_some_and(|reference| reference.forward);
        if self.content.trim().is_empty() && self.embeds.is_empty() && !forwards {
            return Err(Refusal::empty_message());
        }
        Ok(())
    }
}

/// A change to a message: what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageEdit {
    pub content: Option<String>,
    pub embeds: Option<Vec<Value>>,
    pub components: Option<Vec<Value>>,
    pub flags: Option<u64>,
}

impl MessageEdit {
    /// New text, embeds as they were.
    pub fn text(content: impl Into<String>) -> Self {
        Self {
            content: Some(content.into()),
            ..Self::default()
        }
    }

    /// Reads the body of a request; `content: null` empties the text.
    pub fn from_json(body: &Value) -> Result<Self, Refusal> {
        let body = object(body, "")?;
        let content = match body.get("content") {
            Some(Value::Null) => Some(String::new()),
            _ => content(body)?,
        };
        let embeds = match body.get("embeds") {
            Some(Value::Null) => Some(Vec::new()),
            _ => embeds(body)?,
        };
        let edit = Self {
            content,
            embeds,
            components: components(body)?,
            flags: flags(body)?,
        };
        edit.check()?;
        Ok(edit)
    }

    /// Holds an edit made in Rust to the limits.
    pub fn check(&self) -> Result<(), Refusal> {
        check_content(self.content.as_deref().unwrap_or_default())?;
        check_embeds(self.embeds.as_deref().unwrap_or_default())?;
        component::check(self.components.as_deref().unwrap_or_default())
    }
}

/// The embed as Discord gives it back: with its type, and `inline` in every field.
pub(crate) fn finished_embed(embed: &Value) -> Value {
    let mut embed = embed.clone();
    if let Some(map) = embed.as_object_mut() {
        map.entry("type").or_insert_with(|| json!("rich"));
        if let Some(fields) = map.get_mut("fields").and_then(Value::as_array_mut) {
            for field in fields.iter_mut().filter_map(Value::as_object_mut) {
                field.entry("inline").or_insert_with(|| json!(false));
            }
        }
    }
    embed
}

fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, Refusal> {
    value.as_object().ok_or_else(|| {
        Refusal::field(
            path,
            "MODEL_TYPE_CONVERT",
            "Only dictionaries may be used in a ModelType",
        )
    })
}

fn wrong(path: &str, kind: &str, expected: &str) -> Refusal {
    Refusal::field(
        path,
        &format!("{kind}_TYPE_CONVERT"),
        &format!("Could not interpret the value as {expected}."),
    )
}

fn text(body: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(name, "STRING", "a string")),
    }
}

fn content(body: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    match body.get("content") {
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        _ => text(body, "content"),
    }
}

fn flag(body: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(wrong(name, "BOOLEAN", "a boolean")),
    }
}

fn flags(body: &Map<String, Value>) -> Result<Option<u64>, Refusal> {
    match body.get("flags") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_u64()
            .map(|bits| Some(bits & SENDABLE_FLAGS))
            .ok_or_else(|| wrong("flags", "NUMBER", "an integer")),
    }
}

fn embeds(body: &Map<String, Value>) -> Result<Option<Vec<Value>>, Refusal> {
    match body.get("embeds") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) => Ok(Some(list.clone())),
        Some(_) => Err(Refusal::field(
            "embeds",
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        )),
    }
}

fn components(body: &Map<String, Value>) -> Result<Option<Vec<Value>>, Refusal> {
    match body.get("components") {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(Vec::new())),
        Some(Value::Array(list)) => Ok(Some(list.clone())),
        Some(_) => Err(wrong("components", "LIST", "a list")),
    }
}

fn ring(body: &Map<String, Value>) -> Result<Ring, Refusal> {
    let Some(allowed) = body.get("allowed_mentions").filter(|v| !v.is_null()) else {
        return Ok(Ring::default());
    };
    let allowed = object(allowed, "allowed_mentions")?;
    let parsed = allowed.get("parse").and_then(Value::as_array);
    let has = |kind: &str| parsed.is_some_and(|list| list.iter().any(|v| v == kind));
    Ok(Ring {
        users: has("users") || allowed.get("users").is_some_and(Value::is_array),
        roles: has("roles") || allowed.get("roles").is_some_and(Value::is_array),
        everyone: has("everyone"),
    })
}

fn reference(body: &Map<String, Value>) -> Result<Option<Reference>, Refusal> {
    let Some(given) = body.get("message_reference").filter(|v| !v.is_null()) else {
        return Ok(None);
    };
    let given = object(given, "message_reference")?;
    let id = |name: &str| -> Result<Option<Snowflake>, Refusal> {
        match given.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value.clone()).map(Some).map_err(|_| {
                Refusal::not_a_snowflake(&format!("message_reference.{name}"), &value.to_string())
            }),
        }
    };
    let Some(message_id) = id("message_id")? else {
        return Err(Refusal::field(
            "message_reference.message_id",
            "BASE_TYPE_REQUIRED",
            "This field is required",
        ));
    };
    Ok(Some(Reference {
        message_id,
        channel_id: id("channel_id")?,
        fail_if_not_exists: given
            .get("fail_if_not_exists")
            .and_then(Value::as_bool)
            .unwrap_or(true),
        forward: given.get("type").and_then(Value::as_u64) == Some(1),
    }))
}

fn check_content(content: &str) -> Result<(), Refusal> {
    if content.chars().count() > CONTENT_MAX {
        return Err(Refusal::too_long("content", CONTENT_MAX));
    }
    Ok(())
}

fn check_embeds(embeds: &[Value]) -> Result<(), Refusal> {
    if embeds.len() > EMBEDS_MAX {
        return Err(Refusal::too_long("embeds", EMBEDS_MAX));
    }
    let mut total = 0;
    for (index, embed) in embeds.iter().enumerate() {
        total += check_embed(embed, &format!("embeds.{index}"))?;
    }
    if total > EMBED_TEXT_MAX {
        return Err(Refusal::field(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            &format!("Embed size exceeds maximum size of {EMBED_TEXT_MAX}"),
        ));
    }
    Ok(())
}

/// Checks one embed and returns the number of characters that count for the common limit.
fn check_embed(embed: &Value, path: &str) -> Result<usize, Refusal> {
    object(embed, path)?;
    let mut total = 0;
    for (pointer, max) in [
        ("/title", 256),
        ("/description", 4_096),
        ("/footer/text", 2_048),
        ("/author/name", 256),
    ] {
        total += measure(embed, path, pointer, max, false)?;
    }
    let fields = match embed.get("fields") {
        None | Some(Value::Null) => return Ok(total),
        Some(Value::Array(fields)) => fields,
        Some(_) => return Err(wrong(&format!("{path}.fields"), "LIST", "a list")),
    };
    if fields.len() > EMBED_FIELDS_MAX {
        return Err(Refusal::too_long(&format!("{path}.fields"), EMBED_FIELDS_MAX));
    }
    for (index, field) in fields.iter().enumerate() {
        let path = format!("{path}.fields.{index}");
        object(field, &path)?;
        total += measure(field, &path, "/name", 256, true)?;
        total += measure(field, &path, "/value", 1_024, true)?;
    }
    Ok(total)
}

fn measure(of: &Value, path: &str, pointer: &str, max: usize, required: bool) -> Result<usize, Refusal> {
    let path = format!("{path}{}", pointer.replace('/', "."));
    match of.pointer(pointer) {
        Some(Value::String(text)) if text.chars().count() > max => Err(Refusal::too_long(&path, max)),
        Some(Value::String(text)) if !required || !text.is_empty() => Ok(text.chars().count()),
        None | Some(Value::Null) if !required => Ok(0),
        None | Some(Value::Null | Value::String(_)) => Err(Refusal::field(
            &path,
            "BASE_TYPE_REQUIRED",
            "This field is required",
        )),
        Some(_) => Err(wrong(&path, "STRING", "a string")),
    }
}
