//! Opens PostgreSQL: a pool, one transaction for each call. Tries again what lost against another transaction.

use std::{str::FromStr, time::Duration};

use ordercast_model::ports::{
    BoxFuture,
    store::{CommitError, StoreError},
};
use sqlx::{
    PgConnection, PgPool, Postgres,
    migrate::Migrator,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    dialect::Dialect,
    migration,
    open::{OpenError, Options},
    prepare::Prepared,
    session::Fault,
    store::Backend,
    work::{Done, Work, perform},
};

/// How long a call waits for a free connection before the store counts as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection: more than there are texts.
const STATEMENTS_MAX: usize = 512;
/// How long a transaction may stand still, in milliseconds: a process that hangs in the middle of one holds rows that
/// others wait for, and the server takes it back.
const IDLE_MAX: &str = "4000";
/// Connections kept for what is urgent.
const URGENT_MAX: u32 = 2;
/// Connections kept for beats and errands.
const BEATS_MAX: u32 = 2;
/// How often a transaction that lost against another is tried.
const TRIES_MAX: usize = 5;

/// PostgreSQL behind a pool.
#[derive(Debug, Clone)]
pub(crate) struct PostgresBackend {
    pool: PgPool,
    /// For what must not wait behind everybody else.
    urgent: PgPool,
    /// For the beats of whoever holds the helm, and for those who look at them.
    beats: PgPool,
}

/// Whether every migration is applied as this program carries it. The application's role may see that, but may not
/// run the migrator.
async fn is_current(connection: &mut PgConnection, migrator: &Migrator) -> bool {
    let applied: Result<Vec<(i64, Vec<u8>)>, _> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(connection)
            .await;
    let carried = migrator
        .iter()
        .map(|migration| (migration.version, migration.checksum.to_vec()));
    applied.is_ok_and(|applied| applied.into_iter().eq(carried))
}

/// Opens the server's database and brings its tables up to date.
pub(crate) async fn open(url: &str, options: &Options) -> Result<PostgresBackend, OpenError> {
    let connect = PgConnectOptions::from_str(url).map_err(|_| OpenError::Address {
        given: "postgres:...".to_owned(),
        expected: "postgres://user:password@host:port/name",
    })?;
    let connect = connect
        .application_name("ordercast")
        .options([("idle_in_transaction_session_timeout", IDLE_MAX)])
        .statement_cache_capacity(STATEMENTS_MAX);
    let server = format!("{}:{}", connect.get_host(), connect.get_port());
    let told = |error: sqlx::Error| OpenError::of_postgres(&server, &error);
    // One plain connection first: a pool would wait for a server that refuses.
    let mut first = sqlx::ConnectOptions::connect(&connect).await.map_err(told)?;
    let migrator = migration::migrator(Dialect::Postgres);
    if !is_current(&mut first, &migrator).await {
        migrator
            .run(&mut first)
            .await
            .map_err(|error| OpenError::of_migration(&server, error, OpenError::of_postgres))?;
    }
    sqlx::Connection::close(first).await.map_err(told)?;
    let pool = PgPoolOptions::new()
        .max_connections(options.connections_max.max(2))
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(connect)
        .await
        .map_err(told)?;
    Ok(PostgresBackend::of(pool))
}

impl PostgresBackend {
    /// Over a pool somebody else made.
    pub(crate) fn of(pool: PgPool) -> Self {
        let beside = |connections| {
            PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect_lazy_with(pool.connect_options().as_ref().clone())
        };
        let (urgent, beats) = (beside(URGENT_MAX), beside(BEATS_MAX));
        Self { pool, urgent, beats }
    }
    pub(crate) async fn close(&self) {
        self.urgent.close().await;
        self.beats.close().await;
        self.pool.close().await;
    }
    /// The connections for the helm.
    pub(crate) const fn beats(&self) -> &PgPool {
        &self.beats
    }
    /// How to open a connection beside the pool.
    pub(crate) fn connect_options(&self) -> PgConnectOptions {
        self.pool.connect_options().as_ref().clone()
    }
    async fn transaction(&self, work: &Work) -> Result<Done, Fault> {
        let pool = if work.is_urgent() {
            &self.urgent
        } else {
            &self.pool
        };
        let mut transaction = pool.begin().await?;
        let done = perform(&mut *transaction, work).await?;
        transaction.commit().await?;
        Ok(done)
    }
}

/// What each caller is told when the transaction lost too often: read again.
fn crossed(work: Work) -> Result<Done, StoreError> {
    let conflict = |batch: &Prepared| {
        let first = batch.steps.first();
        Err(CommitError::Conflict {
            table: first.map_or("journal", |step| step.table.name()),
            id: first.map(|step| step.id.clone()).unwrap_or_default(),
        })
    };
    match work {
        Work::Commit(batches) => Ok(Done::Answers(batches.iter().map(conflict).collect())),
        Work::Chain(links, _) => Ok(Done::Answers(vec![Err(CommitError::Duplicate {
            table: "journal_chain",
            key: links.first().map(|link| link.seq.to_string()).unwrap_or_default(),
        })])),
        Work::Fence(role) => Err(StoreError::Unavailable(format!(
            "the count of {role} is contended"
        ))),
        Work::Thin(_) => Err(StoreError::Unavailable("equity curves are contended".to_owned())),
    }
}

impl Backend for PostgresBackend {
    type Session = PgConnection;
    type Loan = PoolConnection<Postgres>;

    fn lend(&self) -> BoxFuture<'_, Result<Self::Loan, Fault>> {
        Box::pin(async move { self.pool.acquire().await.map_err(Fault::from) })
    }
    fn lend_urgent(&self) -> BoxFuture<'_, Result<Self::Loan, Fault>> {
        Box::pin(async move { self.urgent.acquire().await.map_err(Fault::from) })
    }
    fn write(&self, work: Work) -> BoxFuture<'_, Result<Done, StoreError>> {
        Box::pin(async move {
            for _ in 0..TRIES_MAX {
                match self.transaction(&work).await {
                    Ok(done) => return Ok(done),
                    Err(Fault::Crossed(why)) => tracing::debug!(why, "a transaction lost and is tried again"),
                    Err(fault) => return Err(fault.into()),
                }
            }
            crossed(work)
        })
    }
}
