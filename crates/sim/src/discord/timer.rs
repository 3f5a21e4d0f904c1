//! The one place that waits and looks at the runtime's own clock: heartbeats, time-outs and rate windows of
//! real sockets. Ids and time stamps never come from here; they follow the clock that was passed in.
#![expect(
    clippy::disallowed_methods,
    reason = "a server on real sockets keeps its clients' time"
)]

use std::time::Duration;
use tokio::time::Instant;

pub(crate) fn now() -> Instant {
    Instant::now()
}

pub(crate) async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}

pub(crate) async fn until(moment: Instant) {
    tokio::time::sleep_until(moment).await;
}
