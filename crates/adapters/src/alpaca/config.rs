//! Decides where Alpaca is and how long it may take; refuses what cannot work, naming the field.

use std::time::Duration;

use ordercast_model::{
    connection::Mode,
    ports::allowance::{Allowance, Headroom, Shared, Unit},
    secret::Secret,
};
use reqwest::Url;

use crate::http;

/// The vendor's host for simulated money.
pub const PAPER_BASE: &str = "https://paper-api.alpaca.markets";
/// The vendor's host for real money.
pub const LIVE_BASE: &str = "https://api.alpaca.markets";
/// The vendor's host for market data.
pub const DATA_BASE: &str = "https://data.alpaca.markets";

/// How Alpaca is reached. Base addresses are the vendor's unless a stand-in is named.
#[derive(Debug, Clone)]
pub struct AlpacaConfig {
    /// Trading with simulated money.
    pub paper_base: String,
    /// Trading with real money.
    pub live_base: String,
    /// Market data.
    pub data_base: String,
    /// Key id and secret for market data; none = the credential of a connected account is used.
    pub data_key: Option<(Secret<String>, Secret<String>)>,
    /// How long an order, a change or a cancel may take.
    pub submit_timeout: Duration,
    /// How long a read may take.
    pub read_timeout: Duration,
}

impl Default for AlpacaConfig {
    /// The vendor's hosts, the deadlines of PRODUCT BR-01.
    fn default() -> Self {
        Self {
            paper_base: PAPER_BASE.to_owned(),
            live_base: LIVE_BASE.to_owned(),
            data_base: DATA_BASE.to_owned(),
            data_key: None,
            submit_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(5),
        }
    }
}

/// What Alpaca allows of trading, and apart from it of market data on its basic plan: 200 requests a minute and account
/// (alpaca.markets/support/usage-limit-api-calls, read 2026-11-23).
#[must_use]
pub fn allowance(part: Headroom) -> Vec<Allowance> {
    vec![Allowance::of(Unit::Request, Shared::Account, (200, 60), part)]
}

/// Why the adapter cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// An address cannot be one of the vendor.
    #[error("alpaca {field}: expected an address such as {expected}, got {got:?}")]
    Base {
        /// Which.
        field: &'static str,
        /// The vendor's.
        expected: &'static str,
        /// What was given.
        got: String,
    },
    /// Paper and live are the same host: paper could reach live (PRODUCT BR-20).
    #[error("alpaca: paper and live must be different hosts, both are {0}")]
    SameHost(String),
    /// One stands where the other belongs: paper would reach live (PRODUCT BR-20).
    #[error("alpaca: the host for real money stands where simulated money is traded, or the other way round")]
    Crossed,
    /// Keys would travel in clear.
    #[error("alpaca {field}: expected https://, or a loopback address")]
    Plain {
        /// Which.
        field: &'static str,
    },
}

/// Whether a host is the vendor's own.
pub(super) fn is_vendors(host: &str) -> bool {
    host == "alpaca.markets" || host.ends_with(".alpaca.markets")
}

/// The three addresses, checked.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    pub(super) paper: Url,
    pub(super) live: Url,
    pub(super) data: Url,
}

impl Hosts {
    pub(super) fn of(config: &AlpacaConfig) -> Result<Self, ConfigError> {
        let read = |field, expected, text: &str| {
            http::base(text).ok_or_else(|| ConfigError::Base {
                field,
                expected,
                got: text.chars().take(80).collect(),
            })
        };
        let hosts = Self {
            paper: read("paper base", PAPER_BASE, &config.paper_base)?,
            live: read("live base", LIVE_BASE, &config.live_base)?,
            data: read("data base", DATA_BASE, &config.data_base)?,
        };
        let (paper, live) = (hosts.paper.host_str(), hosts.live.host_str());
        let is_vendors = |url: &Url| url.host_str().is_some_and(is_vendors);
        if hosts.paper == hosts.live || (paper == live && is_vendors(&hosts.live)) {
            return Err(ConfigError::SameHost(hosts.live.to_string()));
        }
        let crossed = |url: &Url, other: &str| url.host_str() == other.strip_prefix("https://");
        if crossed(&hosts.paper, LIVE_BASE) || crossed(&hosts.live, PAPER_BASE) {
            return Err(ConfigError::Crossed);
        }
        for (field, url) in [
            ("paper base", &hosts.paper),
            ("live base", &hosts.live),
            ("data base", &hosts.data),
        ] {
            if url.scheme() == "http" && !http::is_loopback(url) {
                return Err(ConfigError::Plain { field });
            }
        }
        Ok(hosts)
    }

    /// Where an account of this mode is traded.
    pub(super) const fn trading(&self, mode: Mode) -> &Url {
        match mode {
            Mode::Paper => &self.paper,
            Mode::Live => &self.live,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paper_is_never_live() {
        assert!(Hosts::of(&AlpacaConfig::default()).is_ok());
        let same = AlpacaConfig {
            paper_base: LIVE_BASE.to_owned(),
            ..AlpacaConfig::default()
        };
        assert!(matches!(Hosts::of(&same).unwrap_err(), ConfigError::SameHost(_)));
        let swapped = AlpacaConfig {
            paper_base: LIVE_BASE.to_owned(),
            live_base: PAPER_BASE.to_owned(),
            ..AlpacaConfig::default()
        };
        assert!(matches!(Hosts::of(&swapped).unwrap_err(), ConfigError::Crossed));
        let beside = AlpacaConfig {
            paper_base: format!("{LIVE_BASE}/x"),
            ..AlpacaConfig::default()
        };
        assert!(matches!(
            Hosts::of(&beside).unwrap_err(),
            ConfigError::SameHost(_)
        ));
        for (base, good) in [
            ("http://127.0.0.1:7792/paper", true),
            ("http://localhost:7792", true),
            ("http://alpaca.example.org", false),
        ] {
            let plain = AlpacaConfig {
                paper_base: base.to_owned(),
                ..AlpacaConfig::default()
            };
            assert_eq!(Hosts::of(&plain).is_ok(), good, "{base}");
        }
        let odd = AlpacaConfig {
            data_base: "data.alpaca.markets".to_owned(),
            ..AlpacaConfig::default()
        };
        assert!(Hosts::of(&odd).unwrap_err().to_string().contains("data base"));
    }
}
