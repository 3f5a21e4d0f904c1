//! `ordercast parse` in all its forms.

use serde_json::{Value, json};

use crate::program::Bench;

const MESSAGE: &str = "BTO 2 AAPL 190c 6/20 @ 3.10";

#[test]
fn a_message_is_shown_with_its_spans() {
    let ran = Bench::new().run(&["parse", MESSAGE]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains(MESSAGE) && ran.out.contains('^') && ran.out.contains("confidence"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("AAPL"), "{}", ran.out);
}

#[test]
fn json_holds_the_signals_and_the_spans() {
    let bench = Bench::new();
    let file = bench.write("message.txt", &format!("{MESSAGE}\n"));
    for ran in [
        bench.run(&["parse", "--json", MESSAGE]),
        bench.feed(&["parse", "--json", "-"], MESSAGE),
        bench.run(&["parse", "--json", "--file", file.to_str().unwrap()]),
    ] {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let value = ran.json();
        let signal = &value["signals"][0];
        assert_eq!(
            (&signal["symbol"], &signal["entry"]),
            (&json!("AAPL"), &json!(["3.1"])),
            "{value}"
        );
        assert_eq!(signal["option"]["strike"], "190");
        assert!(!value["spans"].as_array().unwrap().is_empty(), "{value}");
    }
}

#[test]
fn talk_is_no_trade_and_says_why() {
    let ran = Bench::new().run(&["parse", "good morning everybody"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("not a trade"), "{}", ran.out);
}

#[test]
fn lines_are_answered_one_by_one() {
    let lines = [
        json!({ "id": "a", "kind": "discord_text", "text": MESSAGE, "reply_to": null, "ts": "2026-06-15T14:00:00Z" }),
        json!({ "id": "b", "kind": "discord_text", "text": "lol nice", "reply_to": null, "ts": "2026-06-15T14:00:00Z" }),
        json!({ "id": "c", "kind": "carrier_pigeon", "text": "coo" }),
    ];
    let mut input: Vec<String> = lines.iter().map(Value::to_string).collect();
    input.push("{ not json".to_owned());
    let ran = Bench::new().feed(&["parse", "--jsonl"], &input.join("\n"));
    assert_eq!(ran.code, Some(1), "two lines could not be read");
    let answers: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 4);
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, [&json!("a"), &json!("b"), &json!("c"), &Value::Null]);
    assert_eq!(
        answers[0]["signals"].as_array().unwrap().len(),
        1,
        "{}",
        answers[0]
    );
    for answer in &answers[1..] {
        assert_eq!(answer["signals"], json!([]), "{answer}");
        assert!(answer["reason"].is_string(), "{answer}");
    }
    assert!(
        answers[2]["error"]
            .as_str()
            .unwrap()
            .contains("kind: expected discord_text"),
        "{}",
        answers[2]
    );
    assert!(
        answers[3]["error"].as_str().unwrap().contains("line 4"),
        "{}",
        answers[3]
    );
}

#[test]
fn nothing_to_read_is_said() {
    let ran = Bench::new().run(&["parse"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("nothing to read"), "{}", ran.err);
}

#[test]
fn a_huge_message_and_odd_bytes_are_read_without_harm() {
    let bench = Bench::new();
    let ran = bench.feed(&["parse", "-"], &"A".repeat(100_000));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("not a trade"),
        "{}",
        ran.out.chars().rev().take(200).collect::<String>()
    );
    let path = bench.path("odd");
    std::fs::write(&path, b"BTO AAPL \xff\xfe 190c").unwrap();
    assert_eq!(
        bench.run(&["parse", "--file", path.to_str().unwrap()]).code,
        Some(0)
    );
}

