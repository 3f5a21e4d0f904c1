//! Reads what a replay left in the store and writes the report's figures from it. Decides nothing about trading.

mod refused;
mod trade;

use std::collections::BTreeMap;

use anyhow::Result;
use ordercast_model::{
    decision::Decision,
    ids::{OrderId, SignalId},
    journal::{entry::Chained, kind::Kind},
    money,
    order::intent::{Fill, Order},
    ports::store::{Keyed, Page, Query, Stored, find},
    position::Lot,
    signal::{
        raw::{RawMessage, RevisionKind},
        reading::Verdict,
        record::Signal,
    },
    tenant::TenantScope,
};
use ordercast_rules::stats::{
    drawdown,
    outcome::{Outcome, percent},
    slippage, teach,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    report::{
        CAUTION, Drawdown, HistoryPart, Point, Reading, Report, ResultPart, Settings, SlippagePart, Symbol,
        Unread,
    },
    run::Curve,
    stage::{Setting, Stage},
};

/// Rows read at once.
const PAGE: u32 = 1_000;
/// Characters of a message that are shown.
const TEXT_MAX: usize = 280;
/// Messages worth teaching that are listed.
const UNREAD_MAX: usize = 200;

/// Everything a replay left, in order of time.
pub(super) struct Left<'a> {
    pub stage: &'a Stage,
    pub setting: &'a Setting,
    /// By id at the source.
    pub messages: BTreeMap<&'a str, &'a RawMessage>,
    pub signals: Vec<Signal>,
    pub decisions: Vec<Decision>,
    pub orders: Vec<Order>,
    pub fills: BTreeMap<OrderId, Vec<Fill>>,
    pub lots: Vec<Lot>,
    places: BTreeMap<SignalId, usize>,
}

async fn all<T: Stored + Keyed>(
    stage: &Stage,
    scope: &TenantScope,
    query: fn(Page) -> Query,
) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    let mut page = Page::first(PAGE);
    loop {
        let found = find::<T>(stage.ctx.store.as_ref(), scope, query(page)).await?;
        let Some(last) = found.last().map(Keyed::key) else {
            return Ok(rows);
        };
        rows.extend(found);
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}

impl<'a> Left<'a> {
    async fn read(stage: &'a Stage, setting: &'a Setting) -> Result<Self> {
        let own = TenantScope::of_user(&stage.user);
        let community = TenantScope::of_community(&stage.community);
        let mut signals: Vec<Signal> = all(stage, &community, Query::Signals).await?;
        signals.sort_by_key(|s| (s.received_at, s.posted_at, s.id));
        let mut decisions: Vec<Decision> = all(stage, &own, Query::Decisions).await?;
        decisions.sort_by_key(|d| (d.created_at, d.signal_id, d.instruction));
        let mut orders: Vec<Order> = all(stage, &own, |page| Query::Orders(None, page)).await?;
        orders.sort_by(|a, b| (a.created_at, a.client_order_id()).cmp(&(b.created_at, b.client_order_id())));
        let mut fills: Vec<Fill> = all(stage, &own, Query::Fills).await?;
        fills.sort_by(|a, b| {
            (a.at, a.venue_fill_id.len(), &a.venue_fill_id).cmp(&(
                b.at,
                b.venue_fill_id.len(),
                &b.venue_fill_id,
            ))
        });
        let mut by_order: BTreeMap<OrderId, Vec<Fill>> = BTreeMap::new();
        for fill in fills {
            by_order.entry(fill.order_id).or_default().push(fill);
        }
        let mut lots = Vec::new();
        for signal in &signals {
            lots.extend(find::<Lot>(stage.ctx.store.as_ref(), &own, Query::LotsOfSignal(signal.id)).await?);
        }
        Ok(Self {
            messages: setting
                .history
                .messages
                .iter()
                // What was first said is shown, whatever became of it.
                .rev()
                .map(|m| (m.source_id.as_str(), m))
                .collect(),
            stage,
            setting,
            places: signals.iter().enumerate().map(|(i, s)| (s.id, i)).collect(),
            signals,
            decisions,
            orders,
            fills: by_order,
            lots,
        })
    }

    pub(super) fn signal(&self, id: SignalId) -> Option<&Signal> {
        self.signals.get(*self.places.get(&id)?)
    }
}

/// A decimal as it is written in the report.
pub(super) fn text(value: Decimal) -> String {
    value.normalize().to_string()
}
fn maybe(value: Option<Decimal>) -> Option<String> {
    value.map(text)
}
/// Money to the cent.
pub(super) fn cents(value: Decimal) -> String {
    let rounded = value.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointNearestEven);
    format!("{rounded:.2}")
}

