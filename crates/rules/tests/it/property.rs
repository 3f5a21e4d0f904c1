//! Whatever is sent, the parser answers: no panic, spans inside the text, work that grows with the text and not faster.

use ordercast_model::signal::{
    instruction::Entry,
    raw::{Content, Embed, EmbedField},
    reading::{Reading, Verdict},
};
use ordercast_rules::parse::{
    Context, MOST_INSTRUCTIONS,
    answer::answer,
    envelope,
    explain::explain,
    line::{Line, answer_line, read_line},
    measured, read, read_slash, read_text, read_webhook,
};
use proptest::prelude::*;

fn context() -> Context<'static> {
    Context::at("2026-11-25T15:00:00Z".parse().expect("a time"))
}

fn sound(reading: &Reading) {
    for span in &reading.spans {
        assert!(
            reading.text.get(span.start..span.end).is_some(),
            "{span:?} outside {:?}",
            reading.text
        );
    }
    if let Verdict::Trade { instructions } = &reading.verdict {
        assert!((1..=MOST_INSTRUCTIONS).contains(&instructions.len()));
        assert!(reading.confidence.value() >= 400);
        for one in instructions {
            assert!(one.targets.len() <= 6);
            if let Entry::Ladder(steps) = &one.entry {
                assert!(steps.len() <= 5);
            }
        }
    }
    let _ = (answer(reading), explain(reading));
    let text = serde_json::to_string(reading).expect("a reading is JSON");
    let again: Reading = serde_json::from_str(&text).expect("a reading comes back");
    assert_eq!(&again, reading);
}

const PIECES: &[&str] = &[
    "BTO",
    "STC",
    "buy",
    "sell",
    "long",
    "short",
    "close",
    "half",
    "1/2",
    "AAPL",
    "$TSLA",
    "BTC/USDT",
    "EURUSD",
    "185c",
    "$190 call",
    "8/22",
    "0DTE",
    "@",
    "3.10",
    "61,250.50",
    "1.24e-5",
    "50%",
    "5x",
    "x10",
    "SL",
    "TP1",
    "target",
    "entry",
    "-",
    "/",
    "|",
    ";",
    "\n",
    "(",
    ")",
    "\"",
    "'",
    "**",
    "~~",
    "||",
    "> ",
    "```",
    "not",
    "if",
    "?",
    "!",
    ".",
    "and",
    "BE",
    "to",
    "move",
    "cancel",
    "all",
    "market",
    "now",
    "limit",
    "stop",
    "1)",
    "🎯",
    "✅",
    "<@1>",
    "http://a.b",
    "{{x}}",
    "_",
    "=",
    ":",
    "GOOGL_082225_205_C",
    "SPY251219P00640000",
    "做多",
    "止损",
    "ВТС",
    "½",
    "1️⃣",
    "99999999999999999999",
];

/// Words, numbers and marks that mean something, in any order.
fn babble() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec((piece, prop::sample::select(vec!["", " ", "  "])), 0..40).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(word, gap)| format!("{word}{gap}"))
            .collect()
    })
}

