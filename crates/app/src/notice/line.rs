//! Which journal entries are worth a word in private, and how they read: pure. Knows nobody's settings but what sort a
//! line is.

use ordercast_model::{
    chat::Tone,
    journal::{entry::Entry, kind::Kind},
    money,
    notice::NoticeSettings,
    time::Timestamp,
};
use serde_json::Value;

use crate::desk::loosening::word;

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A fill or a closed position.
    Fill,
    /// What risk or a venue refused.
    Refusal,
    /// A limit, a lock, a kill.
    Limit,
    /// Trouble with a venue, an order or protection.
    Outage,
}

impl Sort {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Refusal => "refusal",
            Self::Limit => "limit",
            Self::Outage => "outage",
        }
    }
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) sort: Sort,
    pub(super) tone: Tone,
    pub(super) title: &'static str,
    pub(super) text: String,
    /// Lines with one key say the same.
    pub(super) key: String,
    pub(super) at: Timestamp,
}

impl Line {
    /// Whether the user wants to hear it.
    pub(super) const fn wanted(&self, settings: &NoticeSettings) -> bool {
        settings.enabled
            && match self.sort {
                Sort::Fill => settings.fills,
                Sort::Refusal => settings.refusals,
                Sort::Limit => settings.limits,
                Sort::Outage => settings.outages,
            }
    }
}

/// Reasons that are no news: what the user chose or has set, and what a card asks about.
const CHOSEN: [&str; 12] = [
    "ambiguous_followup",
    "follow_disabled",
    "confidence_below_min",
    "adds_disabled",
    "approval_declined",
    "approval_expired",
    "duplicate",
    "symbol_denied",
    "asset_not_allowed",
    "invalid_signal",
    "superseded",
    "nothing_to_close",
];

/// The line of an entry; none when nobody is told of it.
pub(super) fn of(entry: &Entry) -> Option<Line> {
    traded(entry)
        .or_else(|| refused(entry))
        .or_else(|| limited(entry))
        .or_else(|| troubled(entry))
}

fn field<'a>(entry: &'a Entry, name: &str) -> &'a str {
    let value = entry.after.as_ref().and_then(|after| after.get(name));
    value.and_then(Value::as_str).unwrap_or_default()
}

fn reason(entry: &Entry) -> &str {
    entry.reason.as_deref().unwrap_or_default()
}

/// The trade in a few words.
fn what(entry: &Entry) -> String {
    let trade = entry.trade.as_ref();
    trade.map_or_else(String::new, |t| {
        format!("{} {} {}", t.side.code(), t.quantity, t.symbol)
    })
}

