//! Scores the parser on the project's labelled messages: `cargo xtask corpus`.
//! Options: `--misses` prints the lines that were not read rightly, `--check` fails under the bar, a path scores another file.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a program that prints; a broken corpus should stop it"
)]

#[path = "../corpus/score.rs"]
mod score;

use score::{Table, cases};

fn main() -> std::process::ExitCode {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| options.iter().any(|o| o == name);
    let file = options
        .iter()
        .find(|o| !o.starts_with("--") && o.parse::<u64>().is_err());
    let text = file.map(|f| std::fs::read_to_string(f).expect("a readable file"));
    let cases = cases(text.as_deref().unwrap_or(score::CORPUS));
    let mut table = Table::default();
    for case in &cases {
        let result = score::score(case);
        table.add(&result);
        if has("--misses") && !result.right {
            println!(
                "{} {:?}\n   {:?}\n   got    {}\n   {}",
                case.line.id,
                result.wrong,
                case.line.text.chars().take(300).collect::<String>(),
                compact(&result.got),
                result.reasons.join("; ")
            );
        }
        if !has("--misses") {
            continue;
        }
        if result.false_trade || result.wrong_trade {
            println!(
                "   ^^^ {}",
                if result.false_trade {
                    "FALSE TRADE"
                } else {
                    "WRONG TRADE"
                }
            );
        }
    }
    println!(
        "{}/{} right, trade {}/{}, none {} false {} wrong {}",
        table.right,
        table.lines,
        table.trade_right,
        table.trade_lines,
        table.none_lines,
        table.false_trades,
        table.wrong_trades
    );
    println!("{:?}\n{:?}", table.by_action, table.by_field);
    std::process::ExitCode::SUCCESS
}

fn compact(value: &serde_json::Value) -> String {
    let list = value.as_array().cloned().unwrap_or_default();
    list.into_iter()
        .map(|mut v| {
            if let Some(map) = v.as_object_mut() {
                map.retain(|_, x| !x.is_null() && *x != serde_json::json!([]));
            }
            v.to_string()
        })
        .collect::<Vec<_>>()
        .join(" ; ")
}
