//! The settings of a follow as they are sent.

use ordercast_app::desk::follow::FollowChange;
use ordercast_model::{
    follow::{BelowMin, FollowMode, OnDelete, Sizing, WhenClosed},
    instrument::AssetClass,
    money,
    signal::reading::Confidence,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    view::{code, risk::CapsView, signal::SizingView},
};

/// Settings of a follow; what is left out stays, or takes its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FollowSettings {
    /// At once, or after a yes.
    #[schema(value_type = Option<code::FollowMode>)]
    pub mode: Option<FollowMode>,
    /// `0.400` to `1.000`.
    pub min_confidence: Option<String>,
    /// What happens below it.
    #[schema(value_type = Option<code::BelowMin>)]
    pub below_min: Option<BelowMin>,
    /// How big.
    pub sizing: Option<SizingView>,
    /// Where; null goes back to the default connection of the asset class.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub connection_id: Option<Option<String>>,
    /// Classes it acts on.
    #[schema(value_type = Option<Vec<code::AssetClass>>)]
    pub asset_classes: Option<Vec<AssetClass>>,
    /// Symbols it never acts on.
    pub deny_symbols: Option<Vec<String>>,
    /// Whether additions open more.
    pub copy_adds: Option<bool>,
    /// Whether the signal's stops are used.
    pub follow_stops: Option<bool>,
    /// Stop to average entry after target 1.
    pub break_even_after_tp1: Option<bool>,
    /// What a deletion does.
    #[schema(value_type = Option<code::OnDelete>)]
    pub on_delete: Option<OnDelete>,
    /// What a closed market does.
    #[schema(value_type = Option<code::WhenClosed>)]
    pub when_closed: Option<WhenClosed>,
    /// 0 to 100; the higher wins a conflict.
    #[schema(maximum = 100)]
    pub priority: Option<u8>,
    /// Limits of its own, only ever tighter.
    pub caps: Option<CapsView>,
}

/// Tells a field that is null from one that is left out.
fn given<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(d).map(Some)
}

fn number(field: &'static str, text: &str) -> Result<Decimal, ApiError> {
    money::parse(text).map_err(|e| ApiError::invalid(field, e.to_string()))
}

fn confidence(text: &str) -> Result<Confidence, ApiError> {
    let field = "min_confidence";
    let value = number(field, text)?;
    let wrong = || ApiError::invalid(field, "expected 0.400 to 1.000 with at most three places");
    if !(Decimal::new(4, 1)..=Decimal::ONE).contains(&value) || value.normalize().scale() > 3 {
        return Err(wrong());
    }
    let thousandths = value.checked_mul(Decimal::ONE_THOUSAND).and_then(|v| v.to_u16());
    thousandths.map(Confidence::thousandths).ok_or_else(wrong)
}

fn sizing(view: &SizingView) -> Result<Sizing, ApiError> {
    let value = number("sizing.value", &view.value)?;
    Ok(match view.mode {
        code::SizingMode::Signal => Sizing::Signal { multiplier: value },
        code::SizingMode::FixedQuantity => Sizing::FixedQuantity { quantity: value },
        code::SizingMode::FixedNotional => Sizing::FixedNotional { amount: value },
        code::SizingMode::PercentOfEquity => Sizing::PercentOfEquity { percent: value },
        code::SizingMode::RiskPercent => Sizing::RiskPercent { percent: value },
    })
}

impl FollowSettings {
    /// As the use case takes them.
    ///
    /// # Errors
    /// Names the first field that cannot be read.
    pub fn read(self) -> Result<FollowChange, ApiError> {
        let connection_id = match self.connection_id {
            Some(Some(text)) => Some(Some(text.parse().map_err(
                |e: ordercast_model::ids::IdError| ApiError::invalid("connection_id", e.to_string()),
            )?)),
            Some(None) => Some(None),
            None => None,
        };
        Ok(FollowChange {
            mode: self.mode,
            min_confidence: self.min_confidence.as_deref().map(confidence).transpose()?,
            below_min: self.below_min,
            sizing: self.sizing.as_ref().map(sizing).transpose()?,
            connection_id,
            asset_classes: self.asset_classes,
            deny_symbols: self.deny_symbols,
            copy_adds: self.copy_adds,
            follow_stops: self.follow_stops,
            break_even_after_tp1: self.break_even_after_tp1,
            on_delete: self.on_delete,
            when_closed: self.when_closed,
            priority: self.priority,
            caps: self.caps.map(CapsView::read).transpose()?,
        })
    }
}
