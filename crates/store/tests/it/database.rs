//! Databases for one test each: a SQLite file in a folder of its own, a schema of its own on a PostgreSQL server.

use std::{
    io::Write as _,
    sync::{
        Arc, Once,
        atomic::{AtomicU64, Ordering},
    },
};

use ordercast_model::ports::store::Store;
use ordercast_store::{Opened, Options, open};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The variable that names a PostgreSQL server for tests.
pub(crate) const POSTGRES: &str = "ORDERCAST_TEST_POSTGRES_URL";

/// A database opened by the program, and the way to it beside the program.
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) leadership: Arc<dyn ordercast_model::ports::lease::Leadership>,
    pub(crate) helm: Option<Arc<dyn ordercast_model::ports::helm::Helm>>,
    stop: CancellationToken,
    worker: Option<JoinHandle<()>>,
    folder: Option<Arc<TempDir>>,
}

impl Database {
    async fn of(url: String, folder: Option<Arc<TempDir>>) -> Self {
        let Opened {
            store,
            leadership,
            helm,
            worker,
            ..
        } = open(&url, &Options::default()).await.expect("opens");
        let stop = CancellationToken::new();
        let worker = tokio::spawn(worker.run(stop.clone()));
        Self {
            url,
            store,
            leadership,
            helm,
            stop,
            worker: Some(worker),
            folder,
        }
    }
    /// A new SQLite file.
    pub(crate) async fn sqlite() -> Self {
        let folder = Arc::new(TempDir::new().expect("a folder"));
        let url = format!("sqlite:{}", folder.path().join("ordercast.db").display());
        Self::of(url, Some(folder)).await
    }
    /// A new schema on the PostgreSQL server, if there is one.
    pub(crate) async fn postgres() -> Option<Self> {
        let server = server()?;
        let mut connection = PgConnection::connect(&server)
            .await
            .expect("the server of the tests answers");
        let schema = new_schema();
        run(&mut connection, &format!("CREATE SCHEMA {schema}"))
            .await
            .expect("a schema");
        let sign = if server.contains('?') { '&' } else { '?' };
        Some(Self::of(format!("{server}{sign}options=-csearch_path%3D{schema}"), None).await)
    }
    /// Stops the store and opens the same database again.
    pub(crate) async fn reopen(mut self) -> Self {
        self.close().await;
        Self::of(self.url.clone(), self.folder.clone()).await
    }
    /// Stops the store; resolves when everything is written and closed.
    pub(crate) async fn close(&mut self) {
        self.stop.cancel();
        if let Some(worker) = self.worker.take() {
            worker.await.expect("the worker ends");
        }
    }
    pub(crate) fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite")
    }
    /// Runs SQL beside the program; gives the rows touched.
    pub(crate) async fn raw(&self, sql: &str) -> Result<u64, String> {
        if self.is_sqlite() {
            let path = self.url.trim_start_matches("sqlite:");
            let mut connection = SqliteConnection::connect(path).await.expect("connects");
            let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
                .execute(&mut connection)
                .await;
            done.map(|d| d.rows_affected()).map_err(|e| e.to_string())
        } else {
            let mut connection = PgConnection::connect(&self.url).await.expect("connects");
            run(&mut connection, sql).await
        }
    }
    /// One text per row.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        let got = if self.is_sqlite() {
            let path = self.url.trim_start_matches("sqlite:");
            let mut connection = SqliteConnection::connect(path).await.expect("connects");
            sqlx::query_scalar(sql).fetch_all(&mut connection).await
        } else {
            let mut connection = PgConnection::connect(&self.url).await.expect("connects");
            sqlx::query_scalar(sql).fetch_all(&mut connection).await
        };
        got.expect("answers")
    }
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<u64, String> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await;
    done.map(|d| d.rows_affected()).map_err(|e| e.to_string())
}

/// The server, saying so plainly when there is none.
pub(crate) fn server() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "where the test server is comes from outside"
    )]
    let url = std::env::var(POSTGRES).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        // Straight to the stream: what goes through the print macros is shown for failed tests only.
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let _ = writeln!(std::io::stderr(), "SKIPPED on PostgreSQL: {POSTGRES} is not set");
        });
    }
    url
}

fn new_schema() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (process, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    format!(
        "case_{process}_{next}_{}",
        std::time::UNIX_EPOCH.elapsed().map_or(0, |d| d.as_nanos())
    )
}

/// Every database there is.
pub(crate) async fn all() -> Vec<Database> {
    let mut all = vec![Database::sqlite().await];
    all.extend(Database::postgres().await);
    all
}
