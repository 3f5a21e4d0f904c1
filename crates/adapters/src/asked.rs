//! What adapters of every vendor say of a request alike: what it was for, and that certainly nothing came of it.

use std::time::Duration;

use ordercast_model::ports::broker::NotSent;

/// What was asked: some answers mean another thing to another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// An order.
    Place,
    /// A cancel.
    Cancel,
    /// A question.
    Read,
}

/// Certainly nothing happened.
pub(crate) const fn retry(after: Duration, why: String) -> NotSent {
    NotSent::Retry { after, why }
}
