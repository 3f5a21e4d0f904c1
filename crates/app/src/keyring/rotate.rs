//! Brings a newer master key into force and everything under it. Each row is written for itself, checked by its version,
//! so that a death at any step loses nothing and the next pass goes on where it stopped.

use ordercast_model::{
    connection::Health,
    journal::kind::Kind,
    keyring::{Holder, Keyring, reaches},
    ports::{
        store::{Batch, CommitError, Page, Scope},
        vault::VaultError,
    },
};
use serde_json::json;

use super::{
    ATTEMPTS_MAX, Keyholder, KeyringError, PURPOSES, SCOPE, Survey, read,
    survey::{PAGE, connections, data_keys},
};

/// Rows written in one transaction.
const AT_ONCE: usize = 50;

/// How far a pass came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Data keys wrapped anew.
    pub data_keys: u64,
    /// Connections whose fields were sealed anew.
    pub connections: u64,
    /// Rows that somebody changed meanwhile: the next pass takes them.
    pub left: u64,
    /// Rows that do not open; they are reported in the log.
    pub broken: u64,
}

/// Brings the newest configured version into force: from here on it seals. Nothing is wrapped yet.
///
/// # Errors
/// `NothingNewer`; `OutOfReach` while an earlier rotation is unfinished; `NotHeld` when a running process lacks the key.
pub async fn activate(holder: &Keyholder, yearly: bool) -> Result<Keyring, KeyringError> {
    let to = holder.newest();
    for _ in 0..ATTEMPTS_MAX {
        let Some(before) = read(holder.store.as_ref()).await? else {
            return super::begin(holder).await;
        };
        if to <= before.active {
            return Err(KeyringError::NothingNewer {
                active: before.active,
                newest: to,
            });
        }
        permit(holder, &before, to).await?;
        let kept = holder.keeper.digest_keys(&before, to, PURPOSES).await?;
        let ring = before.advanced(to, kept, yearly, holder.now());
        let mut batch = Batch::new();
        batch.note(holder.rotated(json!({
            "from": before.active, "to": to, "step": "in force", "yearly": yearly,
        })));
        batch.update(ring.clone());
        match holder.commit(batch).await {
            Ok(()) => {
                holder.keeper.adopt(&ring).await?;
                return Ok(ring);
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(KeyringError::Contended)
}

/// Whether a version may come into force.
async fn permit(holder: &Keyholder, ring: &Keyring, to: u32) -> Result<(), KeyringError> {
    let survey = Survey::of(holder.store.as_ref()).await?;
    if let Some((version, count)) = survey.data_keys.iter().find(|(version, _)| {
        // What is out of reach already is not made worse.
        ring.reaches(**version) && !reaches(to, **version)
    }) {
        return Err(KeyringError::OutOfReach {
            to,
            version: *version,
            data_keys: *count,
        });
    }
    let holds = |process: &Holder| process.versions.contains(&to);
    if let Some((name, process)) = ring.running(holder.now(), holds).next() {
        return Err(KeyringError::NotHeld {
            process: name.clone(),
            to,
            remedy: if process.reloads {
                "it reads its keys again every ten seconds; look at its log if it does not take them"
            } else {
                "its keys come from the environment: restart it with the new key in front, or give the keys by \
                 ORDERCAST_MASTER_KEYS_FILE, which is read again while it runs"
            },
        });
    }
    Ok(())
}

/// Wraps and seals anew whatever is under an older version. Safe to repeat, beside other processes and a running program.
///
/// # Errors
/// When the store does not answer. What was written stays.
pub async fn pass(
    holder: &Keyholder,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<Progress, KeyringError> {
    let mut progress = Progress::default();
    let mut page = Page::first(PAGE);
    while let Some(rows) = data_keys(holder.store.as_ref(), &mut page).await? {
        let mut batches = Vec::new();
        for row in rows {
            let fresh = match holder.keeper.rewrapped(&row).await {
                Ok(Some(fresh)) => fresh,
                Ok(None) => continue,
                Err(error) => {
                    broken(&mut progress, "data key", &row.user_id.to_string(), &error)?;
                    continue;
                }
            };
            let mut batch = Batch::new();
            let mut entry = holder.entry(Kind::KeyRotated, ("data_key", row.user_id.to_string()));
            entry.before = Some(json!({ "master_version": row.master_version }));
            entry.after = Some(json!({ "master_version": fresh.master_version }));
            batch.note(entry);
            batch.update(fresh);
            batches.push((Scope::from(SCOPE), batch));
        }
        let done = write(holder, batches, &mut progress.left).await?;
        progress.data_keys += done;
        told(progress);
    }
    fields(holder, &mut progress, told).await?;
    Ok(progress)
}

async fn fields(
    holder: &Keyholder,
    progress: &mut Progress,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), KeyringError> {
    let mut page = Page::first(PAGE);
    while let Some(rows) = connections(holder.store.as_ref(), &mut page).await? {
        let mut batches = Vec::new();
        for row in rows.iter().filter(|row| row.health != Health::Disabled) {
            let fresh = match holder.keeper.resealed(row).await {
                Ok(Some(fresh)) => fresh,
                Ok(None) => continue,
                Err(error) => {
                    broken(progress, "credential", &row.id.to_string(), &error)?;
                    continue;
                }
            };
            let names: Vec<&str> = fresh.credential.iter().map(|f| f.name.as_str()).collect();
            let version = fresh.credential.first().map(|f| f.master_version);
            let mut entry = holder.entry(Kind::CredentialRotated, ("connection", row.id.to_string()));
            entry.user = Some(row.user_id);
            entry.links.connection = Some(row.id);
            entry.after = Some(json!({ "fields": names, "master_version": version }));
            let mut batch = Batch::new();
            batch.note(entry);
            batch.update(fresh);
            batches.push((Scope::from(SCOPE), batch));
        }
        let done = write(holder, batches, &mut progress.left).await?;
        progress.connections += done;
        told(*progress);
    }
    Ok(())
}

/// A store or a holder that is away ends the pass; a row that does not open is reported and passed over.
fn broken(progress: &mut Progress, what: &str, whose: &str, error: &VaultError) -> Result<(), KeyringError> {
    match error {
        VaultError::Store(_) | VaultError::Holder(_) => Err(error.clone().into()),
        VaultError::NoKey(_) | VaultError::Sealed(_) | VaultError::Disabled(_) => {
            progress.broken += 1;
            tracing::error!(what, whose, %error, "not brought under the new master key");
            Ok(())
        }
    }
}

async fn write(
    holder: &Keyholder,
    batches: Vec<(Scope, Batch)>,
    left: &mut u64,
) -> Result<u64, KeyringError> {
    let mut done = 0;
    for some in batches.chunks(AT_ONCE) {
        for answer in holder.commit_all(some.to_vec()).await? {
            match answer {
                Ok(()) => done += 1,
                Err(CommitError::Conflict { .. }) => *left += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(done)
}

/// Notes that the rotation is complete when it is: everything is under the version in force and every running process
/// seals with it. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn finish(holder: &Keyholder) -> Result<bool, KeyringError> {
    let Some(mut ring) = read(holder.store.as_ref()).await? else {
        return Ok(false);
    };
    if ring.done_at.is_some() {
        return Ok(true);
    }
    let sealing = |process: &Holder| process.active >= ring.active;
    if ring.running(holder.now(), sealing).next().is_some() {
        return Ok(false);
    }
    let survey = Survey::of(holder.store.as_ref()).await?;
    if survey.behind(ring.active) != (0, 0) {
        return Ok(false);
    }
    ring.version += 1;
    ring.done_at = Some(holder.now());
    let count = |of: &std::collections::BTreeMap<u32, u64>| of.values().sum::<u64>();
    let mut batch = Batch::new();
    batch.note(holder.rotated(json!({
        "active": ring.active, "step": "complete",
        "data_keys": count(&survey.data_keys), "fields": count(&survey.fields),
    })));
    batch.update(ring);
    match holder.commit(batch).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
