//! Decides whether an order does what its user meant it to do, and whether its note can be kept.

use ordercast_model::signal::instruction::Action;

use super::{ManualError, ManualOrder, invalid};

/// Longest note, in characters.
const NOTE_MAX: usize = 200;

/// Whether the order does what it was meant to do, and its note is one line of words.
pub(super) fn meant(order: &ManualOrder, closes: bool) -> Result<(), ManualError> {
    let symbol = &order.symbol;
    let fits =
        |note: &String| (1..=NOTE_MAX).contains(&note.chars().count()) && !note.chars().any(char::is_control);
    if !order.note.as_ref().is_none_or(fits) {
        let why = format!("expected one line of 1 to {NOTE_MAX} characters");
        return Err(invalid("note", why));
    }
    match order.action {
        Some(Action::Open | Action::Add) if closes => {
            let why = format!("{symbol} is held on the other side: this order would close it");
            Err(invalid("action", why))
        }
        Some(Action::Reduce | Action::Close) if !closes => {
            let why = format!("Nothing of {symbol} is held that this order would close");
            Err(invalid("action", why))
        }
        Some(Action::UpdateStop | Action::UpdateTarget | Action::Cancel) => {
            Err(invalid("action", "expected open, add, reduce or close"))
        }
        _ => Ok(()),
    }
}
