//! Leaves steps out of a failing seed as long as the same invariant stays broken, so that what remains is what matters.

use crate::{driver, oracle::Violation, plan::Plan};

/// Plays spent on one failure.
const PLAYS_MAX: u32 = 160;

/// The shortest list found that breaks the same invariant.
pub fn shrunk(plan: &Plan, invariant: u32) -> (Plan, u32) {
    let (mut best, mut plays) = (plan.clone(), 0);
    let mut part = best.steps.len().div_ceil(2);
    while part > 0 && plays < PLAYS_MAX {
        let mut at = 0;
        let mut any = false;
        while at < best.steps.len() && plays < PLAYS_MAX {
            let mut shorter = best.clone();
            let end = (at + part).min(shorter.steps.len());
            shorter.steps.drain(at..end);
            plays += 1;
            if breaks(&shorter, invariant) {
                (best, any) = (shorter, true);
            } else {
                at += part;
            }
        }
        part = if part > 1 || any {
            part.div_ceil(2).min(best.steps.len())
        } else {
            0
        };
        if part == 1 && !any && best.steps.len() <= 1 {
            break;
        }
    }
    (best, plays)
}

fn breaks(plan: &Plan, invariant: u32) -> bool {
    let outcome = driver::play(plan, false);
    outcome.violations.iter().any(|(n, _)| *n == invariant)
}

/// What is printed of a failure: the steps that matter, and the command that plays them again.
pub fn told(plan: &Plan, (invariant, what): &Violation) -> String {
    let (short, plays) = shrunk(plan, *invariant);
    let mut text = format!(
        "seed {}: invariant {invariant}: {what}\nshrunk from {} to {} steps in {plays} plays:\n",
        plan.seed,
        plan.steps.len(),
        short.steps.len()
    );
    for step in &short.steps {
        text.push_str(&format!(
            "  {:3} {:?}, then {} ms\n",
            step.number, step.event, step.gap
        ));
    }
    let numbers: Vec<String> = short.steps.iter().map(|s| s.number.to_string()).collect();
    text.push_str(&format!(
        "again: cargo xtask sim --from {} --seeds 1 --only {} --tell\n",
        plan.seed,
        numbers.join(",")
    ));
    text.push_str(&format!(
        "whole: cargo xtask sim --from {} --seeds 1 --tell",
        plan.seed
    ));
    text
}
