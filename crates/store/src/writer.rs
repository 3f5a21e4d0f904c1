//! The one writer of SQLite: many callers' work in one durable transaction, which is ended early when something urgent comes.
//! Answers only after the commit. Stops for good when the file fails or the disk is full: a write or sync that failed is never
//! tried again.

use std::collections::VecDeque;

use ordercast_model::ports::store::{CommitError, StoreError};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::{
    commit::apply,
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
/// Rows after which the writer looks whether something urgent came: it waits for the writing of no more than these.
const SLICE_ROWS: usize = 512;
/// Rows in the log from which it is carried over into the file: some 4 MB.
const LOGGED_MAX: usize = 500;

/// Work and who waits for it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) answer: oneshot::Sender<Result<Done, StoreError>>,
}

/// Work of which some is durable already: the rest goes into the next transaction, before what came later.
#[derive(Debug)]
struct Part {
    work: Work,
    /// What became of the batches that are written.
    answers: Vec<Result<(), CommitError>>,
    /// What became of work that is no batches.
    other: Option<Done>,
    answer: oneshot::Sender<Result<Done, StoreError>>,
}

impl From<Job> for Part {
    fn from(Job { work, answer }: Job) -> Self {
        Self {
            work,
            answers: Vec::new(),
            other: None,
            answer,
        }
    }
}

impl Part {
    /// Whether all of it is written.
    const fn is_over(&self) -> bool {
        match &self.work {
            Work::Commit(batches) => batches.is_empty(),
            Work::Chain(..) | Work::Fence(_) | Work::Thin(_) => self.other.is_some(),
        }
    }
    /// Tells who waits. A caller that no longer waits is none of our business: the work is done.
    fn tell(self) {
        let done = self.other.unwrap_or(Done::Answers(self.answers));
        let _ = self.answer.send(Ok(done));
    }
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
    /// What an early end of a transaction left.
    left: VecDeque<Part>,
}

/// A queue and the ways into it.
pub(crate) fn queue() -> (Doors, Queue) {
    let (jobs, waiting) = mpsc::channel(QUEUE_MAX);
    let (urgent, first) = mpsc::channel(URGENT_MAX);
    let doors = Doors { jobs, urgent };
    let queue = Queue {
        jobs: waiting,
        urgent: first,
        left: VecDeque::new(),
    };
    (doors, queue)
}

impl Queue {
    /// The next: urgent ones first, then what was left; none when the doors are closed and nothing waits.
    async fn next(&mut self) -> Option<Part> {
        if let Ok(job) = self.urgent.try_recv() {
            return Some(job.into());
        }
        if let Some(part) = self.left.pop_front() {
            return Some(part);
        }
        tokio::select! {
            biased;
            Some(job) = self.urgent.recv() => Some(job.into()),
            job = self.jobs.recv() => match job {
                Some(job) => Some(job.into()),
                None => self.urgent.recv().await.map(Part::from),
            },
        }
    }
    /// One more that waits now. What is urgent shares its transaction with nothing else.
    fn more(&mut self, urgent: bool) -> Option<Part> {
        if urgent {
            return self.urgent.try_recv().ok().map(Part::from);
        }
        let left = self.left.pop_front();
        left.or_else(|| self.jobs.try_recv().ok().map(Part::from))
    }
    /// Something urgent waits.
    fn presses(&self) -> bool {
        !self.urgent.is_empty()
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
        let urgent = first.work.is_urgent();
        let mut rows = 1 + first.work.size();
        let mut group = VecDeque::from([first]);
        while rows < ROWS_MAX && group.len() < QUEUE_MAX {
            let Some(next) = jobs.more(urgent) else {
                break;
            };
            rows += next.work.size();
            group.push_back(next);
        }
        logged += rows;
        let mut written = write(&mut connection, group, (&mut jobs, urgent), failed).await;
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

/// Writes a group and answers those of whom all is durable; the others are left for the next transaction. An error when the
/// file failed.
async fn write(
    connection: &mut SqliteConnection,
    mut group: VecDeque<Part>,
    (queue, urgent): (&mut Queue, bool),
    failed: &watch::Sender<Option<String>>,
) -> Result<(), String> {
    let presses = || !urgent && queue.presses();
    match transaction(connection, &mut group, &presses).await {
        Ok(()) => {
            let (over, left): (Vec<Part>, Vec<Part>) = group.into_iter().partition(Part::is_over);
            over.into_iter().for_each(Part::tell);
            for part in left.into_iter().rev() {
                queue.left.push_front(part);
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
            for part in group {
                let _ = part.answer.send(Err(error.clone()));
            }
            broken
        }
    }
}

/// As much of a group as fits before something urgent comes, in one transaction.
async fn transaction(
    connection: &mut SqliteConnection,
    group: &mut VecDeque<Part>,
    presses: &(dyn Fn() -> bool + Sync),
) -> Result<(), Fault> {
    // Begun and ended by hand: SQLite takes some transactions back by itself, and who counts on ending them could never
    // begin another one.
    let outcome = within(connection, group, presses).await;
    if outcome.is_err() {
        // Fails when SQLite did it.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    outcome
}

async fn within(
    connection: &mut SqliteConnection,
    group: &mut VecDeque<Part>,
    presses: &(dyn Fn() -> bool + Sync),
) -> Result<(), Fault> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    slices(connection, group, presses).await?;
    sqlx::query("COMMIT").execute(connection).await?;
    Ok(())
}

/// Writes batches a slice at a time, those of many callers as one, then everything else; ends after the first step at which
/// something urgent waits. Within a transaction that somebody else ends.
async fn slices(
    connection: &mut SqliteConnection,
    group: &mut VecDeque<Part>,
    presses: &(dyn Fn() -> bool + Sync),
) -> Result<(), Fault> {
    loop {
        let (places, batches) = slice(group);
        if batches.is_empty() {
            break;
        }
        let answers = apply(connection, &batches).await?;
        for (place, answer) in places.into_iter().zip(answers) {
            if let Some(part) = group.get_mut(place) {
                part.answers.push(answer);
            }
        }
        if presses() {
            return Ok(());
        }
    }
    for part in group.iter_mut().filter(|part| !part.is_over()) {
        part.other = Some(perform(connection, &part.work).await?);
        if presses() {
            return Ok(());
        }
    }
    Ok(())
}

/// Takes the next batches out of a group, with the places of their parts.
fn slice(group: &mut VecDeque<Part>) -> (Vec<usize>, Vec<Prepared>) {
    let (mut places, mut taken, mut rows) = (Vec::new(), Vec::new(), 0);
    for (place, part) in group.iter_mut().enumerate() {
        let Work::Commit(batches) = &mut part.work else {
            continue;
        };
        let fitting = batches.iter().take_while(|batch| {
            let fits = rows < SLICE_ROWS;
            rows += batch.size();
            fits
        });
        let count = fitting.count();
        places.extend(std::iter::repeat_n(place, count));
        taken.extend(batches.drain(..count));
        if rows >= SLICE_ROWS {
            break;
        }
    }
    (places, taken)
}
