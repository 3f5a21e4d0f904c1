//! `ordercast keys`: makes master keys, says what is under which, brings a newer one into force, takes credentials away.

mod generate;
mod revoke;
mod rotate;
mod status;

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use ordercast_adapters::{
    bus::LocalBus,
    vault::{LocalVault, MasterKeys},
};
use ordercast_app::keyring::Keyholder;
use ordercast_model::ports::{
    clock::{Clock, Random},
    store::Store,
};
use ordercast_store::{FolderError, FolderLock, Options, Worker, inspect, open};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::folder_of;
use crate::{
    clock::{OsRandom, SystemClock},
    config::{Config, Looked, Sources},
};

/// What `keys` can do.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum KeysCommand {
    /// Print a new master key, `version:base64`, to put in front of ORDERCAST_MASTER_KEYS. Nothing is stored.
    Generate {
        /// Its version; the one after the newest configured when not given.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        key_version: Option<u32>,
    },
    /// Show which versions are configured and in force, and what is under each; exit code 1 when something is to be done.
    Status {
        /// Print it as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Bring the newest master key into force and everything under it. Safe to repeat, and beside a running program.
    Rotate,
    /// Switch off the credentials of a venue, of a community's members, or all; then destroy them.
    RevokeAll(revoke::RevokeArgs),
}

/// Runs the command.
///
/// # Errors
/// When the configuration is faulty or the database cannot be used.
pub async fn run(command: &KeysCommand, sources: &Sources) -> Result<u8> {
    match command {
        KeysCommand::Generate { key_version } => generate::run(*key_version, sources),
        KeysCommand::Status { json } => status::run(*json, sources).await,
        KeysCommand::Rotate => rotate::run(sources).await,
        KeysCommand::RevokeAll(args) => revoke::run(args, sources).await,
    }
}

fn sound(sources: &Sources) -> Result<Config> {
    Ok(Looked::at(sources).sound()?)
}

/// The configured keys.
fn given(config: &Config) -> Result<MasterKeys> {
    let source = config.keys.master.as_ref();
    let source = source.ok_or_else(|| anyhow!("no master keys: set ORDERCAST_MASTER_KEYS"))?;
    source.read().map_err(|why| anyhow!(why))
}

fn holder(keys: MasterKeys, store: Arc<dyn Store>) -> Keyholder {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let vault = LocalVault::new(keys, store.clone(), clock.clone(), random.clone());
    Keyholder {
        store,
        clock,
        random,
        bus: Arc::new(LocalBus::new()),
        keeper: Arc::new(vault),
    }
}

/// The database, open for writing.
struct Opened {
    store: Arc<dyn Store>,
    stop: CancellationToken,
    task: JoinHandle<()>,
    _lock: Option<FolderLock>,
}

impl Opened {
    /// Opens it, also beside a running `serve`: rows are checked by their versions, so that two that write do no harm.
    /// Never changes the tables.
    async fn at(config: &Config, what: &str) -> Result<Self> {
        let url = config.database.address();
        let inspected = inspect(url).await?;
        match inspected.schema {
            Some(found) if found == inspected.known => {}
            Some(found) => bail!(
                "schema {found}, this program knows {}: run `ordercast migrate` of the newer one first",
                inspected.known
            ),
            None => bail!("the database holds no tables of Ordercast: no credential was ever kept there"),
        }
        drop(inspected);
        let lock = match config.database.file() {
            None => None,
            Some(file) => match FolderLock::take(&folder_of(&file), &format!("ordercast keys {what}")) {
                Ok(lock) => Some(lock),
                // `serve` is at work there; it takes over what is changed.
                Err(FolderError::Held { .. }) => None,
                Err(error) => return Err(error.into()),
            },
        };
        let options = Options {
            connections_max: 2,
            create: false,
            ..Options::default()
        };
        let opened = open(url, &options).await?;
        let stop = CancellationToken::new();
        let worker: Worker = opened.worker;
        let task = tokio::spawn(worker.run(stop.clone()));
        Ok(Self {
            store: opened.store,
            stop,
            task,
            _lock: lock,
        })
    }
    async fn close(self) -> Result<()> {
        self.stop.cancel();
        self.task.await?;
        Ok(())
    }
}
