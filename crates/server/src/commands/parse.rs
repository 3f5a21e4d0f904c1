//! `ordercast parse`: shows what a message means and where each field was read. Asks nobody and changes nothing.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use ordercast_model::{
    ports::clock::Clock,
    signal::{
        profile::{Profile, Template},
        reading::Reading,
    },
};
use ordercast_rules::parse::{
    answer,
    explain::explain,
    line::{Line, answer_line, read_line_of},
    template::Taught,
};
use serde_json::{Value, json};

use super::{out::Out, taught};
use crate::clock::SystemClock;

/// The most of one message that is read: more than any source lets through.
const TEXT_BYTES_MAX: u64 = 1024 * 1024;

/// What `parse` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct ParseArgs {
    /// The message, or `-` for standard input.
    #[arg(allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Read the message (or the lines) from a file.
    #[arg(long, conflicts_with = "text")]
    pub file: Option<PathBuf>,
    /// Print the reading as one JSON object.
    #[arg(long, conflicts_with = "jsonl")]
    pub json: bool,
    /// Read JSON lines with `id kind text reply_to ts` and write one line for each.
    #[arg(long)]
    pub jsonl: bool,
    /// A format the provider uses, such as "{action} {symbol} {strike}{right} {expiry} @ {price}". May be repeated; the
    /// first that fits the whole message reads it, else it is read as usual.
    #[arg(long, conflicts_with = "profile")]
    pub template: Vec<String>,
    /// A provider's profile as JSON: {"templates": [{"name", "pattern"}], "verbs": {"own word": "buy"}, "labels": {"own
    /// name": "entry", "stop" or "target"}, "sell_means", "default_asset", "default_expiry"}.
    #[arg(long)]
    pub profile: Option<PathBuf>,
    /// What the message is: discord_text, discord_embed, tradingview_json or slash.
    #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "jsonl")]
    pub kind: String,
}

/// Reads and shows.
///
/// # Errors
/// When there is nothing to read, or the input is not what it should be.
pub fn run(args: &ParseArgs) -> Result<u8> {
    let taught = taught(args)?;
    if args.jsonl {
        return lines(args, taught.as_ref());
    }
    let text = match (&args.text, &args.file) {
        (Some(text), None) if text != "-" => text.clone(),
        (Some(_), _) => whole(io::stdin(), "standard input")?,
        (None, Some(path)) => whole(open(path)?, &path.display().to_string())?,
        (None, None) => bail!("nothing to read: give a message in quotes, --file F, or - for standard input"),
    };
    let line = Line {
        kind: args.kind.clone(),
        text: text.strip_suffix('\n').unwrap_or(&text).to_owned(),
        // A message typed now means now by "Friday".
        ts: Some(SystemClock::new().now()),
        ..Line::default()
    };
    let reading = read_line_of(&line, taught.as_ref())?;
    let mut out = Out::new();
    if args.json {
        out.pretty(&whole_reading(&reading))?;
    } else {
        out.text(&explain(&reading))?;
    }
    out.flush()?;
    Ok(0)
}

/// What the arguments teach; none without templates or a profile.
fn taught(args: &ParseArgs) -> Result<Option<Taught>> {
    let profile = match &args.profile {
        Some(path) => taught::profile(path)?,
        None if args.template.is_empty() => return Ok(None),
        None => Profile {
            templates: args
                .template
                .iter()
                .map(|pattern| Template {
                    name: pattern.clone(),
                    pattern: pattern.clone(),
                })
                .collect(),
            ..Profile::default()
        },
    };
    Ok(Some(taught::checked(&profile)?))
}

/// The whole reading, the spans of its fields included.
fn whole_reading(reading: &Reading) -> Value {
    let mut value = serde_json::to_value(reading).unwrap_or(Value::Null);
    if let Value::Object(fields) = &mut value {
        fields.insert("confidence".to_owned(), json!(reading.confidence.to_string()));
        fields.insert("signals".to_owned(), answer::answer(reading));
        fields.insert("reason".to_owned(), answer::reason(reading));
    }
    value
}

fn lines(args: &ParseArgs, taught: Option<&Taught>) -> Result<u8> {
    let input: Box<dyn BufRead> = match (&args.text, &args.file) {
        (_, Some(path)) => Box::new(BufReader::new(open(path)?)),
        (None, None) => Box::new(io::stdin().lock()),
        (Some(text), None) if text == "-" => Box::new(io::stdin().lock()),
        (Some(text), None) => Box::new(io::Cursor::new(text.clone().into_bytes())),
    };
    let mut out = Out::new();
    let mut bad = 0_u64;
    for (at, text) in input.split(b'\n').enumerate() {
        let bytes = text.with_context(|| format!("line {} cannot be read", at + 1))?;
        // What is no text is read with its odd bytes replaced, as a message would be.
        let text = String::from_utf8_lossy(&bytes);
        if text.trim().is_empty() {
            continue;
        }
        let (answer, good) = one(&text, at + 1, taught);
        bad += u64::from(!good);
        if !out.json(&answer)? {
            break;
        }
    }
    out.flush()?;
    Ok(u8::from(bad > 0))
}

/// The answer to one line, and whether the line could be read at all.
fn one(text: &str, number: usize, taught: Option<&Taught>) -> (Value, bool) {
    let refused = |id: Value, why: String| {
        let answer =
            json!({ "id": id, "signals": [], "confidence": "0", "reason": "unreadable", "error": why });
        (answer, false)
    };
    match serde_json::from_str::<Line>(text) {
        Err(error) => refused(Value::Null, format!("line {number}: {error}")),
        Ok(line) => match read_line_of(&line, taught) {
            Ok(reading) => (answer_line(&line, &reading), true),
            Err(error) => refused(json!(line.id), format!("line {number}: {error}")),
        },
    }
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn whole(input: impl Read, name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    input
        .take(TEXT_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{name} cannot be read"))?;
    if bytes.len() as u64 > TEXT_BYTES_MAX {
        bail!("{name}: expected at most {TEXT_BYTES_MAX} bytes");
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
