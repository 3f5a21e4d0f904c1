//! Decides whether the time a body carries can be the time of a message that has just come. A delivery and the preview of
//! one ask the same question.

use ordercast_model::time::Timestamp;
use ordercast_rules::parse::Envelope;

/// A sender's clock may be ahead of ours by this; what is dated later is a mistake. Seconds.
const AHEAD_MAX: u64 = 24 * 3_600;

/// What is wrong with the time, in words; `at` is when the message counts as posted, `now` when it came.
pub(super) fn fault(envelope: &Envelope, at: Timestamp, now: Timestamp) -> Option<String> {
    if let Some(odd) = &envelope.odd_timestamp {
        let expected = "expected RFC 3339, or seconds or milliseconds since 1970";
        return Some(format!("{expected}, got {odd:?}"));
    }
    let ahead = at.since(now).as_secs();
    (ahead > AHEAD_MAX).then(|| format!("dated {ahead} s in the future"))
}
