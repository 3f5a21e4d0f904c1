//! Decides where Binance is and how long it may take; refuses what cannot work, naming the field.

use std::time::Duration;

use ordercast_model::{
    connection::Mode,
    money::Currency,
    ports::allowance::{Allowance, Headroom, Shared, Unit},
};
use reqwest::Url;

use super::symbol::DOLLARS;
use crate::http;

/// The vendor's host of its test network: simulated money.
pub const PAPER_BASE: &str = "https://testnet.binance.vision";
/// The vendor's host of the test network's WebSocket API.
pub const PAPER_SOCKET_BASE: &str = "https://ws-api.testnet.binance.vision";
/// The vendor's host for real money.
pub const LIVE_BASE: &str = "https://api.binance.com";
/// The vendor's host of the WebSocket API.
pub const LIVE_SOCKET_BASE: &str = "https://ws-api.binance.com";
/// The vendor's host for public market data.
pub const DATA_BASE: &str = "https://data-api.binance.vision";
/// What coins are paid in when nothing is said.
pub const QUOTE: &str = "USDT";

/// How Binance is reached. Base addresses are the vendor's unless a stand-in is named.
#[derive(Debug, Clone)]
pub struct BinanceConfig {
    /// Trading with simulated money.
    pub paper_base: String,
    /// Events of accounts with simulated money.
    pub paper_socket_base: String,
    /// Trading with real money.
    pub live_base: String,
    /// Events of accounts with real money.
    pub live_socket_base: String,
    /// Public market data.
    pub data_base: String,
    /// The dollar coin in which accounts are kept and coins are paid.
    pub quote: String,
    /// How long an order, a change or a cancel may take.
    pub submit_timeout: Duration,
    /// How long a read may take.
    pub read_timeout: Duration,
}

impl Default for BinanceConfig {
    /// The vendor's hosts, the deadlines of PRODUCT BR-01.
    fn default() -> Self {
        Self {
            paper_base: PAPER_BASE.to_owned(),
            paper_socket_base: PAPER_SOCKET_BASE.to_owned(),
            live_base: LIVE_BASE.to_owned(),
            live_socket_base: LIVE_SOCKET_BASE.to_owned(),
            data_base: DATA_BASE.to_owned(),
            quote: QUOTE.to_owned(),
            submit_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(5),
        }
    }
}

/// What Binance allows: 6,000 of weight a minute and address; 100 orders in ten seconds and 200,000 a day and account
/// (`rateLimits` of `GET /api/v3/exchangeInfo`).
#[must_use]
pub fn allowance(part: Headroom) -> Vec<Allowance> {
    vec![
        Allowance::of(Unit::Weight, Shared::Address, (6_000, 60), part),
        Allowance::of(Unit::Order, Shared::Account, (100, 10), part),
        Allowance::of(Unit::Order, Shared::Account, (200_000, 86_400), part),
    ]
}

/// Why the adapter cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// An address cannot be one of the vendor.
    #[error("binance {field}: expected an address such as {expected}, got {got:?}")]
    Base {
        /// Which.
        field: &'static str,
        /// The vendor's.
        expected: &'static str,
        /// What was given.
        got: String,
    },
    /// Paper and live are the same host: paper could reach live (PRODUCT BR-20).
    #[error("binance: paper and live must be different hosts, both are {0}")]
    SameHost(String),
    /// Not a dollar coin.
    #[error("binance quote: expected one of {known}, got {0:?}", known = DOLLARS.join(", "))]
    Quote(String),
}

/// The addresses, checked.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    paper: Url,
    paper_socket: Url,
    live: Url,
    live_socket: Url,
    pub(super) data: Url,
    pub(super) quote: String,
    pub(super) currency: Currency,
}

impl Hosts {
    pub(super) fn of(config: &BinanceConfig) -> Result<Self, ConfigError> {
        let read = |field, expected, text: &str| {
            http::base(text).ok_or_else(|| ConfigError::Base {
                field,
                expected,
                got: text.chars().take(80).collect(),
            })
        };
        let wrong = || ConfigError::Quote(config.quote.chars().take(20).collect());
        if !DOLLARS.contains(&config.quote.as_str()) {
            return Err(wrong());
        }
        let hosts = Self {
            paper: read("paper base", PAPER_BASE, &config.paper_base)?,
            paper_socket: read("paper socket base", PAPER_SOCKET_BASE, &config.paper_socket_base)?,
            live: read("live base", LIVE_BASE, &config.live_base)?,
            live_socket: read("live socket base", LIVE_SOCKET_BASE, &config.live_socket_base)?,
            data: read("data base", DATA_BASE, &config.data_base)?,
            quote: config.quote.clone(),
            currency: config.quote.parse().map_err(|_| wrong())?,
        };
        for (paper, live) in [
            (&hosts.paper, &hosts.live),
            (&hosts.paper_socket, &hosts.live_socket),
        ] {
            if paper == live {
                return Err(ConfigError::SameHost(live.to_string()));
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

    /// Where its events are told.
    pub(super) const fn socket(&self, mode: Mode) -> &Url {
        match mode {
            Mode::Paper => &self.paper_socket,
            Mode::Live => &self.live_socket,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paper_is_never_live_and_the_quote_is_a_dollar_coin() {
        assert!(Hosts::of(&BinanceConfig::default()).is_ok());
        let with = |change: fn(&mut BinanceConfig)| {
            let mut config = BinanceConfig::default();
            change(&mut config);
            Hosts::of(&config).unwrap_err().to_string()
        };
        assert!(with(|c| c.paper_base = LIVE_BASE.to_owned()).contains("different hosts"));
        assert!(with(|c| c.paper_socket_base = LIVE_SOCKET_BASE.to_owned()).contains("different hosts"));
        assert!(with(|c| c.data_base = "data".to_owned()).contains("data base"));
        assert!(with(|c| c.quote = "BTC".to_owned()).contains("USDT"));
    }
}
