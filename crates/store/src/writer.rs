//! The one writer of SQLite: many callers' work in one durable transaction. Answers only after the commit.

use ordercast_model::ports::store::StoreError;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::{
    prepare::Prepared,
    session::Fault,
    work::{Done, Work, perform},
};

/// Callers that may wait for the writer. When it is full a caller waits for a place: the disk sets the pace.
pub(crate) const QUEUE_MAX: usize = 256;
/// Rows that one transaction takes before the rest waits for the next one.
const ROWS_MAX: usize = 16_384;

/// Work and who waits for it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) answer: oneshot::Sender<Result<Done, StoreError>>,
}

/// Writes until told to stop, then what is queued, then closes the file.
pub(crate) async fn run(
    mut connection: SqliteConnection,
    mut jobs: mpsc::Receiver<Job>,
    stop: CancellationToken,
) {
    loop {
        let first = tokio::select! {
            biased;
            first = jobs.recv() => first,
            () = stop.cancelled(), if !jobs.is_closed() => {
                jobs.close();
                continue;
            }
        };
        let Some(first) = first else {
            break;
        };
        let mut rows = first.work.size();
        let mut group = vec![first];
        while rows < ROWS_MAX && group.len() < QUEUE_MAX {
            let Ok(next) = jobs.try_recv() else {
                break;
            };
            rows += next.work.size();
            group.push(next);
        }
        write(&mut connection, group).await;
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the database file was not closed cleanly; nothing committed is lost");
    }
}

async fn write(connection: &mut SqliteConnection, group: Vec<Job>) {
    let (works, waiting): (Vec<Work>, Vec<_>) = group.into_iter().map(|job| (job.work, job.answer)).unzip();
    match transaction(connection, works).await {
        Ok(done) => {
            for (answer, done) in waiting.into_iter().zip(done) {
                // A caller that no longer waits is none of our business: the work is done.
                let _ = answer.send(Ok(done));
            }
        }
        Err(fault) => {
            let error = StoreError::from(fault);
            tracing::error!(%error, "a transaction failed; its callers are told that nothing is known to be written");
            for answer in waiting {
                let _ = answer.send(Err(error.clone()));
            }
        }
    }
}

/// All work in one transaction, what the works became in their order.
async fn transaction(connection: &mut SqliteConnection, works: Vec<Work>) -> Result<Vec<Done>, Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut batches: Vec<Prepared> = Vec::new();
    let mut parts: Vec<Result<usize, Work>> = Vec::with_capacity(works.len());
    for work in works {
        match work {
            Work::Commit(mut more) => {
                parts.push(Ok(more.len()));
                batches.append(&mut more);
            }
            other => parts.push(Err(other)),
        }
    }
    let mut answers = Vec::new();
    if !batches.is_empty()
        && let Done::Answers(all) = perform(&mut *transaction, &Work::Commit(batches)).await?
    {
        answers = all;
    }
    let mut answers = answers.into_iter();
    let mut done = Vec::with_capacity(parts.len());
    for part in parts {
        done.push(match part {
            Ok(size) => Done::Answers(answers.by_ref().take(size).collect()),
            Err(other) => perform(&mut *transaction, &other).await?,
        });
    }
    transaction.commit().await?;
    Ok(done)
}
