//! Decides that nothing is answered before it is written down, and tells the streams. Refuses all work once the ledger
//! cannot be written. Knows no HTTP.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use ordercast_model::time::Timestamp;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use tokio::sync::broadcast;

use crate::{
    market::{
        board::QuoteBoard,
        config::MarketError,
        exchange::Market,
        memory::MarketState,
        noise::{Noise, text_bits},
    },
    venue::{
        account::Account,
        config::{VenueConfig, key_ok},
        engine::Engine,
        ledger::{Ledger, LedgerError},
        order::Event,
        refusal::{Code, Refusal},
        state::{Change, State},
    },
};

/// Messages a stream may be behind before it is closed and has to catch up.
pub const FEED_COUNT_MAX: usize = 4_096;
/// Wall time between two saves of the prices.
const SAVE_MICROS: i64 = 2_000_000;

/// What the streams are told.
#[derive(Debug, Clone)]
pub enum Told {
    /// An event, once or twice.
    Event(Arc<Event>, u8),
    /// Hang up, all or one account.
    HangUp(Option<String>),
}

/// How the next events are told; trouble on purpose.
#[derive(Debug, Clone, Copy, Default)]
pub struct Distortion {
    /// Events still to be told twice.
    pub twice: u32,
    /// Events still to be left out.
    pub never: u32,
}

/// Why there is no venue.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The memory.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The prices.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// A configured account.
    #[error("account {0:?}: {1}")]
    Account(String, String),
}

/// The engine, its ledger and those who listen.
#[derive(Debug)]
pub struct Desk {
    engine: Engine,
    ledger: Ledger,
    broken: bool,
    board: QuoteBoard,
    keys: BTreeMap<String, String>,
    key_seed: u64,
    feed: broadcast::Sender<Told>,
    market_file: Option<PathBuf>,
    saved: Timestamp,
    /// Trouble on purpose.
    pub distortion: Distortion,
}

impl Desk {
    /// Opens the venue with what its folder remembers.
    ///
    /// # Errors
    /// `DeskError`.
    pub fn open(config: &VenueConfig, now: Timestamp) -> Result<Self, DeskError> {
        let (ledger, state) = match &config.data_dir {
            Some(dir) => Ledger::open(dir, config.sync)?,
            None => (Ledger::memory(), State::default()),
        };
        let mut market = Market::new(config.market(), now)?;
        let market_file = config.data_dir.as_ref().map(|d| d.join("market.json"));
        if let Some(saved) = market_file.as_deref().map(load_market).transpose()?.flatten() {
            market.restore(saved, now)?;
        }
        let keys = state
            .accounts
            .values()
            .map(|a| (a.key_hash.clone(), a.id.clone()))
            .collect();
        let mut desk = Self {
            board: QuoteBoard::new(&market),
            engine: Engine::new(config.engine(), market, state),
            ledger,
            broken: false,
            keys,
            key_seed: config.seed ^ text_bits(&config.admin_key),
            feed: broadcast::Sender::new(FEED_COUNT_MAX),
            market_file,
            saved: now,
            distortion: Distortion::default(),
        };
        for spec in &config.accounts {
            let opened = desk.open_account(now, &spec.name, spec.cash, spec.shorting, Some(&spec.key));
            match opened {
                Err(e) if e.code != Code::DuplicateName => {
                    return Err(DeskError::Account(spec.name.clone(), e.to_string()));
                }
                _ => {}
            }
        }
        Ok(desk)
    }

    /// Does a piece of work and writes down what it changed before its answer is given back.
    ///
    /// # Errors
    /// The work's own refusal; `unavailable` when it could not be written down.
    pub fn act<T>(
        &mut self,
        now: Timestamp,
        work: impl FnOnce(&mut Engine) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let broken = || Refusal::new(Code::Unavailable, "the venue's ledger cannot be written");
        if self.broken {
            return Err(broken());
        }
        self.engine.tick(now);
        let result = work(&mut self.engine);
        let changes = self.engine.take_changes();
        if changes.is_empty() {
            return result;
        }
        let events: Vec<Event> = changes.iter().filter_map(event_of).collect();
        if let Err(error) = self.ledger.append(changes) {
            tracing::error!(%error, "paper venue stops taking orders");
            self.broken = true;
            return Err(broken());
        }
        events.into_iter().for_each(|e| self.tell(e));
        result
    }

