//! `ordercast journal`: a journal that holds, and copies of it that were tampered with in every way.

use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use ordercast_model::{
    ids::{CheckpointId, Id as _, JournalId, OrderId},
    journal::{
        checkpoint::Checkpoint,
        entry::{Actor, Entry},
        kind::Kind,
    },
    ports::store::{Batch, commit},
    tenant::SystemScope,
    time::Timestamp,
};
use ordercast_rules::chain::{self, merkle::Tree};
use ordercast_store::{Options, open};
use serde_json::Value;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio_util::sync::CancellationToken;

use crate::program::{Bench, copy_database};

pub(crate) const ENTRIES: u64 = 12;
/// Numbers of entries at which a checkpoint was signed.
const SIGNED: [u64; 2] = [5, 11];
const SEED: [u8; 32] = [3; 32];

fn at(n: u64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + i64::try_from(n).unwrap())
}

fn id(n: u64) -> JournalId {
    let mut entropy = [0; 10];
    entropy[..8].copy_from_slice(&n.to_be_bytes());
    JournalId::new(at(n), entropy)
}

/// A chained journal of a few entries in `ordercast.db`.
pub(crate) async fn record(folder: &Path) {
    let url = format!("sqlite://{}", folder.join("ordercast.db").display());
    let opened = open(&url, &Options::default()).await.unwrap();
    let stop = CancellationToken::new();
    let worker = tokio::spawn(opened.worker.run(stop.clone()));
    let store = opened.store.as_ref();
    let mut batch = Batch::new();
    let key = SigningKey::from_bytes(&SEED);
    let public = hex::encode(key.verifying_key().as_bytes());
    batch.note(chain::genesis(id(0), at(0), "test", &public));
    for n in 1..ENTRIES {
        let order: OrderId = OrderId::new(at(n), [7; 10]);
        let object = ("process", order.to_string());
        batch.note(Entry::new(
            id(n),
            at(n),
            Kind::SystemStarted,
            Actor::system("test"),
            object,
        ));
    }
    commit(store, SystemScope::housekeeping("a test"), batch)
        .await
        .unwrap();
    let pending = store.pending(100).await.unwrap();
    let links = chain::next(None, &pending).unwrap();
    store.chain(&links, &[]).await.unwrap();
    let mut tree = Tree::default();
    for link in &links {
        assert!(tree.add(&link.hash));
        if SIGNED.contains(&tree.size()) {
            let (size, root, at) = (tree.size(), tree.root(), at(tree.size()));
            let mut batch = Batch::new();
            batch.insert(Checkpoint {
                id: CheckpointId::new(at, [7; 10]),
                size,
                signature: hex::encode(key.sign(&Checkpoint::signed(size, &root, at)).to_bytes()),
                root,
                at,
                key: public.clone(),
                peaks: tree.peaks(),
            });
            commit(store, SystemScope::housekeeping("a test"), batch)
                .await
                .unwrap();
        }
    }
    stop.cancel();
    worker.await.unwrap();
}

/// What the chain alone cannot tell: the last entries gone, and every trace of them.
const CUT_ENTRY_10_AND_BEYOND: &str = "CUT";

