//! Where the program keeps its rows in a bench: a file of its own, or a schema of its own on the PostgreSQL server that
//! the environment names. Refuses to touch anything else on that server.

use std::path::Path;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The variable that names the server; `cargo xtask bench` sets it to a private one.
pub(crate) const SERVER: &str = "ORDERCAST_TEST_POSTGRES_URL";

/// A database of one bench.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    Sqlite(String),
    Postgres {
        server: String,
        schema: String,
        url: String,
    },
}

impl Database {
    /// A new file in a folder.
    pub(crate) fn file(folder: &Path) -> Self {
        Self::Sqlite(format!("sqlite://{}", folder.join("ordercast.db").display()))
    }
    /// A new schema on the server; none when no server is named.
    pub(crate) async fn schema() -> Result<Option<Self>> {
        #[expect(clippy::disallowed_methods, reason = "where the server is comes from outside")]
        let server = std::env::var(SERVER).ok().filter(|url| !url.is_empty());
        let Some(server) = server else {
            return Ok(None);
        };
        let schema = format!("bench_{}", std::process::id());
        run(&server, format!("CREATE SCHEMA {schema}")).await?;
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{mark}options=-csearch_path%3D{schema}");
        Ok(Some(Self::Postgres { server, schema, url }))
    }
    /// Its address.
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Sqlite(url) | Self::Postgres { url, .. } => url,
        }
    }
    /// What it is called in a report.
    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }
    /// Takes the schema away; a file goes with its folder.
    pub(crate) async fn drop(self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres { server, schema, .. } => {
                run(&server, format!("DROP SCHEMA {schema} CASCADE")).await
            }
        }
    }
}

async fn run(server: &str, sql: String) -> Result<()> {
    let mut connection = PgConnection::connect(server)
        .await
        .with_context(|| format!("{SERVER}: the server does not answer"))?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
