//! One leader per role, and a number that only rises.

use crate::database::all;

#[tokio::test]
async fn one_leads_until_it_lets_go() {
    for database in all().await {
        let first = database
            .leadership
            .try_lead("sequencer")
            .await
            .expect("answers")
            .expect("free");
        assert!(first.confirm().await);
        assert!(
            database
                .leadership
                .try_lead("sequencer")
                .await
                .expect("answers")
                .is_none()
        );
        let other = database.leadership.try_lead("schedules").await.expect("answers");
        assert!(other.is_some(), "another role");
        let fence = first.fence();
        drop(first);
        let mut next = None;
        // PostgreSQL frees the lock when it notices that the connection is gone.
        for _ in 0..500 {
            next = database.leadership.try_lead("sequencer").await.expect("answers");
            if next.is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(next.expect("free again").fence(), fence + 1);
    }
}
