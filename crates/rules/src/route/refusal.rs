//! Why an instruction leads to no order: a stable code and a sentence for the follower.

use ordercast_model::{decision::SkipReason, money::MoneyError};

/// Why an instruction leads to no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The stable code.
    pub reason: SkipReason,
    /// The sentence for the follower.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(reason: SkipReason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
        }
    }
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Self {
        Self::new(
            SkipReason::InvalidSignal,
            format!("The prices cannot be computed: {error}"),
        )
    }
}