    fn tell(&mut self, event: Event) {
        let copies = if self.distortion.never > 0 {
            self.distortion.never -= 1;
            return;
        } else if self.distortion.twice > 0 {
            self.distortion.twice -= 1;
            2
        } else {
            1
        };
        // Nobody listening is no error.
        let _ = self.feed.send(Told::Event(Arc::new(event), copies));
    }

    /// Moves the market to a wall time.
    ///
    /// # Errors
    /// `unavailable`, `internal`.
    pub fn step(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let steps = self.act(now, |engine| engine.step(now))?;
        if steps > 0 {
            self.board.publish(self.engine.market());
        }
        if now.micros().saturating_sub(self.saved.micros()) >= SAVE_MICROS {
            self.saved = now;
            self.save_market();
        }
        Ok(())
    }

    /// Writes the prices down, so that a restart goes on from them.
    pub fn save_market(&self) {
        let Some(path) = &self.market_file else { return };
        let fresh = path.with_extension("json.new");
        let saved = serde_json::to_vec(&self.engine.market().save())
            .map_err(std::io::Error::other)
            .and_then(|bytes| fs::write(&fresh, bytes))
            .and_then(|()| fs::rename(&fresh, path));
        if let Err(error) = saved {
            tracing::warn!(%error, path = %path.display(), "prices not saved");
        }
    }

    /// Opens an account; says its key when it was made here. The same name with the same key gives the account there is.
    ///
    /// # Errors
    /// `duplicate_name`, `invalid_order`.
    pub fn open_account(
        &mut self,
        now: Timestamp,
        name: &str,
        cash: Decimal,
        shorting: bool,
        key: Option<&str>,
    ) -> Result<(Account, String, bool), Refusal> {
        if key.is_some_and(|k| !key_ok(k)) {
            return Err(Refusal::field("key", "expected 16 to 128 visible characters"));
        }
        let number = self.engine.state().accounts.len() as u64;
        let key = key.map_or_else(|| self.fresh_key(number), str::to_owned);
        let hash = hash_of(&key);
        if let Some(there) = self
            .account_of_key(&key)
            .and_then(|id| self.engine.state().accounts.get(id))
        {
            return if there.name == name {
                Ok((there.clone(), key, false))
            } else {
                Err(Refusal::field("key", "expected a key no other account has"))
            };
        }
        let account = self.act(now, |engine| engine.open_account(name, &hash, cash, shorting))?;
        self.keys.insert(hash, account.id.clone());
        Ok((account, key, true))
    }

    fn fresh_key(&self, number: u64) -> String {
        let bytes: [u8; 20] =
            Noise::new(self.key_seed.wrapping_add(number.wrapping_mul(0x9E37_79B9))).bytes();
        bytes
            .iter()
            .fold(String::from("pk_"), |text, b| format!("{text}{b:02x}"))
    }
    /// The account a key opens.
    #[must_use]
    pub fn account_of_key(&self, key: &str) -> Option<&String> {
        self.keys.get(&hash_of(key))
    }
    /// The engine, to read.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }
    /// The latest quotes.
    #[must_use]
    pub const fn board(&self) -> &QuoteBoard {
        &self.board
    }
    /// What the streams listen to.
    #[must_use]
    pub const fn feed(&self) -> &broadcast::Sender<Told> {
        &self.feed
    }
}

fn event_of(change: &Change) -> Option<Event> {
    match change {
        Change::Event(event) => Some((**event).clone()),
        _ => None,
    }
}

/// SHA-256 of a key, hexadecimal.
#[must_use]
pub fn hash_of(key: &str) -> String {
    Sha256::digest(key.as_bytes())
        .iter()
        .fold(String::new(), |text, b| format!("{text}{b:02x}"))
}

fn load_market(path: &Path) -> Result<Option<MarketState>, MarketError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|e| MarketError::State(format!("{}: {e}", path.display()))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(MarketError::State(format!("{}: {e}", path.display()))),
    }
}