fn embed() -> impl Strategy<Value = Embed> {
    let text = || prop::option::of(babble());
    (
        text(),
        text(),
        text(),
        prop::collection::vec((babble(), babble()), 0..4),
        text(),
    )
        .prop_map(|(author, title, description, fields, footer)| Embed {
            author,
            title,
            description,
            fields: fields
                .into_iter()
                .map(|(name, value)| EmbedField { name, value })
                .collect(),
            footer,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_answered(text in any::<String>()) {
        sound(&read_text(&text, &context()));
        sound(&read_webhook(&text, &context()));
        sound(&read_slash(&text, &context()));
        let _ = envelope(&text);
    }

    #[test]
    fn babble_is_answered(text in babble(), reply in babble()) {
        let reply = Content { text: reply, ..Content::default() };
        let context = Context { reply_to: Some(&reply), ..context() };
        sound(&read_text(&text, &context));
        sound(&read_webhook(&text, &context));
        sound(&read_slash(&format!("/trade {text}"), &context));
    }

    #[test]
    fn embeds_are_answered(text in babble(), embeds in prop::collection::vec(embed(), 0..4), forwarded in prop::collection::vec(babble(), 0..2)) {
        sound(&read(&Content { text, embeds, forwarded }, &context()));
    }

    #[test]
    fn json_is_answered(action in babble(), symbol in babble(), price in any::<f64>(), quantity in any::<i64>(), list in prop::collection::vec(any::<f32>(), 0..9)) {
        let body = serde_json::json!({"action": action, "ticker": symbol, "price": price, "quantity": quantity, "takeProfit": list}).to_string();
        sound(&read_webhook(&body, &context()));
        let body = serde_json::json!({"action": "buy", "ticker": "AAPL", "price": price, "quantity": quantity, "takeProfit": list, "stopLoss": {"price": symbol}}).to_string();
        sound(&read_webhook(&body, &context()));
    }

    #[test]
    fn reading_is_the_same_twice(text in babble()) {
        prop_assert_eq!(read_text(&text, &context()), read_text(&text, &context()));
    }
}

/// A step of a small generator, so that a failure comes again.
fn next(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).expect("31 bits")
}

/// Cuts, doubles, swaps and inserts characters of a text.
fn damaged(text: &str, seed: &mut u64) -> String {
    const ODD: [char; 12] = [
        '\u{200d}', '\u{202e}', '\u{301}', '\u{20e3}', '½', '０', '🎯', '\0', '"', '`', '→', '\n',
    ];
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=next(seed) % 6 {
        let at = next(seed) % (chars.len() + 1);
        match next(seed) % 5 {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 if at < chars.len() => chars.insert(at, chars[at]),
            2 if at + 1 < chars.len() => chars.swap(at, at + 1),
            3 => chars.insert(at, ODD[next(seed) % ODD.len()]),
            _ => {
                let piece = PIECES[next(seed) % PIECES.len()];
                let tail = chars.split_off(at);
                chars.extend(piece.chars().chain(tail));
            }
        }
    }
    chars.into_iter().collect()
}

/// The bounded run of the fuzz target: labelled lines, damaged.
#[test]
fn damaged_lines_are_answered() {
    let mut seed = 20_261_123;
    for case in crate::corpus::all_cases() {
        for _ in 0..2 {
            let text = damaged(&case, &mut seed);
            let first = read_text(&text, &context());
            sound(&first);
            assert_eq!(first, read_text(&text, &context()), "{text:?}");
            sound(&read_webhook(&text, &context()));
        }
    }
}

#[test]
fn one_character_sixteen_thousand_times() {
    for c in "a1.,-/@$\"'*_~|`<>:()[]%\n \u{200b}é做🎯\\#=+&!?".chars() {
        let text: String = std::iter::repeat_n(c, 16_000).collect();
        sound(&read_text(&text, &context()));
    }
    for pair in [
        "a.",
        "1,",
        "<@",
        "\"a ",
        "'a ",
        "~~a",
        "||",
        ":a",
        "SL ",
        "TP1 1 ",
        "BTO AAPL ",
        "and ",
        "1/2 ",
        "if ",
        "not ",
    ] {
        let text: String = pair.repeat(16_000 / pair.len());
        sound(&read_text(&text, &context()));
    }
}

#[test]
fn too_long_a_message_is_not_read() {
    let text = format!("BTO 2 AAPL 190c 12/18 @ 3.10 {}", "x".repeat(16_000));
    let reading = read_text(&text, &context());
    assert!(
        matches!(reading.verdict, Verdict::NotATrade { .. }),
        "{:?}",
        reading.verdict
    );
    assert!(
        reading.reasons.iter().any(|r| r.contains("16000")),
        "{:?}",
        reading.reasons
    );
    let fits = format!("BTO 2 AAPL 190c 12/18 @ 3.10\n{}", "\n".repeat(15_000));
    assert_eq!(read_text(&fits, &context()).instructions().len(), 1);
}

#[test]
fn work_grows_with_the_text() {
    let kinds = [
        "BTO 2 AAPL 190c 12/18 @ 3.10 SL 2 TP 4\n",
        "gm everyone, not a signal? ",
        "\"a 'b ~~c <@1 ",
        "TP 1 2 3 / 4 - 5 ",
        "(((((",
        "if AAPL then and but ",
        "1,2.3,4 ",
    ];
    for kind in kinds {
        let cost = |times: usize| {
            let content = Content {
                text: kind.repeat(times),
                ..Content::default()
            };
            measured(&content, &context()).1
        };
        let times = 6_000 / kind.len();
        let (one, two) = (cost(times), cost(times * 2));
        assert!(two <= one * 2 + one / 4, "{kind:?}: {one} then {two}");
    }
}

#[test]
fn limits_are_refused_by_name() {
    let many = (0..11)
        .map(|i| {
            format!(
                "BTO {}{} @ {}",
                [
                    "AAPL", "MSFT", "NVDA", "AMD", "TSLA", "META", "QQQ", "SPY", "PLTR", "SHOP", "ROKU"
                ][i],
                "",
                i + 10
            )
        })
        .collect::<Vec<_>>()
        .join("\n");
    for (text, field) in [
        (many.as_str(), "instructions"),
        ("LONG BTCUSDT 100 SL 90 TP 101 102 103 104 105 106 107", "target"),
        ("LONG BTCUSDT\nEntry: 100, 99, 98, 97, 96, 95\nSL 90", "entry"),
    ] {
        let reading = read_text(text, &context());
        assert!(
            matches!(&reading.verdict, Verdict::Invalid { field: f, .. } if f == field),
            "{text:?} {:?}",
            reading.verdict
        );
    }
}

#[test]
fn a_line_is_answered_in_the_schema() {
    let line = Line {
        id: "x".to_owned(),
        kind: "discord_text".to_owned(),
        text: "BTO 2 AAPL 190c 6/20 @ 3.10".to_owned(),
        ..Line::default()
    };
    let reading = read_line(&line).expect("a known kind");
    let answer = answer_line(&line, &reading);
    assert_eq!(answer["id"], "x");
    assert_eq!(answer["signals"][0]["option"]["expiry"], "06/20");
    assert_eq!(answer["signals"][0]["entry"][0], "3.1");
    assert!(
        read_line(&Line {
            kind: "fax".to_owned(),
            ..line
        })
        .is_err()
    );
}
