//! One user's choice to receive one provider's signals, and how.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ConnectionId, FollowId, ProviderId, UserId},
    instrument::AssetClass,
    limits::{Caps, Loosening},
    money::decimal_text,
    signal::reading::Confidence,
    time::Timestamp,
};

/// Whether signals are executed at once or shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowMode {
    /// At once.
    Auto,
    /// After a yes.
    Approve,
}

/// How big an order becomes before the limits cut it (PRODUCT 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Sizing {
    /// Quantity of the signal times a multiplier; without one, 2 % of equity.
    Signal {
        /// 0.01 to 10.
        #[serde(with = "decimal_text")]
        multiplier: Decimal,
    },
    /// A fixed number of shares, contracts or coins.
    FixedQuantity {
        /// Above 0.
        #[serde(with = "decimal_text")]
        quantity: Decimal,
    },
    /// A fixed amount of money.
    FixedNotional {
        /// 1 to 1,000,000.
        #[serde(with = "decimal_text")]
        amount: Decimal,
    },
    /// A share of equity.
    PercentOfEquity {
        /// 0.1 to 50.
        #[serde(with = "decimal_text")]
        percent: Decimal,
    },
    /// A share of equity lost if the stop is hit.
    RiskPercent {
        /// 0.1 to 10.
        #[serde(with = "decimal_text")]
        percent: Decimal,
    },
}

impl Default for Sizing {
    fn default() -> Self {
        Self::PercentOfEquity {
            percent: Decimal::TWO,
        }
    }
}

/// What a provider's deletion does to what it opened (PRODUCT SG-30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// Cancels what has not filled.
    CancelUnfilled,
    /// Nothing.
    Ignore,
    /// Cancels and closes.
    Close,
}

/// What happens to an entry while the market is closed (PRODUCT EX-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenClosed {
    /// Waits for the open and is judged again.
    Queue,
    /// Is skipped.
    Skip,
}

/// What happens below the minimum confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BelowMin {
    /// Nothing.
    Skip,
    /// A card is shown.
    Ask,
}

/// One user's choice to receive one provider's signals (PRODUCT SG-14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// Its id.
    pub id: FollowId,
    /// Who follows.
    pub user_id: UserId,
    /// Whom.
    pub provider_id: ProviderId,
    /// Rises with every change.
    pub version: u64,
    /// Whether it acts.
    pub enabled: bool,
    /// At once or after a yes.
    pub mode: FollowMode,
    /// Below this `below_min` decides.
    pub min_confidence: Confidence,
    /// What happens below it.
    pub below_min: BelowMin,
    /// How big.
    pub sizing: Sizing,
    /// Where; none = the default connection for the asset class.
    pub connection_id: Option<ConnectionId>,
    /// Classes it acts on.
    pub asset_classes: Vec<AssetClass>,
    /// Symbols it never acts on.
    pub deny_symbols: Vec<String>,
    /// Whether "add" and "average down" open more.
    pub copy_adds: bool,
    /// Whether the signal's stops are used; else the user's automatic stop.
    pub follow_stops: bool,
    /// Stop to average entry after target 1.
    pub break_even_after_tp1: bool,
    /// What a deletion does.
    pub on_delete: OnDelete,
    /// What a closed market does.
    pub when_closed: WhenClosed,
    /// 0 to 100; the higher wins a conflict.
    pub priority: u8,
    /// Limits of its own, only ever tighter, as they were written down; `rules::risk::loosen::caps_in_force` says what holds
    /// at an instant.
    pub caps: Caps,
    /// What was asked to be loosened of them, by cap; at most one for each.
    #[serde(default)]
    pub pending: Vec<Loosening>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the user ended it; an ended follow is kept for the record and may begin again.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
}

impl Follow {
    /// A follow with the defaults of PRODUCT SG-14: `approve`, 0.700, 2 % of equity.
    #[must_use]
    pub fn new(id: FollowId, user_id: UserId, provider_id: ProviderId, at: Timestamp) -> Self {
        Self {
            id,
            user_id,
            provider_id,
            version: 1,
            enabled: true,
            mode: FollowMode::Approve,
            min_confidence: Confidence::thousandths(700),
            below_min: BelowMin::Skip,
            sizing: Sizing::default(),
            connection_id: None,
            asset_classes: vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto],
            deny_symbols: Vec::new(),
            copy_adds: false,
            follow_stops: true,
            break_even_after_tp1: true,
            on_delete: OnDelete::CancelUnfilled,
            when_closed: WhenClosed::Queue,
            priority: 50,
            caps: Caps::default(),
            pending: Vec::new(),
            created_at: at,
            ended_at: None,
        }
    }
}
