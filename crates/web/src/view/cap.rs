//! Caps of a follow and of a community as they are written in requests and answers.

use ordercast_model::{community::Community, limits::Caps};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{decimal, loosening::LooseningView};

/// Tighter limits of a follow; what is null adds nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CapsView {
    /// One instrument, per cent of equity.
    pub position_pct: Option<String>,
    /// One order, USD.
    pub order_value_max: Option<String>,
    /// All positions, per cent of equity.
    pub exposure_pct: Option<String>,
    /// Open positions.
    pub positions_max: Option<u32>,
    /// Daily loss, per cent.
    pub daily_loss_pct: Option<String>,
    /// Leverage factor.
    pub leverage_max: Option<String>,
    /// Contracts per order.
    pub option_contracts_max: Option<String>,
    /// Symbols never opened.
    pub deny_symbols: Vec<String>,
}

impl From<Caps> for CapsView {
    fn from(caps: Caps) -> Self {
        Self {
            position_pct: caps.position_pct.map(decimal),
            order_value_max: caps.order_value_max.map(decimal),
            exposure_pct: caps.exposure_pct.map(decimal),
            positions_max: caps.positions_max,
            daily_loss_pct: caps.daily_loss_pct.map(decimal),
            leverage_max: caps.leverage_max.map(decimal),
            option_contracts_max: caps.option_contracts_max.map(decimal),
            deny_symbols: caps.deny_symbols,
        }
    }
}

/// The limits of a community with the version they are changed at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommunityCapsView {
    /// Version of the community. Send it as `If-Match` with a change.
    pub version: u64,
    /// The limits.
    pub caps: CapsView,
    /// Limits that were asked to be loosened and are not yet.
    pub pending: Vec<LooseningView>,
}

impl From<Community> for CommunityCapsView {
    fn from(community: Community) -> Self {
        Self {
            version: community.version,
            caps: community.caps.into(),
            pending: community.pending.into_iter().map(Into::into).collect(),
        }
    }
}
