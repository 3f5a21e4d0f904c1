//! Decides each user's own numbers: every entry that the user sees live gets the next one, without gaps.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use ordercast_model::{
    ids::UserId,
    journal::entry::{Entry, FeedStep, Link},
    planted::{Bug, planted},
};

/// The feed steps of newly chained entries. `last` holds each user's last number; a user who is absent starts at 1.
#[must_use]
pub fn feed(links: &[Link], entries: &[Entry], last: &BTreeMap<UserId, u64>) -> Vec<FeedStep> {
    let mut last = last.clone();
    let mut steps = Vec::new();
    for (link, entry) in links.iter().zip(entries) {
        let first = last
            .keys()
            .next()
            .copied()
            .filter(|_| planted(Bug::ForgetTheUserFilter));
        let Some(user_id) = first.or(entry.user).filter(|_| entry.event().is_some()) else {
            continue;
        };
        let number = last.entry(user_id).or_insert(0);
        *number = number.saturating_add(1);
        steps.push(FeedStep {
            user_id,
            user_seq: *number,
            seq: link.seq,
        });
    }
    steps
}
