//! The keyring while the program runs: every process takes over what is in force and says what it holds; the leader makes
//! the yearly rotation (PRODUCT SEC-04), finishes what was begun, and tells of a key that is missing (SEC-05).

use std::time::Duration;

use ordercast_model::{
    journal::{entry::Outcome, kind::Kind},
    keyring::{Day, Holder, Keyring, MASTER, Missing},
    ports::store::{Batch, CommitError, SystemQuery, find_any},
    user::User,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Keyholder, KeyringError, SCOPE, read, rotate};

/// How often a process looks at the keyring.
pub const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often the leader looks for something to do.
const WORK_EVERY: Duration = Duration::from_secs(5);
/// How often a process says that it is there.
const SEEN_EVERY: Duration = Duration::from_secs(20);
/// A process that was not seen for so long is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3_600);
/// Everything must be under the new key by then.
const PATIENCE: Duration = Duration::from_secs(60 * 24 * 3_600);

/// Follows the keyring until stopped. `name` is this process's among its peers; `reloads` says whether it takes in new
/// keys without a restart.
pub async fn follow(holder: Keyholder, name: String, reloads: bool, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = look(&holder, &name, reloads).await {
            tracing::error!(%error, "the keyring is not followed");
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = holder.clock.sleep_until(holder.now().plus(LOOK_EVERY)) => {}
        }
    }
}

/// Takes over what is in force and says what this process holds. Safe to repeat.
///
/// # Errors
/// When the store is away, or the version in force is not held here.
pub async fn look(holder: &Keyholder, name: &str, reloads: bool) -> Result<(), KeyringError> {
    let Some(mut ring) = read(holder.store.as_ref()).await? else {
        return Ok(());
    };
    holder.keeper.adopt(&ring).await?;
    let now = holder.now();
    let mine = Holder {
        versions: holder.keeper.versions(),
        active: holder.keeper.active(),
        reloads,
        seen_at: now,
    };
    let known = ring.holders.get(name);
    let fresh = known.is_some_and(|known| {
        let same = Holder {
            seen_at: known.seen_at,
            ..mine.clone()
        };
        *known == same && now.since(known.seen_at) < SEEN_EVERY
    });
    if fresh {
        return Ok(());
    }
    ring.holders
        .retain(|_, other| now.since(other.seen_at) < FORGOTTEN_AFTER);
    ring.holders.insert(name.to_owned(), mine);
    ring.version += 1;
    let mut batch = Batch::new();
    batch.update(ring);
    match holder.commit(batch).await {
        // Said again at the next look.
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Does what only one process does, until stopped.
pub async fn lead(holder: Keyholder, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = work(&holder).await {
            tracing::error!(%error, "master keys are looked after later");
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = holder.clock.sleep_until(holder.now().plus(WORK_EVERY)) => {}
        }
    }
}

/// One round of it: the yearly rotation when it is due, what is unfinished, what must be told. Safe to repeat.
///
/// # Errors
/// When the store is away, or a version cannot come into force.
pub async fn work(holder: &Keyholder) -> Result<(), KeyringError> {
    let Some(mut ring) = read(holder.store.as_ref()).await? else {
        return Ok(());
    };
    if ring.is_due(holder.now()) && holder.newest() > ring.active {
        ring = rotate::activate(holder, true).await?;
        tracing::info!(version = ring.active, "the yearly master key is in force");
    }
    if ring.done_at.is_none() {
        let progress = rotate::pass(holder, &mut |_| {}).await?;
        let done = rotate::finish(holder).await?;
        tracing::info!(
            ?progress,
            done,
            version = ring.active,
            "rotation of the master key"
        );
    }
    tell(holder).await
}

/// What is to be told of the keyring now: the day it is told for, how bad it is, and the words.
fn news(holder: &Keyholder, ring: &Keyring) -> Option<(Day, &'static str, String)> {
    let now = holder.now();
    if let Some(missing) = ring.missing(holder.newest(), now) {
        let how = "make one with `ordercast keys generate` and put it in front of ORDERCAST_MASTER_KEYS";
        let active = ring.active;
        return Some(match missing {
            Missing::Soon(day) => (
                day,
                "warning",
                format!(
                    "The vault's next master key is not configured: version {active} is in force and nothing newer is there \
                     for the rotation on 1 January. {how}"
                ),
            ),
            Missing::Overdue(day) => (
                day,
                "critical",
                format!(
                    "The vault's yearly rotation was not made: no master key newer than version {active} is configured. \
                     Version {active} stays in force. {how}; the rotation begins as soon as it is there"
                ),
            ),
        });
    }
    let late = ring.since.plus(PATIENCE);
    let overdue = ring.done_at.is_none() && now >= late && !ring.told.contains(&late.date());
    overdue.then(|| {
        let words = format!(
            "The vault's rotation to master key version {} is not complete after 60 days: `ordercast keys status` shows what is \
             left",
            ring.active
        );
        (late.date(), "critical", words)
    })
}

/// Tells platform admins, once per occasion.
async fn tell(holder: &Keyholder) -> Result<(), KeyringError> {
    let Some(mut ring) = read(holder.store.as_ref()).await? else {
        return Ok(());
    };
    let Some((day, severity, message)) = news(holder, &ring) else {
        return Ok(());
    };
    if severity == "critical" {
        tracing::error!(message, "master keys");
    } else {
        tracing::warn!(message, "master keys");
    }
    let query = SystemQuery::PlatformAdmins;
    let admins = find_any::<User>(holder.store.as_ref(), SCOPE, query).await?;
    let mut batch = Batch::new();
    let readers = admins.iter().map(|admin| Some(admin.id));
    // Without an admin it is on record all the same.
    let readers: Vec<_> = if admins.is_empty() {
        vec![None]
    } else {
        readers.collect()
    };
    for reader in readers {
        let mut entry = holder.entry(Kind::AlertRaised, ("keyring", MASTER.to_owned()));
        entry.user = reader;
        entry.result = Outcome::Failed;
        entry.after = Some(json!({ "message": message, "severity": severity, "alert": "master_key" }));
        batch.note(entry);
    }
    ring.told.insert(day);
    ring.version += 1;
    batch.update(ring);
    match holder.commit(batch).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
