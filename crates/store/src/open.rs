//! Chooses the database by its address, brings its tables up to date, and says in plain words why it cannot.

use std::sync::Arc;

use ordercast_model::ports::{helm::Helm, lease::Leadership, store::Store};
use sqlx::migrate::MigrateError;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    helm::PostgresHelm,
    lead::{LocalLeadership, PostgresLeadership},
    migration,
    postgres::{self, PostgresBackend},
    session::BROKEN,
    sqlite::{self, Writer},
    store::SqlStore,
    writer,
};

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Connections for reading (SQLite), or in all (PostgreSQL).
    pub connections_max: u32,
    /// Whether a missing SQLite file is made.
    pub create: bool,
    /// Whether a write to SQLite waits for the disk. Off only for what is thrown away afterwards.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections_max: 8,
            create: true,
            durable: true,
        }
    }
}

/// Why a database could not be opened. Never holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address is none we know.
    #[error("database address {given:?}: expected {expected}")]
    Address {
        /// What was given, without a password.
        given: String,
        /// What was expected.
        expected: &'static str,
    },
    /// The file or folder cannot be made, read or written.
    #[error("database file {path} cannot be opened for writing: {why}")]
    NotWritable {
        /// The file.
        path: String,
        /// The system's words.
        why: String,
    },
    /// The disk under the file fails, or is full.
    #[error(
        "database {path}: the disk under it failed: {why}. Free space or mend the disk (`df`, `dmesg`), then start again"
    )]
    Disk {
        /// The file.
        path: String,
        /// The database's words.
        why: String,
    },
    /// The file is no database, or a damaged one.
    #[error(
        "database {path} is damaged or not a database: {why}. Restore a backup, or move the file away to start empty"
    )]
    Corrupt {
        /// The file or server.
        path: String,
        /// The database's words.
        why: String,
    },
    /// A newer program has been here.
    #[error(
        "database {path} has schema {found}, this program knows schema {known}: start the newer program, or restore a \
         backup made before it"
    )]
    Newer {
        /// The file or server.
        path: String,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// A migration in the database is not the one this program carries.
    #[error(
        "database {path}: schema {version} is not the one this program carries; it was made by another build"
    )]
    Altered {
        /// The file or server.
        path: String,
        /// The schema that differs.
        version: i64,
    },
    /// The server does not answer.
    #[error("database server {server} cannot be reached: {why}")]
    Unreachable {
        /// Host and port.
        server: String,
        /// The system's words.
        why: String,
    },
    /// The server answers and says no: user, password, database name, rights.
    #[error("database server {server} refuses: {why}")]
    Refused {
        /// Host and port.
        server: String,
        /// The server's words.
        why: String,
    },
    /// Anything else the database said.
    #[error("database {path} cannot be used: {why}")]
    Unusable {
        /// The file or server.
        path: String,
        /// The database's words.
        why: String,
    },
}

/// SQLite's primary result codes: `SQLITE_CORRUPT`, `SQLITE_NOTADB`.
const CORRUPT: [i64; 2] = [11, 26];
/// `SQLITE_PERM`, `SQLITE_READONLY`, `SQLITE_CANTOPEN`.
const NOT_WRITABLE: [i64; 3] = [3, 8, 14];

