//! Formats as providers would teach them, messages in them, and messages that only look alike.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines
)]

use ordercast_model::{
    instrument::AssetClass,
    signal::{
        profile::{ExpiryRule, Label, Profile, Template},
        reading::Verdict,
    },
    time::Timestamp,
};
use serde_json::{Value, json};

use super::Taught;
use crate::parse::{Context, answer::answer, read_text};

fn profile(patterns: &[&str]) -> Profile {
    let template = |(n, pattern): (usize, &&str)| Template {
        name: format!("format {n}"),
        pattern: (*pattern).to_owned(),
    };
    Profile {
        version: 3,
        templates: patterns.iter().enumerate().map(template).collect(),
        verbs: [("grabbing", "buy"), ("leaving", "close"), ("loading", "bto")]
            .map(|(own, known)| (own.to_owned(), known.to_owned()))
            .into(),
        ..Profile::default()
    }
}

/// 2026-11-23 15:00 in New York.
fn context(taught: Option<&Taught>) -> Context<'_> {
    Context {
        taught,
        ..Context::at(Timestamp::from_micros(1_795_464_000_000_000))
    }
}

#[test]
fn a_taught_format_is_read_field_by_field() {
    let rows: [(&str, &str, Value); 9] = [
        (
            "{action} {symbol} {strike}{right} {expiry} @ {price}",
            "BTO AAPL 190c 12/18/26 @ $3.10",
            json!({"action": "open", "side": "buy", "symbol": "AAPL", "entry": ["3.1"],
                "option": {"strike": "190", "right": "C", "expiry": "2026-12-18"}}),
        ),
        (
            "🔥 {symbol} | {action} | in {price} | out {target} | cut {stop}",
            "🔥 NVDA | grabbing | in 181.5 | out 190 | cut 177",
            json!({"action": "open", "side": "buy", "symbol": "NVDA", "entry": ["181.5"], "stop_loss": "177",
                "take_profits": ["190"]}),
        ),
        (
            "{action=bto} ~ {symbol} ~ {quantity}x ~ {price}[ // {note}]",
            "~ KO ~ 40x ~ 71.20 // nice and slow",
            json!({"action": "open", "side": "buy", "symbol": "KO", "quantity": "40", "entry": ["71.2"]}),
        ),
        (
            "{action=bto} ~ {symbol} ~ {quantity}x ~ {price}[ // {note}]",
            "~ko~40x~71.20",
            json!({"action": "open", "symbol": "KO", "quantity": "40"}),
        ),
        (
            "{symbol}:{action}\nT {target} T {target} S {stop}",
            "BTC/USDT:loading\nT 70,000 T 72,500 S 61,000",
            json!({"action": "open", "side": "buy", "symbol": "BTCUSDT", "stop_loss": "61000",
                "take_profits": ["70000", "72500"]}),
        ),
        (
            "{action} {symbol}[ {percent}%]",
            "leaving TSLA",
            json!({"action": "close", "symbol": "TSLA"}),
        ),
        (
            "{action=reduce} trimmed {symbol} by {percent}",
            "trimmed TSLA by 25%",
            json!({"action": "reduce", "symbol": "TSLA", "size_pct": "25"}),
        ),
        (
            "{action} {symbol} {type} {price}",
            "**buy** $AMD limit 160",
            json!({"action": "open", "symbol": "AMD", "entry": ["160"], "order_type": "limit"}),
        ),
        (
            "{action=sto} {symbol=SPY} {strike}{right} {expiry} {price}",
            "500p Dec 18 2026 2.1",
            json!({"action": "open", "side": "sell", "symbol": "SPY", "entry": ["2.1"],
                "option": {"strike": "500", "right": "P", "expiry": "2026-12-18"}}),
        ),
    ];
    for (pattern, text, expected) in rows {
        let taught = Taught::new(&profile(&[pattern])).unwrap_or_else(|f| panic!("{pattern}: {f:?}"));
        let reading = read_text(text, &context(Some(&taught)));
        let got = answer(&reading);
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(
                &got[0][field], value,
                "{pattern} on {text:?}: {field} of {got:#} {reading:?}"
            );
        }
        assert_eq!(reading.confidence.to_string(), "0.950", "{text}");
        assert!(
            reading.reasons[0].contains("format 0") && reading.reasons[0].contains("version 3"),
            "{:?}",
            reading.reasons
        );
        for span in &reading.spans {
            let marked = reading.text.get(span.start..span.end).unwrap();
            assert!(!marked.trim().is_empty(), "{text}: {span:?}");
        }
        assert!(reading.spans.iter().any(|s| s.field == "symbol") || pattern.contains("{symbol="));
    }
}

