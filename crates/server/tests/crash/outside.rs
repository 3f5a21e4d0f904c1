//! Messages of our own, posted by Discord's REST: what is a trade trades, what is none does not, and nothing that a
//! stranger can write stops the program.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use ordercast_model::journal::{entry::Entry, kind::Kind};
use reqwest::{Method, StatusCode};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{
    program::{Program, pause},
    snapshot::Snapshot,
    stranger::Stranger,
};

/// Longest wait for a message to be carried to its orders; a busy machine needs a good part of it.
const CARRIED_MAX: Duration = Duration::from_secs(60);

/// Everything the journal tells of one posted message.
struct Told(Vec<Entry>);

impl Told {
    /// Follows a message from its id to its readings, its signal, its decisions and orders.
    fn of(snapshot: &Snapshot, posted: &str) -> Self {
        let all = || {
            let chained = snapshot.chained.iter().map(|c| &c.entry);
            chained.chain(&snapshot.pending)
        };
        let is_of = |e: &&Entry| e.after.as_ref().is_some_and(|a| a["source_id"] == posted);
        let revisions: BTreeSet<&str> = all().filter(is_of).map(|e| e.object.id.as_str()).collect();
        let signals: BTreeSet<_> = all()
            .filter(|e| revisions.contains(e.object.id.as_str()))
            .filter_map(|e| e.links.signal)
            .collect();
        let about = |e: &&Entry| {
            revisions.contains(e.object.id.as_str()) || e.links.signal.is_some_and(|s| signals.contains(&s))
        };
        Self(all().filter(about).cloned().collect())
    }
    fn count(&self, kind: Kind) -> usize {
        self.0.iter().filter(|e| e.kind == kind).count()
    }
    /// Whether something was understood as a trade or came of it.
    fn trades(&self) -> bool {
        self.0.iter().any(|e| {
            !matches!(
                e.kind,
                Kind::SignalReceived
                    | Kind::SignalBackfilled
                    | Kind::SignalRevised
                    | Kind::SignalDeleted
                    | Kind::SignalNotATrade
                    | Kind::SignalInvalid
            ) && !(e.kind == Kind::SignalDecision
                && e.after.as_ref().is_some_and(|a| a["decision"] == "skipped"))
        })
    }
    fn first(&self, kind: Kind) -> Option<&Value> {
        self.0.iter().find(|e| e.kind == kind)?.after.as_ref()
    }
    /// What is told, with how often.
    fn words(&self) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for entry in &self.0 {
            let reason = entry.reason.as_ref().map(|r| format!(" ({r})"));
            let word = format!("{}{}", entry.kind.code(), reason.unwrap_or_default());
            *counts.entry(word).or_default() += 1;
        }
        let words: Vec<String> = counts.iter().map(|(word, n)| format!("{n} {word}")).collect();
        words.join(", ")
    }
}

/// Reads along in the running program's journal.
struct Reader<'a> {
    folder: &'a Path,
    journal: Snapshot,
}

impl Reader<'_> {
    /// Reads on until the message has come as far as asked.
    async fn until(&mut self, posted: &str, what: &str, done: impl Fn(&Told) -> bool) -> Told {
        let step = Duration::from_millis(250);
        let mut waited = Duration::ZERO;
        loop {
            self.journal.read_on(self.folder).await;
            let told = Told::of(&self.journal, posted);
            if done(&told) {
                return told;
            }
            assert!(waited < CARRIED_MAX, "{what}: only {}", told.words());
            pause(step).await;
            waited += step;
        }
    }
}

fn times(price: Decimal, percent: i64, places: u32) -> Decimal {
    (price * Decimal::new(percent, 2)).round_dp(places)
}

fn text(content: impl Into<String>) -> Value {
    json!({ "content": content.into() })
}

/// A Friday at least three weeks away.
fn expiry() -> NaiveDate {
    let now = std::time::UNIX_EPOCH.elapsed().expect("a clock after 1970");
    let days = now.as_secs() / 86_400 + 21;
    let mut day = NaiveDate::default() + Days::new(days);
    while day.weekday() != Weekday::Fri {
        day = day + Days::new(1);
    }
    day
}

