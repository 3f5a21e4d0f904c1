//! What a run reached, as a table, and what it should have reached and did not.

use ordercast_model::order::state::OrderState::{
    self, Declined, Denied, Escalated, Expired, Pending, PendingApproval, Queued,
};

use crate::fault::{FaultKind, Reached};

/// Steps of the table that the program as it is built never takes, with the reason. One that is taken after all fails the
/// run: the list must stay true.
const NEVER: [(OrderState, OrderState, &str); 6] = [
    (
        PendingApproval,
        Pending,
        "a card is a decision of its own; its order begins after the yes",
    ),
    (PendingApproval, Queued, "a card is a decision of its own"),
    (PendingApproval, Expired, "a card is a decision of its own"),
    (PendingApproval, Declined, "a card is a decision of its own"),
    (
        Escalated,
        Denied,
        "only a person ends an escalated order so; no command does it yet",
    ),
    (
        Escalated,
        Declined,
        "only a person ends an escalated order so; no command does it yet",
    ),
];

fn steps() -> impl Iterator<Item = (OrderState, OrderState)> {
    let all = OrderState::ALL.into_iter();
    all.flat_map(|from| from.successors().iter().map(move |to| (from, *to)))
}

fn never(from: OrderState, to: OrderState) -> Option<&'static str> {
    let found = NEVER.iter().find(|(a, b, _)| (*a, *b) == (from, to));
    found.map(|(_, _, why)| *why)
}

/// Counts of faults, of steps, and of what happened.
pub fn table(reached: &Reached) -> String {
    let mut text = String::from("fault                 times\n");
    for kind in FaultKind::ALL {
        let count = reached.faults.get(&kind).copied().unwrap_or_default();
        text.push_str(&format!("{:<20} {count:>6}\n", format!("{kind:?}")));
    }
    text.push_str("\nstep of an order                       times\n");
    for (from, to) in steps() {
        let count = reached.edges.get(&(from, to)).copied().unwrap_or_default();
        let name = format!("{} -> {}", from.code(), to.code());
        let why = never(from, to).map_or(String::new(), |why| format!("  ({why})"));
        text.push_str(&format!("{name:<36} {count:>7}{why}\n"));
    }
    text.push_str("\nevent            times\n");
    for (name, count) in &reached.events {
        text.push_str(&format!("{name:<15} {count:>6}\n"));
    }
    text
}

/// Fault kinds and steps that were not reached, and steps that were although nothing should take them.
pub fn missing(reached: &Reached) -> Vec<String> {
    let faults = FaultKind::ALL
        .into_iter()
        .filter(|k| !reached.faults.contains_key(k));
    let mut missing: Vec<String> = faults.map(|kind| format!("{kind:?}")).collect();
    for (from, to) in steps() {
        let was = reached.edges.contains_key(&(from, to));
        let name = format!("{} -> {}", from.code(), to.code());
        match (never(from, to), was) {
            (None, false) => missing.push(name),
            (Some(why), true) => missing.push(format!("{name} was taken, although {why}")),
            _ => {}
        }
    }
    missing
}
