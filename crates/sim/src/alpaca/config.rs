//! Decides what can be set of the server that speaks Alpaca's protocol, and the values it has when nothing is said.

use std::{fmt, net::SocketAddr};

use ordercast_model::money::decimal_text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    market::calendar::Calendar,
    venue::config::{Dedupe, Fees, OPENING_CASH, VenueConfig, key_ok},
};

/// Which of the two trading hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// `paper-api`.
    Paper,
    /// `api`.
    Live,
}

impl Environment {
    /// The word of OAuth's `env`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Live => "live",
        }
    }
}

/// An account that exists from the start, with its own pair of keys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlpacaAccount {
    /// Unique within its host. A paper and a live account of one name belong to one person, who can allow both by OAuth.
    pub name: String,
    /// At which host.
    #[serde(default = "paper")]
    pub environment: Environment,
    /// `APCA-API-KEY-ID`.
    pub key_id: String,
    /// `APCA-API-SECRET-KEY`.
    pub secret: String,
    /// USD.
    #[serde(with = "decimal_text", default = "opening_cash")]
    pub cash: Decimal,
    /// Whether it may sell shares it does not hold.
    #[serde(default)]
    pub shorting: bool,
    /// 0 to 3; 2 buys calls and puts.
    #[serde(default = "two")]
    pub options_level: u8,
    /// Whether it may not place orders.
    #[serde(default)]
    pub trading_blocked: bool,
}

impl fmt::Debug for AlpacaAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlpacaAccount")
            .field("name", &self.name)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

impl AlpacaAccount {
    /// A paper account with what an account has when nothing is said.
    #[must_use]
    pub fn paper(name: &str, key_id: &str, secret: &str) -> Self {
        Self {
            name: name.to_owned(),
            environment: Environment::Paper,
            key_id: key_id.to_owned(),
            secret: secret.to_owned(),
            cash: OPENING_CASH,
            shorting: false,
            options_level: 2,
            trading_blocked: false,
        }
    }
}

const fn paper() -> Environment {
    Environment::Paper
}
const fn opening_cash() -> Decimal {
    OPENING_CASH
}
const fn two() -> u8 {
    2
}

/// A program that people may let in by OAuth.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OauthApp {
    /// Public.
    pub client_id: String,
    /// Kept by the program.
    pub client_secret: String,
    /// Where people may be sent back to; compared letter by letter.
    pub redirect_uris: Vec<String>,
}

impl fmt::Debug for OauthApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OauthApp")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What is set of the server; can be read from a JSON file for a separate process.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlpacaConfig {
    /// Where the paper host listens; port 0 takes a free one. Loopback only, as all three.
    pub paper_bind: SocketAddr,
    /// Where the live host listens; it also serves `/oauth/*`.
    pub live_bind: SocketAddr,
    /// Where the market-data host listens.
    pub data_bind: SocketAddr,
    /// Makes trouble and accounts (`/sim/*`). At least 16 characters.
    pub admin_key: String,
    /// Prices and ids follow from it.
    pub seed: u64,
    /// Market time beside wall time.
    pub speed: f64,
    /// Sessions.
    pub calendar: Calendar,
    /// Market time simulated before the start.
    pub warm_up_seconds: u32,
    /// Costs; none when nothing is said.
    pub fees: Fees,
    /// Wall time between accepting an order and its first chance to fill.
    pub fill_millis: u32,
    /// Wall time an order stays `pending_new`, `pending_cancel` or `pending_replace`.
    pub settle_millis: u32,
    /// Trading requests an account may make in a minute.
    pub rate_per_minute: u32,
    /// Accounts that exist from the start.
    pub accounts: Vec<AlpacaAccount>,
    /// Programs that may ask people for access.
    pub apps: Vec<OauthApp>,
}

impl Default for AlpacaConfig {
    fn default() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            paper_bind: any,
            live_bind: any,
            data_bind: any,
            admin_key: String::new(),
            seed: 1,
            speed: 1.0,
            calendar: Calendar::default(),
            warm_up_seconds: 60,
            fees: Fees {
                equity_per_share: Decimal::ZERO,
                option_per_contract: Decimal::ZERO,
                crypto_percent: Decimal::ZERO,
            },
            fill_millis: 60,
            settle_millis: 30,
            rate_per_minute: 200,
            accounts: Vec::new(),
            apps: Vec::new(),
        }
    }
}

impl fmt::Debug for AlpacaConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlpacaConfig")
            .field("paper_bind", &self.paper_bind)
            .field("live_bind", &self.live_bind)
            .field("data_bind", &self.data_bind)
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}

impl AlpacaConfig {
    /// The same as the venue behind it is told: ids are kept apart here, and fractions of shares trade.
    #[must_use]
    pub fn venue(&self) -> VenueConfig {
        VenueConfig {
            admin_key: self.admin_key.clone(),
            seed: self.seed,
            speed: self.speed,
            calendar: self.calendar,
            warm_up_seconds: self.warm_up_seconds,
            dedupe: Dedupe::Never,
            fees: self.fees.clone(),
            latency_millis: self.fill_millis,
            fractional: true,
            ..VenueConfig::default()
        }
    }

    /// Every fault of the configuration at once, each with its field.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.venue().faults();
        for (field, bind) in [
            ("paper_bind", self.paper_bind),
            ("live_bind", self.live_bind),
            ("data_bind", self.data_bind),
        ] {
            if !bind.ip().is_loopback() {
                faults.push(format!(
                    "{field}: expected a loopback address such as 127.0.0.1:0"
                ));
            }
        }
        if self.settle_millis > 60_000 {
            faults.push("settle_millis: expected 0 to 60000".to_owned());
        }
        if self.rate_per_minute == 0 {
            faults.push("rate_per_minute: expected 1 or more".to_owned());
        }
        for account in &self.accounts {
            faults.extend(account_faults(account));
        }
        for app in &self.apps {
            if app.client_id.is_empty() || app.client_secret.len() < 16 || app.redirect_uris.is_empty() {
                faults.push(format!(
                    "apps: {:?}: expected client_id, a client_secret of at least 16 characters and redirect_uris",
                    app.client_id
                ));
            }
        }
        faults
    }
}

/// What is wrong with an account's description.
#[must_use]
pub fn account_faults(account: &AlpacaAccount) -> Vec<String> {
    let mut faults = Vec::new();
    let name = &account.name;
    if !key_ok(&account.key_id) || !key_ok(&account.secret) {
        faults.push(format!(
            "accounts: {name:?}: key_id and secret: expected 16 to 128 visible characters"
        ));
    }
    if account.options_level > 3 {
        faults.push(format!("accounts: {name:?}: options_level: expected 0 to 3"));
    }
    if account.cash < Decimal::ZERO {
        faults.push(format!("accounts: {name:?}: cash: expected 0 or above"));
    }
    faults
}
