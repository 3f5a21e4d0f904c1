//! What is looked at before anything is sealed or opened: every version that is needed must be there (PRODUCT SEC-04).

use ordercast_model::{
    keyring::{Keyring, MASTER},
    ports::store::{Batch, CommitError},
};
use serde_json::json;

use super::{ATTEMPTS_MAX, Keyholder, KeyringError, Survey, read};

/// Reads the keyring, beginning it when there is none, and puts it in force in this process. Safe to repeat.
///
/// # Errors
/// `Absent` and `Dropped` when a version is needed and not configured.
pub async fn begin(holder: &Keyholder) -> Result<Keyring, KeyringError> {
    let survey = Survey::of(holder.store.as_ref()).await?;
    for _ in 0..ATTEMPTS_MAX {
        if let Some(ring) = read(holder.store.as_ref()).await? {
            check(holder, &ring, &survey)?;
            holder.keeper.adopt(&ring).await?;
            return Ok(ring);
        }
        // What stands in the store was sealed by a program that knew no keyring, with the newest it had.
        let known = survey.data_keys.last_key_value().map(|(version, _)| *version);
        let ring = Keyring::begun(known.unwrap_or_else(|| holder.newest()), holder.now());
        check(holder, &ring, &survey)?;
        let mut batch = Batch::new();
        batch.note(holder.rotated(json!({ "active": ring.active, "step": "begun" })));
        batch.insert(ring);
        match holder.commit(batch).await {
            Ok(()) | Err(CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(KeyringError::Contended)
}

fn check(holder: &Keyholder, ring: &Keyring, survey: &Survey) -> Result<(), KeyringError> {
    let held = holder.keeper.versions();
    let count = |version: u32| survey.data_keys.get(&version).copied().unwrap_or_default();
    if !held.contains(&ring.active) {
        return Err(KeyringError::Absent {
            version: ring.active,
            data_keys: count(ring.active),
        });
    }
    match survey.data_keys.keys().find(|version| !held.contains(version)) {
        Some(version) => Err(KeyringError::Dropped {
            version: *version,
            data_keys: count(*version),
        }),
        None => {
            // Not a reason to stop everybody else's trading: those users are refused one by one.
            for version in survey.data_keys.keys().filter(|version| !ring.reaches(**version)) {
                tracing::error!(
                    keyring = MASTER,
                    version,
                    data_keys = count(*version),
                    "out of reach of the version in force: these credentials do not open"
                );
            }
            Ok(())
        }
    }
}
