//! What follows when orders come faster than a limit allows, again and again (PRODUCT RK-26): the third refusal within
//! ten minutes pauses the user. The refusal itself is the rule's.

use std::time::Duration;

use ordercast_model::{
    gate::{Breach, RuleId},
    limits::SwitchScope,
    ports::store::{Batch, CommitError},
};

use crate::{alert, execute::JobError, lane::Follow, record::Post, switch};

/// Refusals within [`WINDOW`] that pause the user.
const HITS: usize = 3;
/// How long a refusal counts.
const WINDOW: Duration = Duration::from_secs(10 * 60);

/// Whether a refusal counts: the rate was what it was refused for.
#[must_use]
pub fn counts(breaches: &[Breach]) -> bool {
    breaches.iter().any(|b| b.rule == RuleId::OrderRate)
}

/// Counts one refusal of an account; the third pauses its user, who is told.
pub async fn hit(post: &Post<'_>) -> Result<Follow, JobError> {
    let ctx = post.ctx;
    let hits = loop {
        let Some(mut account) = post.account().await? else {
            return Ok(Follow::nothing());
        };
        let now = ctx.now();
        account.rate_hits.retain(|at| now.since(*at) < WINDOW);
        account.rate_hits.push(now);
        let hits = account.rate_hits.len();
        if hits >= HITS {
            account.rate_hits.clear();
        }
        account.version += 1;
        let mut batch = Batch::new();
        batch.update(account);
        match ctx.commit(post.scope.clone(), batch).await {
            Ok(()) => break hits,
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    };
    if hits < HITS {
        return Ok(Follow::nothing());
    }
    let connection = post.connection;
    let reason = format!("{hits} orders refused for their rate within 10 minutes");
    switch::pause_by_rule(ctx, SwitchScope::User(connection.user_id), connection, &reason).await?;
    let mut batch = Batch::new();
    let message = format!("Paused: {reason}. Nothing new is opened until you resume");
    batch.note(alert::entry(ctx, connection.user_id, connection, &message));
    ctx.commit(post.scope.clone(), batch).await?;
    Ok(Follow::nothing())
}
