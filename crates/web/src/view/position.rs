//! Holdings with their marks and the protection in force.

use ordercast_app::desk::position::Marked;
use ordercast_model::signal::instruction::PositionSide;
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, decimal, text};

/// The part of a position that came from one signal or manual order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotView {
    /// Id.
    pub id: String,
    /// Signal it came from.
    #[schema(required)]
    pub signal_id: Option<String>,
    /// Provider it came from.
    #[schema(required)]
    pub provider_id: Option<String>,
    /// Held now.
    pub quantity: String,
    /// Average entry.
    #[schema(required)]
    pub average_price: Option<String>,
    /// Stop in force.
    #[schema(required)]
    pub stop_price: Option<String>,
    /// Whether the stop was added by rule.
    pub stop_added: bool,
    /// Targets in force.
    pub target_prices: Vec<String>,
    /// Quantity under protection.
    pub covered: String,
    /// Who holds stop and targets: the venue (`native`), or Ordercast, which watches quotes (`emulated`): that works only
    /// while Ordercast runs.
    #[schema(value_type = code::Protection)]
    pub protection: &'static str,
    /// Why the levels are not watched now: `no_quote`, `price_jump`; null when they are.
    #[schema(required)]
    pub unwatched: Option<&'static str>,
    /// When it was opened.
    pub created_at: String,
}

/// One holding.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PositionView {
    /// Id.
    pub id: String,
    /// Rises with every change.
    pub version: u64,
    /// Connection.
    pub connection_id: String,
    /// Instrument as text.
    pub symbol: String,
    /// Its class.
    #[schema(value_type = code::AssetClass)]
    pub asset: ordercast_model::instrument::AssetClass,
    /// Long or short.
    #[schema(value_type = code::PositionSide)]
    pub side: PositionSide,
    /// Opened by Ordercast; else found at the venue.
    pub managed: bool,
    /// Held now; `0` when closed.
    pub quantity: String,
    /// Most ever held.
    pub quantity_max: String,
    /// Average entry.
    pub average_price: String,
    /// Average exit of what was closed.
    #[schema(required)]
    pub exit_price: Option<String>,
    /// Price it is marked at; null when closed or unquoted.
    #[schema(required)]
    pub mark: Option<String>,
    /// Value at the mark.
    #[schema(required)]
    pub market_value: Option<String>,
    /// Result of what is held, at the mark, before fees.
    #[schema(required)]
    pub unrealised: Option<String>,
    /// The same in per cent of the entry value.
    #[schema(required)]
    pub unrealised_pct: Option<String>,
    /// Realised result before fees.
    pub realised: String,
    /// Fees paid.
    pub fees: String,
    /// Open lots.
    pub lots: Vec<LotView>,
    /// First fill.
    pub opened_at: String,
    /// When it was closed.
    #[schema(required)]
    pub closed_at: Option<String>,
}

impl From<ordercast_model::position::Lot> for LotView {
    fn from(lot: ordercast_model::position::Lot) -> Self {
        Self {
            id: lot.id.to_string(),
            signal_id: text(lot.signal_id),
            provider_id: text(lot.provider_id),
            quantity: lot.open.to_string(),
            average_price: text(lot.average_price),
            stop_price: text(lot.stop_price),
            stop_added: lot.protection.stop_added,
            target_prices: lot.target_prices.iter().map(ToString::to_string).collect(),
            covered: lot.covered.to_string(),
            protection: if lot.emulated() { "emulated" } else { "native" },
            unwatched: lot.watch.as_ref().and_then(|w| match (w.suspended, w.stale) {
                (true, _) => Some("price_jump"),
                (false, true) => Some("no_quote"),
                (false, false) => None,
            }),
            created_at: lot.created_at.to_string(),
        }
    }
}

impl From<Marked> for PositionView {
    fn from(marked: Marked) -> Self {
        let position = marked.position;
        Self {
            id: position.id.to_string(),
            version: position.version,
            connection_id: position.connection_id.to_string(),
            symbol: position.instrument.to_string(),
            asset: position.instrument.class(),
            side: position.side,
            managed: position.managed,
            quantity: position.quantity.to_string(),
            quantity_max: position.quantity_max.to_string(),
            average_price: position.average_price.to_string(),
            exit_price: text(position.exit_price),
            mark: text(marked.mark),
            market_value: marked.market_value.map(decimal),
            unrealised: marked.unrealised.map(decimal),
            unrealised_pct: marked.unrealised_pct.map(decimal),
            realised: decimal(position.realised),
            fees: decimal(position.fees),
            lots: marked.lots.into_iter().map(LotView::from).collect(),
            opened_at: position.opened_at.to_string(),
            closed_at: text(position.closed_at),
        }
    }
}
