//! Looks at a database without changing it: what is there, whether it could be written, what the journal holds.
//! Brings no table up to date and refuses every write.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use ordercast_model::ports::store::{Store, StoreError};
use sqlx::{
    ConnectOptions, Connection, PgConnection, SqliteConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::{
    dialect::Dialect,
    migration,
    open::OpenError,
    postgres::PostgresBackend,
    queries::journal as texts,
    session::{Fault, Session},
    sqlite::{self, SqliteBackend},
    store::{Backend, SqlStore},
    value::{Kind, Value},
};

/// Connections for reading.
const CONNECTIONS: u32 = 2;
/// How long a statement waits for another process, and a call for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database that is looked at.
pub struct Inspected {
    /// Reads as usual; every write fails.
    pub store: Arc<dyn Store>,
    /// Newest migration found; none when the tables are not there.
    pub schema: Option<i64>,
    /// Newest migration this program knows.
    pub known: i64,
    backend: Kept,
}

enum Kept {
    Sqlite(Arc<SqlStore<SqliteBackend>>),
    Postgres(Arc<SqlStore<PostgresBackend>>),
}

/// The newest migration done; the table's absence means none.
const VERSION: &str = "SELECT MAX(version) FROM _sqlx_migrations WHERE success = TRUE";
/// A write that is taken back.
const TRIAL: &str =
    "INSERT INTO leases (id, fence) VALUES ('trial of writing', 1) ON CONFLICT (id) DO NOTHING";

/// Opens a database for reading only. Safe beside a running program.
///
/// # Errors
/// Why it cannot be read.
pub async fn inspect(url: &str) -> Result<Inspected, OpenError> {
    let known = migration::newest();
    match dialect(url)? {
        Dialect::Sqlite => {
            let path = sqlite::path(url)?;
            let told = |error: sqlx::Error| OpenError::of_sqlite(path, &error);
            let options = reading(path)?.read_only(true);
            let mut first = options.connect().await.map_err(told)?;
            let found = sqlx::query_scalar::<_, Option<i64>>(VERSION)
                .fetch_one(&mut first)
                .await;
            let schema = version(found, "1").map_err(told)?;
            first.close().await.map_err(told)?;
            let pool = SqlitePoolOptions::new()
                .max_connections(CONNECTIONS)
                .acquire_timeout(PATIENCE);
            let readers = pool.connect_with(options).await.map_err(told)?;
            let store = Arc::new(SqlStore(SqliteBackend::read_only(readers)));
            Ok(Inspected {
                store: store.clone(),
                schema,
                known,
                backend: Kept::Sqlite(store),
            })
        }
        Dialect::Postgres => {
            let (options, server) = server(url)?;
            let told = |error: sqlx::Error| OpenError::of_postgres(&server, &error);
            let options = options.options([("default_transaction_read_only", "on")]);
            let mut first: PgConnection = options.connect().await.map_err(told)?;
            let found = sqlx::query_scalar::<_, Option<i64>>(VERSION)
                .fetch_one(&mut first)
                .await;
            let schema = version(found, "42P01").map_err(told)?;
            first.close().await.map_err(told)?;
            let pool = PgPoolOptions::new()
                .max_connections(CONNECTIONS)
                .acquire_timeout(PATIENCE);
            let backend = PostgresBackend::of(pool.connect_with(options).await.map_err(told)?);
            let store = Arc::new(SqlStore(backend));
            Ok(Inspected {
                store: store.clone(),
                schema,
                known,
                backend: Kept::Postgres(store),
            })
        }
    }
}

/// Proves that rows could be written, by a transaction that is taken back. Leaves nothing behind.
///
/// # Errors
/// Why nothing could be written.
pub async fn prove_writable(url: &str) -> Result<(), OpenError> {
    match dialect(url)? {
        Dialect::Sqlite => {
            let path = sqlite::path(url)?;
            let told = |error: sqlx::Error| OpenError::of_sqlite(path, &error);
            let mut connection: SqliteConnection = reading(path)?.connect().await.map_err(told)?;
            let mut trial = connection.begin_with("BEGIN IMMEDIATE").await.map_err(told)?;
            sqlx::query(TRIAL).execute(&mut *trial).await.map_err(told)?;
            trial.rollback().await.map_err(told)?;
            connection.close().await.map_err(told)
        }
        Dialect::Postgres => {
            let (options, server) = server(url)?;
            let told = |error: sqlx::Error| OpenError::of_postgres(&server, &error);
            let mut connection: PgConnection = options.connect().await.map_err(told)?;
            let mut trial = connection.begin().await.map_err(told)?;
            sqlx::query(TRIAL).execute(&mut *trial).await.map_err(told)?;
            trial.rollback().await.map_err(told)?;
            connection.close().await.map_err(told)
        }
    }
}

impl Inspected {
    /// The first journal entry that is neither chained nor waiting to be: something that was taken out of the chain.
    /// Safe to repeat.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stray_entry(&self) -> Result<Option<String>, StoreError> {
        match &self.backend {
            Kept::Sqlite(store) => stray(&store.0).await,
            Kept::Postgres(store) => stray(&store.0).await,
        }
    }
}

async fn stray<B: Backend>(backend: &B) -> Result<Option<String>, StoreError> {
    let mut loan = backend.lend().await.map_err(StoreError::from)?;
    let sql = texts::STRAY.sql(<B::Session as Session>::DIALECT);
    let rows: Result<_, Fault> = loan.fetch(sql, Vec::new(), &[Kind::Text]).await;
    Ok(rows?.into_iter().flatten().next().map(Value::into_text))
}

fn dialect(url: &str) -> Result<Dialect, OpenError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Dialect::Sqlite),
        Some("postgres" | "postgresql") => Ok(Dialect::Postgres),
        scheme => Err(OpenError::address(scheme)),
    }
}

fn reading(path: &str) -> Result<SqliteConnectOptions, OpenError> {
    if !Path::new(path).is_file() {
        let why = "there is no such file".to_owned();
        return Err(OpenError::Unusable {
            path: path.to_owned(),
            why,
        });
    }
    Ok(SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(PATIENCE))
}

fn server(url: &str) -> Result<(PgConnectOptions, String), OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::address(Some("postgres")))?;
    let options = options.application_name("ordercast");
    let server = format!("{}:{}", options.get_host(), options.get_port());
    Ok((options, server))
}

/// No table of migrations means none was done.
fn version(found: Result<Option<i64>, sqlx::Error>, no_table: &str) -> Result<Option<i64>, sqlx::Error> {
    match found {
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(no_table) => Ok(None),
        other => other,
    }
}
