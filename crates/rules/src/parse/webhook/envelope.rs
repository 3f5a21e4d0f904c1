//! Decides what a body says about itself: its id, its time, its pass phrase. Refuses to read the order.

use ordercast_model::{signal::reading::Confidence, time::Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    exact::exact,
    field::{self, Fields},
};
use crate::parse::draft::Fault;

/// What a webhook body says beside the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The sender's own id of the alert, for exactly-once intake.
    pub id: Option<String>,
    /// When the sender says it was made: RFC 3339, or seconds or milliseconds since 1970.
    pub timestamp: Option<Timestamp>,
    /// A time that is given and cannot be read, cut to 40 characters.
    pub odd_timestamp: Option<String>,
    /// The shared word, to compare in constant time.
    pub passphrase: Option<String>,
    /// Marked as a test: trades nothing.
    pub test: bool,
}

/// Reads the envelope of a body; of a list, the first one's. Never panics; an unreadable body has an empty one.
#[must_use]
pub fn envelope(body: &str) -> Envelope {
    let text = body.trim().trim_start_matches('\u{feff}');
    let fields = match serde_json::from_str::<Value>(&exact(text)) {
        Ok(Value::Object(map)) => Some(field::flat(&map)),
        Ok(Value::Array(list)) => list.first().and_then(Value::as_object).map(field::flat),
        // A placeholder spoils the order, not what stands around it.
        _ => field::command(&text.replace("{{", "").replace("}}", "")).and_then(Result::ok),
    };
    let Some(fields) = fields else {
        return Envelope::default();
    };
    let told = fields.text("timestamp", &["timestamp", "time", "timenow"]);
    let timestamp = told.as_deref().and_then(instant);
    Envelope {
        id: fields.text("id", &["alertid", "id", "signalid", "uuid"]),
        timestamp,
        odd_timestamp: told
            .filter(|_| timestamp.is_none())
            .map(|text| text.chars().take(40).collect()),
        passphrase: fields.text("passphrase", &["passphrase", "secret", "password"]),
        test: fields.flag(&["test", "istest", "testmode"]),
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let number: i64 = text.split('.').next()?.parse().ok()?;
    match text.len() {
        9..=11 => Some(Timestamp::from_seconds(number)),
        12..=14 => Some(Timestamp::from_millis(number)),
        _ => None,
    }
}

/// The source's own certainty: 0 to 1, or 1 to 100 in per cent.
///
/// # Errors
/// When it is none of these.
pub(super) fn confidence(fields: &Fields) -> Result<Option<Confidence>, Fault> {
    let Some(value) = fields.number("confidence", &["confidence"])? else {
        return Ok(None);
    };
    let factor = if value <= Decimal::ONE {
        Decimal::ONE_THOUSAND
    } else {
        Decimal::TEN
    };
    let thousandths = value.checked_mul(factor).map(|t| t.trunc().mantissa());
    thousandths
        .and_then(|t| u16::try_from(t).ok())
        .filter(|t| *t <= 1_000)
        .map(|t| Some(Confidence::thousandths(t)))
        .ok_or_else(|| Fault::new("confidence", format!("expected 0 to 1, or 1 to 100, got {value}")))
}
