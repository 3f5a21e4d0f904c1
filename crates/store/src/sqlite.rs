//! Opens SQLite: one writer connection behind a queue, a pool of readers beside it.

use std::{path::Path, time::Duration};

use ordercast_model::ports::{BoxFuture, store::StoreError};
use sqlx::{
    ConnectOptions, Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::oneshot;

use crate::{
    dialect::Dialect,
    migration,
    open::{OpenError, Options},
    session::Fault,
    store::Backend,
    work::{Done, Work},
    writer::{self, Doors, Job, Queue},
};

/// How long a statement waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept per connection: more than there are texts.
const STATEMENTS_MAX: usize = 512;

/// SQLite behind one writer.
#[derive(Debug)]
pub(crate) struct SqliteBackend {
    readers: SqlitePool,
    /// One more for what must not wait behind everybody else.
    urgent: SqlitePool,
    doors: Doors,
}

/// What the worker needs to run.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) connection: SqliteConnection,
    pub(crate) jobs: Queue,
    pub(crate) readers: SqlitePool,
    pub(crate) urgent: SqlitePool,
}

fn connect(path: &Path, options: &Options) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(options.create)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if options.durable {
            SqliteSynchronous::Full
        } else {
            SqliteSynchronous::Off
        })
        .foreign_keys(false)
        .busy_timeout(BUSY_TIMEOUT)
        // So that REPLACE fires the triggers that keep the journal.
        .pragma("recursive_triggers", "ON")
        // The writer carries the log over itself, so that a disk that fails there is noticed.
        .pragma("wal_autocheckpoint", "0")
        .statement_cache_capacity(STATEMENTS_MAX)
}

/// The path in `sqlite:path` or `sqlite://path`.
pub(crate) fn path(url: &str) -> Result<&str, OpenError> {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.starts_with(':') || path.contains('?') {
        return Err(OpenError::Address {
            given: url.to_owned(),
            expected: "sqlite: and the path of a file, without options",
        });
    }
    Ok(path)
}

/// Makes a missing file so that its owner alone reads it; SQLite gives the files beside it the same rights.
#[cfg(unix)]
fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
#[cfg(not(unix))]
fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Brings what the last process left in its log into the file, and syncs it. After a failed sync the system may show
/// pages that never reached the disk: written anew they do, or this fails and says so.
async fn take_over(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    // Beside somebody who reads it does what it can; the rest is done later.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(connection)
        .await
        .map(drop)
}

/// Opens the file and brings its tables up to date.
pub(crate) async fn open(url: &str, options: &Options) -> Result<(SqliteBackend, Writer), OpenError> {
    let path = path(url)?;
    let file = Path::new(path);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(OpenError::NotWritable {
            path: path.to_owned(),
            why: format!("the folder {} does not exist", folder.display()),
        });
    }
    if options.create {
        make_private(file).map_err(|error| OpenError::NotWritable {
            path: path.to_owned(),
            why: error.to_string(),
        })?;
    }
    let told = |error: sqlx::Error| OpenError::of_sqlite(path, &error);
    let connect = connect(file, options);
    let mut connection = connect.clone().connect().await.map_err(told)?;
    take_over(&mut connection).await.map_err(told)?;
    migration::migrator(Dialect::Sqlite)
        .run(&mut connection)
        .await
        .map_err(|error| OpenError::of_migration(path, error, OpenError::of_sqlite))?;
    let reading = connect.pragma("query_only", "ON").create_if_missing(false);
    let readers = SqlitePoolOptions::new()
        .max_connections(options.connections_max.max(1))
        .min_connections(1)
        .connect_with(reading.clone())
        .await
        .map_err(told)?;
    let urgent = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(reading);
    let (doors, jobs) = writer::queue();
    let writer = Writer {
        connection,
        jobs,
        readers: readers.clone(),
        urgent: urgent.clone(),
    };
    Ok((
        SqliteBackend {
            readers,
            urgent,
            doors,
        },
        writer,
    ))
}

impl SqliteBackend {
    /// Without a writer: every write is told that it has stopped.
    pub(crate) fn read_only(readers: SqlitePool) -> Self {
        let (doors, _) = writer::queue();
        let urgent = readers.clone();
        Self {
            readers,
            urgent,
            doors,
        }
    }
}

impl Backend for SqliteBackend {
    type Session = SqliteConnection;
    type Loan = PoolConnection<Sqlite>;

    fn lend(&self) -> BoxFuture<'_, Result<Self::Loan, Fault>> {
        Box::pin(async move { self.readers.acquire().await.map_err(Fault::from) })
    }
    fn lend_urgent(&self) -> BoxFuture<'_, Result<Self::Loan, Fault>> {
        Box::pin(async move { self.urgent.acquire().await.map_err(Fault::from) })
    }
    fn write(&self, work: Work) -> BoxFuture<'_, Result<Done, StoreError>> {
        Box::pin(async move {
            let stopped = || StoreError::Unavailable("the writer has stopped".to_owned());
            let (answer, answered) = oneshot::channel();
            let job = Job { work, answer };
            self.doors.hand(job).await.map_err(|()| stopped())?;
            answered.await.map_err(|_| stopped())?
        })
    }
}
