//! What a demo run did, counted from the journal: the one record there is.

use std::collections::BTreeMap;

use ordercast_model::{
    journal::{entry::Chained, kind::Kind},
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
    /// Median and 99th percentile from the message's receipt to the order's first byte, milliseconds.
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
        let mut delays = Vec::new();
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
        summary.message_to_order_ms = percentiles(delays);
        summary
    }

    fn add(&mut self, chained: &Chained, delays: &mut Vec<u64>) {
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
                if leg == Leg::Entry.to_string() {
                    delays.extend(entry.after.as_ref().and_then(|a| a.get("stages")).and_then(delay));
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
