//! What a transaction can be asked to do, and doing it. Knows neither who begins the transaction nor who ends it.

use ordercast_model::{
    journal::entry::{FeedStep, Link},
    ports::store::{CommitError, Table, Thinning},
};

use crate::{
    chain,
    commit::{Stop, apply, savepoint, settle},
    prepare::Prepared,
    queries::{curve::THIN, journal::FENCE},
    session::{Fault, Session},
    value::{Kind, Value, count, instant, text},
};

/// Something to write.
#[derive(Debug)]
pub(crate) enum Work {
    /// Batches, each all or nothing.
    Commit(Vec<Prepared>),
    /// A sequencer's turn.
    Chain(Vec<Link>, Vec<FeedStep>),
    /// Counts a role's change of hands.
    Fence(String),
    /// Thins out equity curves.
    Thin(Thinning),
}

/// What became of it.
#[derive(Debug)]
pub(crate) enum Done {
    /// One answer per batch, or the one of the turn.
    Answers(Vec<Result<(), CommitError>>),
    /// The new count, or how many rows went.
    Number(u64),
}

impl Work {
    /// Whether it goes before what waits: a switch must not wait behind the orders it stops.
    pub(crate) fn is_urgent(&self) -> bool {
        let Self::Commit(batches) = self else { return false };
        let mut steps = batches.iter().flat_map(|batch| &batch.steps);
        steps.any(|step| step.table == Table::Switch)
    }
    /// Rows it writes, roughly.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Commit(batches) => batches.iter().map(Prepared::size).sum(),
            Self::Chain(links, feed) => 2 * links.len() + feed.len(),
            Self::Fence(_) => 1,
            Self::Thin(thinning) => thinning.at_most as usize,
        }
    }
}

/// Does the work.
///
/// # Errors
/// When the database fails: nothing may be committed then.
pub(crate) async fn perform<S: Session>(session: &mut S, work: &Work) -> Result<Done, Fault> {
    match work {
        Work::Commit(batches) => apply(session, batches).await.map(Done::Answers),
        Work::Chain(links, feed) => {
            savepoint(session).await?;
            let chained = chain::chain(session, links, feed).await;
            settle(session, chained.is_ok()).await?;
            match chained {
                Ok(()) => Ok(Done::Answers(vec![Ok(())])),
                Err(Stop::Refused(why)) => Ok(Done::Answers(vec![Err(why)])),
                Err(Stop::Fault(fault)) => Err(fault),
            }
        }
        Work::Thin(thinning) => {
            let span = i64::try_from(thinning.span.as_micros()).unwrap_or(i64::MAX);
            let values = vec![
                instant(thinning.from),
                instant(thinning.until),
                count(u64::try_from(span).unwrap_or(1).max(1)),
                count(u64::from(thinning.at_most)),
            ];
            session
                .execute(THIN.sql(S::DIALECT), values)
                .await
                .map(Done::Number)
        }
        Work::Fence(role) => {
            let rows = session
                .fetch(FENCE.sql(S::DIALECT), vec![text(role)], &[Kind::Number])
                .await?;
            let number = rows
                .first()
                .and_then(|row| row.first())
                .map_or(0, Value::unsigned);
            Ok(Done::Number(number))
        }
    }
}
