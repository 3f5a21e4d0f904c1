//! Decides which states an order has and which may follow which (PRODUCT 4.1). Refuses every other step.

use serde::{Deserialize, Serialize};

/// The state of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// A card is shown.
    PendingApproval,
    /// Accepted, waits for the session to open.
    Queued,
    /// Intent and decision are durable; nothing is on the wire yet.
    Pending,
    /// The venue acknowledged.
    Submitted,
    /// Sent, no definite answer.
    Unknown,
    /// Some filled.
    PartiallyFilled,
    /// All filled.
    Filled,
    /// Ended before all was filled.
    Cancelled,
    /// Refused by the venue.
    Rejected,
    /// Refused by risk.
    Denied,
    /// Ran out of time.
    Expired,
    /// The follower said no.
    Declined,
    /// Could not be resolved; needs a person.
    Escalated,
}

use OrderState::{
    Cancelled, Declined, Denied, Escalated, Expired, Filled, PartiallyFilled, Pending, PendingApproval,
    Queued, Rejected, Submitted, Unknown,
};

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 13] = [
        PendingApproval,
        Queued,
        Pending,
        Submitted,
        Unknown,
        PartiallyFilled,
        Filled,
        Cancelled,
        Rejected,
        Denied,
        Expired,
        Declined,
        Escalated,
    ];

    /// The states that may follow this one.
    #[must_use]
    pub const fn successors(self) -> &'static [Self] {
        match self {
            PendingApproval => &[Pending, Queued, Expired, Declined],
            Queued => &[Pending, Cancelled, Expired, Denied],
            Pending => &[Submitted, Unknown, Denied, Cancelled, Expired, Rejected],
            Submitted => &[PartiallyFilled, Filled, Cancelled, Rejected, Expired],
            Unknown => &[
                Submitted,
                PartiallyFilled,
                Filled,
                Rejected,
                Cancelled,
                Expired,
                Escalated,
            ],
            PartiallyFilled => &[Filled, Cancelled, Expired],
            Escalated => &[Filled, Cancelled, Rejected, Denied, Expired, Declined],
            Filled | Cancelled | Rejected | Denied | Expired | Declined => &[],
        }
    }
    /// Whether `next` may follow.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        self.successors().contains(&next)
    }
    /// Whether nothing may follow.
    #[must_use]
    pub const fn is_final(self) -> bool {
        self.successors().is_empty()
    }
    /// Whether the venue may hold it: it counts as used risk and must be reconciled.
    #[must_use]
    pub const fn may_be_at_venue(self) -> bool {
        matches!(self, Submitted | Unknown | PartiallyFilled | Escalated)
    }
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            PendingApproval => "pending_approval",
            Queued => "queued",
            Pending => "pending",
            Submitted => "submitted",
            Unknown => "unknown",
            PartiallyFilled => "partially_filled",
            Filled => "filled",
            Cancelled => "cancelled",
            Rejected => "rejected",
            Denied => "denied",
            Expired => "expired",
            Declined => "declined",
            Escalated => "escalated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_states_are_the_six_of_the_table() {
        let finals: Vec<_> = OrderState::ALL.into_iter().filter(|s| s.is_final()).collect();
        assert_eq!(finals, [Filled, Cancelled, Rejected, Denied, Expired, Declined]);
    }

    #[test]
    fn nothing_goes_back_before_the_wire() {
        for state in OrderState::ALL {
            if state.may_be_at_venue() {
                for before in [PendingApproval, Queued, Pending] {
                    assert!(!state.may_become(before), "{state:?} -> {before:?}");
                }
            }
        }
    }

    #[test]
    fn every_state_can_end() {
        for state in OrderState::ALL {
            let ends = state.is_final() || state.successors().iter().any(|s| s.is_final());
            assert!(ends, "{state:?}");
        }
    }

    /// The diagram of docs/orders.md, made from the table of steps.
    fn diagram() -> String {
        let begins = [PendingApproval, Queued, Pending];
        let begin = begins.map(|s| format!("[*] --> {}", s.code()));
        let steps = OrderState::ALL.into_iter().flat_map(|s| {
            let next = s.successors().iter();
            next.map(move |n| format!("{} --> {}", s.code(), n.code()))
        });
        let finals = OrderState::ALL.into_iter().filter(|s| s.is_final());
        let end = finals.map(|s| format!("{} --> [*]", s.code()));
        let lines: Vec<String> = begin.into_iter().chain(steps).chain(end).collect();
        format!("stateDiagram-v2\n    {}\n", lines.join("\n    "))
    }

    /// First and last column of the table of docs/orders.md, made from the table of steps.
    fn rows() -> Vec<(String, String)> {
        let next = |s: OrderState| match s.successors() {
            [] => "final".to_owned(),
            some => {
                let names: Vec<String> = some.iter().map(|n| format!("`{}`", n.code())).collect();
                names.join(", ")
            }
        };
        OrderState::ALL
            .map(|s| (format!("`{}`", s.code()), next(s)))
            .into()
    }

    #[test]
    fn the_written_state_machine_is_the_code() {
        let page = include_str!("../../../../docs/orders.md");
        let drawn: Vec<&str> = page
            .split("```mermaid\n")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
            .collect();
        assert_eq!(drawn, [diagram()], "docs/orders.md draws exactly these steps");
        let written: Vec<(String, String)> = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| {
                let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
                assert_eq!(cells.len(), 3, "{line}");
                (cells[0].to_owned(), cells[2].to_owned())
            })
            .collect();
        assert_eq!(written, rows(), "docs/orders.md lists exactly these states");
    }
}
