//! Runs what may run only once per deployment: takes the role, runs while it is held, hands over when it is lost.

use std::{sync::Arc, time::Duration};

use ordercast_model::ports::{
    clock::Clock,
    lease::{Lead, Leadership},
};
use tokio_util::sync::CancellationToken;

/// How often a role that somebody else holds is asked for.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether this process may lead.
const ALLOWED_EVERY: Duration = Duration::from_millis(100);
/// How often a held role is confirmed.
const CONFIRM_EVERY: Duration = Duration::from_secs(2);

/// Whether this process may lead at all.
pub type May = Arc<dyn Fn() -> bool + Send + Sync>;

/// Runs `work` whenever this process may lead and leads `role`, until stopped. The work gets a token that is cancelled at the stop
/// and when the role is lost, and must end then.
pub async fn hold<F, W>(
    (leadership, may): (Arc<dyn Leadership>, May),
    clock: Arc<dyn Clock>,
    role: &'static str,
    stop: CancellationToken,
    work: W,
) where
    F: Future<Output = ()> + Send,
    W: Fn(CancellationToken) -> F + Send,
{
    while !stop.is_cancelled() {
        let asked = if may() {
            leadership.try_lead(role).await
        } else {
            Ok(None)
        };
        match asked {
            Ok(Some(lead)) => {
                tracing::info!(role, fence = lead.fence(), "leading");
                let token = stop.child_token();
                let ended = tokio::join!(guard((lead.as_ref(), &may), clock.as_ref(), &token), async {
                    work(token.clone()).await;
                    token.cancel();
                });
                let ((), ()) = ended;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(role, %error, "the role could not be asked for"),
        }
        let wait = if may() { ASK_EVERY } else { ALLOWED_EVERY };
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = clock.sleep_until(clock.now().plus(wait)) => {}
        }
    }
}

/// Does the last of the work at the stop, unless another process leads `role` and does it there. Safe to repeat.
pub async fn finish<F>(leadership: Arc<dyn Leadership>, role: &'static str, work: impl FnOnce() -> F + Send)
where
    F: Future<Output = ()> + Send,
{
    match leadership.try_lead(role).await {
        Ok(Some(lead)) => {
            work().await;
            drop(lead);
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(role, %error, "what is left of the role waits for the next start"),
    }
}

/// Cancels the token once the role is lost.
async fn guard((lead, may): (&dyn Lead, &May), clock: &dyn Clock, token: &CancellationToken) {
    loop {
        tokio::select! {
            biased;
            () = token.cancelled() => return,
            () = clock.sleep_until(clock.now().plus(CONFIRM_EVERY)) => {}
        }
        if !may() || !lead.confirm().await {
            tracing::error!("leadership is lost");
            token.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ordercast_model::time::Timestamp;
    use ordercast_testkit::{clock::SteerableClock, lease::FakeLeadership};

    use super::*;

    async fn turns() {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn the_work_ends_with_the_role_and_begins_again_with_it() {
        let clock = SteerableClock::at(Timestamp::from_seconds(100));
        let roles = FakeLeadership::new();
        let (begun, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let stop = CancellationToken::new();
        let counts = (begun.clone(), ended.clone());
        let work = move |token: CancellationToken| {
            let (begun, ended) = counts.clone();
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                token.cancelled().await;
                ended.fetch_add(1, Ordering::SeqCst);
            }
        };
        let seen = || (begun.load(Ordering::SeqCst), ended.load(Ordering::SeqCst));
        let task = tokio::spawn(hold(
            (Arc::new(roles.clone()), Arc::new(|| true)),
            Arc::new(clock.clone()),
            "scribe",
            stop.clone(),
            work,
        ));
        turns().await;
        assert_eq!(seen(), (1, 0));
        assert!(roles.try_lead("scribe").await.unwrap().is_none(), "held");
        roles.depose("scribe");
        clock.advance(CONFIRM_EVERY).await;
        turns().await;
        assert_eq!(seen(), (1, 1), "ended when the role was lost");
        clock.advance(ASK_EVERY).await;
        turns().await;
        assert_eq!(seen(), (2, 1), "taken up again");
        stop.cancel();
        task.await.unwrap();
        assert_eq!(seen(), (2, 2));
    }

    #[tokio::test]
    async fn the_last_of_the_work_is_done_by_whoever_may() {
        let roles = FakeLeadership::new();
        let done = AtomicUsize::new(0);
        let work = || async {
            done.fetch_add(1, Ordering::SeqCst);
        };
        finish(Arc::new(roles.clone()), "scribe", work).await;
        assert_eq!(done.load(Ordering::SeqCst), 1, "nobody else does it");
        let held = roles.try_lead("scribe").await.unwrap();
        finish(Arc::new(roles.clone()), "scribe", work).await;
        assert_eq!(done.load(Ordering::SeqCst), 1, "the one that leads does it");
        drop(held);
    }
}
