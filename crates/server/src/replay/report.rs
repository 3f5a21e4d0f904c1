//! What a replay says, as data: every form of the report is written from this. Figures are exact decimals as text.

use std::collections::BTreeMap;

use ordercast_model::{limits::Limits, time::Timestamp};
use serde::Serialize;

/// Said in every form of the report.
pub const CAUTION: &str = "What would have happened is not what will happen. Fills are assumed from recorded bars, messages \
                           that were deleted are missing, and a real follower trades later and at worse prices. This is a \
                           look at the past, not a promise and not advice.";

/// The report.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub history: HistoryPart,
    pub settings: Settings,
    pub caution: &'static str,
    pub assumptions: Vec<String>,
    pub result: ResultPart,
    pub slippage: SlippagePart,
    pub reading: Reading,
    pub decisions: BTreeMap<String, u64>,
    pub refusals: Vec<Refusal>,
    pub trades: Vec<Trade>,
    pub open: Vec<Open>,
    pub unfilled: Vec<Unfilled>,
    pub unread: Vec<Unread>,
    pub symbols: Vec<Symbol>,
    pub missing: Vec<Missing>,
    pub equity: Vec<Point>,
    pub journal_length: u64,
}

/// What was replayed.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryPart {
    pub guild: String,
    pub channel: String,
    pub authors: Vec<String>,
    pub from: Timestamp,
    pub to: Timestamp,
    pub messages: usize,
    pub edited: usize,
    pub notices: usize,
}

/// With what it was replayed.
#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    pub account: String,
    pub currency: &'static str,
    pub risk: String,
    pub sizing: serde_json::Value,
    pub limits: Limits,
    pub spread_pct: BTreeMap<&'static str, String>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct ResultPart {
    pub equity_start: String,
    pub equity_end: String,
    pub cash_end: String,
    pub change: String,
    pub change_pct: Option<String>,
    pub realised: String,
    pub fees: String,
    pub closed_trades: usize,
    pub won: usize,
    pub lost: usize,
    pub win_rate_pct: Option<String>,
    pub profit_factor: Option<String>,
    pub average: Option<String>,
    pub average_win: Option<String>,
    pub average_loss: Option<String>,
    pub best: Option<String>,
    pub worst: Option<String>,
    pub drawdown: Option<Drawdown>,
}

/// The deepest fall.
#[derive(Debug, Clone, Serialize)]
pub struct Drawdown {
    pub amount: String,
    pub pct: String,
    pub peak_at: Timestamp,
    pub trough_at: Timestamp,
    pub recovered_at: Option<Timestamp>,
}

/// Alert price against what could be had; above zero is worse for the follower.
#[derive(Debug, Clone, Serialize)]
pub struct SlippagePart {
    pub alerts_with_price: usize,
    pub achievable_mean_pct: Option<String>,
    pub achievable_median_pct: Option<String>,
    pub entry_mean_pct: Option<String>,
    pub entry_median_pct: Option<String>,
}

/// What the messages were read as.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Reading {
    pub signals: usize,
    pub openings: usize,
    pub follow_ups: usize,
    pub impossible: usize,
    pub not_a_trade: BTreeMap<String, u64>,
}

/// Refusals of one rule or reason.
#[derive(Debug, Clone, Serialize)]
pub struct Refusal {
    pub code: String,
    pub title: String,
    pub count: u64,
    pub example: String,
    pub message_id: String,
}

/// One trade: what one signal led to.
#[derive(Debug, Clone, Serialize)]
pub struct Trade {
    pub message_id: String,
    pub posted_at: Timestamp,
    pub text: String,
    pub instrument: String,
    pub side: &'static str,
    pub quantity: String,
    pub alert_price: Option<String>,
    pub achievable_price: Option<String>,
    pub achievable_at: Option<Timestamp>,
    pub achievable_slippage_pct: Option<String>,
    pub entry_price: String,
    pub entry_at: Timestamp,
    pub entry_slippage_pct: Option<String>,
    pub exits: Vec<Exit>,
    pub open_quantity: String,
    pub fees: String,
    pub result: String,
    pub result_pct: Option<String>,
    pub closed_at: Option<Timestamp>,
}

/// One way out.
#[derive(Debug, Clone, Serialize)]
pub struct Exit {
    pub by: String,
    pub quantity: String,
    pub price: String,
    pub at: Timestamp,
}

/// Still held at the end, at the newest price.
#[derive(Debug, Clone, Serialize)]
pub struct Open {
    pub message_id: String,
    pub instrument: String,
    pub side: &'static str,
    pub quantity: String,
    pub entry_price: String,
    pub last_price: Option<String>,
    pub unrealised: Option<String>,
    pub stop_price: Option<String>,
}

/// An entry that was placed and never filled.
#[derive(Debug, Clone, Serialize)]
pub struct Unfilled {
    pub message_id: String,
    pub posted_at: Timestamp,
    pub instrument: String,
    pub order: String,
    pub price: Option<String>,
    pub state: String,
    pub why: String,
}

/// A message that looks like a signal and was not acted on for what it says.
#[derive(Debug, Clone, Serialize)]
pub struct Unread {
    pub message_id: String,
    pub posted_at: Timestamp,
    pub author: String,
    pub text: String,
    pub reason: String,
    pub why: String,
}

/// What there were bars of.
#[derive(Debug, Clone, Serialize)]
pub struct Symbol {
    pub instrument: String,
    pub bars: usize,
    pub bar_seconds: u64,
    pub from: Timestamp,
    pub to: Timestamp,
    pub signals: u64,
}

/// Named by signals, without bars.
#[derive(Debug, Clone, Serialize)]
pub struct Missing {
    pub symbol: String,
    pub signals: u64,
    pub why: String,
}

/// A point of the equity curve.
#[derive(Debug, Clone, Serialize)]
pub struct Point {
    pub at: Timestamp,
    pub equity: String,
}
