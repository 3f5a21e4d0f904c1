//! Who leads a role. With SQLite the folder lock keeps other processes out, so a set of held roles is enough; with
//! PostgreSQL a session advisory lock, which the server frees the moment the connection is gone.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use ordercast_model::ports::{
    BoxFuture,
    lease::{Lead, Leadership},
    store::StoreError,
};
use sqlx::{ConnectOptions, Connection, PgConnection, SqlSafeStr};
use tokio::sync::Mutex as AsyncMutex;

use crate::{
    postgres::PostgresBackend,
    session::{Fault, Session},
    sqlite::SqliteBackend,
    store::{Backend, SqlStore},
    value::{Kind, Value, text},
    work::{Done, Work},
};

async fn fence<B: Backend>(store: &SqlStore<B>, role: &str) -> Result<u64, StoreError> {
    match store.0.write(Work::Fence(format!("role {role}"))).await? {
        Done::Number(number) => Ok(number),
        Done::Answers(_) => Err(StoreError::Unavailable(
            "the count of a role gave no number".to_owned(),
        )),
    }
}

type Held = Arc<Mutex<BTreeSet<String>>>;

/// Leadership within one process.
pub(crate) struct LocalLeadership {
    store: Arc<SqlStore<SqliteBackend>>,
    held: Held,
}

impl LocalLeadership {
    pub(crate) fn new(store: Arc<SqlStore<SqliteBackend>>) -> Self {
        Self {
            store,
            held: Held::default(),
        }
    }
}

struct LocalLead {
    role: String,
    fence: u64,
    held: Held,
}

impl Drop for LocalLead {
    fn drop(&mut self) {
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.role);
    }
}

impl Lead for LocalLead {
    fn fence(&self) -> u64 {
        self.fence
    }
    fn confirm(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(true))
    }
}

impl Leadership for LocalLeadership {
    fn try_lead<'a>(&'a self, role: &'a str) -> BoxFuture<'a, Result<Option<Box<dyn Lead>>, StoreError>> {
        Box::pin(async move {
            let free = self
                .held
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(role.to_owned());
            if !free {
                return Ok(None);
            }
            let mut lead = LocalLead {
                role: role.to_owned(),
                fence: 0,
                held: Arc::clone(&self.held),
            };
            lead.fence = fence(&self.store, role).await?;
            Ok(Some(Box::new(lead) as Box<dyn Lead>))
        })
    }
}

/// Leadership among all processes that share a PostgreSQL schema.
pub(crate) struct PostgresLeadership {
    store: Arc<SqlStore<PostgresBackend>>,
}

impl PostgresLeadership {
    pub(crate) const fn new(store: Arc<SqlStore<PostgresBackend>>) -> Self {
        Self { store }
    }
}

struct PostgresLead {
    fence: u64,
    connection: AsyncMutex<PgConnection>,
}

impl Lead for PostgresLead {
    fn fence(&self) -> u64 {
        self.fence
    }
    fn confirm(&self) -> BoxFuture<'_, bool> {
        Box::pin(async move { self.connection.lock().await.ping().await.is_ok() })
    }
}

/// The lock is of the schema and the role; 1 when it was free.
const TRY_LOCK: &str = "SELECT CAST(CAST(pg_try_advisory_lock(hashtextextended(\
                        'ordercast ' || current_schema() || ' ' || $1, 0)) AS integer) AS bigint)";

/// Ends the sessions that hold the lock.
const FREE: &str = "SELECT CAST(COUNT(pg_terminate_backend(l.pid)) AS bigint) FROM pg_locks l \
                    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.pid <> pg_backend_pid() \
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                    AND (CAST(l.classid AS bigint) << 32) | CAST(l.objid AS bigint) = \
                    hashtextextended('ordercast ' || current_schema() || ' ' || $1, 0)";

impl Leadership for PostgresLeadership {
    fn free<'a>(&'a self, role: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut loan = self.store.0.lend().await?;
            loan.fetch(FREE.into_sql_str(), vec![text(role)], &[Kind::Number])
                .await?;
            Ok(())
        })
    }
    fn try_lead<'a>(&'a self, role: &'a str) -> BoxFuture<'a, Result<Option<Box<dyn Lead>>, StoreError>> {
        Box::pin(async move {
            let options = self.store.0.connect_options();
            let mut connection = options.connect().await.map_err(Fault::from)?;
            let values = vec![text(role)];
            let locked = connection
                .fetch(TRY_LOCK.into_sql_str(), values, &[Kind::Number])
                .await?;
            if locked
                .first()
                .and_then(|row| row.first())
                .map_or(0, Value::unsigned)
                == 0
            {
                return Ok(None);
            }
            let lead = PostgresLead {
                fence: fence(&self.store, role).await?,
                connection: AsyncMutex::new(connection),
            };
            Ok(Some(Box::new(lead) as Box<dyn Lead>))
        })
    }
}