/// Does what the store would never do.
pub(crate) async fn tamper(file: &Path, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    let triggers: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for trigger in triggers {
        let drop = sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}"));
        sqlx::query(drop).execute(&mut connection).await.unwrap();
    }
    let statements = if statement == CUT_ENTRY_10_AND_BEYOND {
        vec![
            "DELETE FROM journal WHERE id IN (SELECT id FROM journal_chain WHERE seq >= 10)",
            "DELETE FROM journal_chain WHERE seq >= 10",
        ]
    } else {
        vec![statement]
    };
    for statement in statements {
        let done = sqlx::query(statement).execute(&mut connection).await.unwrap();
        assert!(done.rows_affected() > 0, "{statement}");
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_journal_that_holds_verifies_and_is_exported() {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("demo")).unwrap();
    record(&bench.path("demo")).await;
    let before = std::fs::read(bench.path("demo/ordercast.db")).unwrap();
    let ran = bench.run(&["journal", "verify", "--data-dir", "demo", "--json"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let told = ran.json();
    assert_eq!(
        (&told["verified"], &told["entries"]),
        (&Value::Bool(true), &Value::from(ENTRIES))
    );
    assert_eq!(
        (&told["checkpoints"], &told["signed_entries"]),
        (&Value::from(2), &Value::from(11))
    );
    let exported = bench.run(&["journal", "export", "--data-dir", "demo"]);
    let lines: Vec<Value> = exported
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len() as u64, ENTRIES);
    assert_eq!(lines.last().unwrap()["hash"], told["head_hash"]);
    let rest = bench.run(&["journal", "export", "--data-dir", "demo", "--from", "10"]);
    assert_eq!(rest.out.lines().count() as u64, ENTRIES - 10);
    assert_eq!(
        std::fs::read(bench.path("demo/ordercast.db")).unwrap(),
        before,
        "nothing was written"
    );
    // The same by the configuration, without any key.
    let mut by_url = Bench::new();
    by_url.set(
        "DATABASE_URL",
        &format!("sqlite://{}", bench.path("demo/ordercast.db").display()),
    );
    let ran = by_url.run(&["journal", "verify"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("journal verified"), "{}", ran.out);
}

/// What was done to a journal, and what is said of it.
pub(crate) const TAMPERED: &[(&str, &str)] = &[
    (
        "UPDATE journal SET body = replace(body, 'process', 'procesz') WHERE id = (SELECT id FROM journal_chain WHERE seq = 5)",
        "entry 5 (",
    ),
    (
        "UPDATE journal SET body = '{' WHERE id = (SELECT id FROM journal_chain WHERE seq = 6)",
        "entry 6 (",
    ),
    (
        "UPDATE journal_chain SET hash = prev_hash WHERE seq = 4",
        "entry 4 (",
    ),
    (
        "UPDATE journal SET kind = 'login.ok' WHERE id = (SELECT id FROM journal_chain WHERE seq = 7)",
        "its column kind",
    ),
    (
        "UPDATE journal SET user_id = 'usr_x' WHERE id = (SELECT id FROM journal_chain WHERE seq = 7)",
        "its column user_id",
    ),
    (
        "UPDATE journal SET at = at + 1 WHERE id = (SELECT id FROM journal_chain WHERE seq = 7)",
        "its column at",
    ),
    (
        "UPDATE journal SET object_id = 'x' WHERE id = (SELECT id FROM journal_chain WHERE seq = 7)",
        "its column object_id",
    ),
    (
        "UPDATE journal_chain SET user_id = 'usr_x' WHERE seq = 7",
        "the chain's column user_id",
    ),
    (
        r#"UPDATE journal SET body = replace(body, '"links":{', '"links":{"more":"x",') WHERE id = (SELECT id FROM journal_chain WHERE seq = 7)"#,
        "links.more",
    ),
    ("DELETE FROM journal_chain WHERE seq = 7", "entry 8 ("),
    (
        "DELETE FROM journal WHERE id = (SELECT id FROM journal_chain WHERE seq = 11)",
        "entry 11: it is missing",
    ),
    (
        "DELETE FROM journal_chain WHERE seq = 11",
        "no longer in the chain",
    ),
    (
        CUT_ENTRY_10_AND_BEYOND,
        "entry 10: it is missing; the checkpoint chk_",
    ),
    (
        "UPDATE checkpoints SET body = replace(body, '\"size\":5', '\"size\":6')",
        "of 6 entries: its signature does not fit",
    ),
    (
        "UPDATE journal_chain SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)",
        "entry",
    ),
];

#[tokio::test]
async fn the_first_bad_entry_is_named() {
    let bench = Bench::new();
    record(&bench.path("")).await;
    for (statement, words) in TAMPERED.iter().copied() {
        let copy = Bench::new();
        let file = copy.path("ordercast.db");
        copy_database(&bench.path("ordercast.db"), &file);
        tamper(&file, statement).await;
        let ran = copy.run(&["journal", "verify", "--data-dir", "."]);
        assert_eq!(ran.code, Some(2), "{statement}: {}{}", ran.out, ran.err);
        assert!(
            ran.out.contains("NOT as it was written") && ran.out.contains(words),
            "{statement}: {}",
            ran.out
        );
    }
}

#[test]
fn a_folder_without_a_database_is_said() {
    let ran = Bench::new().run(&["journal", "verify", "--data-dir", "nowhere"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("nowhere/ordercast.db") && ran.err.contains("no such file"),
        "{}",
        ran.err
    );
}

/// Whoever cuts the journal can cut the checkpoints beside it; one that was kept elsewhere still tells.
#[tokio::test]
async fn a_checkpoint_kept_elsewhere_tells_of_what_was_cut() {
    let bench = Bench::new();
    record(&bench.path("")).await;
    let file = bench.path("ordercast.db");
    let mut connection: SqliteConnection = SqliteConnectOptions::new()
        .filename(&file)
        .connect()
        .await
        .unwrap();
    let kept: Vec<String> = sqlx::query_scalar("SELECT body FROM checkpoints ORDER BY size")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let cut = |name: &str| {
        let copy = bench.path(name);
        std::fs::create_dir(&copy).unwrap();
        copy_database(&file, &copy.join("ordercast.db"));
        copy.join("ordercast.db")
    };
    for (name, place) in [("given", "kept.json"), ("beside", "beside/checkpoint.json")] {
        let database = cut(name);
        tamper(&database, "DELETE FROM checkpoints").await;
        tamper(&database, CUT_ENTRY_10_AND_BEYOND).await;
        let ran = bench.run(&["journal", "verify", "--data-dir", name]);
        assert_eq!(ran.code, Some(0), "nothing tells: {}{}", ran.out, ran.err);
        assert!(ran.out.contains("would not be missed"), "{}", ran.out);
        std::fs::write(bench.path(place), &kept[1]).unwrap();
        let mut asked = vec!["journal", "verify", "--data-dir", name];
        if name == "given" {
            asked.extend(["--checkpoint", place]);
        }
        let ran = bench.run(&asked);
        assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("entry 10: it is missing"), "{}", ran.out);
    }
    for (text, words) in [("{", "kept.json"), ("{}", "missing field")] {
        std::fs::write(bench.path("kept.json"), text).unwrap();
        let ran = bench.run(&[
            "journal",
            "verify",
            "--data-dir",
            ".",
            "--checkpoint",
            "kept.json",
        ]);
        assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
        assert!(
            ran.err.contains("--checkpoint") && ran.err.contains(words),
            "{}",
            ran.err
        );
    }
}
