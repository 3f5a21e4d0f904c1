//! Rows with everything filled in, so that a test names only what it is about. The same number gives the same row.

pub mod person;
pub mod record;
pub mod tenant;
pub mod trade;

use std::time::Duration;

use ordercast_model::{ids::Id, time::Timestamp};

/// 2026-11-23T14:30:00Z, in seconds since 1970: the open of a New York session.
const OPEN: i64 = 1_795_444_200;

/// An instant so many seconds after the open of a session.
#[must_use]
pub fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(OPEN).plus(Duration::from_secs(seconds))
}

/// The n-th identifier of a kind; a higher number sorts behind.
#[must_use]
pub fn id<I: Id>(n: u64) -> I {
    let mut entropy = [0_u8; 10];
    let number = n.to_be_bytes();
    entropy
        .iter_mut()
        .skip(2)
        .zip(number)
        .for_each(|(slot, byte)| *slot = byte);
    I::new(at(n / 1_000), entropy)
}

#[cfg(test)]
mod tests {
    use ordercast_model::ids::OrderId;

    use super::*;

    #[test]
    fn numbers_order_identifiers() {
        let ids: Vec<OrderId> = [1, 2, 300, 999, 1_000, 70_000].map(id).into();
        assert!(ids.is_sorted_by(|a, b| a < b && a.to_string() < b.to_string()));
        assert_eq!(at(0).to_string(), "2026-11-23T14:30:00.000000Z");
    }
}
