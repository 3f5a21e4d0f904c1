//! Tells the demo in plain words, one line for each thing that matters, from the journal as it grows.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
    time::Duration,
};

use ordercast_app::context::Context;
use ordercast_model::{
    community::Provider,
    ids::UserId,
    journal::{entry::Chained, kind::Kind},
    money,
    ports::store::{StoreError, SystemQuery, find_any},
    tenant::SystemScope,
    user::User,
};
use serde_json::Value;

const TELLING: SystemScope = SystemScope::housekeeping("the demo tells what happens to its own users");
/// How often the journal is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Where and how to tell.
pub struct Narrator {
    ctx: Context,
    names: BTreeMap<UserId, String>,
    providers: BTreeMap<String, String>,
    next: u64,
    colour: bool,
    counts: (u64, u64, u64),
    /// Order and instruction whose reduction was told last: the strictest limit comes first, the others are in the journal.
    reduced: Option<(UserId, String)>,
}

impl Narrator {
    /// A narrator that begins at a place of the journal.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn new(ctx: Context, from: u64) -> Result<Self, StoreError> {
        let users = find_any::<User>(ctx.store.as_ref(), TELLING, SystemQuery::DemoUsers).await?;
        let providers = find_any::<Provider>(ctx.store.as_ref(), TELLING, SystemQuery::Providers).await?;
        Ok(Self {
            names: users.into_iter().map(|u| (u.id, u.name)).collect(),
            providers: providers
                .into_iter()
                .map(|p| (p.id.to_string(), p.name))
                .collect(),
            ctx,
            next: from,
            colour: std::io::stdout().is_terminal(),
            counts: (0, 0, 0),
            reduced: None,
        })
    }

    /// Tells until dropped.
    pub async fn run(mut self) {
        loop {
            match self.ctx.store.chained(self.next, 500).await {
                Ok(entries) => {
                    for entry in &entries {
                        self.next = entry.seq + 1;
                        self.tell(entry);
                    }
                    self.counter();
                }
                Err(error) => tracing::warn!(%error, "nothing to tell"),
            }
            self.ctx.clock.sleep_until(self.ctx.now().plus(LOOK)).await;
        }
    }

    fn tell(&mut self, chained: &Chained) {
        let entry = &chained.entry;
        if entry.kind == Kind::RiskReduced {
            let of = entry.user.zip(entry.links.order.map(|o| o.to_string()));
            if of.is_some() && self.reduced == of {
                return;
            }
            self.reduced = of;
        }
        match entry.kind {
            Kind::SignalParsed => self.counts.0 += 1,
            Kind::OrderAccepted => self.counts.1 += 1,
            Kind::FillBooked => self.counts.2 += 1,
            _ => {}
        }
        let Some((paint, line)) = self.line(chained) else {
            return;
        };
        let time = entry.at.utc().format("%H:%M:%S");
        let mut out = std::io::stdout().lock();
        let written = if self.colour {
            writeln!(out, "\r\x1b[K\x1b[2m{time}\x1b[0m \x1b[{paint}m{line}\x1b[0m")
        } else {
            writeln!(out, "{time} {line}")
        };
        if written.is_err() {
            tracing::debug!("standard output is closed");
        }
    }

    fn counter(&self) {
        if !self.colour {
            return;
        }
        let (signals, orders, fills) = self.counts;
        let mut out = std::io::stdout().lock();
        let text = format!(
            "\r\x1b[K\x1b[2m{signals} signals  {orders} orders  {fills} fills  {} journal entries\x1b[0m",
            self.next
        );
        if write!(out, "{text}").and_then(|()| out.flush()).is_err() {
            tracing::debug!("standard output is closed");
        }
    }

    fn line(&self, chained: &Chained) -> Option<(&'static str, String)> {
        let entry = &chained.entry;
        let after = entry.after.as_ref();
        let text = |field: &str| {
            after
                .and_then(|a| a.get(field))
                .and_then(Value::as_str)
                .unwrap_or("")
        };
        let who = entry
            .user
            .and_then(|u| self.names.get(&u))
            .map_or("", String::as_str);
        let trade = entry.trade.as_ref();
        let what = trade
            .map(|t| format!("{} {} {}", t.side.code(), t.quantity, t.symbol))
            .unwrap_or_default();
        Some(match entry.kind {
            Kind::SignalParsed => {
                let by = self
                    .providers
                    .get(text("provider_id"))
                    .map_or("a provider", String::as_str);
                ("1;36", format!("SIGNAL  {by}: {}", instructions(after)))
            }
            Kind::SignalNotATrade => (
                "2",
                format!(
                    "        not a trade ({})",
                    entry.reason.as_deref().unwrap_or("other")
                ),
            ),
            Kind::SignalInvalid => ("33", "        impossible levels: nothing is traded".to_owned()),
            Kind::RiskReduced => ("33", format!("LESS    {who}: {}", text("message"))),
            Kind::SignalDecision if matches!(text("decision"), "denied" | "skipped") => {
                ("33", format!("NO      {who}: {}", text("message")))
            }
            Kind::ApprovalRequested => ("35", format!("ASKS    {who} to approve")),
            Kind::OrderQueued => ("34", format!("WAITS   {who}: {what} until the open")),
            Kind::FillBooked => {
                let price = trade
                    .and_then(|t| t.price)
                    .map(|p| p.to_string())
                    .unwrap_or_default();
                let rest = match text("remaining") {
                    "0" | "" => String::new(),
                    left => format!(", {left} to go"),
                };
                let paint = if text("leg").starts_with("stop") {
                    "31"
                } else {
                    "32"
                };
                (
                    paint,
                    format!("FILL    {who}: {what} at {price} ({}{rest})", text("leg")),
                )
            }
            Kind::PositionClosed => {
                let result = text("realised").parse().unwrap_or_default();
                (
                    "1",
                    format!("CLOSED  {who}: {} result {}", text("symbol"), money::show(result)),
                )
            }
            Kind::OrderRejected => ("31", format!("REFUSED {who}: {what}: {}", text("message"))),
            Kind::OrderUnknown => ("31", format!("UNKNOWN {who}: {what}: {}", text("message"))),
            Kind::ProtectionMissing => ("1;31", format!("NAKED   {who}: {}", text("message"))),
            Kind::RiskDailyLossTripped => ("31", format!("LIMIT   {who}: {}", text("message"))),
            _ => return None,
        })
    }
}

/// The instructions of a signal in a few words.
fn instructions(after: Option<&Value>) -> String {
    let list = after
        .and_then(|a| a.get("instructions"))
        .and_then(Value::as_array);
    let told: Vec<String> = list
        .into_iter()
        .flatten()
        .map(|i| {
            let text = |pointer: &str| i.pointer(pointer).and_then(Value::as_str).unwrap_or("");
            let mut words = vec![
                text("/action").replace('_', " "),
                text("/side").to_owned(),
                text("/subject/symbol").to_owned(),
            ];
            let option = i.pointer("/subject/option").filter(|o| !o.is_null());
            if let Some(option) = option {
                let part = |f: &str| option.get(f).and_then(Value::as_str).unwrap_or("");
                words.push(format!("{}{}", part("strike"), part("right")));
            }
            words.retain(|w| !w.is_empty());
            words.join(" ")
        })
        .collect();
    told.join("; ")
}
