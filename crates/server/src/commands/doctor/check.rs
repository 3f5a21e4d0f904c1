//! What can be looked at on this machine: configuration, clock, disk, database, keys, journal, dashboard.

use std::{path::PathBuf, time::Duration};

use ordercast_adapters::vault::{LocalVault, MasterKeys};
use ordercast_model::{
    journal::entry::Link,
    ports::store::{Store, StoreError},
};
use ordercast_rules::chain;
use ordercast_store::{Inspected, OpenError, inspect, prove_writable};

use super::{Item, Tools};
use crate::{
    commands::folder_of,
    config::Looked,
    host,
    readiness::{Finding, Trouble, look},
};

/// Entries of the journal's end that are verified.
const TAIL: u64 = 1_000;
/// An earlier time is no time of this program: 2026-01-01.
const EARLIEST_SECONDS: i64 = 1_767_225_600;

pub(super) fn configuration(looked: &Looked) -> Vec<Item> {
    let fault =
        |fault: &crate::config::Fault| Item::fault("configuration", fault.to_string(), "see .env.example");
    let missing = |fault: &crate::config::Fault| {
        Item::fault(
            "configuration",
            fault.to_string(),
            "set it; `ordercast serve` does not start without it",
        )
    };
    let mut items: Vec<Item> = looked.faults.iter().map(fault).collect();
    items.extend(looked.missing.iter().map(missing));
    if items.is_empty() {
        let mode = format!("{:?}", looked.config.server.mode).to_lowercase();
        items.push(Item::ok("configuration", format!("complete, mode {mode}")));
    }
    items
}

fn of_finding(name: &'static str, finding: Finding, good: String, remedy: &str) -> Item {
    match finding {
        Ok(()) => Item::ok(name, good),
        Err(Trouble::Limping(why)) => Item::warning(name, why, remedy),
        Err(Trouble::Broken(why)) => Item::fault(name, why, remedy),
    }
}

pub(super) async fn clock(tools: &Tools) -> Item {
    const REMEDY: &str =
        "keep the machine's clock right with NTP: signals are dated, and old ones are refused";
    let mut watch = look::ClockWatch::default();
    let now = tools.clock.now();
    if now.seconds() < EARLIEST_SECONDS {
        return Item::fault(
            "clock",
            format!("it is set to {now}, before this program was made"),
            REMEDY,
        );
    }
    let first = watch.look(now, tools.clock.monotonic());
    tools.clock.sleep_until(now.plus(Duration::from_millis(50))).await;
    let second = watch.look(tools.clock.now(), tools.clock.monotonic());
    of_finding("clock", first.and(second), format!("{now}"), REMEDY)
}

pub(super) fn disk(tools: &Tools) -> Vec<Item> {
    const REMEDY: &str =
        "make the folder writable for this user and keep 1 GiB free, or set ORDERCAST_DATA_DIR";
    let mut folders = vec![tools.config.server.data_dir.clone()];
    folders.extend(tools.config.database.file().map(|file| folder_of(&file)));
    folders.dedup_by(|a, b| same(a, b));
    let mut items = Vec::new();
    for folder in folders {
        let shown = folder.display().to_string();
        // A folder that is not there yet is made at start: its nearest parent must allow that.
        let standing = folder
            .ancestors()
            .find(|path| path.exists())
            .map_or_else(|| PathBuf::from("."), PathBuf::from);
        let item = match host::may_write(&standing) {
            Err(error) => Item::fault("disk", format!("{shown} is not writable: {error}"), REMEDY),
            Ok(()) => {
                let free = host::free_space(&standing).map_or(0, |free| free >> 20);
                let there = if standing == folder {
                    "writable"
                } else {
                    "to be made at start"
                };
                of_finding(
                    "disk",
                    look::disk(&standing),
                    format!("{shown} is {there}, {free} MiB free"),
                    REMEDY,
                )
            }
        };
        items.push(item);
    }
    items
}

fn same(a: &PathBuf, b: &PathBuf) -> bool {
    a == b || a.strip_prefix(".").unwrap_or(a) == b.strip_prefix(".").unwrap_or(b)
}

pub(super) async fn database(tools: &Tools) -> Vec<Item> {
    let config = &tools.config.database;
    let new = config.file().is_some_and(|file| !file.exists());
    if new {
        return vec![
            Item::ok("database", "not there yet; it is made at start"),
            Item::ok(
                "keys",
                master(tools).map_or_else(|why| why, |_| "usable; nothing is sealed yet".to_owned()),
            ),
        ];
    }
    let inspected = match inspect(config.address()).await {
        Ok(inspected) => inspected,
        Err(error) => return vec![cannot(&error)],
    };
    let mut items = vec![schema(&inspected)];
    if inspected.schema.is_none() {
        return items;
    }
    items.push(match prove_writable(config.address()).await {
        Ok(()) => Item::ok("database", "rows may be written"),
        Err(error) => cannot(&error),
    });
    items.push(keys(tools, &inspected).await);
    items.push(tail(inspected.store.as_ref()).await);
    items
}