/// What a message says, in one line and not too long.
pub(super) fn line(message: &RawMessage) -> String {
    let mut parts = vec![message.content.text.clone()];
    for embed in &message.content.embeds {
        parts.extend([&embed.title, &embed.description].into_iter().flatten().cloned());
        parts.extend(embed.fields.iter().map(|f| format!("{}: {}", f.name, f.value)));
    }
    parts.extend(message.content.forwarded.iter().cloned());
    let whole = parts.join(" ");
    let line: Vec<&str> = whole.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(TEXT_MAX) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// Writes the report.
///
/// # Errors
/// When the store does not answer.
pub async fn report(stage: &Stage, setting: &Setting, curve: &Curve) -> Result<Report> {
    let left = Left::read(stage, setting).await?;
    let journal = journal(stage).await?;
    let (reading, unread) = readings(&left, &journal);
    let trades = trade::trades(&left).await?;
    let history = &setting.history;
    let spread = setting.spread;
    let (equity, cash) = stage.venue.worth(&stage.connection.account_id)?;
    let first = history.messages.first();
    let last = history.messages.last();
    Ok(Report {
        history: HistoryPart {
            guild: history.guild.clone(),
            channel: history.channel.clone(),
            authors: history.authors.values().cloned().collect(),
            from: first.map(|m| m.posted_at).unwrap_or_default(),
            to: last.map(|m| m.received_at).unwrap_or_default(),
            messages: history
                .messages
                .iter()
                .filter(|m| m.revision == RevisionKind::New)
                .count(),
            edited: history.edited,
            notices: history.notices,
        },
        settings: Settings {
            account: text(setting.cash),
            currency: "USD",
            risk: setting.profile.name.clone(),
            sizing: serde_json::to_value(setting.profile.sizing)?,
            limits: setting.profile.limits.clone(),
            spread_pct: BTreeMap::from([
                ("equity", text(spread.equity)),
                ("option", text(spread.option)),
                ("crypto", text(spread.crypto)),
            ]),
        },
        caution: CAUTION,
        assumptions: assumptions(setting),
        result: result(setting, &left, &trades, curve, (equity, cash)),
        slippage: slips(&trades),
        reading,
        decisions: count(left.decisions.iter().map(|d| d.status.code().to_owned())),
        refusals: refused::refusals(&left),
        open: trade::open(&left),
        unfilled: trade::unfilled(&left),
        unread,
        symbols: symbols(&left),
        missing: refused::missing(&left),
        equity: curve
            .iter()
            .map(|(at, equity)| Point {
                at: *at,
                equity: cents(*equity),
            })
            .collect(),
        trades: trades.into_iter().map(|t| t.told).collect(),
        journal_length: journal.len() as u64,
    })
}

pub(super) fn count(codes: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for code in codes {
        *counts.entry(code).or_default() += 1;
    }
    counts
}

fn assumptions(setting: &Setting) -> Vec<String> {
    let spread = setting.spread;
    let mut all = vec![
        "A message is judged at its own time, with prices known by then: the open of a bar that goes on, or the last close."
            .to_owned(),
        "An order meets bars that begin after it, their open first. What the open has jumped over fills at the open.".to_owned(),
        "Within a bar the price goes from the open to the extreme that hurts, then to the other one, then to the close: a stop \
         comes before a target when both are touched. After an entry within a bar the extreme that hurts comes again."
            .to_owned(),
        format!(
            "Bars tell no bid and ask: a spread of {} % for shares, {} % for options and {} % for coins is taken, at least two \
             ticks.",
            text(spread.equity),
            text(spread.option),
            text(spread.crypto)
        ),
        "A limit at the price of the moment fills only when a later bar opens there or comes back to it; live, some would fill at \
         once."
            .to_owned(),
        "Every order finds enough to trade with; the fees are those of the paper venue.".to_owned(),
        "An option without bars of its own is not priced.".to_owned(),
        "Nobody answers cards: what would have been asked is refused.".to_owned(),
    ];
    if setting.history.edited > 0 && !setting.history.revisions {
        all.push(
            "The text before an edit is not in an export: an edited message counts from its edit on, and is old by then."
                .to_owned(),
        );
    }
    all
}

fn result(
    setting: &Setting,
    left: &Left<'_>,
    trades: &[trade::Told],
    curve: &Curve,
    (equity, cash): (Decimal, Decimal),
) -> ResultPart {
    let results: Vec<Decimal> = trades.iter().filter(|t| t.closed).map(|t| t.result).collect();
    let outcome = Outcome::of(&results);
    let fees = left.fills.values().flatten().fold(Decimal::ZERO, |sum, f| {
        money::add(sum, f.fee.amount).unwrap_or(sum)
    });
    let realised = results
        .iter()
        .fold(Decimal::ZERO, |s, r| s.checked_add(*r).unwrap_or(s));
    let change = equity.checked_sub(setting.cash).unwrap_or_default();
    let fell = drawdown::deepest(curve);
    let money = |v: Option<Decimal>| v.map(cents);
    ResultPart {
        equity_start: cents(setting.cash),
        equity_end: cents(equity),
        cash_end: cents(cash),
        change: cents(change),
        change_pct: maybe(percent(change, setting.cash)),
        realised: cents(realised),
        fees: cents(fees),
        closed_trades: outcome.count,
        won: outcome.won,
        lost: outcome.lost,
        win_rate_pct: maybe(outcome.win_rate_pct),
        profit_factor: maybe(outcome.profit_factor),
        average: money(outcome.average),
        average_win: money(outcome.average_win),
        average_loss: money(outcome.average_loss),
        best: money(outcome.best),
        worst: money(outcome.worst),
        drawdown: fell.map(|f| Drawdown {
            amount: cents(f.amount),
            pct: text(f.pct),
            peak_at: f.peak_at,
            trough_at: f.trough_at,
            recovered_at: f.recovered_at,
        }),
    }
}

fn slips(trades: &[trade::Told]) -> SlippagePart {
    let had: Vec<Decimal> = trades.iter().filter_map(|t| t.entry_slip).collect();
    let could: Vec<Decimal> = trades.iter().filter_map(|t| t.achievable_slip).collect();
    let (had, could_be) = (slippage::centre(&had), slippage::centre(&could));
    SlippagePart {
        alerts_with_price: could.len(),
        achievable_mean_pct: maybe(could_be.map(|c| c.0)),
        achievable_median_pct: maybe(could_be.map(|c| c.1)),
        entry_mean_pct: maybe(had.map(|c| c.0)),
        entry_median_pct: maybe(had.map(|c| c.1)),
    }
}

async fn journal(stage: &Stage) -> Result<Vec<Chained>> {
    let mut all = Vec::new();
    loop {
        let found = stage.ctx.store.chained(all.len() as u64, PAGE).await?;
        if found.is_empty() {
            return Ok(all);
        }
        all.extend(found);
    }
}

/// What the messages were read as, and which are worth teaching.
fn readings(left: &Left<'_>, journal: &[Chained]) -> (Reading, Vec<Unread>) {
    let mut reading = Reading {
        signals: left.signals.len(),
        ..Reading::default()
    };
    let mut unread = Vec::new();
    for signal in &left.signals {
        match &signal.reading.verdict {
            Verdict::Trade { instructions } => {
                let opens = instructions.iter().filter(|i| i.action.opens()).count();
                reading.openings += opens;
                reading.follow_ups += instructions.len() - opens;
            }
            Verdict::Invalid { field, message, .. } => {
                reading.impossible += 1;
                let told = worth(left, &signal.source_id, &format!("impossible: {field}"), message);
                unread.extend(told);
            }
            Verdict::NotATrade { .. } => {}
        }
    }
    let mut source_of: BTreeMap<&str, &str> = BTreeMap::new();
    for Chained { entry, .. } in journal {
        let after = |field: &str| entry.after.as_ref().and_then(|a| a.get(field));
        match entry.kind {
            Kind::SignalReceived | Kind::SignalBackfilled | Kind::SignalRevised => {
                if let Some(id) = after("source_id").and_then(Value::as_str) {
                    source_of.insert(&entry.object.id, id);
                }
            }
            Kind::SignalNotATrade => {
                let reason = entry.reason.clone().unwrap_or_default();
                let why = after("why").and_then(|w| w.get(0)).and_then(Value::as_str);
                let id = source_of
                    .get(entry.object.id.as_str())
                    .copied()
                    .unwrap_or_default();
                let taught = matches!(reason.as_str(), "chatter" | "other" | "watchlist");
                if taught
                    && let Some(message) = left.messages.get(id)
                    && teach::looks_like_a_signal(&line(message))
                {
                    unread.extend(worth(left, id, &reason, why.unwrap_or_default()));
                }
                *reading.not_a_trade.entry(reason).or_default() += 1;
            }
            _ => {}
        }
    }
    unread.sort_by(|a, b| (a.posted_at, &a.message_id).cmp(&(b.posted_at, &b.message_id)));
    unread.truncate(UNREAD_MAX);
    (reading, unread)
}

fn worth(left: &Left<'_>, id: &str, reason: &str, why: &str) -> Option<Unread> {
    let message = left.messages.get(id)?;
    Some(Unread {
        message_id: id.to_owned(),
        posted_at: message.posted_at,
        author: message.author.name.clone(),
        text: line(message),
        reason: reason.to_owned(),
        why: why.to_owned(),
    })
}

fn symbols(left: &Left<'_>) -> Vec<Symbol> {
    let used = count(left.lots.iter().map(|l| l.instrument.to_string()));
    let bars = left.setting.bars.iter();
    bars.map(|(instrument, series)| {
        let name = instrument.to_string();
        Symbol {
            signals: used.get(&name).copied().unwrap_or_default(),
            instrument: name,
            bars: series.bars().len(),
            bar_seconds: series.length().as_secs(),
            from: series.bars().first().map(|b| b.at).unwrap_or_default(),
            to: series.bars().last().map(|b| b.at).unwrap_or_default(),
        }
    })
    .collect()
}
