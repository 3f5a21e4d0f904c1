//! How long protection that the venue refused is left alone. Decides by how often and why it was refused.

use std::time::Duration;

use ordercast_model::{
    order::{identity::Leg, intent::Order, state::OrderState},
    ports::broker::ErrorKind,
};

/// Longest wait before protection that the venue refused is asked for again.
const REFUSED_WAIT_MAX: Duration = Duration::from_secs(15 * 60);

/// Versions in a row that the venue refused, and the newest leg of them.
pub(super) fn refused_lately(orders: &[Order]) -> (u32, Option<&Order>) {
    let legs = orders.iter().rev().filter(|o| o.leg.protects());
    let refused = legs.take_while(|o| o.state == OrderState::Rejected);
    let stops: Vec<&Order> = refused
        .filter(|o| matches!(o.leg, Leg::Stop(1) | Leg::Target(1)))
        .collect();
    (
        u32::try_from(stops.len()).unwrap_or(u32::MAX),
        stops.first().copied(),
    )
}

/// Whether a refusal may have been a race with a fill, by its code.
pub(super) fn is_race(code: &str) -> bool {
    [ErrorKind::InvalidOrder, ErrorKind::OrderNotFound]
        .iter()
        .any(|kind| kind.code() == code)
}

/// How long the venue is left alone after a refusal that followed on so many others.
pub(super) fn patience(before: u32, code: &str) -> Duration {
    let least = Duration::from_millis(if is_race(code) { 300 } else { 5_000 });
    least.saturating_mul(1 << before.min(20)).min(REFUSED_WAIT_MAX)
}