/// `key` ends in what tells this line from others of its kind.
fn line(
    entry: &Entry,
    (sort, tone, title): (Sort, Tone, &'static str),
    text: String,
    key: impl std::fmt::Display,
) -> Line {
    Line {
        sort,
        tone,
        title,
        text,
        key: format!("{} {key}", entry.kind.code()),
        at: entry.at,
    }
}

fn traded(entry: &Entry) -> Option<Line> {
    match entry.kind {
        Kind::FillBooked => {
            let price = entry.trade.as_ref().and_then(|t| t.price);
            let price = price.map_or_else(String::new, |p| p.to_string());
            let left = match field(entry, "remaining") {
                "" | "0" => String::new(),
                left => format!(", {left} to go"),
            };
            let text = format!(
                "Filled: {} at {price} ({}{left})",
                what(entry),
                field(entry, "leg")
            );
            let fill = entry.links.fill.map_or_else(String::new, |f| f.to_string());
            Some(line(entry, (Sort::Fill, Tone::Good, "Filled"), text, fill))
        }
        Kind::PositionClosed => {
            let result = field(entry, "realised").parse().unwrap_or_default();
            let symbol = field(entry, "symbol");
            let text = format!("Closed: {symbol} with a result of {}", money::show(result));
            Some(line(
                entry,
                (Sort::Fill, Tone::Good, "Closed"),
                text,
                &entry.object.id,
            ))
        }
        _ => None,
    }
}

fn refused(entry: &Entry) -> Option<Line> {
    match entry.kind {
        Kind::SignalDecision if matches!(field(entry, "decision"), "denied" | "skipped") => {
            let why = reason(entry);
            if CHOSEN.contains(&why) {
                return None;
            }
            let message = field(entry, "message");
            let text = format!("Not traded: {message}");
            let kind = (Sort::Refusal, Tone::Care, "Not traded");
            Some(line(entry, kind, text, format_args!("{why} {message}")))
        }
        Kind::OrderRejected | Kind::OrderDenied => {
            let text = format!("Refused: {}: {}", what(entry), field(entry, "message"));
            Some(line(
                entry,
                (Sort::Refusal, Tone::Bad, "Refused"),
                text,
                &entry.object.id,
            ))
        }
        _ => None,
    }
}

fn limited(entry: &Entry) -> Option<Line> {
    let bad = |title| (Sort::Limit, Tone::Bad, title);
    let (kind, text) = match entry.kind {
        Kind::RiskDailyLossTripped | Kind::RiskBreakerTripped => (
            bad("Limit reached"),
            format!("Limit reached: {}", field(entry, "message")),
        ),
        Kind::RiskLocked => (bad("Locked"), format!("Locked: {}", reason(entry))),
        Kind::KillSet => (bad("Stopped"), stopped(entry)),
        Kind::RiskUnlocked => ((Sort::Limit, Tone::Good, "Unlocked"), unlocked(entry)),
        Kind::AlertRaised if entry.user.is_some() => (bad("Alert"), field(entry, "message").to_owned()),
        Kind::KillLifted => (
            (Sort::Limit, Tone::Good, "Lifted"),
            "The kill was lifted".to_owned(),
        ),
        Kind::RiskLimitChanged => ((Sort::Limit, Tone::Plain, "Limits"), limits(entry)),
        Kind::RoleChanged => {
            let admin = entry.after.as_ref().and_then(|after| after.get("platform_admin"));
            let text = if admin.and_then(Value::as_bool)? {
                "You operate this platform now"
            } else {
                "You do not operate this platform any more"
            };
            ((Sort::Limit, Tone::Care, "Role"), text.to_owned())
        }
        Kind::TotpChanged => {
            let text = factor(field(entry, "state"))?;
            ((Sort::Limit, Tone::Care, "Second factor"), text.to_owned())
        }
        Kind::StepupFailed if reason(entry) == "locked" => (
            bad("Second factor"),
            "Five wrong codes: nothing is loosened for 15 minutes. If that was not you, end all sessions"
                .to_owned(),
        ),
        Kind::SessionTheftSuspected => (
            bad("Logged out"),
            "A session was used where it should not be, and has ended".to_owned(),
        ),
        _ => return None,
    };
    let key = format!("{} {text}", entry.object.id);
    Some(line(entry, kind, text, key))
}

/// Who unlocked it, and for staff whose it was.
fn unlocked(entry: &Entry) -> String {
    let by = field(entry, "by");
    let why = match reason(entry) {
        "" => String::new(),
        why => format!(": {why}"),
    };
    match field(entry, "whose") {
        "" => format!("Unlocked by {by}{why}"),
        whose => format!("{whose} was unlocked by {by}"),
    }
}

/// A change of limits: what came into force, what was asked or taken back, or that they changed.
fn limits(entry: &Entry) -> String {
    let list = |name: &str| {
        let after = entry.after.as_ref()?;
        let lines = after.get(name)?.as_array()?;
        let line = |one: &Value| {
            let value = |key: &str| one.get(key).map(word).unwrap_or_default();
            format!("{} from {} to {}", value("limit"), value("from"), value("to"))
        };
        let told: Vec<String> = lines.iter().map(line).collect();
        (!told.is_empty()).then(|| told.join("; "))
    };
    let texts = [
        list("applied").map(|what| format!("In force now: {what}")),
        list("asked").map(|what| format!("In force in 10 minutes, unless it is taken back: {what}")),
        list("withdrawn").map(|what| format!("Taken back: {what}")),
    ];
    let told: Vec<String> = texts.into_iter().flatten().collect();
    let staff = entry.after.as_ref().and_then(|after| after.get("staff_unlocks"));
    if let Some(on) = staff.and_then(Value::as_bool) {
        let who = if on { "its staff alone" } else { "themselves" };
        format!("Members whom a limit of your community locks are unlocked by {who}")
    } else if told.is_empty() && entry.community.is_some() {
        "The limits of your community were changed".to_owned()
    } else if told.is_empty() {
        "Your limits were changed".to_owned()
    } else {
        told.join(". ")
    }
}

/// What happened to the second factor; that one was begun to be set up is no news.
fn factor(state: &str) -> Option<&'static str> {
    match state {
        "enrolled" => Some("An authenticator was set up for your account"),
        "reset" => Some(
            "Your second factor was reset by the operator of this server. If you did not ask for that, tell them at once",
        ),
        "removed" => Some("The authenticator of your account was removed"),
        "new_recovery_codes" => Some("New recovery codes were made; the old ones are void"),
        _ => None,
    }
}