fn cannot(error: &OpenError) -> Item {
    let remedy = match error {
        OpenError::Address { .. } => "set DATABASE_URL",
        OpenError::NotWritable { .. } => "give this user leave to write the file and its folder",
        OpenError::Disk { .. } => "free space or mend the disk",
        OpenError::Corrupt { .. } => "restore a backup, or move the file away to start empty",
        OpenError::Newer { .. } | OpenError::Altered { .. } => "start the program that made it",
        OpenError::Unreachable { .. } => "start the server, or correct the host and port in DATABASE_URL",
        OpenError::Refused { .. } => {
            "correct user, password and database name in DATABASE_URL, or grant the rights"
        }
        OpenError::Unusable { .. } => "correct DATABASE_URL",
    };
    Item::fault("database", error.to_string(), remedy)
}

fn schema(inspected: &Inspected) -> Item {
    let known = inspected.known;
    match inspected.schema {
        Some(found) if found == known => {
            Item::ok("database", format!("answers, schema {found} is up to date"))
        }
        Some(found) if found > known => Item::fault(
            "database",
            format!("schema {found} is newer than this program"),
            "start the newer program",
        ),
        found => {
            let found = found.map_or_else(
                || "no tables yet".to_owned(),
                |found| format!("schema {found} of {known}"),
            );
            Item::warning(
                "database",
                found,
                "run `ordercast migrate`, or let `ordercast serve` do it",
            )
        }
    }
}

fn master(tools: &Tools) -> Result<MasterKeys, String> {
    let none = || "no master key: nothing can be sealed".to_owned();
    tools.config.keys.master.as_ref().ok_or_else(none)?.read()
}

async fn keys(tools: &Tools, inspected: &Inspected) -> Item {
    const REMEDY: &str =
        "set ORDERCAST_MASTER_KEYS to the keys the credentials were sealed with, newest first";
    let keys = match master(tools) {
        Ok(keys) => keys,
        Err(why) => return Item::warning("keys", why, REMEDY),
    };
    let newest = keys.newest();
    let vault = LocalVault::new(
        keys,
        inspected.store.clone(),
        tools.clock.clone(),
        tools.random.clone(),
    );
    let finding = look::keys(inspected.store.as_ref(), &vault).await;
    of_finding("keys", finding, format!("version {newest} is usable"), REMEDY)
}

/// The journal's end: the last entries, each behind the one before.
async fn tail(store: &dyn Store) -> Item {
    const REMEDY: &str = "run `ordercast journal verify`; keep the database as it is until it is understood";
    match verified(store).await {
        Err(error) => Item::fault("journal", error.to_string(), REMEDY),
        Ok(Err(bad)) => Item::fault("journal", bad, REMEDY),
        Ok(Ok(None)) => Item::ok("journal", "empty"),
        Ok(Ok(Some(head))) => Item::ok(
            "journal",
            format!("the end verifies; head {} {}", head.seq, head.hash),
        ),
    }
}

async fn verified(store: &dyn Store) -> Result<Result<Option<Link>, String>, StoreError> {
    let Some(head) = store.head().await? else {
        return Ok(Ok(None));
    };
    let from = head.seq.saturating_sub(TAIL);
    let entries = store
        .chained(from, u32::try_from(TAIL + 1).unwrap_or(u32::MAX))
        .await?;
    // The first one of a tail stands for what is before it.
    let (before, rest) = match entries.split_first() {
        Some((first, rest)) if from > 0 => {
            let link = Link {
                seq: first.seq,
                id: first.entry.id,
                prev_hash: first.prev_hash.clone(),
                hash: first.hash.clone(),
            };
            (Some(link), rest)
        }
        _ => (None, entries.as_slice()),
    };
    Ok(match chain::verify(before.as_ref(), rest) {
        Err(fault) => Err(fault.to_string()),
        Ok(verified) if verified.head.as_ref().is_none_or(|last| last.seq < head.seq) => {
            let last = verified.head.map_or(0, |last| last.seq + 1);
            Err(format!(
                "entry {last} is missing; the chain goes on to entry {}",
                head.seq
            ))
        }
        Ok(verified) => Ok(verified.head),
    })
}

pub(super) fn dashboard() -> Item {
    let built = ordercast_web::assets::is_built();
    let remedy = "everything but the page works without it";
    of_finding(
        "dashboard",
        look::dashboard(built),
        "part of this program".to_owned(),
        remedy,
    )
}
