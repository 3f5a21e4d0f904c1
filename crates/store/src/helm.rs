//! The helm over PostgreSQL: one row for whoever holds it, one for each errand. With SQLite the folder's lock keeps other
//! processes out, so there is none.

use ordercast_model::ports::{
    BoxFuture,
    helm::{Beat, Errand, Helm, Stand},
    store::StoreError,
};
use sqlx::{PgConnection, SqlSafeStr};

use crate::{
    postgres::PostgresBackend,
    session::{Fault, Session},
    value::{Kind, Value, count, text},
};

/// The columns of [`Stand`].
const STAND: [Kind; 5] = [Kind::Text, Kind::Number, Kind::Number, Kind::Number, Kind::Number];
/// The columns of [`Errand`].
const ERRAND: [Kind; 4] = [Kind::Text; 4];

const LOOK: &str = "SELECT holder, fence, beats, calls, bound FROM helm WHERE id = 1";
const TAKE: &str = "UPDATE helm SET holder = $1, fence = fence + 1, beats = beats + 1, bound = 0 \
                    WHERE id = 1 AND fence = $2 AND beats = $3 RETURNING holder, fence, beats, calls, bound";
const BEAT: &str = "UPDATE helm SET beats = beats + 1, bound = $2 WHERE id = 1 AND fence = $1 AND holder <> '' \
                    RETURNING holder, fence, beats, calls, bound";
/// Within the transaction of a beat, so that only the holder takes them.
const ERRANDS: &str = "DELETE FROM errands WHERE id IN (SELECT id FROM errands ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED) \
                       RETURNING id, user_id, connection_id, job";
const RELEASE: &str = "UPDATE helm SET holder = '', beats = beats + 1 WHERE id = 1 AND fence = $1";
const CALL: &str = "UPDATE helm SET calls = calls + 1 WHERE id = 1 RETURNING calls";
const LEAVE: &str =
    "INSERT INTO errands (id, user_id, connection_id, job) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

/// The helm among all processes that share a PostgreSQL schema.
pub(crate) struct PostgresHelm(pub(crate) PostgresBackend);

fn stand(row: Vec<Value>) -> Option<Stand> {
    let mut row = row.into_iter();
    let holder = row.next()?.into_text();
    let mut next = || row.next().map(|value| value.unsigned());
    Some(Stand {
        holder,
        fence: next()?,
        beats: next()?,
        calls: next()?,
        bound: next()?,
    })
}

fn errand(row: Vec<Value>) -> Option<Errand> {
    let mut row = row.into_iter().map(Value::into_text);
    Some(Errand {
        id: row.next()?,
        user_id: row.next()?.parse().ok()?,
        connection_id: row.next()?.parse().ok()?,
        job: row.next()?,
    })
}

async fn one(
    session: &mut PgConnection,
    sql: &'static str,
    values: Vec<Value>,
) -> Result<Option<Stand>, Fault> {
    let rows = session.fetch(sql.into_sql_str(), values, &STAND).await?;
    Ok(rows.into_iter().next().and_then(stand))
}

impl PostgresHelm {
    async fn stand(&self, sql: &'static str, values: Vec<Value>) -> Result<Option<Stand>, StoreError> {
        let mut loan = self.0.beats().acquire().await.map_err(Fault::from)?;
        Ok(one(&mut loan, sql, values).await?)
    }
    async fn done(&self, sql: &'static str, values: Vec<Value>) -> Result<(), StoreError> {
        let mut loan = self.0.beats().acquire().await.map_err(Fault::from)?;
        loan.execute(sql.into_sql_str(), values).await?;
        Ok(())
    }
    async fn beat_once(&self, fence: u64, bound: u64) -> Result<Option<Beat>, Fault> {
        let mut transaction = self.0.beats().begin().await?;
        let Some(stand) = one(&mut transaction, BEAT, vec![count(fence), count(bound)]).await? else {
            return Ok(None);
        };
        let rows = transaction
            .fetch(ERRANDS.into_sql_str(), Vec::new(), &ERRAND)
            .await?;
        transaction.commit().await?;
        let mut errands: Vec<Errand> = rows.into_iter().filter_map(errand).collect();
        errands.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Some((stand, errands)))
    }
}

impl Helm for PostgresHelm {
    fn look(&self) -> BoxFuture<'_, Result<Stand, StoreError>> {
        Box::pin(async move { Ok(self.stand(LOOK, Vec::new()).await?.unwrap_or_default()) })
    }
    fn take<'a>(
        &'a self,
        name: &'a str,
        seen: &'a Stand,
    ) -> BoxFuture<'a, Result<Option<Stand>, StoreError>> {
        let values = vec![text(name), count(seen.fence), count(seen.beats)];
        Box::pin(self.stand(TAKE, values))
    }
    fn beat(&self, fence: u64, bound: u64) -> BoxFuture<'_, Result<Option<Beat>, StoreError>> {
        Box::pin(async move { Ok(self.beat_once(fence, bound).await?) })
    }
    fn release(&self, fence: u64) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.done(RELEASE, vec![count(fence)]))
    }
    fn call(&self) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move {
            let mut loan = self.0.beats().acquire().await.map_err(Fault::from)?;
            let rows = loan
                .fetch(CALL.into_sql_str(), Vec::new(), &[Kind::Number])
                .await?;
            let first = rows.first().and_then(|row| row.first());
            Ok(first.map_or(0, Value::unsigned))
        })
    }
    fn leave<'a>(&'a self, errand: &'a Errand) -> BoxFuture<'a, Result<(), StoreError>> {
        let values = vec![
            text(&errand.id),
            text(errand.user_id),
            text(errand.connection_id),
            text(&errand.job),
        ];
        Box::pin(self.done(LEAVE, values))
    }
}
