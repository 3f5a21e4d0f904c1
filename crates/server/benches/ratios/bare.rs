//! The bare group commit: one table, one row for each transaction asked for, waiting callers grouped as the store's writer
//! groups them (SQLite), or a pool of as many connections as the store's (PostgreSQL). Knows no journal.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use ordercast_store::Options;
use sqlx::{
    ConnectOptions, Connection, PgPool, SqliteConnection,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::database::Database;

/// Callers that share one transaction at most, and may wait for the writer; as the store has it.
const QUEUE_MAX: usize = 256;

/// One row to be made durable; the answer comes after the commit.
pub(crate) struct Job {
    id: i64,
    bytes: usize,
    done: oneshot::Sender<()>,
}

/// The peer of the store.
pub(crate) enum Bare {
    Sqlite {
        jobs: mpsc::Sender<Job>,
        writer: JoinHandle<Result<SqliteConnection>>,
    },
    Postgres(PgPool),
}

fn body(bytes: usize) -> String {
    "x".repeat(bytes)
}

async fn write(mut connection: SqliteConnection, mut jobs: mpsc::Receiver<Job>) -> Result<SqliteConnection> {
    while let Some(first) = jobs.recv().await {
        let mut group = vec![first];
        while group.len() < QUEUE_MAX {
            let Ok(next) = jobs.try_recv() else {
                break;
            };
            group.push(next);
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        for job in &group {
            sqlx::query("INSERT INTO entries (id, body) VALUES (?, ?)")
                .bind(job.id)
                .bind(body(job.bytes))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        for job in group {
            // A caller that does not wait is one that failed.
            let _ = job.done.send(());
        }
    }
    Ok(connection)
}

impl Bare {
    /// A file beside the program's, or a table in the program's schema.
    pub(crate) async fn open(folder: &Path, database: &Database) -> Result<Self> {
        match database {
            Database::Sqlite(_) => {
                let mut connection = SqliteConnectOptions::new()
                    .filename(folder.join("bare.db"))
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .connect()
                    .await?;
                sqlx::query(
                    "CREATE TABLE entries (id INTEGER PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT",
                )
                .execute(&mut connection)
                .await?;
                let (jobs, waiting) = mpsc::channel(QUEUE_MAX);
                let writer = tokio::spawn(write(connection, waiting));
                Ok(Self::Sqlite { jobs, writer })
            }
            Database::Postgres { url, .. } => {
                let connections = Options::default().connections_max;
                let pool = PgPoolOptions::new()
                    .min_connections(connections)
                    .max_connections(connections)
                    .connect(url)
                    .await?;
                sqlx::query("CREATE TABLE bare_entries (id BIGINT PRIMARY KEY, body TEXT NOT NULL)")
                    .execute(&pool)
                    .await?;
                Ok(Self::Postgres(pool))
            }
        }
    }

    /// Makes one row of so many bytes durable.
    pub(crate) async fn commit(&self, id: i64, bytes: usize) -> Result<()> {
        match self {
            Self::Sqlite { jobs, .. } => {
                let (done, waiting) = oneshot::channel();
                let job = Job { id, bytes, done };
                jobs.send(job)
                    .await
                    .map_err(|_| anyhow!("the bare writer ended"))?;
                waiting.await.context("the bare writer failed")
            }
            Self::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                sqlx::query("INSERT INTO bare_entries (id, body) VALUES ($1, $2)")
                    .bind(id)
                    .bind(body(bytes))
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
                Ok(())
            }
        }
    }

    /// Ends it; there must be so many rows with so many bytes in all.
    pub(crate) async fn close(self, rows: i64, bytes: i64) -> Result<()> {
        let found: (i64, i64) = match self {
            Self::Sqlite { jobs, writer } => {
                drop(jobs);
                let mut connection = writer.await??;
                let sql = "SELECT count(*), coalesce(sum(length(body)), 0) FROM entries";
                let found = sqlx::query_as(sql).fetch_one(&mut connection).await?;
                connection.close().await?;
                found
            }
            Self::Postgres(pool) => {
                let sql = "SELECT count(*), coalesce(sum(length(body)), 0)::bigint FROM bare_entries";
                let found = sqlx::query_as(sql).fetch_one(&pool).await?;
                pool.close().await;
                found
            }
        };
        ensure!(
            found == (rows, bytes),
            "the peer was to hold {rows} rows of {bytes} bytes, it holds {found:?}"
        );
        Ok(())
    }
}
