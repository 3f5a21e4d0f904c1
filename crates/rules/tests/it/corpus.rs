//! The same check as `cargo xtask corpus --check`, and our own lines.

#[path = "../../corpus/mutate.rs"]
mod mutate;
#[path = "../../corpus/own.rs"]
mod own;
#[path = "../../corpus/score.rs"]
mod score;

use score::Table;

#[test]
fn corpus_bar() {
    let cases = score::cases(score::CORPUS);
    let mut missed = Vec::new();
    let (mut lines, mut changed) = (Table::default(), Table::default());
    for (i, case) in cases.iter().enumerate() {
        let outcome = score::score(case);
        if !outcome.right {
            missed.push(format!(
                "{} {:?} {} {}",
                case.line.id,
                outcome.wrong,
                score::compact(&outcome.got),
                outcome.reasons.join("; ")
            ));
        }
        lines.add(&outcome);
        let mut dice = mutate::Dice::new(i as u64 + 1);
        for kind in 0..6 {
            if let Some((other, _)) = mutate::mutate(case, kind, &mut dice) {
                changed.add(&score::score(&other));
            }
        }
    }
    let faults = score::under_the_bar(&lines, &changed);
    assert!(
        faults.is_empty(),
        "{}\n{}\n{faults:?}",
        lines.summary(),
        changed.summary()
    );
    assert!(
        changed.lines > 500,
        "the changes reach {} lines only",
        changed.lines
    );
    assert!(
        !lines.actions().is_empty()
            && !lines.fields().is_empty()
            && !score::compact(&serde_json::json!([{}])).is_empty()
    );
}

/// Batches that were written before the parser had seen them; what they taught is in the grammar.
const FRESH: [(&str, &str); 13] = [
    ("equities", include_str!("../../corpus/fresh/equities.jsonl")),
    ("crypto", include_str!("../../corpus/fresh/crypto.jsonl")),
    ("silence", include_str!("../../corpus/fresh/silence.jsonl")),
    ("mixed", include_str!("../../corpus/fresh/mixed.jsonl")),
    ("houses", include_str!("../../corpus/fresh/houses.jsonl")),
    ("provoked", include_str!("../../corpus/fresh/provoked.jsonl")),
    ("desks", include_str!("../../corpus/fresh/desks.jsonl")),
    ("channels", include_str!("../../corpus/fresh/channels.jsonl")),
    ("traders", include_str!("../../corpus/fresh/traders.jsonl")),
    ("speech", include_str!("../../corpus/fresh/speech.jsonl")),
    ("sibling", include_str!("../../corpus/fresh/sibling.jsonl")),
    ("kin", include_str!("../../corpus/fresh/kin.jsonl")),
    ("cousin", include_str!("../../corpus/fresh/cousin.jsonl")),
];

#[test]
fn fresh_batches_stay_right() {
    for (name, text) in FRESH {
        let mut table = Table::default();
        let cases = score::cases(text);
        cases.iter().for_each(|case| table.add(&score::score(case)));
        assert!(table.lines >= 100, "{name}: {} lines", table.lines);
        assert_eq!(
            table.false_trades + table.wrong_trades,
            0,
            "{name}: {}",
            table.summary()
        );
        assert!(table.permille() >= 970, "{name}: {}", table.summary());
    }
}

