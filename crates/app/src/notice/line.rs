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

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Fill,
    Refusal,
    Limit,
    Outage,
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

/// The line of an entry; none when nobody is told of it.
pub(super) fn of(entry: &Entry) -> Option<Line> {
    let field = |name: &str| {
        let value = entry.after.as_ref().and_then(|after| after.get(name));
        value.and_then(Value::as_str).unwrap_or_default()
    };
    let trade = entry.trade.as_ref();
    let what = trade.map_or_else(String::new, |t| {
        format!("{} {} {}", t.side.code(), t.quantity, t.symbol)
    });
    let object = &entry.object.id;
    let line = |sort, tone, title, text: String, key: String| {
        Some(Line {
            sort,
            tone,
            title,
            text,
            key,
            at: entry.at,
        })
    };
    match entry.kind {
        Kind::FillBooked => {
            let price = trade
                .and_then(|t| t.price)
                .map_or_else(String::new, |p| p.to_string());
            let left = match field("remaining") {
                "" | "0" => String::new(),
                left => format!(", {left} to go"),
            };
            let text = format!("Filled: {what} at {price} ({}{left})", field("leg"));
            let fill = entry.links.fill.map_or_else(String::new, |f| f.to_string());
            line(Sort::Fill, Tone::Good, "Filled", text, format!("fill {fill}"))
        }
        Kind::PositionClosed => {
            let result = field("realised").parse().unwrap_or_default();
            let text = format!(
                "Closed: {} with a result of {}",
                field("symbol"),
                money::show(result)
            );
            line(Sort::Fill, Tone::Good, "Closed", text, format!("closed {object}"))
        }
        Kind::SignalDecision if matches!(field("decision"), "denied" | "skipped") => {
            let reason = entry.reason.as_deref().unwrap_or_default();
            // What the user chose or has set is no news.
            let chosen = [
                "follow_disabled",
                "confidence_below_min",
                "adds_disabled",
                "approval_declined",
                "duplicate",
                "symbol_denied",
                "asset_not_allowed",
                "invalid_signal",
                "superseded",
                "approval_expired",
                "nothing_to_close",
            ];
            if chosen.contains(&reason) {
                return None;
            }
            let text = format!("Not traded: {}", field("message"));
            let key = format!("decision {reason} {}", field("message"));
            line(Sort::Refusal, Tone::Care, "Not traded", text, key)
        }
        Kind::OrderRejected | Kind::OrderDenied => {
            let text = format!("Refused: {what}: {}", field("message"));
            line(
                Sort::Refusal,
                Tone::Bad,
                "Refused",
                text,
                format!("refused {object}"),
            )
        }
        Kind::RiskDailyLossTripped | Kind::RiskBreakerTripped => {
            let text = format!("Limit reached: {}", field("message"));
            line(
                Sort::Limit,
                Tone::Bad,
                "Limit reached",
                text,
                format!("{} {object}", entry.kind.code()),
            )
        }
        Kind::RiskLocked => {
            let text = format!("Locked: {}", entry.reason.as_deref().unwrap_or_default());
            line(Sort::Limit, Tone::Bad, "Locked", text, format!("locked {object}"))
        }
        Kind::KillSet => line(
            Sort::Limit,
            Tone::Bad,
            "Stopped",
            format!("Stopped by {}", field("by")),
            format!("kill {object} on"),
        ),
        Kind::KillLifted => line(
            Sort::Limit,
            Tone::Good,
            "Lifted",
            "The kill was lifted".to_owned(),
            format!("kill {object} off"),
        ),
        Kind::RiskLimitChanged => line(
            Sort::Limit,
            Tone::Plain,
            "Limits",
            "Your limits were changed".to_owned(),
            format!("limits {}", entry.id),
        ),
        Kind::OrderUnknown | Kind::OrderEscalated => {
            let text = format!("Not known at the venue yet: {what}. It is being looked up, never sent twice");
            line(
                Sort::Outage,
                Tone::Bad,
                "Unknown",
                text,
                format!("unknown {object}"),
            )
        }
        Kind::ProtectionMissing => {
            let text = format!(
                "No stop at the venue for {}: {}",
                field("symbol"),
                field("message")
            );
            line(
                Sort::Outage,
                Tone::Bad,
                "Unprotected",
                text,
                format!("naked {object}"),
            )
        }
        Kind::ConnectionHealthChanged | Kind::ConnectionDisabled => {
            let state = field("state");
            let text = format!(
                "Your broker connection: {state} {}",
                entry.reason.as_deref().unwrap_or_default()
            );
            line(
                Sort::Outage,
                Tone::Care,
                "Connection",
                text,
                format!("health {object} {state}"),
            )
        }
        _ => None,
    }
}
