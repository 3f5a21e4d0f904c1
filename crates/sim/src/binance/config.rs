//! Decides what can be set of the server that speaks Binance's protocol, and the values it has when nothing is said.

use std::{fmt, net::SocketAddr};

use ordercast_model::money::decimal_text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    market::calendar::Calendar,
    venue::config::{Dedupe, Fees, OPENING_CASH, VenueConfig, key_ok},
};

/// Which of the two hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// The test network.
    #[default]
    Test,
    /// The exchange.
    Live,
}

/// An account that exists from the start, with its own key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BinanceAccount {
    /// Unique within its host.
    pub name: String,
    /// At which host.
    #[serde(default)]
    pub network: Network,
    /// `X-MBX-APIKEY`.
    pub api_key: String,
    /// The HMAC secret; none for a key of the other kind.
    #[serde(default)]
    pub secret: Option<String>,
    /// The Ed25519 public key, 64 hexadecimal digits.
    #[serde(default)]
    pub public_key: Option<String>,
    /// USDT.
    #[serde(with = "decimal_text", default = "opening_cash")]
    pub cash: Decimal,
    /// Whether the key may withdraw.
    #[serde(default)]
    pub may_withdraw: bool,
    /// Whether the key may trade.
    #[serde(default = "yes")]
    pub may_trade: bool,
}

impl fmt::Debug for BinanceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BinanceAccount")
            .field("name", &self.name)
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

impl BinanceAccount {
    /// An account of the test network with an HMAC key and what an account has when nothing is said.
    #[must_use]
    pub fn test(name: &str, api_key: &str, secret: &str) -> Self {
        Self {
            name: name.to_owned(),
            network: Network::Test,
            api_key: api_key.to_owned(),
            secret: Some(secret.to_owned()),
            public_key: None,
            cash: OPENING_CASH,
            may_withdraw: false,
            may_trade: true,
        }
    }
}

const fn opening_cash() -> Decimal {
    OPENING_CASH
}
const fn yes() -> bool {
    true
}

/// What is set of the server; can be read from a JSON file for a separate process.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BinanceConfig {
    /// Where the test network listens; port 0 takes a free one. Loopback only, as both.
    pub paper_bind: SocketAddr,
    /// Where the exchange listens.
    pub live_bind: SocketAddr,
    /// Makes trouble (`/sim/*`). At least 16 characters.
    pub admin_key: String,
    /// Prices follow from it.
    pub seed: u64,
    /// Market time beside wall time.
    pub speed: f64,
    /// Market time simulated before the start.
    pub warm_up_seconds: u32,
    /// Commission in percent: of coins bought it is taken in the coin, of coins sold in USDT.
    #[serde(with = "decimal_text")]
    pub commission_percent: Decimal,
    /// How far its clock is ahead of ours, in milliseconds.
    pub clock_ahead_millis: i64,
    /// Weight that an address may use in a minute.
    pub weight_per_minute: u32,
    /// Orders that an account may place in ten seconds.
    pub orders_per_ten_seconds: u32,
    /// Accounts that exist from the start.
    pub accounts: Vec<BinanceAccount>,
}

impl Default for BinanceConfig {
    fn default() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            paper_bind: any,
            live_bind: any,
            admin_key: String::new(),
            seed: 1,
            speed: 1.0,
            warm_up_seconds: 60,
            commission_percent: Decimal::new(1, 1),
            clock_ahead_millis: 0,
            weight_per_minute: 6_000,
            orders_per_ten_seconds: 100,
            accounts: Vec::new(),
        }
    }
}

impl fmt::Debug for BinanceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BinanceConfig")
            .field("paper_bind", &self.paper_bind)
            .field("live_bind", &self.live_bind)
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}

impl BinanceConfig {
    /// The same as the venue behind it is told: ids and commissions are kept here, and coins trade around the clock.
    #[must_use]
    pub fn venue(&self) -> VenueConfig {
        VenueConfig {
            admin_key: self.admin_key.clone(),
            seed: self.seed,
            speed: self.speed,
            calendar: Calendar::ALWAYS,
            warm_up_seconds: self.warm_up_seconds,
            dedupe: Dedupe::Never,
            fees: Fees {
                equity_per_share: Decimal::ZERO,
                option_per_contract: Decimal::ZERO,
                crypto_percent: Decimal::ZERO,
            },
            latency_millis: 0,
            ..VenueConfig::default()
        }
    }

    /// Every fault of the configuration at once, each with its field.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.venue().faults();
        let mut expect = |good: bool, text: String| {
            if !good {
                faults.push(text);
            }
        };
        for (field, bind) in [("paper_bind", self.paper_bind), ("live_bind", self.live_bind)] {
            let text = format!("{field}: expected a loopback address such as 127.0.0.1:0");
            expect(bind.ip().is_loopback(), text);
        }
        let percent = self.commission_percent;
        expect(
            percent >= Decimal::ZERO && percent < Decimal::ONE_HUNDRED,
            "commission_percent: expected 0 to below 100".to_owned(),
        );
        expect(
            self.clock_ahead_millis.abs() <= 86_400_000,
            "clock_ahead_millis: expected a day at most".to_owned(),
        );
        expect(
            self.weight_per_minute > 0 && self.orders_per_ten_seconds > 0,
            "weight_per_minute, orders_per_ten_seconds: expected 1 or more".to_owned(),
        );
        for account in &self.accounts {
            let name = &account.name;
            expect(
                key_ok(&account.api_key),
                format!("accounts: {name:?}: api_key: expected 16 to 128 visible characters"),
            );
            let secret = account.secret.as_deref().is_some_and(key_ok);
            let public = account
                .public_key
                .as_deref()
                .is_some_and(|k| public_key(k).is_some());
            expect(
                secret != public && account.secret.is_none() != account.public_key.is_none(),
                format!(
                    "accounts: {name:?}: expected a secret of 16 to 128 visible characters or a public_key of 64 hex digits"
                ),
            );
        }
        faults
    }
}

/// The key in 64 hexadecimal digits.
#[must_use]
pub fn public_key(text: &str) -> Option<ed25519_dalek::VerifyingKey> {
    let bytes: [u8; 32] = hex::decode(text).ok()?.try_into().ok()?;
    ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok()
}
