//! The vault's master keys in use (PRODUCT section 9): which version is in force, what stands under which, how everything
//! comes under a newer one. Never sees a key.

mod begin;
pub mod job;
pub mod revoke;
pub mod rotate;
mod survey;

use std::sync::Arc;

use ordercast_model::{
    journal::{
        entry::{Actor, Entry, Outcome},
        kind::Kind,
    },
    keyring::{Keyring, MASTER},
    ports::{
        bus::{Bus, Hint},
        clock::{Clock, Random, new_id},
        store::{self, Batch, CommitError, Scope, Store, StoreError, SystemQuery},
        vault::{Keeper, VaultError},
    },
    tenant::SystemScope,
    time::Timestamp,
};

pub use self::{begin::begin, survey::Survey};
use crate::{hook::secret, identity::factor};

const SCOPE: SystemScope = SystemScope::housekeeping("master keys are changed");
/// How often a keyring that changes meanwhile is read again.
const ATTEMPTS_MAX: u32 = 8;

/// What digests are made for; the keys of older versions are kept for each.
const PURPOSES: &[&str] = &[
    secret::ADDRESS,
    secret::SIGNING,
    secret::PASSPHRASE,
    factor::RECOVERY,
    crate::oauth::VERIFIER,
];

/// What is needed to change keys.
#[derive(Clone)]
pub struct Keyholder {
    /// Durable state.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for ids.
    pub random: Arc<dyn Random>,
    /// Hints to other tasks and processes.
    pub bus: Arc<dyn Bus>,
    /// The vault.
    pub keeper: Arc<dyn Keeper>,
}

/// Why keys were not changed. What was changed before stays right: every step stands for itself.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The version in force is not among the configured ones.
    #[error(
        "master key version {version} is in force and not configured: {data_keys} data keys are under it. Put it back into \
         ORDERCAST_MASTER_KEYS"
    )]
    Absent {
        /// The version.
        version: u32,
        /// Data keys under it.
        data_keys: u64,
    },
    /// A version was dropped too early.
    #[error(
        "master key version {version} was dropped while {data_keys} data keys are still under it: put it back into \
         ORDERCAST_MASTER_KEYS, let `ordercast keys rotate` finish, then drop it"
    )]
    Dropped {
        /// The version.
        version: u32,
        /// Data keys under it.
        data_keys: u64,
    },
    /// Data keys would be left behind.
    #[error(
        "version {to} cannot come into force: {data_keys} data keys are still under version {version}, which it would put out \
         of reach. Finish the rotation under way first"
    )]
    OutOfReach {
        /// The version that was to come into force.
        to: u32,
        /// The version left behind.
        version: u32,
        /// Data keys under it.
        data_keys: u64,
    },
    /// There is no newer version.
    #[error(
        "there is no newer master key: version {active} is in force and the newest configured is {newest}. Make one with \
         `ordercast keys generate` and put it in front of ORDERCAST_MASTER_KEYS"
    )]
    NothingNewer {
        /// In force.
        active: u32,
        /// The newest configured.
        newest: u32,
    },
    /// A running process does not hold the new key.
    #[error("{process} runs and does not hold master key version {to}: {remedy}")]
    NotHeld {
        /// The process.
        process: String,
        /// The version.
        to: u32,
        /// What to do.
        remedy: &'static str,
    },
    /// There is no such community.
    #[error("there is no community {0}")]
    NoCommunity(String),
    /// The keyring changes all the time.
    #[error("the keyring kept changing; try again")]
    Contended,
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store's, of a write.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// The keyring; none before the first start of a program that knows of it.
///
/// # Errors
/// When the store does not answer.
pub async fn read(store: &dyn Store) -> Result<Option<Keyring>, StoreError> {
    let query = SystemQuery::Keyring(MASTER.to_owned());
    Ok(store::find_any::<Keyring>(store, SCOPE, query).await?.pop())
}

impl Keyholder {
    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
    /// The newest version this process was given.
    #[must_use]
    pub fn newest(&self) -> u32 {
        self.keeper.versions().last().copied().unwrap_or_default()
    }
    fn entry(&self, kind: Kind, object: (&str, String)) -> Entry {
        let id = new_id(self.clock.as_ref(), self.random.as_ref());
        Entry::new(id, self.now(), kind, Actor::system("keys"), object)
    }
    /// Tells of a change of the keyring.
    fn rotated(&self, after: serde_json::Value) -> Entry {
        let mut entry = self.entry(Kind::KeyRotated, ("keyring", MASTER.to_owned()));
        entry.result = Outcome::Ok;
        entry.after = Some(after);
        entry
    }
    async fn commit_all(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        let answers = self.store.commit(batches).await?;
        if answers.iter().any(Result::is_ok) {
            self.bus.tell(Hint::JournalPending);
        }
        Ok(answers)
    }
    async fn commit(&self, batch: Batch) -> Result<(), CommitError> {
        let mut answers = self.commit_all(vec![(SCOPE.into(), batch)]).await?;
        answers
            .pop()
            .unwrap_or_else(|| Err(StoreError::Unavailable("no answer".to_owned()).into()))
    }
}
