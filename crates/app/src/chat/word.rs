//! Words and numbers of cards: pure. Decides how a figure, an order and a refusal read.

use ordercast_model::{
    chat::{Card, Tone},
    gate::Breach,
    order::intent::Order,
};
use rust_decimal::Decimal;

use super::{Options, Trouble, say};
use crate::{approve::ApproveError, desk::DeskError, manual::ManualError, switch::SwitchError};

/// A refusal, as the person reads it. Inner causes stay inside.
pub(super) fn trouble(trouble: &Trouble) -> Card {
    let away = "Nothing was done: the program cannot answer just now. Try again in a moment.";
    let text = match trouble {
        Trouble::Say(text) => text.clone(),
        Trouble::Manual(ManualError::Denied(breaches)) => return denied(breaches),
        Trouble::Manual(
            error @ (ManualError::Invalid { .. } | ManualError::Refused(..) | ManualError::AlreadyFinal(_)),
        ) => error.to_string(),
        Trouble::Manual(ManualError::NotFound) | Trouble::Desk(DeskError::NotFound) => {
            "There is no such thing of yours".to_owned()
        }
        Trouble::Desk(DeskError::Store(_) | DeskError::Vault(_)) => away.to_owned(),
        Trouble::Desk(error) => error.to_string(),
        Trouble::Switch(SwitchError::NotFound) => "There is no such thing in your reach".to_owned(),
        Trouble::Switch(error @ (SwitchError::Invalid { .. } | SwitchError::Locked(_))) => error.to_string(),
        Trouble::Switch(SwitchError::Forbidden) => "Your role does not allow this".to_owned(),
        Trouble::Approve(ApproveError::NotFound) => "There is no such card of yours".to_owned(),
        Trouble::Approve(ApproveError::Expired) => "This card has expired; nothing was sent".to_owned(),
        Trouble::Approve(ApproveError::AlreadyAnswered(_)) => "This card was answered before".to_owned(),
        Trouble::Approve(error @ ApproveError::Choice { .. }) => error.to_string(),
        Trouble::Manual(_)
        | Trouble::Switch(_)
        | Trouble::Approve(_)
        | Trouble::Commit(_)
        | Trouble::Store(_) => away.to_owned(),
    };
    Card::new(Tone::Bad, "Not done", sentence(&text))
}

/// What risk refused, every rule, the headline first.
pub(super) fn denied(breaches: &[Breach]) -> Card {
    let lines: Vec<String> = breaches.iter().map(|b| format!("• {}", b.message)).collect();
    Card::new(Tone::Bad, "Refused by your limits", lines.join("\n"))
}

/// With a capital letter and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let mut whole: String = first.to_uppercase().chain(chars).collect();
    if !whole.ends_with(['.', '!', '?', ':']) {
        whole.push('.');
    }
    whole
}

/// One order in a line.
pub(super) fn order(order: &Order) -> String {
    let price = order
        .request
        .order_type
        .price()
        .map_or_else(String::new, |p| format!(" at {p}"));
    format!(
        "{} {} {} {}{price} · {} · {}",
        order.request.side.code(),
        order.request.quantity,
        order.request.instrument,
        order.request.order_type.code(),
        order.leg,
        order.state.code().replace('_', " "),
    )
}

/// An option as an exact number; none when it was not given.
pub(super) fn number(options: &Options, name: &str) -> Result<Option<Decimal>, Trouble> {
    let Some(text) = options.get(name) else {
        return Ok(None);
    };
    let bare = text.trim_start_matches('$').trim_end_matches('%').trim();
    let value = ordercast_model::money::parse(bare).map_err(|_| {
        say(format!(
            "{name}: expected a number such as 10 or 2.5, got {text:?}"
        ))
    })?;
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_and_end_as_they_should() {
        assert_eq!(sentence("not there"), "Not there.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence(" "), "");
    }
}
