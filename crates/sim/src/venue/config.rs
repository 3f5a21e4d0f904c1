//! Decides what can be set of the paper venue, and the values it has when nothing is said.

use std::{fmt, net::SocketAddr, path::PathBuf, sync::Arc};

use ordercast_model::money::decimal_text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::market::{calendar::Calendar, config::MarketConfig, tape::TAPE_BAR_STEPS};

/// Cash of an account when nothing is said.
pub const OPENING_CASH: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

/// How client order ids are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dedupe {
    /// An id is taken for ever.
    #[default]
    Always,
    /// An id is taken while an order with it is open.
    WhileOpen,
    /// Ids are echoed only.
    Never,
}

/// What trading costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fees {
    /// USD per share.
    #[serde(with = "decimal_text")]
    pub equity_per_share: Decimal,
    /// USD per contract.
    #[serde(with = "decimal_text")]
    pub option_per_contract: Decimal,
    /// Percent of the value.
    #[serde(with = "decimal_text")]
    pub crypto_percent: Decimal,
}

impl Default for Fees {
    fn default() -> Self {
        Self {
            equity_per_share: Decimal::ZERO,
            option_per_contract: Decimal::new(65, 2),
            crypto_percent: Decimal::new(1, 1),
        }
    }
}

/// An account that exists from the start; left alone when its name already exists.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSpec {
    /// Unique.
    pub name: String,
    /// 16 to 128 visible characters.
    pub key: String,
    /// USD.
    #[serde(with = "decimal_text", default = "opening_cash")]
    pub cash: Decimal,
    /// Whether it may sell equities it does not hold.
    #[serde(default)]
    pub shorting: bool,
}

impl fmt::Debug for AccountSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountSpec")
            .field("name", &self.name)
            .field("cash", &self.cash)
            .finish_non_exhaustive()
    }
}

const fn opening_cash() -> Decimal {
    OPENING_CASH
}

/// What the matching is told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EngineConfig {
    /// Client order ids.
    pub dedupe: Dedupe,
    /// Costs.
    pub fees: Fees,
    /// Wall time between accepting an order and its first chance to fill.
    pub latency_millis: u32,
    /// Equities in steps of a billionth of a share instead of whole shares.
    pub fractional: bool,
}

/// Reads the wall clock: microseconds since 1970.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What is set of a venue as a server; can be read from a file for a separate process.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VenueConfig {
    /// Where it listens; port 0 takes a free one. Loopback only.
    pub bind: SocketAddr,
    /// Where accounts, orders and prices are kept; in memory only when absent.
    pub data_dir: Option<PathBuf>,
    /// Wait for the disk after every write: survives a power cut, not only the end of the process.
    pub sync: bool,
    /// Opens accounts, reads the ledger, makes trouble. At least 16 characters.
    pub admin_key: String,
    /// Prices and account keys follow from it.
    pub seed: u64,
    /// Market time beside wall time.
    pub speed: f64,
    /// Sessions.
    pub calendar: Calendar,
    /// The user's own bars.
    pub csv: Option<PathBuf>,
    /// Steps of 0.1 s in which one bar is played.
    pub csv_bar_steps: u32,
    /// Market time simulated before the first start.
    pub warm_up_seconds: u32,
    /// Client order ids.
    pub dedupe: Dedupe,
    /// Costs.
    pub fees: Fees,
    /// Wall time between accepting an order and its first chance to fill.
    pub latency_millis: u32,
    /// Equities in steps of a billionth of a share instead of whole shares.
    pub fractional: bool,
    /// Accounts that exist from the start.
    pub accounts: Vec<AccountSpec>,
}

impl Default for VenueConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: None,
            sync: false,
            admin_key: String::new(),
            seed: 1,
            speed: 1.0,
            calendar: Calendar::default(),
            csv: None,
            csv_bar_steps: TAPE_BAR_STEPS,
            warm_up_seconds: 60,
            dedupe: Dedupe::Always,
            fees: Fees::default(),
            latency_millis: 30,
            fractional: false,
            accounts: Vec::new(),
        }
    }
}

impl fmt::Debug for VenueConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VenueConfig")
            .field("bind", &self.bind)
            .field("data_dir", &self.data_dir)
            .field("seed", &self.seed)
            .field("speed", &self.speed)
            .field("dedupe", &self.dedupe)
            .finish_non_exhaustive()
    }
}

impl VenueConfig {
    /// The market's part.
    #[must_use]
    pub fn market(&self) -> MarketConfig {
        MarketConfig {
            seed: self.seed,
            speed: self.speed,
            calendar: self.calendar,
            csv: self.csv.clone(),
            csv_bar_steps: self.csv_bar_steps,
            warm_up_seconds: self.warm_up_seconds,
        }
    }
    /// The matching's part.
    #[must_use]
    pub fn engine(&self) -> EngineConfig {
        EngineConfig {
            dedupe: self.dedupe,
            fees: self.fees.clone(),
            latency_millis: self.latency_millis,
            fractional: self.fractional,
        }
    }
    /// Every fault of the configuration at once, each with its field.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut expect = |good: bool, text: &str| {
            if !good {
                faults.push(text.to_owned());
            }
        };
        expect(
            self.bind.ip().is_loopback(),
            "bind: expected a loopback address such as 127.0.0.1:0",
        );
        expect(
            self.admin_key.len() >= 16,
            "admin_key: expected at least 16 characters",
        );
        expect(
            (0.01..=1_000.0).contains(&self.speed),
            "speed: expected 0.01 to 1000",
        );
        expect(self.csv_bar_steps >= 4, "csv_bar_steps: expected 4 or more");
        expect(
            self.warm_up_seconds <= 3_600,
            "warm_up_seconds: expected 0 to 3600",
        );
        expect(
            self.calendar.open_seconds > 0,
            "calendar.open_seconds: expected 1 or more",
        );
        expect(
            self.latency_millis <= 60_000,
            "latency_millis: expected 0 to 60000",
        );
        let fees = &self.fees;
        let fee = [
            fees.equity_per_share,
            fees.option_per_contract,
            fees.crypto_percent,
        ];
        expect(
            fee.iter().all(|f| *f >= Decimal::ZERO),
            "fees: expected 0 or above",
        );
        expect(
            fees.crypto_percent < Decimal::ONE_HUNDRED,
            "fees.crypto_percent: expected below 100",
        );
        for account in &self.accounts {
            expect(
                account.cash >= Decimal::ZERO,
                "accounts.cash: expected 0 or above",
            );
            expect(
                key_ok(&account.key),
                "accounts.key: expected 16 to 128 visible characters",
            );
        }
        faults
    }
}

/// Whether a text can be a key.
#[must_use]
pub fn key_ok(key: &str) -> bool {
    (16..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
}
