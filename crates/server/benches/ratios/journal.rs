//! Journal entries appended and chained through the store, against a bare group commit of the same rows: one table,
//! one multi-row insert, one transaction, the same grouping and the same durability.

use std::{path::Path, time::Duration};

use anyhow::{Result, anyhow, ensure};
use ordercast_model::{
    ids::UserId,
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    ports::{
        clock::{Clock, Random, new_id},
        store::{Batch, Scope, Store},
    },
    tenant::SystemScope,
};
use ordercast_rules::chain;
use ordercast_store::{Options, open};
use serde_json::json;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::{OsRandom, SystemClock},
    measure::{Samples, millis, now},
    report::{Ratio, Report},
};

/// Callers whose entries share a transaction.
const GROUP: usize = 100;
const ROUNDS: usize = 60;
const WARM_UP: usize = 5;
/// One transaction appends, a second one chains; each writes the entry's row or a link, a place in the queue and a feed
/// step beside the entry itself.
const BAR: (&str, u128) = ("<= 6.00", 600);
const APPEND_BAR: (&str, u128) = ("<= 3.00", 300);

struct Bare(SqliteConnection);

impl Bare {
    async fn open(folder: &Path) -> Result<Self> {
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.join("bare.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await?;
        sqlx::query(
            "CREATE TABLE entries (id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
        )
        .execute(&mut connection)
        .await?;
        Ok(Self(connection))
    }

    async fn append(&mut self, rows: &[(String, String)], sql: &str) -> Result<()> {
        let mut transaction = self.0.begin_with("BEGIN IMMEDIATE").await?;
        let mut query = sqlx::query(AssertSqlSafe(sql.to_owned()));
        for (id, body) in rows {
            query = query.bind(id).bind(body);
        }
        query.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn insert() -> String {
    let rows = vec!["(?, ?)"; GROUP].join(", ");
    format!("INSERT INTO entries (id, body) VALUES {rows}")
}

/// Entries as they come: decisions of many users, with the facts of a decision.
fn entries(clock: &dyn Clock, random: &dyn Random, users: &[UserId]) -> Vec<Entry> {
    let entry = |n: usize| {
        let actor = Actor::system("pipeline");
        let object = ("decision", format!("dec_{n}"));
        let mut entry = Entry::new(
            new_id(clock, random),
            clock.now(),
            Kind::SignalDecision,
            actor,
            object,
        );
        entry.user = users.get(n % users.len().max(1)).copied();
        entry.after = Some(json!({
            "decision": "placed", "action": "open", "instruction": 0, "revision": 1, "confidence": "0.95",
            "message": "Buys 40 KO at 71.52 with a stop at 68.66", "provider_id": "prv_01m8394tcrw6snyjqq10qpjx11",
        }));
        entry
    };
    (0..GROUP).map(entry).collect()
}

/// How long each part of a group's way into the chain took.
#[derive(Clone, Copy)]
struct Way {
    append: Duration,
    read: Duration,
    link: Duration,
    write: Duration,
}

impl Way {
    fn whole(self) -> Duration {
        self.append + self.read + self.link + self.write
    }
}

/// Appends a group and chains it, as the sequencer does.
async fn ours(store: &dyn Store, entries: Vec<Entry>) -> Result<Way> {
    const WRITING: SystemScope = SystemScope::housekeeping("the journal is measured");
    let start = now();
    let batches = entries.into_iter().map(|entry| {
        let mut batch = Batch::new();
        batch.note(entry);
        (Scope::from(WRITING), batch)
    });
    for answer in store.commit(batches.collect()).await? {
        answer?;
    }
    let appended = now();
    let pending = store.pending(500).await?;
    let head = store.head().await?;
    let mut users: Vec<UserId> = pending.iter().filter_map(|e| e.user).collect();
    users.sort_unstable();
    users.dedup();
    let heads = store.feed_heads(&users).await?.into_iter().collect();
    let read = now();
    let links = chain::next(head.as_ref(), &pending)?;
    let feed = chain::feed(&links, &pending, &heads);
    let linked = now();
    store.chain(&links, &feed).await?;
    Ok(Way {
        append: appended - start,
        read: read - appended,
        link: linked - read,
        write: linked.elapsed(),
    })
}

/// Rows and bytes, read back from disk.
async fn weighed(file: &Path, sql: &'static str) -> Result<(i64, i64)> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    let found = sqlx::query_as(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(found)
}

pub(crate) async fn measure() -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("ours.db");
    let opened = open(&format!("sqlite://{}", file.display()), &Options::default()).await?;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(opened.worker.run(stop.clone()));
    let (clock, random) = (SystemClock::new(), OsRandom);
    let users: Vec<UserId> = (0..25).map(|_| new_id(&clock, &random)).collect();
    let (mut bare, sql) = (Bare::open(folder.path()).await?, insert());
    let genesis = chain::genesis(new_id(&clock, &random), clock.now(), "bench", &"0".repeat(64));
    ours(opened.store.as_ref(), vec![genesis]).await?;
    let (mut whole, mut append, mut floor) = (Samples::default(), Samples::default(), Samples::default());
    let (mut read, mut link, mut write) = (Samples::default(), Samples::default(), Samples::default());
    for round in 0..ROUNDS + WARM_UP {
        let group = entries(&clock, &random, &users);
        let rows = group
            .iter()
            .map(|e| Ok((e.id.to_string(), serde_json::to_string(e)?)))
            .collect::<Result<Vec<_>>>()?;
        let way = ours(opened.store.as_ref(), group).await?;
        let start = now();
        bare.append(&rows, &sql).await?;
        let bared = start.elapsed();
        if round >= WARM_UP {
            whole.add(way.whole());
            append.add(way.append);
            read.add(way.read);
            link.add(way.link);
            write.add(way.write);
            floor.add(bared);
        }
    }
    let all = opened.store.chained(0, 10_000).await?;
    let verified = chain::verify(None, &all).map_err(|fault| anyhow!("our journal: {fault}"))?;
    ensure!(
        verified.entries == (1 + (ROUNDS + WARM_UP) * GROUP) as u64,
        "our journal holds {} entries",
        verified.entries
    );
    stop.cancel();
    worker.await?;
    bare.0.close().await?;
    let mine = weighed(
        &file,
        "SELECT count(*), sum(length(body)) FROM journal WHERE kind <> 'journal.genesis'",
    )
    .await?;
    let bare_file = folder.path().join("bare.db");
    let theirs = weighed(&bare_file, "SELECT count(*), sum(length(body)) FROM entries").await?;
    ensure!(
        mine == theirs,
        "rows and bytes differ: ours {mine:?}, the peer's {theirs:?}"
    );
    let records = |samples: &Samples| GROUP as u128 * 1_000_000_000 / samples.median().as_nanos().max(1);
    Ok(Report {
        name: "journal",
        against: "one multi-row insert into one table, the same rows and grouping, WAL, synchronous FULL",
        ratios: vec![
            Ratio::of(
                "append and chain, group of 100",
                whole.median(),
                floor.median(),
                Some(BAR),
            ),
            Ratio::of(
                "append alone, group of 100",
                append.median(),
                floor.median(),
                Some(APPEND_BAR),
            ),
        ],
        tables: Vec::new(),
        notes: vec![
            format!(
                "{} rows and {} bytes of entries on each side, read back from disk",
                mine.0, mine.1
            ),
            format!(
                "entries a second: ours chained {}, appended {}, bare {}; {} rounds of each in turn, median",
                records(&whole),
                records(&append),
                records(&floor),
                whole.len()
            ),
            format!(
                "medians, ms: append {}, read what waits {}, link {}, write the chain {}",
                millis(append.median()),
                millis(read.median()),
                millis(link.median()),
                millis(write.median())
            ),
        ],
    })
}
