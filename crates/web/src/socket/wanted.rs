//! Which types of events a client asks to be brought up to date with: by name, by group, or by part of the state.

use ordercast_model::journal::kind::Kind;

/// Longest list of types.
const TYPES_MAX: usize = 50;
/// The parts of a `state.sync`, each with the events that change it.
const PARTS: [(&str, &[&str]); 6] = [
    ("portfolio", &["portfolio.balanceChanged", "portfolio.equity"]),
    ("positions", &["portfolio.position"]),
    ("open_orders", &["trade."]),
    ("approvals", &["approval."]),
    ("risk", &["risk.", "kill."]),
    ("connections", &["broker."]),
];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything.
    All,
    /// Events whose name begins with one of these, and the parts of the state they change.
    Some(Vec<String>),
}

impl Wanted {
    /// Reads what a client sent; no list asks for everything.
    ///
    /// # Errors
    /// What was expected, when a type is not one of ours.
    pub(super) fn read(types: Option<Vec<String>>) -> Result<Self, String> {
        let Some(types) = types else {
            return Ok(Self::All);
        };
        if !(1..=TYPES_MAX).contains(&types.len()) {
            return Err(format!("types: expected 1 to {TYPES_MAX} of them"));
        }
        let mut starts = Vec::new();
        for name in types {
            // `portfolio` is a part and a group; as a group it holds the part.
            if is_event(&name) {
                starts.push(name);
            } else if is_group(&name) {
                starts.push(format!("{}.", name.trim_end_matches('.')));
            } else if let Some((_, events)) = PARTS.iter().find(|(part, _)| *part == name) {
                starts.extend(events.iter().map(|start| (*start).to_owned()));
            } else {
                let short: String = name.chars().take(40).collect();
                return Err(format!(
                    "types: expected an event such as trade.filled, a group such as trade, or a part of \
                     state.sync such as positions, got {short:?}"
                ));
            }
        }
        Ok(Self::Some(starts))
    }

    /// Whether an event is asked for.
    pub(super) fn event(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(starts) => starts.iter().any(|start| name.starts_with(start.as_str())),
        }
    }

    /// Whether a part of the state is asked for.
    pub(super) fn part(&self, name: &str) -> bool {
        let Self::Some(starts) = self else {
            return true;
        };
        let changed_by = PARTS
            .iter()
            .find(|(part, _)| *part == name)
            .map_or(&[][..], |(_, events)| events);
        let meets = |event: &&str| {
            starts
                .iter()
                .any(|start| start.starts_with(event) || event.starts_with(start.as_str()))
        };
        changed_by.iter().any(meets)
    }
}

/// Every name that an event of a feed has.
fn events() -> impl Iterator<Item = &'static str> {
    Kind::ALL
        .iter()
        .filter_map(|kind| kind.event())
        .chain(["trade.partialFill", "portfolio.equity"])
}

fn is_event(name: &str) -> bool {
    events().any(|event| event == name)
}

fn is_group(name: &str) -> bool {
    let group = name.trim_end_matches('.');
    events().any(|event| event.split_once('.').is_some_and(|(of, _)| of == group))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NAMES: [&str; 6] = [
        "trade.filled",
        "trade.partialFill",
        "portfolio.positionAdded",
        "portfolio.balanceChanged",
        "kill.changed",
        "signal.decision",
    ];

    #[test]
    fn types_choose_events_and_parts() {
        for (types, events, parts) in [
            (&["trade.filled"][..], &["trade.filled"][..], &["open_orders"][..]),
            (
                &["trade"],
                &["trade.filled", "trade.partialFill"],
                &["open_orders"],
            ),
            (&["kill."], &["kill.changed"], &["risk"]),
            (&["positions"], &["portfolio.positionAdded"], &["positions"]),
            (
                &["portfolio"],
                &["portfolio.positionAdded", "portfolio.balanceChanged"],
                &["portfolio", "positions"],
            ),
            (&["signal", "risk"], &["signal.decision"], &["risk"]),
        ] {
            let asked = types.iter().map(|t| (*t).to_owned()).collect();
            let wanted = Wanted::read(Some(asked)).unwrap();
            let got: Vec<&str> = NAMES.into_iter().filter(|n| wanted.event(n)).collect();
            assert_eq!(got, events, "{types:?}");
            let got: Vec<&str> = PARTS
                .iter()
                .map(|(part, _)| *part)
                .filter(|p| wanted.part(p))
                .collect();
            assert_eq!(got, parts, "{types:?}");
        }
        assert_eq!(Wanted::read(None).unwrap(), Wanted::All);
    }

    #[test]
    fn what_is_no_type_is_refused_by_name() {
        for types in [vec!["trade.fulfilled"], vec![""], vec!["."], vec![]] {
            let asked = types.into_iter().map(str::to_owned).collect();
            assert!(
                Wanted::read(Some(asked))
                    .unwrap_err()
                    .starts_with("types: expected")
            );
        }
    }
}