#[test]
fn own_lines_read_as_expected() {
    let all = own::lines();
    assert!(all.len() >= 150, "{} own lines", all.len());
    let wrong: Vec<String> = all
        .iter()
        .filter_map(|(text, expected)| {
            let (got, reading) = own::short(text, expected);
            (got != *expected).then(|| {
                format!(
                    "{text:?}\n  expected {expected}\n  read     {got}\n  {:?}",
                    reading.reasons
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn spans_point_at_their_words() {
    for (text, expected) in own::lines()
        .into_iter()
        .filter(|(text, _)| !text.starts_with("["))
    {
        let (_, reading) = own::short(&text, &expected);
        for span in &reading.spans {
            let part = reading.text.get(span.start..span.end);
            assert!(part.is_some_and(|p| !p.trim().is_empty()), "{text:?} {span:?}");
        }
        if let [only] = reading.instructions()
            && let Some(subject) = &only.subject
            && subject.option.is_none()
        {
            let span = reading
                .spans
                .iter()
                .find(|s| s.field == "symbol")
                .unwrap_or_else(|| panic!("{text:?} has no symbol span"));
            let word = reading.text[span.start..span.end].to_uppercase();
            assert!(
                word.contains(subject.symbol.get(..2).unwrap_or(&subject.symbol))
                    || subject.symbol.starts_with("XA"),
                "{text:?} {word}"
            );
        }
    }
}

/// Lines of the acceptance scenarios that speak of reading: message and short form.
#[track_caller]
fn check(lines: &[(&str, &str)]) {
    for (text, expected) in lines {
        let (got, reading) = own::short(text, expected);
        assert_eq!(got, *expected, "{text:?} {:?}", reading.reasons);
    }
}

#[test]
fn ac_21_negation_and_recap_order_nothing() {
    check(&[
        ("TSLA entry 250, do not buy yet", "none:negation"),
        ("TP1 hit +40%! closed yesterday", "none:recap"),
    ]);
}

#[test]
fn ac_22_a_view_is_no_order() {
    check(&[("Sell AAPL, I am bullish on MSFT", "close AAPL mkt")]);
}

#[test]
fn ac_23_a_verb_is_no_symbol() {
    check(&[(
        "BUY BTCUSDT at 45000\nSL 44000\nTP 47000",
        "open long BTCUSDT @45000 sl44000 tp47000",
    )]);
}

#[test]
fn ac_24_a_count_is_no_price() {
    check(&[("buy AAPL 100 shares @market", "open long AAPL mkt q100")]);
}

#[test]
fn ac_25_a_currency_pair_is_read_and_named() {
    let text = "EURUSD buy 1.0850 SL 1.0800";
    check(&[(text, "open long EURUSD @1.085 sl1.08")]);
    let (_, reading) = own::short(text, "");
    assert_eq!(
        ordercast_rules::parse::answer::reason(&reading),
        serde_json::json!("unsupported_asset")
    );
}

#[test]
fn ac_26_an_embed_names_the_exact_contract() {
    check(&[(
        r#"[embed] {"content":"","embeds":[{"title":"Bought NVDA Aug 22 2027 $185.00 Call @ $2.10"}]}"#,
        "open long NVDA 185C 2027-08-22 @2.1",
    )]);
}

#[test]
fn ac_27_half_out_and_the_stop_to_the_entry() {
    check(&[(
        "[reply: BTO 3 AAPL 150c 12/19 @ 2.13 SL 1.60] half out, SL to BE",
        "reduce AAPL 150C 12/19 mkt pos50 ; update_stop AAPL 150C 12/19 be",
    )]);
}

#[test]
fn ac_28_a_close_without_reply_names_its_instrument_only() {
    check(&[("close AAPL", "close AAPL mkt")]);
}

#[test]
fn ac_30_an_order_is_an_order_however_it_came() {
    check(&[("BUY AAPL now", "open long AAPL mkt")]);
}

#[test]
fn ac_34_a_blank_is_named() {
    check(&[(
        r#"[webhook] {"ticker":"BTCUSDT","action":"buy","price":"{{close}}"}"#,
        "invalid:placeholder",
    )]);
}

#[test]
fn ac_35_what_is_inferred_costs_confidence() {
    for (text, low, high) in [
        ("BTO 2 AAPL 150c 12/19/2026 @ 2.10 SL 1.60", 900, 999),
        ("BTO 2 AAPL 150c 12/19 @ 2.10 SL 1.60", 700, 899),
        ("AAPL 150c 12/19 @ 2.10 entry", 400, 699),
    ] {
        let (_, reading) = own::short(text, "");
        let value = reading.confidence.value();
        assert!(
            (low..=high).contains(&value),
            "{text:?} {value} {:?}",
            reading.reasons
        );
    }
}

/// The texts of every labelled line.
pub(crate) fn all_cases() -> Vec<String> {
    let files = FRESH.iter().map(|(_, text)| *text).chain([score::CORPUS]);
    files.flat_map(score::cases).map(|case| case.line.text).collect()
}
