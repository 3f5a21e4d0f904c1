//! What a demo run did, counted from the journal: the one record there is.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    ids::{SignalId, UserId},
    journal::{
        entry::{Chained, Entry},
        kind::Kind,
    },
    order::{identity::Leg, state::OrderState},
    time::Timestamp,
};
use ordercast_rules::chain::lifecycle::Lifecycles;
use serde::Serialize;
use serde_json::Value;

/// Counts of one run (or of a whole demo when it went on).
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Messages of providers seen.
    pub messages: u64,
    /// Messages read as signals.
    pub signals: u64,
    /// Messages read as no trade, by reason.
    pub not_a_trade: BTreeMap<String, u64>,
    /// Signals with an impossible field.
    pub invalid: u64,
    /// Decisions by status.
    pub decisions: BTreeMap<String, u64>,
    /// Decisions with nothing done, by reason or rule.
    pub refused: BTreeMap<String, u64>,
    /// Orders by state.
    pub orders: BTreeMap<String, u64>,
    /// Fills.
    pub fills: u64,
    /// Fills that left a rest.
    pub partial_fills: u64,
    /// Orders made smaller by a limit.
    pub reductions: u64,
    /// Orders and signals refused by a risk rule or the venue.
    pub refusals: u64,
    /// Protective stops that were triggered and filled.
    pub triggered_stops: u64,
    /// Entries in the journal.
    pub journal_length: u64,
    /// Hash of the last entry.
    pub journal_head: Option<String>,
    /// Median and 99th percentile from the message's receipt to the order's first byte, milliseconds. Orders that
    /// waited on purpose, for a person's yes or for the open, do not count.
    pub message_to_order_ms: Percentiles,
}

/// Two points of a distribution; none without a sample.
#[derive(Debug, Default, Serialize)]
pub struct Percentiles {
    /// Median.
    pub p50: Option<String>,
    /// 99th percentile.
    pub p99: Option<String>,
    /// Samples.
    pub count: usize,
}

fn count(map: &mut BTreeMap<String, u64>, key: &str) {
    *map.entry(key.to_owned()).or_default() += 1;
}

impl Summary {
    /// Counts the journal.
    #[must_use]
    pub fn of(entries: &[Chained]) -> Self {
        let mut summary = Self::default();
        let mut lives = Lifecycles::default();
        let mut delays = Delays::default();
        for chained in entries {
            lives.observe_chained(chained);
            summary.add(chained, &mut delays);
        }
        for folded in lives.orders().values() {
            count(&mut summary.orders, folded.state.code());
        }
        summary.refusals += summary
            .orders
            .get(OrderState::Rejected.code())
            .copied()
            .unwrap_or_default();
        summary.journal_length = entries.len() as u64;
        summary.journal_head = entries.last().map(|e| e.hash.clone());
        summary.message_to_order_ms = percentiles(delays.of_those_at_once());
        summary
    }

    fn add(&mut self, chained: &Chained, delays: &mut Delays) {
        let entry = &chained.entry;
        let text = |field: &str| {
            entry
                .after
                .as_ref()
                .and_then(|a| a.get(field))
                .and_then(Value::as_str)
        };
        match entry.kind {
            Kind::SignalReceived | Kind::SignalBackfilled => self.messages += 1,
            Kind::SignalParsed => self.signals += 1,
            Kind::SignalInvalid => self.invalid += 1,
            Kind::SignalNotATrade => count(&mut self.not_a_trade, entry.reason.as_deref().unwrap_or("other")),
            Kind::SignalDecision => {
                let decision = text("decision").unwrap_or("unknown");
                if matches!(decision, "awaiting_approval" | "queued") {
                    delays.waited.extend(owner(entry));
                }
                count(&mut self.decisions, decision);
                if matches!(decision, "skipped" | "denied" | "expired") {
                    count(&mut self.refused, entry.reason.as_deref().unwrap_or(decision));
                }
                if decision == "denied" {
                    self.refusals += 1;
                }
            }
            Kind::RiskReduced => self.reductions += 1,
            Kind::FillBooked => {
                self.fills += 1;
                if text("remaining").is_some_and(|left| left != "0") {
                    self.partial_fills += 1;
                } else if text("leg").is_some_and(|leg| leg.starts_with("stop")) {
                    self.triggered_stops += 1;
                }
                let leg = text("leg").unwrap_or_default();
                if leg == Leg::Entry.to_string()
                    && let Some(owner) = owner(entry)
                    && let Some(span) = entry.after.as_ref().and_then(|a| delay(a.get("stages")?))
                {
                    delays.spans.push((owner, span));
                }
            }
            _ => {}
        }
    }