/// A kill, and what it cancelled and closes where that is told.
fn stopped(entry: &Entry) -> String {
    let by = field(entry, "by");
    let count = |name: &str| {
        let value = entry.after.as_ref().and_then(|after| after.get(name));
        value.and_then(|v| v.get("count")).and_then(Value::as_u64)
    };
    match (count("cancelled"), count("closing")) {
        (Some(cancelled), Some(closing)) => {
            let told =
                format!("Stopped by {by}: {cancelled} entries cancelled, {closing} holdings being closed");
            let left = entry.after.as_ref().and_then(|after| after.get("left_at_broker"));
            match left.and_then(Value::as_u64).unwrap_or(0) {
                0 => told,
                1 => format!("{told}; the order you placed at the broker works on"),
                more => format!("{told}; {more} orders you placed at the broker work on"),
            }
        }
        _ => format!("Stopped by {by}"),
    }
}

fn troubled(entry: &Entry) -> Option<Line> {
    let object = &entry.object.id;
    match entry.kind {
        Kind::OrderUnknown | Kind::OrderEscalated => {
            let text = format!(
                "Not known at the venue yet: {}. It is being looked up, never sent twice",
                what(entry)
            );
            Some(line(entry, (Sort::Outage, Tone::Bad, "Unknown"), text, object))
        }
        Kind::ProtectionMissing => {
            let (symbol, message) = (field(entry, "symbol"), field(entry, "message"));
            let text = format!("{symbol} is without its protection: {message}");
            Some(line(
                entry,
                (Sort::Outage, Tone::Bad, "Unprotected"),
                text,
                object,
            ))
        }
        // Told when a venue refused; quiet where a venue never holds levels itself.
        Kind::ProtectionEmulated => {
            let (symbol, message) = (field(entry, "symbol"), field(entry, "message"));
            if message.is_empty() {
                return None;
            }
            let text = format!("The stop of {symbol} is not at the broker: {message}");
            let kind = (Sort::Outage, Tone::Care, "Watched by Ordercast");
            Some(line(entry, kind, text, object))
        }
        Kind::PositionExternalChange => {
            let kind = (Sort::Outage, Tone::Care, "Changed at the broker");
            let text = field(entry, "message");
            Some(line(
                entry,
                kind,
                text.to_owned(),
                format_args!("{object} {text}"),
            ))
        }
        Kind::OrderExternal => {
            let kind = (Sort::Outage, Tone::Care, "Placed at the broker");
            let text = field(entry, "message");
            let once = format_args!("{} {text}", field(entry, "broker_order_id"));
            Some(line(entry, kind, text.to_owned(), once))
        }
        Kind::ConnectionHealthChanged | Kind::ConnectionDisabled => {
            let state = field(entry, "state");
            let text = format!("Your broker connection: {state} {}", field(entry, "reason"));
            let kind = (Sort::Outage, Tone::Care, "Connection");
            Some(line(entry, kind, text, format_args!("{object} {state}")))
        }
        Kind::SignalGap => {
            let text = field(entry, "message").to_owned();
            Some(line(
                entry,
                (Sort::Outage, Tone::Care, "Signals missed"),
                text,
                object,
            ))
        }
        _ => None,
    }
}
