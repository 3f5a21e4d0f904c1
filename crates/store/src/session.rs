//! One connection of either database, spoken to in values. Decides what each database error means.

use ordercast_model::ports::{BoxFuture, store::StoreError};
use sqlx::{PgConnection, Row as _, SqlStr, SqliteConnection, error::DatabaseError, sqlite::SqliteError};

use crate::{
    dialect::Dialect,
    value::{Kind, Value},
};

/// Why a statement failed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A unique key is taken: the constraint's name, or a sentence that ends in its columns.
    Taken(String),
    /// Lost against another transaction; the whole transaction may be tried again.
    Crossed(String),
    /// SQLite could not read, write or sync its file, or had no room for it. What a later write or sync says is worth
    /// nothing then: the system may have dropped what it could not bring to the disk, and forget that it did.
    Broken(String),
    /// Anything else: the database is away.
    Away(String),
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        let (Fault::Taken(why) | Fault::Crossed(why) | Fault::Broken(why) | Fault::Away(why)) = fault;
        Self::Unavailable(why)
    }
}

/// PostgreSQL's codes of a transaction that lost: serialization failure, deadlock.
const CROSSED: [&str; 2] = ["40001", "40P01"];
/// SQLite's primary result codes `SQLITE_IOERR` and `SQLITE_FULL`.
pub(crate) const BROKEN: [i64; 2] = [10, 13];

/// Whether the disk under SQLite's file failed.
fn is_broken(error: &dyn DatabaseError) -> bool {
    let own = error.try_downcast_ref::<SqliteError>();
    let code = own.and_then(|e| e.code()?.parse::<i64>().ok());
    code.is_some_and(|code| BROKEN.contains(&(code & 0xFF)))
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return Self::Away(error.to_string());
        };
        if database.is_unique_violation() {
            let named = database.constraint().unwrap_or_else(|| database.message());
            return Self::Taken(named.to_owned());
        }
        if is_broken(database) {
            return Self::Broken(error.to_string());
        }
        match database.code() {
            Some(code) if CROSSED.contains(&code.as_ref()) => Self::Crossed(error.to_string()),
            _ => Self::Away(error.to_string()),
        }
    }
}

/// One connection.
pub(crate) trait Session: Send {
    /// Its database.
    const DIALECT: Dialect;
    /// Runs a statement; gives the number of rows it touched.
    fn execute(&mut self, sql: SqlStr, values: Vec<Value>) -> BoxFuture<'_, Result<u64, Fault>>;
    /// Runs a query; gives its rows, each column read as told.
    fn fetch(
        &mut self,
        sql: SqlStr,
        values: Vec<Value>,
        columns: &'static [Kind],
    ) -> BoxFuture<'_, Result<Vec<Vec<Value>>, Fault>>;
}

macro_rules! session {
    ($connection:ty, $dialect:expr) => {
        impl Session for $connection {
            const DIALECT: Dialect = $dialect;
            fn execute(&mut self, sql: SqlStr, values: Vec<Value>) -> BoxFuture<'_, Result<u64, Fault>> {
                Box::pin(async move {
                    let mut query = sqlx::query(sql);
                    for value in values {
                        query = match value {
                            Value::Text(text) => query.bind(text),
                            Value::Number(number) => query.bind(number),
                        };
                    }
                    Ok(query.execute(self).await?.rows_affected())
                })
            }
            fn fetch(
                &mut self,
                sql: SqlStr,
                values: Vec<Value>,
                columns: &'static [Kind],
            ) -> BoxFuture<'_, Result<Vec<Vec<Value>>, Fault>> {
                Box::pin(async move {
                    let mut query = sqlx::query(sql);
                    for value in values {
                        query = match value {
                            Value::Text(text) => query.bind(text),
                            Value::Number(number) => query.bind(number),
                        };
                    }
                    let mut out = Vec::new();
                    for row in query.fetch_all(self).await? {
                        let read = |(at, kind): (usize, &Kind)| match kind {
                            Kind::Text => row.try_get(at).map(Value::Text),
                            Kind::Number => row.try_get(at).map(Value::Number),
                        };
                        out.push(
                            columns
                                .iter()
                                .enumerate()
                                .map(read)
                                .collect::<Result<Vec<_>, _>>()?,
                        );
                    }
                    Ok(out)
                })
            }
        }
    };
}

session!(SqliteConnection, Dialect::Sqlite);
session!(PgConnection, Dialect::Postgres);
