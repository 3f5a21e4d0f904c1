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