/// Opens that must become orders: channel, words, symbol as read.
async fn opens(stranger: &Stranger) -> Vec<(&'static str, String, &'static str)> {
    let (bid, ask) = stranger.quote("KO").await;
    let share = format!(
        "BTO 40 KO @ {ask} SL {} PT1 {} PT2 {}",
        times(bid, 96, 2),
        times(ask, 103, 2),
        times(ask, 106, 2)
    );
    let day = expiry();
    let strike = times(stranger.quote("PEP").await.1, 100, 0);
    let (bid, ask) = stranger.quote(&format!("PEP {day} {strike} C")).await;
    let option = format!(
        "BTO 2 PEP {strike}c {}/{}/{} @ {ask} SL {} PT {}",
        day.month(),
        day.day(),
        day.year(),
        times(bid, 60, 2),
        times(ask, 150, 2)
    );
    let (bid, ask) = stranger.quote("ATOM/USD").await;
    let coin = format!(
        "LONG ATOMUSDT @ {ask} SL {} TP1 {}",
        times(bid, 95, 4),
        times(ask, 106, 4)
    );
    let (bid, ask) = stranger.quote("BCH/USD").await;
    let at_once = format!(
        "BUY BCH/USDT now, SL {}, targets {} - {}",
        times(bid, 95, 2),
        times(ask, 104, 2),
        times(ask, 108, 2)
    );
    vec![
        ("share-calls", share, "KO"),
        ("options-flow", option, "PEP"),
        ("crypto-room", coin, "ATOM"),
        ("crypto-room", at_once, "BCH"),
    ]
}

/// What must not trade, and what it is.
fn nothings() -> Vec<(&'static str, Value)> {
    let nest = "[".repeat(1_000);
    vec![
        (
            "talk",
            text("morning all, KO looks heavy into the open, coffee first"),
        ),
        ("a question", text("anyone long KO here? thinking about 70s")),
        ("a negation", text("I would never buy KO at 71, don't chase it")),
        (
            "the past",
            text("Bought KO at 60 last year, nice dividends since"),
        ),
        ("look-alike letters", text("ВТО 40 КО @ 71.50 SL 68 РТ 75")),
        (
            "a full width number with a hole",
            text("BTO ４０ KO @ ７１．５０ or maybe 7150? who knows"),
        ),
        (
            "an embed without text",
            json!({ "embeds": [{ "color": 65_280, "image": { "url": "https://example.com/a.png" } }] }),
        ),
        (
            "a JSON bomb in a field",
            json!({ "embeds": [{ "title": "alert", "fields": [{ "name": "data", "value": nest }] }] }),
        ),
        (
            "a field that claims to be JSON",
            json!({ "embeds": [{ "fields": [{ "name": "payload", "value": format!("{{\"a\":{{\"a\":{}", "{\"a\":".repeat(150)) }] }] }),
        ),
        ("two thousand marks", text("\u{200b}\u{202e}BTO ".repeat(333))),
        (
            "numbers beyond measure",
            text("BTO 99999999999999999999999999999999999999 KO @ 1e999"),
        ),
    ]
}

/// Posts refused by Discord itself: body, status.
fn refused() -> Vec<(&'static str, String, StatusCode)> {
    vec![
        (
            "100 kB",
            text("BTO KO ".repeat(15_000)).to_string(),
            StatusCode::BAD_REQUEST,
        ),
        ("a deep body", "[".repeat(100_000), StatusCode::BAD_REQUEST),
        ("no JSON", "content=BTO KO".to_owned(), StatusCode::BAD_REQUEST),
        ("nothing", json!({}).to_string(), StatusCode::BAD_REQUEST),
    ]
}

#[tokio::test]
async fn a_stranger_posts_and_only_trades_trade() {
    let folder = tempfile::tempdir().expect("a data folder");
    let mut program = Program::start(folder.path(), &["--seed", "21"]);
    let stranger = Stranger::meets(&mut program).await;
    let shares = stranger.place("share-calls");
    let mut reader = Reader {
        folder: folder.path(),
        journal: Snapshot::default(),
    };

    for (what, body, expected) in refused() {
        let (status, answer) = stranger.call(Method::POST, shares, None, Some(body)).await;
        assert_eq!(status, expected, "{what}: {answer}");
    }
    let mut silent = Vec::new();
    for (n, (what, body)) in nothings().into_iter().enumerate() {
        // Spread over channels so that Discord's own limits cost no time.
        let room = ["share-calls", "tape-alerts", "macro-desk"][n % 3];
        silent.push((what, stranger.post(stranger.place(room), &body).await));
    }
    opening(&stranger, &mut reader).await;
    second_thoughts(&stranger, &mut reader).await;
    for (what, posted) in silent {
        let read = |told: &Told| {
            told.count(Kind::SignalNotATrade)
                + told.count(Kind::SignalInvalid)
                + told.count(Kind::SignalParsed)
                > 0
        };
        let told = reader.until(&posted, what, read).await;
        println!("{what}: {}", told.words());
        assert!(!told.trades(), "{what}: {}", told.words());
    }
    assert!(program.is_alive(), "a message ended the program");
    let ended = program.terminate(Duration::from_secs(60)).await;
    assert!(ended.status.success(), "{}: {}", ended.status, ended.err);
    Snapshot::of(folder.path()).await.check_lawful("after SIGTERM");
}

