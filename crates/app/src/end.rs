//! What an order's end at the venue means: who ended it, and in which words. Refuses to look anywhere but at the venue's word
//! and at what we had asked for.

use ordercast_model::{
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::broker::{VenueOrder, VenueState},
};

use crate::record::Ending;

/// How an order ended; none while it works, and when all of it filled, which its fills tell.
pub(crate) fn of(order: &Order, venue: &VenueOrder) -> Option<Ending> {
    let reason = venue.reason.as_deref().unwrap_or("");
    match venue.state {
        VenueState::Working | VenueState::PartiallyFilled => None,
        // One leg of a pair that filled in part made this one smaller: what is left of it will never come.
        VenueState::Filled if venue.filled == order.filled && venue.quantity < order.request.quantity => {
            let words = "The other leg of the pair took the rest";
            let ending = Ending::new(OrderState::Cancelled, "oco_reduced", words);
            Some(ending.by(CancelledBy::System))
        }
        VenueState::Filled => None,
        VenueState::Cancelled => {
            let (by, code, words) = cancelled_by(order, reason);
            Some(Ending::new(OrderState::Cancelled, code, words).by(by))
        }
        VenueState::Expired => {
            let words = "The order's time ran out at the broker";
            Some(Ending::new(OrderState::Expired, "expired", words))
        }
        VenueState::Rejected => {
            let words = format!("Broker refused: {reason}");
            Some(Ending::new(OrderState::Rejected, "rejected", &words))
        }
    }
}

/// Who cancelled: us, as asked; the venue by its one-cancels-other and reduce-only rules; or somebody at the venue.
fn cancelled_by<'a>(order: &Order, reason: &'a str) -> (CancelledBy, &'a str, &'static str) {
    use CancelledBy::{Broker, Provider, System, User};
    let asked = order.cancelled_by.filter(|_| order.cancel_requested);
    match (asked, reason) {
        (Some(User), _) => (User, "user_cancelled", "Cancelled by you"),
        (Some(Provider), _) => (Provider, "provider_cancelled", "Cancelled by the provider"),
        (Some(by), _) => (by, "system_cancelled", "Cancelled when its time was up"),
        (None, "oco_filled") => (System, reason, "The other leg of the pair was filled"),
        (None, "oco_cancelled") => (System, reason, "The other leg of the pair was cancelled"),
        (None, "group_replaced") => (System, reason, "Replaced by protection for the quantity now held"),
        (None, "group_cancelled" | "nothing_to_reduce") => (System, reason, "Nothing is left to protect"),
        (None, "ioc_remainder" | "fok_unfilled" | "session_end") => (System, reason, "Not filled in time"),
        (None, "") => (Broker, "cancelled", "Cancelled at the broker"),
        (None, _) => (Broker, reason, "Cancelled at the broker"),
    }
}
