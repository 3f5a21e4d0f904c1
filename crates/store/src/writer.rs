//! The one writer of SQLite: many callers' work in one durable transaction. Answers only after the commit. Stops for
//! good when the file fails or the disk is full: a write or sync that failed is never tried again.

use ordercast_model::ports::store::StoreError;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::{
    prepare::Prepared,
    session::Fault,
    work::{Done, Work, perform},
};

/// Callers that may wait for the writer. When it is full a caller waits for a place: the disk sets the pace.
pub(crate) const QUEUE_MAX: usize = 256;
/// Urgent callers that may wait for the writer; a caller beyond waits for a place.
const URGENT_MAX: usize = 16;
/// Rows that one transaction takes before the rest waits for the next one.
const ROWS_MAX: usize = 16_384;
/// Rows in the log from which it is carried over into the file: some 4 MB.
const LOGGED_MAX: usize = 500;

/// Work and who waits for it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) answer: oneshot::Sender<Result<Done, StoreError>>,
}

/// The ways to the writer.
#[derive(Debug)]
pub(crate) struct Doors {
    jobs: mpsc::Sender<Job>,
    urgent: mpsc::Sender<Job>,
}

impl Doors {
    /// Hands work over; what is urgent goes before everything that waits.
    pub(crate) async fn hand(&self, job: Job) -> Result<(), ()> {
        let door = if job.work.is_urgent() {
            &self.urgent
        } else {
            &self.jobs
        };
        door.send(job).await.map_err(drop)
    }
}

/// What waits for the writer.
#[derive(Debug)]
pub(crate) struct Queue {
    jobs: mpsc::Receiver<Job>,
    urgent: mpsc::Receiver<Job>,
}

/// A queue and the ways into it.
pub(crate) fn queue() -> (Doors, Queue) {
    let (jobs, waiting) = mpsc::channel(QUEUE_MAX);
    let (urgent, first) = mpsc::channel(URGENT_MAX);
    let doors = Doors { jobs, urgent };
    let queue = Queue {
        jobs: waiting,
        urgent: first,
    };
    (doors, queue)
}

impl Queue {
    /// The next, urgent ones first; none when the doors are closed and nothing waits.
    async fn next(&mut self) -> Option<Job> {
        tokio::select! {
            biased;
            Some(job) = self.urgent.recv() => Some(job),
            job = self.jobs.recv() => match job {
                Some(job) => Some(job),
                None => self.urgent.recv().await,
            },
        }
    }
    /// One more that waits now.
    fn more(&mut self) -> Option<Job> {
        self.urgent.try_recv().or_else(|_| self.jobs.try_recv()).ok()
    }
    fn is_closed(&self) -> bool {
        self.jobs.is_closed()
    }
    fn close(&mut self) {
        self.jobs.close();
        self.urgent.close();
    }
}

/// Writes until told to stop, then what is queued, then closes the file. Ends by itself when the file fails:
/// then it says why and gives `false`.
pub(crate) async fn run(
    mut connection: SqliteConnection,
    mut jobs: Queue,
    stop: CancellationToken,
    failed: &watch::Sender<Option<String>>,
) -> bool {
    let mut logged = 0;
    loop {
        let first = tokio::select! {
            biased;
            first = jobs.next() => first,
            () = stop.cancelled(), if !jobs.is_closed() => {
                jobs.close();
                continue;
            }
        };
        let Some(first) = first else {
            break;
        };
        let mut rows = 1 + first.work.size();
        let mut group = vec![first];
        while rows < ROWS_MAX && group.len() < QUEUE_MAX {
            let Some(next) = jobs.more() else {
                break;
            };
            rows += next.work.size();
            group.push(next);
        }
        logged += rows;
        let mut written = write(&mut connection, group, failed).await;
        if written.is_ok() && logged >= LOGGED_MAX {
            logged = 0;
            written = carry_over(&mut connection).await;
        }
        if let Err(why) = written {
            // Closing would copy the log into the file, and take for written what the disk may never have seen. The
            // next process reads the log from its beginning and trusts only what stands there whole.
            std::mem::forget(connection);
            failed.send_replace(Some(why));
            return false;
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the database file was not closed cleanly; nothing committed is lost");
    }
    true
}

/// Carries the log over into the file. SQLite would do it by itself, and keep its failure to itself.
async fn carry_over(connection: &mut SqliteConnection) -> Result<(), String> {
    match sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
        .execute(connection)
        .await
    {
        Ok(_) => Ok(()),
        Err(error) => match Fault::from(error) {
            Fault::Broken(why) => Err(why),
            Fault::Taken(why) | Fault::Crossed(why) | Fault::Away(why) => {
                tracing::warn!(
                    why,
                    "the log was not carried over into the database file; it is tried again"
                );
                Ok(())
            }
        },
    }
}

/// Answers everybody; an error when the file failed.
async fn write(
    connection: &mut SqliteConnection,
    group: Vec<Job>,
    failed: &watch::Sender<Option<String>>,
) -> Result<(), String> {
    let (works, waiting): (Vec<Work>, Vec<_>) = group.into_iter().map(|job| (job.work, job.answer)).unzip();
    match transaction(connection, works).await {
        Ok(done) => {
            for (answer, done) in waiting.into_iter().zip(done) {
                // A caller that no longer waits is none of our business: the work is done.
                let _ = answer.send(Ok(done));
            }
            Ok(())
        }
        Err(fault) => {
            let broken = match &fault {
                Fault::Broken(why) => Err(why.clone()),
                _ => Ok(()),
            };
            if let Err(why) = &broken {
                // Before anybody is answered: who gives up because of the answer finds the reason.
                failed.send_replace(Some(why.clone()));
            }
            let error = StoreError::from(fault);
            tracing::error!(%error, "a transaction failed; its callers are told that nothing is known to be written");
            for answer in waiting {
                let _ = answer.send(Err(error.clone()));
            }
            broken
        }
    }
}

/// All work in one transaction, what the works became in their order.
async fn transaction(connection: &mut SqliteConnection, works: Vec<Work>) -> Result<Vec<Done>, Fault> {
    // Begun and ended by hand: SQLite takes some transactions back by itself, and who counts on ending them could never
    // begin another one.
    let outcome = within(connection, works).await;
    if outcome.is_err() {
        // Fails when SQLite did it.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    outcome
}

async fn within(connection: &mut SqliteConnection, works: Vec<Work>) -> Result<Vec<Done>, Fault> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let done = all(connection, works).await?;
    sqlx::query("COMMIT").execute(connection).await?;
    Ok(done)
}

/// All work, within a transaction that somebody else ends.
async fn all(connection: &mut SqliteConnection, works: Vec<Work>) -> Result<Vec<Done>, Fault> {
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
        && let Done::Answers(all) = perform(connection, &Work::Commit(batches)).await?
    {
        answers = all;
    }
    let mut answers = answers.into_iter();
    let mut done = Vec::with_capacity(parts.len());
    for part in parts {
        done.push(match part {
            Ok(size) => Done::Answers(answers.by_ref().take(size).collect()),
            Err(other) => perform(connection, &other).await?,
        });
    }
    Ok(done)
}
