//! How long the points of equity curves are kept, and how close together: the older, the fewer. Works from the store, one
//! slice of time after the other, so that nobody waits long for a write.

use std::time::Duration;

use ordercast_model::{
    ports::store::{StoreError, Thinning},
    tenant::SystemScope,
    time::Timestamp,
};

use crate::context::Context;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// From which age on one point is kept of each span, in seconds. What is younger stays as it was written. A year of one
/// account so stays below the 5,000 points of an answer.
const TIERS: [(u64, u64); 4] = [
    (15 * MINUTE, MINUTE),
    (DAY, 10 * MINUTE),
    (7 * DAY, HOUR),
    (90 * DAY, DAY),
];
/// What is older than this is looked at no more: it was thinned while it was younger.
const OLDEST: u64 = 10 * 366 * DAY;
/// Spans that one write covers.
const SLICE: u64 = 60;
/// Points that one write takes away at most.
const AT_MOST: u32 = 5_000;

/// How far each tier was thinned by this process; after a start everything is looked at once.
#[derive(Debug, Default)]
pub(crate) struct Thinner {
    done: [Option<Timestamp>; TIERS.len()],
}

/// The last border between two spans up to an instant.
fn border(at: Timestamp, span: u64) -> Timestamp {
    let seconds = at.seconds();
    let span = i64::try_from(span).unwrap_or(1);
    Timestamp::from_seconds(seconds - seconds.rem_euclid(span))
}

impl Thinner {
    /// Thins out what grew old enough since the last time; gives how many points went. Safe to repeat.
    pub(crate) async fn round(&mut self, ctx: &Context) -> Result<u64, StoreError> {
        let now = ctx.now();
        let mut gone = 0;
        for (k, (age, span)) in TIERS.into_iter().enumerate() {
            let next = TIERS.get(k + 1).map_or(OLDEST, |(age, _)| *age);
            let until = border(now.minus(Duration::from_secs(age)), span);
            let first = border(now.minus(Duration::from_secs(next)), span);
            let Some(done) = self.done.get_mut(k) else {
                continue;
            };
            // A clock that was set back leaves what is done.
            let mut from = done.unwrap_or(first).max(first);
            while from < until {
                let to = from.plus(Duration::from_secs(span * SLICE)).min(until);
                gone += slice(ctx, (from, to), span).await?;
                from = to;
                *done = Some(to);
            }
        }
        Ok(gone)
    }
}

async fn slice(ctx: &Context, (from, until): (Timestamp, Timestamp), span: u64) -> Result<u64, StoreError> {
    let system = SystemScope::housekeeping("old points of equity curves are thinned out for everybody");
    let thinning = Thinning {
        from,
        until,
        span: Duration::from_secs(span),
        at_most: AT_MOST,
    };
    let mut gone = 0;
    loop {
        let now = ctx.store.thin_curves(system, thinning).await?;
        gone += now;
        if now < u64::from(AT_MOST) {
            return Ok(gone);
        }
    }
}