#[test]
fn the_words_of_a_profile_are_read_with() {
    let bench = Bench::new();
    let cases: [(&str, &str, &str, &str); 5] = [
        (
            r#"{"verbs": {"hoovering up": "buy"}}"#,
            "Hoovering up AAPL @ 200",
            "/side",
            "buy",
        ),
        (
            r#"{"labels": {"ouch": "stop"}}"#,
            "BUY AAPL @ 200 ouch 190",
            "/stop_loss",
            "190",
        ),
        (r#"{"sell_means": "open_short"}"#, "sell AAPL", "/action", "open"),
        (r#"{"sell_means": "close_long"}"#, "sell AAPL", "/action", "close"),
        (
            r#"{"default_asset": "crypto"}"#,
            "buy XYZQ @ 150",
            "/asset",
            "crypto",
        ),
    ];
    for (profile, message, field, expected) in cases {
        bench.write("words.json", profile);
        let ran = bench.run(&["parse", "--json", "--profile", "words.json", message]);
        assert_eq!(ran.code, Some(0), "{profile}: {}", ran.err);
        let signal = &ran.json()["signals"][0];
        assert_eq!(
            signal.pointer(field).and_then(|v| v.as_str()),
            Some(expected),
            "{profile}: {}",
            ran.out
        );
    }
    bench.write("words.json", r#"{"default_expiry": "same_day"}"#);
    let day = bench.run(&[
        "parse",
        "--json",
        "--profile",
        "words.json",
        "BTO SPY 500c @ 1.20",
    ]);
    assert!(
        day.json()["signals"][0]["option"]["expiry"].is_string(),
        "{}",
        day.out
    );
    let plain = bench.run(&["parse", "--json", "BTO SPY 500c @ 1.20"]);
    assert!(
        plain.json()["signals"][0]["option"]["expiry"].is_null(),
        "{}",
        plain.out
    );
    for (profile, fault) in [
        (
            r#"{"verbs": {"go": "dance"}}"#,
            "verbs[\"go\"]: expected a known action",
        ),
        (
            r#"{"default_asset": "option"}"#,
            "default_asset: expected equity or crypto",
        ),
        (r#"{"labels": {"cut": "exit"}}"#, "is no profile"),
    ] {
        bench.write("words.json", profile);
        let ran = bench.run(&["parse", "--profile", "words.json", "BUY AAPL"]);
        assert_eq!(ran.code, Some(1), "{profile}");
        assert!(ran.err.contains(fault), "{profile}: {}", ran.err);
    }
}

#[test]
fn a_format_of_the_provider_is_taught_by_a_template_or_a_profile() {
    let bench = Bench::new();
    let message = "~ KO ~ 40x ~ 71.20 // nice and slow";
    let pattern = "{action=bto} ~ {symbol} ~ {quantity}x ~ {price}[ // {note}]";
    let plain = bench.run(&["parse", "--json", message]);
    assert_eq!(plain.json()["signals"], serde_json::json!([]), "{}", plain.out);
    let taught = bench.run(&["parse", "--json", "--template", pattern, message]);
    assert_eq!(taught.code, Some(0), "{}", taught.err);
    let signal = &taught.json()["signals"][0];
    assert_eq!(
        (signal["symbol"].as_str(), signal["quantity"].as_str()),
        (Some("KO"), Some("40")),
        "{}",
        taught.out
    );
    bench.write(
        "profile.json",
        r#"{"templates": [{"name": "Call", "pattern": "{symbol} {action} {price}"}], "verbs": {"grabbing": "buy"}}"#,
    );
    let text = bench.run(&["parse", "--profile", "profile.json", "KO grabbing 71.20"]);
    assert!(
        text.out.contains("open") && text.out.contains("format \"Call\""),
        "{}",
        text.out
    );
    let faulty = bench.run(&["parse", "--template", "{action} {ticker}", message]);
    assert_eq!(faulty.code, Some(1));
    assert!(
        faulty
            .err
            .contains("templates[0].pattern: unknown slot {ticker}; known: action, symbol"),
        "{}",
        faulty.err
    );
    bench.write("odd.json", r#"{"template": []}"#);
    let odd = bench.run(&["parse", "--profile", "odd.json", message]);
    assert!(
        odd.err.contains("odd.json is no profile") && odd.err.contains("template"),
        "{}",
        odd.err
    );
}
