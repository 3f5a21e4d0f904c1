//! What was not done and why: refusals by rule or reason with an example, and symbols without prices.

use std::collections::BTreeMap;

use ordercast_model::{
    decision::{Decision, DecisionStatus, SkipReason},
    signal::instruction::Instruction,
};

use super::Left;
use crate::replay::report::{Missing, Refusal};

/// Why nothing was done, as code and title; none when something was.
fn reason(decision: &Decision) -> Option<(String, String)> {
    match decision.status {
        DecisionStatus::Skipped(reason) => {
            let code = reason.code();
            Some((code.to_owned(), code.replace('_', " ")))
        }
        DecisionStatus::Denied => Some(decision.breaches.first().map_or_else(
            || ("denied".to_owned(), "denied".to_owned()),
            |b| (b.rule.code().to_owned(), b.rule.title().to_owned()),
        )),
        DecisionStatus::Expired => Some(("expired".to_owned(), "expired".to_owned())),
        _ => None,
    }
}

/// What the paper venue of a replay means by a name it does not know.
const UNKNOWN: &str = "is not known at this venue";

/// The message of a refusal in the words of a replay: its venue knows what the bars cover.
fn told(message: &str) -> String {
    message.replace(UNKNOWN, "has no bars here")
}

/// By rule, the most frequent first.
pub fn refusals(left: &Left<'_>) -> Vec<Refusal> {
    let mut all: BTreeMap<String, Refusal> = BTreeMap::new();
    for decision in &left.decisions {
        let Some((code, title)) = reason(decision) else {
            continue;
        };
        let signal = left.signal(decision.signal_id);
        let slot = all.entry(code.clone()).or_insert_with(|| Refusal {
            code,
            title,
            count: 0,
            example: told(&decision.message),
            message_id: signal.map(|s| s.source_id.clone()).unwrap_or_default(),
        });
        slot.count += 1;
    }
    let mut all: Vec<Refusal> = all.into_values().collect();
    all.sort_by(|a, b| (b.count, &a.code).cmp(&(a.count, &b.code)));
    all
}

/// What an instruction names, for people.
fn named(instruction: &Instruction) -> Option<String> {
    let subject = instruction.subject.as_ref()?;
    Some(match &subject.option {
        Some(option) => format!(
            "{} {}{} option",
            subject.symbol,
            option.strike.normalize(),
            option.right.letter()
        ),
        None => subject.symbol.clone(),
    })
}

/// Symbols that were named and could not be priced.
pub fn missing(left: &Left<'_>) -> Vec<Missing> {
    let mut all: BTreeMap<(String, String), u64> = BTreeMap::new();
    for decision in &left.decisions {
        let why = match decision.status {
            DecisionStatus::Skipped(SkipReason::UnsupportedAsset) if decision.message.contains(UNKNOWN) => {
                "no bars"
            }
            DecisionStatus::Skipped(SkipReason::ConnectionUnhealthy) => "no bars at that time",
            _ => continue,
        };
        let instructions = left.signal(decision.signal_id).map(|s| s.reading.instructions());
        let index = usize::try_from(decision.instruction).unwrap_or(usize::MAX);
        if let Some(symbol) = instructions.and_then(|all| all.get(index)).and_then(named) {
            *all.entry((symbol, why.to_owned())).or_default() += 1;
        }
    }
    all.into_iter()
        .map(|((symbol, why), signals)| Missing { symbol, signals, why })
        .collect()
}
