//! Reads one line with the corpus's input fields: `id kind text reply_to ts`. Refuses kinds it does not know.

use ordercast_model::{
    signal::{
        raw::{Content, Embed, EmbedField},
        reading::Reading,
    },
    time::Timestamp,
};
use serde_json::{Value, json};

use super::{Context, Symbols, answer, read, read_slash, read_webhook, template::Taught};

/// A message with what stands around it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Line {
    /// Name of the line, given back unchanged.
    #[serde(default)]
    pub id: String,
    /// `discord_text`, `discord_embed`, `tradingview_json` or `slash`; text when empty.
    #[serde(default)]
    pub kind: String,
    /// The message; for an embed the JSON Discord sends.
    pub text: String,
    /// Text of the replied-to message.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// When it was posted; relative days stay open without it.
    #[serde(default)]
    pub ts: Option<Timestamp>,
}

/// Why a line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The kind is not known.
    #[error("kind: expected discord_text, discord_embed, tradingview_json or slash, got {0:?}")]
    Kind(String),
    /// The embed is not the JSON Discord sends.
    #[error("text: expected {{\"content\", \"embeds\"}} as JSON: {0}")]
    Embed(String),
}

/// Reads a line by the general grammar. Never panics.
///
/// # Errors
/// `Kind`, `Embed`.
pub fn read_line(line: &Line) -> Result<Reading, LineError> {
    read_line_of(line, None)
}

/// Reads a line of a provider that taught its own formats. Never panics.
///
/// # Errors
/// `Kind`, `Embed`.
pub fn read_line_of(line: &Line, taught: Option<&Taught>) -> Result<Reading, LineError> {
    let reply = line.reply_to.as_ref().map(|text| Content {
        text: text.clone(),
        ..Content::default()
    });
    let context = Context {
        posted_at: line.ts.unwrap_or_default(),
        reply_to: reply.as_ref(),
        sell_means: taught.and_then(Taught::sell_means).unwrap_or_default(),
        taught,
        symbols: Symbols::shipped(),
    };
    Ok(match line.kind.as_str() {
        "" | "discord_text" => read(
            &Content {
                text: line.text.clone(),
                ..Content::default()
            },
            &context,
        ),
        "discord_embed" => read(&content(&line.text)?, &context),
        "tradingview_json" | "webhook" => read_webhook(&line.text, &context),
        "slash" => read_slash(&line.text, &context),
        other => return Err(LineError::Kind(other.chars().take(40).collect())),
    })
}

/// The answer to a line: `id`, `signals` in the corpus's `expect` schema, `confidence`, `reason`.
#[must_use]
pub fn answer_line(line: &Line, reading: &Reading) -> Value {
    json!({
        "id": line.id,
        "signals": answer::answer(reading),
        "confidence": reading.confidence.to_string(),
        "reason": answer::reason(reading),
    })
}

/// The text parts of a message as Discord writes them.
///
/// # Errors
/// `Embed` when it is no JSON object.
pub fn content(json: &str) -> Result<Content, LineError> {
    let value: Value = serde_json::from_str(json).map_err(|e| LineError::Embed(e.to_string()))?;
    if !value.is_object() {
        return Err(LineError::Embed("not an object".to_owned()));
    }
    let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).map(str::to_owned);
    let embeds = value
        .get("embeds")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    Ok(Content {
        text: text(&value, "content").unwrap_or_default(),
        embeds: embeds
            .iter()
            .map(|embed| Embed {
                author: embed.get("author").and_then(|a| text(a, "name")),
                title: text(embed, "title"),
                description: text(embed, "description"),
                fields: embed
                    .get("fields")
                    .and_then(Value::as_array)
                    .map(|fields| {
                        fields
                            .iter()
                            .map(|f| EmbedField {
                                name: text(f, "name").unwrap_or_default(),
                                value: text(f, "value").unwrap_or_default(),
                            })
                            .collect()
                    })
                    .unwrap_or_default(),
                footer: embed.get("footer").and_then(|f| text(f, "text")),
            })
            .collect(),
        forwarded: Vec::new(),
    })
}