#[test]
fn what_does_not_fit_is_read_as_if_nothing_had_been_taught() {
    let taught = Taught::new(&profile(&[
        "{action} {symbol} @ {price}[ {note}]",
        "{symbol} {action}",
        "in {symbol} {price} {action=bto}",
    ]))
    .unwrap();
    for text in [
        "looking great today everyone",
        "AAPL mooning",
        "what a day",
        "BTO 5 AAPL @ 180 SL 175",
        "in AAPL 4,20",
        "buy AAPL @ 180 not yet, wait for me",
        "buy AAPL @ 180 or is that silly?",
        "gm",
        "",
    ] {
        let alone = read_text(text, &context(None));
        assert_eq!(read_text(text, &context(Some(&taught))), alone, "{text}");
    }
}

#[test]
fn days_are_read_in_every_spelling_the_slot_takes() {
    let taught = Taught::new(&profile(&["{action} {symbol} {strike}{right} {expiry} {price}"])).unwrap();
    for (day, expected) in [
        ("2026-12-18", json!("2026-12-18")),
        ("12/18/2026", json!("2026-12-18")),
        ("18 Dec 26", json!("2026-12-18")),
        ("Dec 18, 2026", json!("2026-12-18")),
        ("0dte", json!("2026-11-23")),
        ("today", json!("2026-11-23")),
        ("Friday", json!("2026-11-27")),
        ("12/18", json!("12/18")),
    ] {
        let text = format!("bto AAPL 190c {day} 3.10");
        let got = answer(&read_text(&text, &context(Some(&taught))));
        assert_eq!(got[0]["option"]["expiry"], expected, "{text}: {got:#}");
    }
}

#[test]
fn levels_that_cannot_be_are_refused_by_name() {
    let taught = Taught::new(&profile(&["{action} {symbol} {price} stop {stop}"])).unwrap();
    let reading = read_text("grabbing AAPL 180 stop 190", &context(Some(&taught)));
    assert!(
        matches!(&reading.verdict, Verdict::Invalid { field, .. } if field == "stop"),
        "{reading:?}"
    );
}

