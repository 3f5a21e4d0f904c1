//! Deliveries over a webhook's quota: counted in memory, and said in its log by one line a minute at most, so that
//! whoever floods a hook makes no more work than one write a minute. Each process counts what reaches it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ordercast_model::{
    hook::{DeliveryOutcome, Hook},
    ids::HookId,
    ports::store::CommitError,
    time::Timestamp,
};

use super::{
    deliver::Sender,
    ledger::{self, Draft},
};
use crate::context::Context;

/// Between two lines of one hook.
const EVERY: Duration = Duration::from_secs(60);
/// Hooks counted at once; what comes to further ones is refused without a line.
const HOOKS_MAX: usize = 10_000;

/// What was refused of one hook since its last line.
#[derive(Debug, Clone)]
struct Tally {
    hook: Hook,
    address: Option<String>,
    count: u64,
    since: Timestamp,
    said_at: Timestamp,
}

/// Hooks that were sent too much lately.
#[derive(Debug, Default)]
pub struct Overflow(Mutex<BTreeMap<HookId, Tally>>);

impl Overflow {
    /// Counts one; gives the line that is due, which is then counted as said.
    fn add(&self, hook: &Hook, address: Option<String>, now: Timestamp) -> Option<Tally> {
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tally) = tallies.get_mut(&hook.id) {
            if tally.count == 0 {
                tally.since = now;
            }
            tally.count = tally.count.saturating_add(1);
            tally.address = address;
            return None;
        }
        if tallies.len() >= HOOKS_MAX {
            return None;
        }
        let mut tally = Tally {
            hook: hook.clone(),
            address,
            count: 1,
            since: now,
            said_at: now,
        };
        let first = tally.clone();
        tally.count = 0;
        tallies.insert(hook.id, tally);
        Some(first)
    }

    /// Lines that are due; a hook that was left alone since its last line is forgotten.
    fn due(&self, now: Timestamp) -> Vec<Tally> {
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tallies.retain(|_, t| t.count > 0 || now.since(t.said_at) < EVERY);
        let mut due = Vec::new();
        for tally in tallies.values_mut() {
            if now.since(tally.said_at) >= EVERY {
                due.push(tally.clone());
                (tally.count, tally.said_at) = (0, now);
            }
        }
        due
    }
}

/// Notes a delivery that came over the hook's quota of `per_minute`. The first is said at once, the rest of a minute
/// together at its end.
///
/// # Errors
/// When the store does not answer; the delivery is refused all the same.
pub async fn over_quota(ctx: &Context, sender: &Sender, address: Option<String>) -> Result<(), CommitError> {
    match ctx.overflow.add(&sender.hook, address, ctx.now()) {
        Some(first) => write(ctx, &first).await,
        None => Ok(()),
    }
}

/// Writes the lines that are due. What cannot be written is said in the program's log.
pub(crate) async fn flush(ctx: &Context) {
    for tally in ctx.overflow.due(ctx.now()) {
        if let Err(error) = write(ctx, &tally).await {
            tracing::warn!(hook = %tally.hook.id, count = tally.count, %error, "deliveries over a quota not logged");
        }
    }
}

async fn write(ctx: &Context, tally: &Tally) -> Result<(), CommitError> {
    let count = tally.count;
    let detail = if count == 1 {
        "1 delivery refused: more came than this webhook takes in a minute".to_owned()
    } else {
        let since = tally.since.utc().format("%H:%M:%S UTC");
        format!("{count} deliveries refused since {since}: more came than this webhook takes in a minute")
    };
    let mut draft = Draft::new(&tally.hook, ctx.now(), tally.address.clone(), 0);
    draft.settle(DeliveryOutcome::Quota, None, detail);
    ledger::write(ctx, &tally.hook, &draft).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ordercast_testkit::sample::{at, tenant};

    use super::*;

    #[test]
    fn a_minute_has_one_line_and_every_refusal_is_counted_once() {
        let overflow = Overflow::default();
        let community = tenant::community(1);
        let hook = tenant::hook(1, community.id);
        let mut lines = Vec::new();
        let mut refused = 0_u64;
        for second in 0..300 {
            // A flood of two minutes and a bit, then nothing.
            for _ in 0..if second < 130 { 7 } else { 0 } {
                refused += 1;
                lines.extend(overflow.add(&hook, None, at(second)).map(|t| (second, t.count)));
            }
            lines.extend(overflow.due(at(second)).into_iter().map(|t| (second, t.count)));
        }
        assert_eq!(lines.iter().map(|(_, count)| count).sum::<u64>(), refused);
        let gaps: Vec<u64> = lines.windows(2).map(|w| w[1].0 - w[0].0).collect();
        assert!(gaps.iter().all(|gap| *gap >= 60), "{lines:?}");
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(
            overflow.0.lock().unwrap().is_empty(),
            "forgotten when it is quiet"
        );
    }
}
