//! The one table of plans (PRODUCT 11.1). Everything that depends on a plan reads it here.

use serde::{Deserialize, Serialize};

/// What a user pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Nothing.
    Free,
    /// USD 49 a month.
    Basic,
    /// USD 99 a month.
    Pro,
    /// USD 299 a month.
    Premium,
}

/// What a plan allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entitlement {
    /// USD per month.
    pub monthly_usd: u32,
    /// Live broker connections.
    pub live_connections_max: u32,
    /// Paper connections beside the built-in one.
    pub paper_connections_max: u32,
    /// Signals that lead to an opening intent, per UTC day; none = unlimited.
    pub signals_per_day_max: Option<u32>,
    /// TradingView and generic webhooks.
    pub webhooks: bool,
    /// API requests per minute.
    pub requests_per_minute: u32,
}

impl Plan {
    /// Every plan, cheapest first.
    pub const ALL: [Self; 4] = [Self::Free, Self::Basic, Self::Pro, Self::Premium];

    /// What it allows.
    #[must_use]
    pub const fn entitlement(self) -> Entitlement {
        let (
            monthly_usd,
            live_connections_max,
            paper_connections_max,
            signals_per_day_max,
            webhooks,
            requests_per_minute,
        ) = match self {
            Self::Free => (0, 0, 1, Some(10), false, 60),
            Self::Basic => (49, 1, 3, Some(100), false, 100),
            Self::Pro => (99, 3, 5, None, true, 200),
            Self::Premium => (299, 25, 10, None, true, 400),
        };
        Entitlement {
            monthly_usd,
            live_connections_max,
            paper_connections_max,
            signals_per_day_max,
            webhooks,
            requests_per_minute,
        }
    }
}
