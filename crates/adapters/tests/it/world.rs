//! The real clock, seeded randomness and an HTTP client, as the program would pass them in.

use std::{
    sync::{Arc, Once},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use ordercast_model::{
    ports::{
        BoxFuture,
        clock::{Clock, Random},
    },
    time::Timestamp,
};
use ordercast_testkit::random::SeededRandom;

/// Longest wait for anything.
pub(crate) const WAIT: Duration = Duration::from_secs(15);

pub(crate) struct WallClock(Instant);

#[expect(clippy::disallowed_methods, reason = "sockets live in real time")]
pub(crate) fn micros() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "sockets live in real time")]
pub(crate) async fn nap(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[expect(clippy::disallowed_methods, reason = "sockets live in real time")]
impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(micros())
    }
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(at.since(self.now())))
    }
}

#[expect(clippy::disallowed_methods, reason = "sockets live in real time")]
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(WallClock(Instant::now()))
}

pub(crate) fn random() -> Arc<dyn Random> {
    Arc::new(SeededRandom::new(u64::try_from(micros()).unwrap()))
}

#[expect(clippy::disallowed_methods, reason = "the client the program would build")]
pub(crate) fn http() -> reqwest::Client {
    provider();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .no_proxy()
        .build()
        .unwrap()
}

/// One TLS provider for the whole binary.
pub(crate) fn provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _installed_elsewhere = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Asks until the answer is there.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            nap(20).await;
        }
    };
    tokio::time::timeout(WAIT, asking)
        .await
        .unwrap_or_else(|_| panic!("{what} did not come"))
}