impl OpenError {
    /// A scheme we do not know.
    pub(crate) fn address(scheme: Option<&str>) -> Self {
        Self::Address {
            given: format!("{}:...", scheme.unwrap_or_default()),
            expected: "sqlite:path or postgres://user:password@host:port/name",
        }
    }
    /// What SQLite means.
    pub(crate) fn of_sqlite(path: &str, error: &sqlx::Error) -> Self {
        let (path, why) = (path.to_owned(), error.to_string());
        let code = error
            .as_database_error()
            .and_then(|e| e.code()?.parse::<i64>().ok());
        match code.map(|code| code & 0xFF) {
            Some(code) if CORRUPT.contains(&code) => Self::Corrupt { path, why },
            Some(code) if BROKEN.contains(&code) => Self::Disk { path, why },
            Some(code) if NOT_WRITABLE.contains(&code) => Self::NotWritable { path, why },
            _ => Self::Unusable { path, why },
        }
    }
    /// What PostgreSQL means.
    pub(crate) fn of_postgres(server: &str, error: &sqlx::Error) -> Self {
        let (server, why) = (server.to_owned(), error.to_string());
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_) => {
                Self::Unreachable { server, why }
            }
            sqlx::Error::Database(_) => Self::Refused { server, why },
            _ => Self::Unusable { path: server, why },
        }
    }
    /// What a failed migration means.
    pub(crate) fn of_migration(
        path: &str,
        error: MigrateError,
        of_database: fn(&str, &sqlx::Error) -> Self,
    ) -> Self {
        let path_owned = path.to_owned();
        match error {
            MigrateError::VersionMissing(found) => Self::Newer {
                path: path_owned,
                found,
                known: migration::newest(),
            },
            MigrateError::VersionMismatch(version) => Self::Altered {
                path: path_owned,
                version,
            },
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                of_database(path, &error)
            }
            other => Self::Unusable {
                path: path_owned,
                why: other.to_string(),
            },
        }
    }
}

/// An open database.
pub struct Opened {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Who leads among the processes that share it.
    pub leadership: Arc<dyn Leadership>,
    /// Who decides and sends among them; none where no other process can be.
    pub helm: Option<Arc<dyn Helm>>,
    /// What must run for the store to write.
    pub worker: Worker,
    /// Whether the disk under it failed.
    pub health: Health,
}

/// Tells when the disk under a database failed. With PostgreSQL that is the server's own business: it stops, recovers
/// from its log and is away meanwhile.
#[derive(Debug)]
pub struct Health(watch::Receiver<Option<String>>);

impl Health {
    /// Resolves with the reason when the writer could not write or sync the file, or the disk is full; nothing is
    /// written after it, and every write is refused. Never resolves otherwise.
    pub async fn failed(&mut self) -> String {
        loop {
            if let Some(why) = self.0.borrow_and_update().clone() {
                return why;
            }
            if self.0.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

enum Part {
    Sqlite(Writer),
    Postgres(PostgresBackend),
}

/// The store's own task. SQLite writes nothing until it runs.
pub struct Worker {
    part: Part,
    failed: watch::Sender<Option<String>>,
}

impl Worker {
    /// Runs until told to stop; then what is queued is written and the database is closed. Calls that come later are
    /// told that the store is unavailable. Ends earlier when the disk fails; [`Health`] tells why.
    pub async fn run(self, stop: CancellationToken) {
        match self.part {
            Part::Sqlite(writer) => {
                let (readers, urgent) = (writer.readers, writer.urgent);
                if writer::run(writer.connection, writer.jobs, stop, &self.failed).await {
                    urgent.close().await;
                    readers.close().await;
                }
            }
            Part::Postgres(backend) => {
                stop.cancelled().await;
                backend.close().await;
            }
        }
    }
}

/// Opens the database at an address: `sqlite:path` or `postgres://user:password@host:port/name`.
///
/// # Errors
/// Why it cannot be used, in words for whoever runs the program.
pub async fn open(url: &str, options: &Options) -> Result<Opened, OpenError> {
    let (failed, health) = watch::channel(None);
    let health = Health(health);
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => {
            let (backend, writer) = sqlite::open(url, options).await?;
            let store = Arc::new(SqlStore(backend));
            Ok(Opened {
                leadership: Arc::new(LocalLeadership::new(Arc::clone(&store))),
                helm: None,
                store,
                worker: Worker {
                    part: Part::Sqlite(writer),
                    failed,
                },
                health,
            })
        }
        Some("postgres" | "postgresql") => {
            let backend = postgres::open(url, options).await?;
            let store = Arc::new(SqlStore(backend.clone()));
            Ok(Opened {
                leadership: Arc::new(PostgresLeadership::new(Arc::clone(&store))),
                helm: Some(Arc::new(PostgresHelm(backend.clone()))),
                store,
                worker: Worker {
                    part: Part::Postgres(backend),
                    failed,
                },
                health,
            })
        }
        scheme => Err(OpenError::address(scheme)),
    }
}