#[test]
fn a_pattern_that_cannot_be_is_refused_with_its_reason() {
    let long = "x".repeat(501);
    let rows = [
        ("{action} {price}", "expected {symbol}"),
        ("{symbol} {price}", "expected {action}"),
        (
            "{action} {ticker}",
            "unknown slot {ticker}; known: action, symbol",
        ),
        ("{action}{symbol}", "{action} and {symbol} touch"),
        ("{action} {symbol}{strike} {right}", "{symbol} and {strike} touch"),
        ("{action} {symbol} {strike}", "both {strike} and {right}"),
        ("{action} {symbol} {expiry}", "{expiry} without"),
        ("{action} {symbol} {symbol}", "{symbol} stands there twice"),
        ("{action} {symbol", "without its"),
        ("{action} {symbol} ]", "without its opening"),
        ("{action} {symbol} [a [b]]", "inside another"),
        ("{action} {symbol} [a", "without its"),
        ("{action=dance} {symbol}", "not known as action"),
        ("{action} {symbol} {price=3}", "cannot be stated"),
        ("{action=buy} {symbol=KO}", "at least one slot"),
        ("{action} x{symbol}", "touches a word"),
        (long.as_str(), "at most 500 characters, got 501"),
        ("", "expected {action}"),
    ];
    for (pattern, expected) in rows {
        let faults = Taught::new(&profile(&[pattern])).unwrap_err();
        assert_eq!(faults[0].field, "templates[0].pattern", "{pattern}");
        assert!(
            faults[0].message.contains(expected),
            "{pattern}: {}",
            faults[0].message
        );
    }
    let mut odd = profile(&["{action} {symbol}"]);
    odd.verbs.insert("yolo".to_owned(), "dance".to_owned());
    odd.verbs.insert("  ".to_owned(), "buy".to_owned());
    let faults = Taught::new(&odd).unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

fn worded(change: impl FnOnce(&mut Profile)) -> Taught {
    let mut profile = profile(&[]);
    profile.labels = [
        ("getting in", Label::Entry),
        ("cut", Label::Stop),
        ("goal", Label::Target),
    ]
    .map(|(own, is)| (own.to_owned(), is))
    .into();
    change(&mut profile);
    Taught::new(&profile).unwrap()
}

#[test]
fn own_words_are_read_as_the_known_ones_and_marked_where_they_stand() {
    let taught = worded(|_| {});
    let text = "Grabbing NVDA getting in 181.5 cut 177 goal 190";
    let reading = read_text(text, &context(Some(&taught)));
    let got = answer(&reading);
    assert_eq!(
        got,
        answer(&read_text("buy NVDA entry 181.5 SL 177 TP 190", &context(None)))
    );
    assert_eq!(reading.text, text);
    assert!(reading.reasons[0].contains("Grabbing = buy"), "{reading:?}");
    assert!(reading.reasons[0].ends_with("(version 3)"), "{reading:?}");
    assert_eq!(taught.format_of(&reading), None);
    let words = |field: &str| -> Vec<&str> {
        let own = reading.spans.iter().filter(|s| s.field == field);
        own.map(|s| &text[s.start..s.end]).collect()
    };
    assert_eq!(words("symbol"), ["NVDA"]);
    assert!(words("action").contains(&"Grabbing"), "{reading:?}");
    assert!(words("stop").iter().any(|w| w.contains("177")), "{reading:?}");
    // A part of a word is no word.
    let part = "regrabbing NVDA cutlery 177";
    assert_eq!(
        read_text(part, &context(Some(&taught))),
        read_text(part, &context(None))
    );
}

#[test]
fn what_a_message_leaves_open_is_filled_in_and_said() {
    let usual = |expiry, asset| {
        worded(|p| {
            p.default_expiry = expiry;
            p.default_asset = asset;
        })
    };
    for (rule, expected) in [
        (None, Value::Null),
        (Some(ExpiryRule::SameDay), json!("2026-11-23")),
        (Some(ExpiryRule::SameWeek), json!("2026-11-27")),
    ] {
        let taught = usual(rule, None);
        let reading = read_text("BTO AAPL 190c @ 3.10", &context(Some(&taught)));
        assert_eq!(answer(&reading)[0]["option"]["expiry"], expected, "{rule:?}");
        assert_eq!(
            reading.reasons.iter().any(|r| r.contains("usual")),
            rule.is_some()
        );
        let stated = read_text("BTO AAPL 190c 12/18/26 @ 3.10", &context(Some(&taught)));
        assert_eq!(answer(&stated)[0]["option"]["expiry"], "2026-12-18");
    }
    let taught = usual(None, Some(AssetClass::Crypto));
    let asset = |text: &str| {
        let reading = read_text(text, &context(Some(&taught)));
        reading.instructions()[0].subject.as_ref().unwrap().asset
    };
    assert_eq!(asset("buy XYZQ @ 180"), Some(AssetClass::Crypto));
    assert_eq!(asset("buy AAPL @ 180"), Some(AssetClass::Equity));
    assert_eq!(asset("buy AAPL 190c 12/18/26 @ 3.10"), Some(AssetClass::Option));
}

#[test]
fn every_fault_of_a_profile_is_named_by_its_field() {
    let mut odd = profile(&["{action} {symbol}", "{action} {symbol} {price}", "{action}"]);
    odd.templates[0].name = " ".to_owned();
    odd.templates[1].name = "x".repeat(61);
    odd.verbs.insert("yolo".to_owned(), "dance".to_owned());
    for word in ["not", "do not", "should i", "если", "paper"] {
        odd.verbs.insert(word.to_owned(), "buy".to_owned());
    }
    odd.labels.insert("Grabbing".to_owned(), Label::Stop);
    odd.labels.insert("!".to_owned(), Label::Stop);
    odd.default_asset = Some(AssetClass::Fx);
    let faults = Taught::new(&odd).unwrap_err();
    let mut fields: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "default_asset",
            "labels[\"!\"]",
            "labels[\"Grabbing\"]",
            "templates[0].name",
            "templates[1].name",
            "templates[2].pattern",
            "verbs[\"do not\"]",
            "verbs[\"not\"]",
            "verbs[\"paper\"]",
            "verbs[\"should i\"]",
            "verbs[\"yolo\"]",
            "verbs[\"если\"]",
        ]
    );
    let mut twice = profile(&["{action} {symbol}", "{action} {symbol} {price}"]);
    twice.templates[1].name = "FORMAT 0".to_owned();
    assert_eq!(Taught::new(&twice).unwrap_err()[0].field, "templates[1].name");
}
