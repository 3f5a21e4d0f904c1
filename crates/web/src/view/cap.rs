//! Caps of a follow and of a community as they are written in requests and answers.

use ordercast_model::{
    community::Community,
    limits::{Bound, Caps, ClassCaps},
    money,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{decimal, loosening::LooseningView};
use crate::errors::ApiError;

macro_rules! caps {
    (
        decimals { $($(#[$d:meta])* $decimal:ident),+ $(,)? }
        classes { $($(#[$c:meta])* $class:ident),+ $(,)? }
        numbers { $($(#[$n:meta])* $number:ident),+ $(,)? }
    ) => {
        /// Tighter limits of a follow or a community, named as the limits; what is null adds nothing.
        #[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct CapsView {
            $($(#[$d])* pub $decimal: Option<String>,)+
            $($(#[$c])* pub $class: ClassCapsView,)+
            $($(#[$n])* pub $number: Option<u32>,)+
            /// RK-08: symbols never opened.
            pub deny_symbols: Vec<String>,
        }

        impl From<Caps> for CapsView {
            fn from(caps: Caps) -> Self {
                Self {
                    $($decimal: caps.$decimal.map(decimal),)+
                    $($class: caps.$class.into(),)+
                    $($number: caps.$number,)+
                    deny_symbols: caps.deny_symbols,
                }
            }
        }
    };
}

caps! {
    decimals {
        /// RK-04: least equity to open, USD; at least this.
        min_balance,
        /// RK-05: daily loss, per cent of the day's first equity.
        daily_loss_pct,
        /// RK-06: fall from the day's highest equity that locks, per cent.
        breaker_pct,
        /// RK-10: leverage factor.
        leverage_max,
        /// RK-15: widest option spread, per cent of mid.
        option_spread_pct,
        /// RK-15: least option price; at least this.
        option_price_min,
        /// RK-16: contracts per order.
        option_contracts_max,
        /// RK-17: one instrument, per cent of equity.
        position_pct,
        /// RK-18: one order, USD.
        order_value_max,
        /// RK-19: usable share of buying power, per cent.
        buying_power_pct,
        /// RK-20: all positions and pending opens, per cent of equity.
        exposure_pct,
        /// RK-23: risk per trade, per cent of equity.
        risk_per_trade_pct,
    }
    classes {
        /// RK-12: adverse drift from the alert price, per cent.
        drift_pct,
        /// RK-13: distance from the last trade that looks like a typing error, per cent.
        implausible_pct,
    }
    numbers {
        /// RK-25: window in which two signals on one instrument are merged or in conflict, seconds; at least this.
        same_instrument_seconds,
        /// RK-14: oldest quote for a market entry, seconds.
        quote_age_seconds,
        /// RK-21: open positions.
        positions_max,
        /// RK-22: separate signals' lots in one instrument.
        per_symbol_max,
        /// RK-26: orders per minute.
        orders_per_minute,
        /// RK-26: orders per session day.
        orders_per_day,
        /// RK-26: opens per minute from one provider.
        opens_per_minute_per_provider,
    }
}

/// A cap per asset class; what is null adds nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClassCapsView {
    /// Shares and funds.
    pub equity: Option<String>,
    /// Options.
    pub option: Option<String>,
    /// Coins.
    pub crypto: Option<String>,
}

impl From<ClassCaps> for ClassCapsView {
    fn from(caps: ClassCaps) -> Self {
        Self {
            equity: caps.equity.map(decimal),
            option: caps.option.map(decimal),
            crypto: caps.crypto.map(decimal),
        }
    }
}

impl CapsView {
    /// As the rules take them.
    ///
    /// # Errors
    /// Names the first field that is no number.
    pub fn read(self) -> Result<Caps, ApiError> {
        let unreadable = |_| ApiError::invalid("caps", "expected an object of limits");
        let written = serde_json::to_value(&self).map_err(unreadable)?;
        let mut caps = Caps {
            deny_symbols: self.deny_symbols,
            ..Caps::default()
        };
        for bound in Bound::ALL {
            let place = format!("/{}", bound.name().replace('.', "/"));
            let value = match written.pointer(&place) {
                Some(Value::String(text)) => {
                    money::parse(text).map_err(|e| ApiError::invalid(bound.field(), e.to_string()))?
                }
                Some(Value::Number(count)) => count.as_u64().unwrap_or_default().into(),
                _ => continue,
            };
            bound.set(&mut caps, value);
        }
        Ok(caps)
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
    /// Whoever its circuit breaker locks is unlocked by its owner or an admin alone.
    pub staff_unlocks: bool,
}

impl From<Community> for CommunityCapsView {
    fn from(community: Community) -> Self {
        Self {
            version: community.version,
            caps: community.caps.into(),
            pending: community.pending.into_iter().map(Into::into).collect(),
            staff_unlocks: community.staff_unlocks,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation fails the test")]
    use super::*;

    /// What the rules can cap is what the document says, and comes back as it was given.
    #[test]
    fn every_cap_is_read_and_written() {
        let mut caps = Caps {
            deny_symbols: vec!["GME".to_owned()],
            ..Caps::default()
        };
        for bound in Bound::ALL {
            bound.set(&mut caps, bound.range().1);
        }
        let view = CapsView::from(caps.clone());
        assert_eq!(view.clone().read().unwrap(), caps);
        let names = |value: Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        let written = serde_json::to_value(&view).unwrap();
        assert_eq!(names(written), names(serde_json::to_value(&caps).unwrap()));
        let wrong = CapsView {
            drift_pct: ClassCapsView {
                crypto: Some("much".to_owned()),
                ..ClassCapsView::default()
            },
            ..CapsView::default()
        };
        let told = format!("{:?}", wrong.read().unwrap_err());
        assert!(told.contains("caps.drift_pct.crypto"), "{told}");
    }
}
