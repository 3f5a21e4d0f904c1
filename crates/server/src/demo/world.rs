//! The demo's outside world in this process: paper venue and simulated Discord, each a real server on loopback with
//! its own folder, and the throw-away keys that belong to them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, anyhow, bail};
use ordercast_model::ports::clock::Random;
use ordercast_sim::{
    cast,
    discord::{Discord, DiscordConfig},
    venue::{
        config::VenueConfig,
        desk::DeskError,
        server::{Venue, VenueError},
    },
};
use serde::{Deserialize, Serialize};

use crate::{clock, notary};

/// Says that a folder is a demo's, so that `--fresh` never deletes anything else.
const MARK: &str = "demo.json";
/// What a demo keeps in its folder.
const PARTS: [&str; 8] = [
    "venue",
    "discord",
    "ordercast.db",
    "ordercast.db-wal",
    "ordercast.db-shm",
    super::alert::FILE,
    notary::FILE,
    MARK,
];

/// Throw-away keys and the seed of one demo; kept so that it can go on where it was.
#[derive(Clone, Serialize, Deserialize)]
pub struct Keys {
    /// Seed of the market, the cast and the tokens.
    pub seed: u64,
    /// Admin key of the paper venue.
    pub venue_admin: String,
    /// Master key of the vault, hex.
    pub master: String,
    /// Key of the CSRF tokens, hex.
    pub csrf: String,
    /// Key of the socket tokens, hex.
    pub socket: String,
    /// Ed25519 seed of the journal, hex.
    pub journal: String,
    /// Names this deployment in entry 0.
    pub deployment: String,
}

impl Keys {
    /// Those of the folder, or new ones. A seed that differs from the one kept is refused: it needs `--fresh`.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds another seed.
    pub fn of(folder: &Path, seed: Option<u64>, random: &dyn Random) -> Result<Self> {
        let path = folder.join(MARK);
        if path.exists() {
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            let keys: Self = serde_json::from_str(&text)
                .with_context(|| format!("{} is not a demo's; start over with --fresh", path.display()))?;
            if seed.is_some_and(|s| s != keys.seed) {
                bail!(
                    "this demo runs with seed {}; another seed needs --fresh",
                    keys.seed
                );
            }
            return Ok(keys);
        }
        let draw = || {
            let mut bytes = [0_u8; 32];
            random.fill(&mut bytes);
            hex::encode(bytes)
        };
        let keys = Self {
            seed: seed.unwrap_or(7),
            venue_admin: draw(),
            master: draw(),
            csrf: draw(),
            socket: draw(),
            journal: draw(),
            deployment: format!("demo-{}", draw().get(..12).unwrap_or_default()),
        };
        write_private(&path, &serde_json::to_string_pretty(&keys)?)?;
        Ok(keys)
    }
}

/// Writes a file that only its owner may read.
///
/// # Errors
/// When it is there already or cannot be written.
#[cfg(unix)]
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

/// Writes a file.
///
/// # Errors
/// When it cannot be written.
#[cfg(not(unix))]
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text)?;
    Ok(())
}

/// Removes what a demo keeps in the folder, and nothing else.
///
/// # Errors
/// When the folder holds something but is not a demo's, or cannot be cleared.
pub fn clear(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let mut left = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|e| e.file_name());
    if !folder.join(MARK).exists() && left.any(|name| name != "ordercast.lock") {
        bail!(
            "{} is not a demo's folder; --fresh clears only those",
            folder.display()
        );
    }
    for part in PARTS {
        let path = folder.join(part);
        if path.is_dir() {
            fs::remove_dir_all(&path)?;
        } else if path.exists() {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// The servers of the demo.
pub struct World {
    /// Market and venue.
    pub venue: Venue,
    /// Discord.
    pub discord: Discord,
}

impl World {
    /// Starts both on free loopback ports.
    ///
    /// # Errors
    /// When a folder or a port cannot be used.
    pub async fn start(folder: &Path, keys: &Keys, speed: f64, bars: Option<PathBuf>) -> Result<Self> {
        let venue = Venue::start(
            VenueConfig {
                data_dir: Some(folder.join("venue")),
                admin_key: keys.venue_admin.clone(),
                seed: keys.seed,
                speed,
                csv: bars,
                ..VenueConfig::default()
            },
            clock::micros(),
        )
        .await
        .map_err(|error| match error {
            VenueError::Desk(DeskError::Market(error)) => anyhow!("--bars: {error}"),
            error => error.into(),
        })?;
        let config = DiscordConfig {
            data_dir: Some(folder.join("discord")),
            ..DiscordConfig::new(cast::world(keys.seed))
        };
        let discord = Discord::start(config, clock::micros()).await?;
        Ok(Self { venue, discord })
    }

    /// The cast, ready to play.
    #[must_use]
    pub fn cast(&self, seed: u64, speed: f64) -> cast::Cast {
        cast::Cast {
            discord: self.discord.clone(),
            quotes: Arc::new(self.venue.quotes()),
            clock: clock::micros(),
            seed,
            speed,
        }
    }

    /// Stops both; what they hold is on disk.
    pub async fn stop(self) {
        self.discord.shutdown().await;
        self.venue.shutdown().await;
    }
}
