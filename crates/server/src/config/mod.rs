//! The configuration: one struct per section, from the environment over `ordercast.toml` over the defaults. All faults
//! are found at once; secrets are never shown.

pub mod broker;
pub mod bus;
mod cap;
pub mod database;
pub mod discord;
pub mod fault;
pub mod hidden;
pub mod key;
pub mod log;
pub mod master;
mod reader;
pub mod server;
pub mod setting;
pub mod source;
pub mod trading;
mod value;

#[cfg(test)]
mod tests;

use ordercast_model::limits::Caps;

use self::reader::Reader;
pub use self::{
    broker::Brokers,
    bus::Bus,
    database::Database,
    discord::Discord,
    fault::{Fault, Faults},
    key::Keys,
    log::Log,
    reader::Effective,
    server::{Mode, Server},
    source::Sources,
    trading::Trading,
};

/// Everything that can be set today.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Addresses and folders.
    pub server: Server,
    /// State.
    pub database: Database,
    /// Hints between processes.
    pub bus: Bus,
    /// Keys.
    pub keys: Keys,
    /// Rhythm.
    pub trading: Trading,
    /// Caps of the platform.
    pub caps: Caps,
    /// The bot.
    pub discord: Discord,
    /// Venues.
    pub brokers: Brokers,
    /// Logs.
    pub log: Log,
}

impl Default for Config {
    /// What holds when nothing is said.
    fn default() -> Self {
        Looked::at(&Sources::default()).config
    }
}

/// A configuration as far as it reads, with all its faults.
#[derive(Debug, Clone)]
pub struct Looked {
    /// What is in force; defaults stand in for what does not read.
    pub config: Config,
    /// Every value as it may be shown, in the order of the files.
    pub effective: Vec<Effective>,
    /// What is wrong with what was given.
    pub faults: Vec<Fault>,
    /// What must be given before the program may serve.
    pub missing: Vec<Fault>,
}

impl Looked {
    /// Looks at the sources. Never fails: a command that needs no faultless configuration can work with what reads.
    #[must_use]
    pub fn at(sources: &Sources) -> Self {
        let mut reader = Reader::new(sources);
        let server = Server::read(&mut reader);
        let config = Config {
            database: Database::read(&mut reader, &server.data_dir),
            discord: Discord::read(&mut reader, &server),
            server,
            bus: Bus::read(&mut reader),
            keys: Keys::read(&mut reader),
            trading: Trading::read(&mut reader),
            caps: cap::read(&mut reader),
            brokers: Brokers::read(&mut reader),
            log: Log::read(&mut reader),
        };
        config.server.check(&mut reader);
        config.keys.check(&mut reader);
        config.discord.check(&mut reader, &config.server);
        config.brokers.check(&mut reader, &config.server);
        let (faults, mut effective) = (reader.faults, reader.effective);
        effective.sort_by_key(|one| setting::ALL.iter().position(|setting| *setting == one.setting));
        let mut all = faults.clone();
        config.keys.missing(&mut all);
        config.brokers.missing(&mut all);
        let missing = all.split_off(faults.len());
        Self {
            config,
            effective,
            faults,
            missing,
        }
    }

    /// The configuration, when nothing given is wrong.
    ///
    /// # Errors
    /// Every fault.
    pub fn sound(self) -> Result<Config, Faults> {
        if self.faults.is_empty() {
            Ok(self.config)
        } else {
            Err(Faults(self.faults))
        }
    }

    /// The configuration, when nothing given is wrong and nothing needed to serve is missing.
    ///
    /// # Errors
    /// Every fault.
    pub fn complete(self) -> Result<Config, Faults> {
        let mut faults = self.faults;
        faults.extend(self.missing);
        if faults.is_empty() {
            Ok(self.config)
        } else {
            Err(Faults(faults))
        }
    }
}