/// Shares, an option, a coin, and shares with invisible characters: read as written, decided for each follower, sent.
async fn opening(stranger: &Stranger, reader: &mut Reader<'_>) {
    let mut posted = Vec::new();
    for (channel, words, symbol) in opens(stranger).await {
        let id = stranger.post(stranger.place(channel), &text(words.clone())).await;
        posted.push((id, words, symbol));
    }
    let (bid, ask) = stranger.quote("XOM").await;
    let hidden = format!(
        "B\u{200b}TO 4\u{2060}0 X\u{200d}OM @ {ask} SL {} PT {}",
        times(bid, 96, 2),
        times(ask, 105, 2)
    );
    let id = stranger
        .post(stranger.place("share-calls"), &text(hidden.clone()))
        .await;
    posted.push((id, hidden, "XOM"));
    for (id, words, symbol) in posted {
        // Coins never close, so what is bought at once must be filled, and what is filled protected.
        let filled = |told: &Told| told.count(Kind::FillBooked) * told.count(Kind::ProtectionPlaced) > 0;
        let done = |told: &Told| {
            let sent = told.count(Kind::OrderAccepted) + told.count(Kind::OrderQueued) > 0;
            sent && (!words.contains("now") || filled(told))
        };
        let told = reader.until(&id, &words, done).await;
        println!("{words}: {}", told.words());
        let read = told.first(Kind::SignalParsed).expect("it was read");
        let instruction = &read["instructions"][0];
        assert_eq!(instruction["action"], "open", "{words}: {instruction}");
        assert!(
            instruction["subject"]
                .to_string()
                .contains(&format!("\"{symbol}")),
            "{words}: {instruction}"
        );
        let traded = told.0.iter().filter_map(|e| e.trade.as_ref());
        for trade in traded {
            assert!(trade.symbol.starts_with(symbol), "{words}: {}", trade.symbol);
        }
    }
}

/// A limit far below the market is edited and then deleted: the orders follow.
async fn second_thoughts(stranger: &Stranger, reader: &mut Reader<'_>) {
    let place = stranger.place("swing-desk");
    let (bid, _) = stranger.quote("WMT").await;
    let say = |entry: i64, stop: i64| {
        let (entry, stop, target) = (times(bid, entry, 2), times(bid, stop, 2), times(bid, 110, 2));
        text(format!("Long WMT limit {entry}, SL {stop}, TP {target}"))
    };
    let id = stranger.post(place, &say(98, 92)).await;
    let placed = |told: &Told| told.count(Kind::OrderAccepted) + told.count(Kind::OrderQueued) > 0;
    reader.until(&id, "a limit", placed).await;
    let edit = say(97, 91).to_string();
    let (status, answer) = stranger.call(Method::PATCH, place, Some(&id), Some(edit)).await;
    assert!(status.is_success(), "an edit: {status} {answer}");
    let revised = |told: &Told| told.count(Kind::SignalRevised) > 0 && told.count(Kind::SignalParsed) > 1;
    let told = reader.until(&id, "an edit", revised).await;
    println!("edited: {}", told.words());
    let (status, answer) = stranger.call(Method::DELETE, place, Some(&id), None).await;
    assert!(status.is_success(), "a deletion: {status} {answer}");
    let gone = |told: &Told| {
        let ended = told.count(Kind::OrderCancelled) + told.count(Kind::OrderExpired);
        told.count(Kind::SignalDeleted) > 0 && ended > 0
    };
    let told = reader.until(&id, "a deletion", gone).await;
    println!("deleted: {}", told.words());
}
