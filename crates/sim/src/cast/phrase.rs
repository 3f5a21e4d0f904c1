//! The cast's ways of putting things: templates for each act, and a memory so that none comes twice in a row.

use super::stage::Manner;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Opens that fill where the market is.
pub(super) const SHARE_OPENS: &[&str] = &[
    "BTO {qty} {sym} @ {entry} SL {stop} PT1 {t1} PT2 {t2}",
    "Long {sym} {entry}, stop {stop}, target {t1}",
    "BUY {sym} now @ {entry} SL {stop} TP {t1}",
    "bto {qty} {lower} @{entry} sl {stop} pt {t1}",
    "Entering ${sym} at {entry}. SL {stop}. TP1 {t1} TP2 {t2}",
    "Buying {qty} {sym} at {entry}, stop {stop}, targets {t1} / {t2} 🚀",
    "🟢 BTO {sym} {entry} | SL {stop} | PT {t1}",
    "@here BTO {qty} {sym} @ {entry}\nSL: {stop}\nPT1: {t1}\nPT2: {t2}",
];

pub(super) const OPTION_OPENS: &[&str] = &[
    "BTO {qty} {sym} {strike}{right} {exp} @ {entry} SL {stop} PT {t1}",
    "BTO {sym} {exp} {strike}{RIGHT} @ {entry} SL {stop}",
    "${sym} {strike} {rights} {exp} @ {entry}, stop {stop} 🚨",
    "bto {qty} {lower} {strike}{right} {exp} @{entry} sl {stop} pt {t1}",
    "Buying {sym} {strike}{right} {exp} at {entry}. SL {stop}, PT1 {t1} PT2 {t2}",
];

pub(super) const COIN_OPENS: &[&str] = &[
    "LONG {sym}USDT @ {entry} SL {stop} TP1 {t1} TP2 {t2}",
    "COIN: {sym}\nBUY\nENTRY: {entry}\nTP1: {t1}\nTP2: {t2}\nSTOP LOSS: {stop}",
    "📈 LONG {sym}-USDT 💰 {entry} 🛑 {stop} 🎯 {t1}",
    "{sym}/USDT\nBuy {entry} {low}\nSell {t1} {t2} {t3}\nStop {stop}",
    "long {lower} {entry}, stop {stop}, tp {t1}",
    "BUY {sym}/USDT now, SL {stop}, targets {t1} - {t2} - {t3}",
];

/// Entries below the market or above it, and zones.
pub(super) const SWING_OPENS: &[&str] = &[
    "BUY {sym}\nENTRY {low} - {entry}\nTARGETS {t1} - {t2} - {t3}\nSTOP LOSS {stop}",
    "Buy {sym} above {trigger}, stop {stop}, target {t2}",
    "Long {sym} limit {entry}, SL {stop}, TP {t1}",
    "BTO {qty} {sym} @ {entry} SL {stop} PT1 {t1} PT2 {t2} (swing)",
];

/// A limit under the market that will be edited, cancelled or deleted.
pub(super) const WAITING_OPENS: &[&str] = &[
    "Long {sym} limit {entry}, SL {stop}, TP {t1}",
    "BTO {qty} {sym} @ {entry} limit. SL {stop} PT {t1}",
    "Buy limit {sym} {entry}, stop {stop}, target {t2}",
];

/// Trades sized to be cut down by somebody's limits.
pub(super) const HEAVY_OPENS: &[&str] = &[
    "Entering ${sym} at {entry} with 30% of account. SL {stop}. TP1 {t1} TP2 {t2}",
    "BTO {sym} @ {entry}, 25% of account, SL {stop} PT {t1}. High conviction",
];

pub(super) const TRIMS: &[&str] = &[
    "half out of {what} at {bid}",
    "Taking 50% off {what} here {bid}",
    "STC {what} @ {bid} trimming half",
    "sold half my {what} at {bid}, letting the rest run",
];

pub(super) const TRIMS_TO_ENTRY: &[&str] = &[
    "half out, SL to BE",
    "TP1 hit, sold half at {bid}, stop to entry",
    "took half off at {bid}, stop on the rest at entry",
];

pub(super) const STOPS_TO_ENTRY: &[&str] = &[
    "TP1 hit, stop to entry",
    "Move stop to breakeven on {sym}",
    "SL to BE on {sym}",
];

pub(super) const STOP_RAISES: &[&str] = &["raise stop on ${sym} to {new}", "Move SL to {new} on {sym}"];

pub(super) const TARGET_RAISES: &[&str] =
    &["{sym} targets updated: {t2} / {t3}", "Extend TP on {sym} to {t3}"];

pub(super) const CLOSES: &[&str] = &[
    "STC {what} @ {bid} all out",
    "closing {what} here {bid}",
    "all out of {what} at {bid}",
    "close {what}",
];

pub(super) const CANCELS: &[&str] = &[
    "Cancel the {sym} limit at {entry}",
    "cancel {sym} limit, not chasing it",
];

/// Names no market lists.
pub(super) const UNKNOWN: &[&str] = &["ZQXV", "QWKL", "VXZZ", "JQHM"];
pub(super) const UNKNOWN_OPENS: &[&str] = &[
    "BTO 100 {sym} @ 14.20 SL 13.40 PT 16.10",
    "Long ${sym} 8.85, stop 8.30, target 10.20",
];

/// Currencies, metals and futures: read, then refused by name.
pub(super) const FOREIGN_OPENS: &[&str] = &[
    "EURUSD buy 1.0850 SL 1.0800",
    "GBPUSD SELL 1.3490\nSL 1.3560\nTP 1.3380",
    "XAUUSD buy 4052 SL 4031 TP 4098",
    "SELL USDJPY @ 156.40 SL 157.10 TP 155.20",
    "BUY GBPJPY now SL 204.10 TP 206.90",
];

/// A memory of which template came last, for each provider and act.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory(BTreeMap<(usize, usize), usize>);

impl Memory {
    /// One of the choices, never the one that came last for the same provider and list.
    pub(super) fn pick<T: Copy>(
        &mut self,
        random: &mut ChaCha8Rng,
        provider: usize,
        list: &'static [T],
    ) -> Option<T> {
        // A list is known by where it stands in the program: nobody else can have the same place.
        let key = (provider, list.as_ptr().addr());
        let last = self.0.get(&key).copied();
        let free: Vec<usize> = (0..list.len())
            .filter(|at| Some(*at) != last || list.len() == 1)
            .collect();
        let at = *free.get(random.random_range(0..free.len().max(1)))?;
        self.0.insert(key, at);
        list.get(at).copied()
    }
}

/// The templates a manner opens trades with.
pub(super) const fn opens(manner: Manner) -> &'static [&'static str] {
    match manner {
        Manner::Options => OPTION_OPENS,
        Manner::Coins => COIN_OPENS,
        Manner::Swings => SWING_OPENS,
        Manner::Shares | Manner::Embeds | Manner::Chatter | Manner::Macro => SHARE_OPENS,
    }
}

/// A template with its words put in. A word it does not know stays in braces, where a test finds it.
pub(super) fn fill(template: &str, words: &BTreeMap<&'static str, String>) -> String {
    let mut text = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        match words.get(name) {
            Some(word) => text.push_str(word),
            None => text.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}
