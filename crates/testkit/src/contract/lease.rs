//! What every leadership must do: one holder per role, free again when dropped, a number that only rises.
#![allow(clippy::expect_used, clippy::panic, reason = "a broken contract panics")]

use ordercast_model::ports::lease::{Lead, Leadership};

/// Turns to wait for a role that was dropped: a server frees it when it notices that the connection is gone.
const TURNS_MAX: usize = 500;

async fn wait(leadership: &dyn Leadership, role: &str) -> Box<dyn Lead> {
    for _ in 0..TURNS_MAX {
        if let Some(lead) = leadership.try_lead(role).await.expect("answers") {
            return lead;
        }
        tokio::task::yield_now().await;
    }
    panic!("{role} is not free again");
}

/// Checks the promises on a leadership nobody uses yet.
///
/// # Panics
/// When the contract is broken.
pub async fn run(leadership: &dyn Leadership) {
    let first = leadership
        .try_lead("sequencer")
        .await
        .expect("answers")
        .expect("free");
    assert!(first.confirm().await);
    for _ in 0..3 {
        let second = leadership.try_lead("sequencer").await.expect("answers");
        assert!(second.is_none(), "held");
    }
    let other = leadership.try_lead("schedules").await.expect("answers");
    assert!(other.is_some(), "another role is free");
    let mut fence = first.fence();
    drop(first);
    for _ in 0..3 {
        let next = wait(leadership, "sequencer").await;
        assert!(next.fence() > fence, "{} after {fence}", next.fence());
        assert!(next.confirm().await);
        fence = next.fence();
    }
}
