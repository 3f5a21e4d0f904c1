//! `ordercast replay` on the sample that comes with the project and on small histories of known outcome.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::program::{Bench, Ran};

/// Renew with `ordercast replay --file samples/harbour-line.json --bars samples/bars --account 10000 --risk balanced --json`.
const EXPECTED: &str = include_str!("replay.json");

fn samples() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples"))
}

fn replay(bench: &Bench, file: &str, bars: &str, more: &[&str]) -> Ran {
    let mut args = vec!["replay", "--file", file, "--bars", bars];
    args.extend_from_slice(more);
    bench.run(&args)
}

fn sample(bench: &Bench, bars: &str, more: &[&str]) -> Ran {
    let file = samples().join("harbour-line.json");
    let ran = replay(bench, file.to_str().unwrap(), bars, more);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran
}

#[test]
fn the_sample_gives_the_same_report_every_time() {
    let bench = Bench::new();
    let bars = samples().join("bars");
    let args = ["--account", "10000", "--risk", "balanced", "--json"];
    let first = sample(&bench, bars.to_str().unwrap(), &args);
    let again = sample(&bench, bars.to_str().unwrap(), &args);
    assert!(first.out == again.out, "two runs differ");
    let (is, expected): (Value, Value) = (first.json(), serde_json::from_str(EXPECTED).unwrap());
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&is[field], value, "{field}");
    }
    let text = sample(&bench, bars.to_str().unwrap(), &[]).out;
    for part in [
        "█",
        "Drawdown",
        "win rate",
        "NOT DONE, BY RULE",
        "WITHOUT PRICES",
        "not a promise",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn the_page_stands_alone() {
    let bench = Bench::new();
    let page = bench.path("report.html");
    sample(
        &bench,
        samples().join("bars").to_str().unwrap(),
        &["--html", page.to_str().unwrap()],
    );
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<svg") && page.contains("prefers-color-scheme") && page.contains("not a promise"));
    for outside in ["http:", "https:", "<script", "src=", "@import", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

/// Copies the sample's bars, each line changed by `change`, which is given the time of the bar.
fn altered(bench: &Bench, name: &str, change: impl Fn(&str, &str) -> String) -> String {
    let folder = bench.path(name);
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(samples().join("bars")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| match line.split_once(',') {
            Some((time, _)) if time != "time" => change(time, line),
            _ => line.to_owned(),
        });
        let lines: Vec<String> = lines.collect();
        fs::write(folder.join(path.file_name().unwrap()), lines.join("\n")).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// A bar with every price times a factor.
fn moved(line: &str, factor: f64) -> String {
    let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
    for price in &mut fields[1..5] {
        *price = format!("{:.2}", price.parse::<f64>().unwrap() * factor);
    }
    fields.join(",")
}

/// When a bar of the sample ends: those of the coin last longer.
fn ends(time: &str, line: &str) -> chrono::NaiveDateTime {
    let open: f64 = line.split(',').nth(1).unwrap().parse().unwrap();
    let minutes = if open > 10_000.0 { 15 } else { 5 };
    let begins: chrono::NaiveDateTime = time.trim_end_matches('Z').parse().unwrap();
    begins + chrono::TimeDelta::minutes(minutes)
}

/// A bar that falls by a tenth after its open.
fn deepened(line: &str) -> String {
    let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
    let low = format!("{:.2}", fields[3].parse::<f64>().unwrap() * 0.9);
    (fields[3], fields[4]) = (low.clone(), low);
    fields.join(",")
}

fn points(report: &Value, until: &str) -> Vec<Value> {
    let all = report["equity"].as_array().unwrap().iter();
    all.filter(|p| p["at"].as_str().unwrap() < until)
        .cloned()
        .collect()
}

/// Entries and finished trades that a point in time could already know.
fn known(report: &Value, until: &str) -> Vec<String> {
    let before = |v: &Value| v.as_str().is_some_and(|at| at < until);
    let trades = report["trades"].as_array().unwrap().iter();
    trades
        .filter(|t| before(&t["entry_at"]))
        .map(|t| {
            let exits = t["exits"].as_array().unwrap().iter().filter(|e| before(&e["at"]));
            let exits: Vec<&Value> = exits.collect();
            format!(
                "{} {} {} {:?}",
                t["message_id"], t["quantity"], t["entry_price"], exits
            )
        })
        .collect()
}

#[test]
fn prices_after_an_instant_change_nothing_before_it() {
    let bench = Bench::new();
    let plain = sample(&bench, samples().join("bars").to_str().unwrap(), &["--json"]).json();
    for (name, instant) in [
        ("a", "2026-03-04T15:10:00"),
        ("b", "2026-03-09T14:02:30"),
        ("c", "2026-03-12T18:00:00"),
    ] {
        let bars = altered(&bench, name, |time, line| {
            if time > instant {
                moved(line, 0.9)
            } else if ends(time, line) > instant.parse::<chrono::NaiveDateTime>().unwrap() {
                // Of a bar that goes on at that instant only the open is known.
                deepened(line)
            } else {
                line.to_owned()
            }
        });
        let other = sample(&bench, &bars, &["--json"]).json();
        assert_eq!(
            points(&other, instant),
            points(&plain, instant),
            "equity before {instant}"
        );
        assert_eq!(
            known(&other, instant),
            known(&plain, instant),
            "trades before {instant}"
        );
        assert_ne!(
            other["equity"], plain["equity"],
            "a tenth off after {instant} must show"
        );
    }
}

/// A history of one guild and channel with messages of one author: time and text.
fn history(messages: &[(&str, &str)]) -> String {
    let messages: Vec<Value> = messages
        .iter()
        .enumerate()
        .map(|(i, (at, text))| {
            json!({
                "id": format!("{}", 1_000 + i), "type": "Default", "timestamp": at, "timestampEdited": null,
                "isPinned": false, "content": text,
                "author": { "id": "7", "name": "caller", "nickname": "Caller", "isBot": false, "roles": [] },
                "attachments": [], "embeds": [], "reactions": [], "mentions": [],
            })
        })
        .collect();
    json!({
        "guild": { "id": "1", "name": "Floor" }, "channel": { "id": "2", "name": "calls" },
        "dateRange": { "after": null, "before": null }, "messages": messages, "messageCount": messages.len(),
    })
    .to_string()
}

/// One minute bars of AAPL from 14:30 on: open, high, low, close.
fn minutes(bars: &[[&str; 4]]) -> String {
    let mut text = "time,open,high,low,close,volume\n".to_owned();
    for (i, [o, h, l, c]) in bars.iter().enumerate() {
        text.push_str(&format!("2026-03-02T14:{:02}:00Z,{o},{h},{l},{c},100\n", 30 + i));
    }
    text
}

fn small(bench: &Bench, messages: &[(&str, &str)], bars: &[[&str; 4]]) -> Value {
    small_with(bench, messages, bars, &[])
}

fn small_with(bench: &Bench, messages: &[(&str, &str)], bars: &[[&str; 4]], more: &[&str]) -> Value {
    let file = bench.write("history.json", &history(messages));
    let _ = fs::create_dir(bench.path("bars"));
    bench.write("bars/AAPL.csv", &minutes(bars));
    let bars = bench.path("bars");
    let args = [&["--json", "--spread", "0"], more].concat();
    let ran = replay(bench, file.to_str().unwrap(), bars.to_str().unwrap(), &args);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran.json()
}

const FLAT: [&str; 4] = ["100", "100", "100", "100"];

#[test]
fn a_history_is_read_with_what_the_provider_taught() {
    let bench = Bench::new();
    let call = [("2026-03-02T14:31:30+00:00", "^^ AAPL ~ hoovering ~ 100 ~ ouch 98")];
    let bars = [FLAT; 6];
    let trades = |report: &Value| report["trades"].as_array().unwrap().len();
    assert_eq!(
        trades(&small(&bench, &call, &bars)),
        0,
        "nobody reads it untaught"
    );
    let profile = bench.write(
        "profile.json",
        r#"{"templates": [{"name": "torch", "pattern": "^^ {symbol} ~ {action} ~ {price} ~ ouch {stop}"}],
            "verbs": {"hoovering": "buy"}}"#,
    );
    let taught = ["--profile", profile.to_str().unwrap()];
    let report = small_with(&bench, &call, &bars, &taught);
    assert_eq!(trades(&report), 1, "{report}");
    let faulty = bench.write(
        "faulty.json",
        r#"{"templates": [{"name": "", "pattern": "{action} {symbol}"}]}"#,
    );
    let (file, bars) = (bench.path("history.json"), bench.path("bars"));
    let more = ["--profile", faulty.to_str().unwrap()];
    let ran = replay(&bench, file.to_str().unwrap(), bars.to_str().unwrap(), &more);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("templates[0].name: the format needs a name"),
        "{}",
        ran.err
    );
}

#[test]
fn fills_follow_the_stated_rules() {
    let call = [("2026-03-02T14:31:30+00:00", "BUY AAPL @ 100 SL 98 TP 104")];
    // Half a spread of one tick: bought at 100.01, a stop at 98 fills at 98, a target at 104 at 104.
    for (what, third, fourth, exit) in [
        (
            "both touched: the stop comes first",
            FLAT,
            ["100", "105", "97", "103"],
            "98",
        ),
        (
            "the open jumps over the stop",
            FLAT,
            ["96.5", "97", "96", "96.8"],
            "96.49",
        ),
        (
            "only the target is touched",
            FLAT,
            ["100", "104.5", "99", "104"],
            "104",
        ),
        (
            "the open jumps over the target",
            FLAT,
            ["106", "107", "105", "106"],
            "105.99",
        ),
        (
            "both touched in the bar of the entry",
            ["100", "105", "97", "103"],
            FLAT,
            "98",
        ),
    ] {
        let bench = Bench::new();
        // The bar in which the message stands would stop it out: it must not count.
        let report = small(
            &bench,
            &call,
            &[FLAT, ["100", "100", "90", "100"], third, fourth, FLAT],
        );
        let trade = &report["trades"][0];
        assert_eq!(trade["entry_price"], "100.01", "{what}: {report}");
        assert_eq!(trade["entry_at"], "2026-03-02T14:32:00.000000Z", "{what}");
        assert_eq!(trade["exits"].as_array().unwrap().len(), 1, "{what}: {trade}");
        assert_eq!(trade["exits"][0]["price"], exit, "{what}");
    }
}

#[test]
fn an_edited_message_counts_from_its_edit_on() {
    let bench = Bench::new();
    let file = history(&[("2026-03-02T14:31:30+00:00", "BUY AAPL @ 100 SL 98 TP 104")]);
    let edited = file.replace(
        "\"timestampEdited\":null",
        "\"timestampEdited\":\"2026-03-02T14:38:00+00:00\"",
    );
    let file = bench.write("history.json", &edited);
    fs::create_dir(bench.path("bars")).unwrap();
    bench.write("bars/AAPL.csv", &minutes(&[FLAT; 12]));
    let ran = replay(
        &bench,
        file.to_str().unwrap(),
        bench.path("bars").to_str().unwrap(),
        &["--json"],
    );
    let report = ran.json();
    assert_eq!(report["trades"], json!([]), "{}", ran.err);
    assert_eq!(report["refusals"][0]["code"], "stale", "{report}");
    assert_eq!(report["history"]["edited"], 1);
}

#[test]
fn what_cannot_be_replayed_is_named() {
    let bench = Bench::new();
    fs::create_dir(bench.path("bars")).unwrap();
    fs::create_dir(bench.path("odd")).unwrap();
    fs::create_dir(bench.path("none")).unwrap();
    bench.write("bars/AAPL.csv", &minutes(&[FLAT; 4]));
    bench.write(
        "odd/AAPL.csv",
        "time,open,high,low,close\n2026-03-02T14:30:00Z,1,2,1,x\n",
    );
    let good = history(&[("2026-03-02T14:31:30Z", "hello")]);
    bench.write("good.json", &good);
    bench.write("text.json", "this is no JSON");
    bench.write("list.json", "[]");
    bench.write("empty.json", &history(&[]));
    bench.write("field.json", &good.replace("\"content\"", "\"words\""));
    bench.write("time.json", &good.replace("2026-03-02T14:31:30Z", "yesterday"));
    bench.write("channel.json", &good.replace("\"channel\":", "\"chanel\":"));
    bench.write("limits.toml", "positions = 3\n");
    for (file, bars, more, expected) in [
        ("absent.json", "bars", vec![], "absent.json"),
        ("text.json", "bars", vec![], "DiscordChatExporter"),
        ("list.json", "bars", vec![], "guild, channel and messages"),
        ("empty.json", "bars", vec![], "at least one message"),
        ("field.json", "bars", vec![], "message 1: missing field `content`"),
        ("time.json", "bars", vec![], "RFC 3339"),
        ("channel.json", "bars", vec![], "field channel is missing"),
        ("good.json", "odd", vec![], "AAPL.csv, line 2: close"),
        ("good.json", "none", vec![], "expected files such as"),
        ("good.json", "absent", vec![], "absent"),
        (
            "good.json",
            "bars",
            vec!["--account", "0"],
            "--account: expected an amount above 0",
        ),
        (
            "good.json",
            "bars",
            vec!["--account", "-5"],
            "--account: expected an amount above 0",
        ),
        (
            "good.json",
            "bars",
            vec!["--risk", "reckless"],
            "conservative, balanced, aggressive",
        ),
        (
            "good.json",
            "bars",
            vec!["--risk", "limits.toml"],
            "unknown field \"positions\"",
        ),
        ("good.json", "bars", vec!["--author", "nobody"], "\"nobody\""),
        ("good.json", "bars", vec!["--spread", "99"], "--spread"),
        ("good.json", "bars", vec!["--since", "soon"], "--since"),
    ] {
        let ran = replay(&bench, file, bars, &more);
        assert_eq!(
            ran.code,
            Some(1),
            "{file} {bars} {more:?}: {}{}",
            ran.out,
            ran.err
        );
        assert!(ran.err.contains(expected), "{file} {bars} {more:?}: {}", ran.err);
    }
}