    /// What a run of 20 s or more must have seen and has not.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        [
            (self.fills, "a fill"),
            (self.partial_fills, "a partial fill"),
            (self.reductions, "a reduction"),
            (self.refusals, "a refusal"),
            (self.triggered_stops, "a triggered stop"),
        ]
        .into_iter()
        .filter(|(n, _)| *n == 0)
        .map(|(_, what)| what)
        .collect()
    }
}

/// Whose order of which signal.
type Owner = (UserId, SignalId);

fn owner(entry: &Entry) -> Option<Owner> {
    Some((entry.user?, entry.links.signal?))
}

/// How long orders took, and which of them waited on purpose.
#[derive(Default)]
struct Delays {
    spans: Vec<(Owner, u64)>,
    waited: BTreeSet<Owner>,
}

impl Delays {
    fn of_those_at_once(self) -> Vec<u64> {
        let Self { spans, waited } = self;
        let at_once = spans.into_iter().filter(|(owner, _)| !waited.contains(owner));
        at_once.map(|(_, span)| span).collect()
    }
}

/// Microseconds from receipt to the first byte of the order.
fn delay(stages: &Value) -> Option<u64> {
    let at = |name: &str| stages.get(name)?.as_str()?.parse::<Timestamp>().ok();
    let span = at("sent")?.since(at("received")?);
    u64::try_from(span.as_micros()).ok()
}

fn percentiles(mut micros: Vec<u64>) -> Percentiles {
    micros.sort_unstable();
    let at = |share: usize| {
        let index = (micros.len().saturating_sub(1)) * share / 100;
        micros
            .get(index)
            .map(|m| format!("{}.{:03}", m / 1_000, m % 1_000))
    };
    Percentiles {
        p50: at(50),
        p99: at(99),
        count: micros.len(),
    }
}

#[cfg(test)]
mod tests {
    use ordercast_model::{
        ids::{Entropy, Id},
        journal::entry::Actor,
    };
    use serde_json::json;

    use super::*;

    fn id<I: Id>(n: u8) -> I {
        let entropy: Entropy = [n; 10];
        I::new(Timestamp::from_seconds(1), entropy)
    }

    fn told(seq: u64, kind: Kind, user: u8, after: Value) -> Chained {
        let actor = Actor::system("test");
        let mut entry = Entry::new(
            id(9),
            Timestamp::from_seconds(1),
            kind,
            actor,
            ("x", "x".to_owned()),
        );
        entry.user = Some(id(user));
        entry.links.signal = Some(id(1));
        entry.after = Some(after);
        Chained {
            seq,
            entry,
            prev_hash: String::new(),
            hash: String::new(),
        }
    }

    #[test]
    fn who_waited_for_a_yes_does_not_count_as_slow() {
        let filled = |millis: i64| {
            let from = Timestamp::from_seconds(1);
            let sent = Timestamp::from_millis(1_000 + millis);
            json!({ "leg": Leg::Entry.to_string(), "remaining": "0", "stages": { "received": from, "sent": sent } })
        };
        let summary = Summary::of(&[
            told(
                0,
                Kind::SignalDecision,
                1,
                json!({ "decision": "awaiting_approval" }),
            ),
            told(1, Kind::SignalDecision, 2, json!({ "decision": "placed" })),
            told(2, Kind::FillBooked, 1, filled(900)),
            told(3, Kind::FillBooked, 2, filled(40)),
        ]);
        let told = summary.message_to_order_ms;
        assert_eq!((told.count, told.p99.as_deref()), (1, Some("40.000")));
    }
}
