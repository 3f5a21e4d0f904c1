//! What may be capped and how far: every number of the table of rules that a Follow, a community or the platform can tighten
//! (PRODUCT 3.1, RK-29), as one table. Refuses to know whose cap it is.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use super::Limits;
use crate::money::decimal_text;

/// A cap per asset class; what is none adds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClassCaps {
    /// Shares and funds.
    #[serde(with = "decimal_text::option")]
    pub equity: Option<Decimal>,
    /// Options.
    #[serde(with = "decimal_text::option")]
    pub option: Option<Decimal>,
    /// Coins.
    #[serde(with = "decimal_text::option")]
    pub crypto: Option<Decimal>,
}

/// Tighter limits of a Follow, a community or the platform, named as in [`Limits`]; what is none adds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Caps {
    /// RK-04: at least this.
    #[serde(with = "decimal_text::option")]
    pub min_balance: Option<Decimal>,
    /// RK-05.
    #[serde(with = "decimal_text::option")]
    pub daily_loss_pct: Option<Decimal>,
    /// RK-06.
    #[serde(with = "decimal_text::option")]
    pub breaker_pct: Option<Decimal>,
    /// RK-25: at least this.
    pub same_instrument_seconds: Option<u32>,
    /// RK-10.
    #[serde(with = "decimal_text::option")]
    pub leverage_max: Option<Decimal>,
    /// RK-12.
    pub drift_pct: ClassCaps,
    /// RK-13.
    pub implausible_pct: ClassCaps,
    /// RK-14.
    pub quote_age_seconds: Option<u32>,
    /// RK-15.
    #[serde(with = "decimal_text::option")]
    pub option_spread_pct: Option<Decimal>,
    /// RK-15: at least this.
    #[serde(with = "decimal_text::option")]
    pub option_price_min: Option<Decimal>,
    /// RK-16.
    #[serde(with = "decimal_text::option")]
    pub option_contracts_max: Option<Decimal>,
    /// RK-17.
    #[serde(with = "decimal_text::option")]
    pub position_pct: Option<Decimal>,
    /// RK-18.
    #[serde(with = "decimal_text::option")]
    pub order_value_max: Option<Decimal>,
    /// RK-19.
    #[serde(with = "decimal_text::option")]
    pub buying_power_pct: Option<Decimal>,
    /// RK-20.
    #[serde(with = "decimal_text::option")]
    pub exposure_pct: Option<Decimal>,
    /// RK-21.
    pub positions_max: Option<u32>,
    /// RK-22.
    pub per_symbol_max: Option<u32>,
    /// RK-23.
    #[serde(with = "decimal_text::option")]
    pub risk_per_trade_pct: Option<Decimal>,
    /// RK-26.
    pub orders_per_minute: Option<u32>,
    /// RK-26.
    pub orders_per_day: Option<u32>,
    /// RK-26.
    pub opens_per_minute_per_provider: Option<u32>,
    /// RK-08.
    pub deny_symbols: Vec<String>,
}

/// Which value is the tighter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tighter {
    /// The lower.
    Lower,
    /// The higher.
    Higher,
}

/// A figure of limits or caps.
trait Figure {
    fn get(&self) -> Option<Decimal>;
    fn put(&mut self, value: Decimal);
}

impl Figure for Decimal {
    fn get(&self) -> Option<Decimal> {
        Some(*self)
    }
    fn put(&mut self, value: Decimal) {
        *self = value;
    }
}

impl Figure for u32 {
    fn get(&self) -> Option<Decimal> {
        Some(Decimal::from(*self))
    }
    fn put(&mut self, value: Decimal) {
        *self = value.to_u32().unwrap_or(*self);
    }
}

impl Figure for Option<Decimal> {
    fn get(&self) -> Option<Decimal> {
        *self
    }
    fn put(&mut self, value: Decimal) {
        *self = Some(value);
    }
}

impl Figure for Option<u32> {
    fn get(&self) -> Option<Decimal> {
        self.map(Decimal::from)
    }
    fn put(&mut self, value: Decimal) {
        *self = value.to_u32().or(*self);
    }
}

macro_rules! bounds {
    ($($variant:ident = $first:ident $(. $second:ident)?, $way:ident, $low:literal, $high:literal;)+) => {
        /// A number that may be capped, by the name of its limit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "named after the limits")]
        pub enum Bound { $($variant,)+ }

        impl Bound {
            /// Every one, in the order of the table of rules.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// Name of the limit and of its cap, as `position_pct` or `drift_pct.equity`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => concat!(stringify!($first) $(, ".", stringify!($second))?),)+ }
            }
            /// The field of a cap as errors name it.
            #[must_use]
            pub const fn field(self) -> &'static str {
                match self { $(Self::$variant => concat!("caps.", stringify!($first) $(, ".", stringify!($second))?),)+ }
            }
            /// Which value is the tighter one.
            #[must_use]
            pub const fn tighter(self) -> Tighter {
                match self { $(Self::$variant => Tighter::$way,)+ }
            }
            /// The least and the most a cap may be.
            #[must_use]
            pub fn range(self) -> (Decimal, Decimal) {
                let hundredths = |n: i64| Decimal::new(n, 2).normalize();
                match self { $(Self::$variant => (hundredths($low), hundredths($high)),)+ }
            }
            /// What is capped of it.
            #[must_use]
            pub fn of(self, caps: &Caps) -> Option<Decimal> {
                match self { $(Self::$variant => caps.$first$(.$second)?.get(),)+ }
            }
            /// Sets the cap. A count takes whole numbers only and stays as it is otherwise.
            pub fn set(self, caps: &mut Caps, value: Decimal) {
                match self { $(Self::$variant => caps.$first$(.$second)?.put(value),)+ }
            }
            fn limit(self, limits: &mut Limits) -> &mut dyn Figure {
                match self { $(Self::$variant => &mut limits.$first$(.$second)?,)+ }
            }
        }
    };
}

bounds! {
    MinBalance = min_balance, Higher, 0, 10_000_000;
    DailyLoss = daily_loss_pct, Lower, 50, 2_000;
    Breaker = breaker_pct, Lower, 200, 2_500;
    SameInstrument = same_instrument_seconds, Higher, 100, 6_000;
    Leverage = leverage_max, Lower, 100, 500;
    DriftEquity = drift_pct.equity, Lower, 10, 1_000;
    DriftOption = drift_pct.option, Lower, 100, 5_000;
    DriftCrypto = drift_pct.crypto, Lower, 10, 1_000;
    ImplausibleEquity = implausible_pct.equity, Lower, 500, 5_000;
    ImplausibleOption = implausible_pct.option, Lower, 2_000, 9_500;
    ImplausibleCrypto = implausible_pct.crypto, Lower, 500, 5_000;
    QuoteAge = quote_age_seconds, Lower, 100, 3_000;
    OptionSpread = option_spread_pct, Lower, 100, 5_000;
    OptionPrice = option_price_min, Higher, 1, 500;
    OptionContracts = option_contracts_max, Lower, 100, 50_000;
    Position = position_pct, Lower, 50, 5_000;
    OrderValue = order_value_max, Lower, 100, 100_000_000;
    BuyingPower = buying_power_pct, Lower, 1_000, 10_000;
    Exposure = exposure_pct, Lower, 500, 20_000;
    Positions = positions_max, Lower, 100, 20_000;
    PerSymbol = per_symbol_max, Lower, 100, 500;
    RiskPerTrade = risk_per_trade_pct, Lower, 10, 1_000;
    OrdersPerMinute = orders_per_minute, Lower, 100, 12_000;
    OrdersPerDay = orders_per_day, Lower, 100, 200_000;
    OpensPerMinute = opens_per_minute_per_provider, Lower, 100, 12_000;
}

impl Bound {
    /// Whether the cap is a count.
    #[must_use]
    pub fn whole(self) -> bool {
        // A count takes no part of one.
        let mut tried = Caps::default();
        self.set(&mut tried, Decimal::new(15, 1));
        self.of(&tried) != Some(Decimal::new(15, 1))
    }

    /// Applies a cap to limits where it is strictly tighter than they are; whether it was. A limit that is none has no end.
    pub fn tighten(self, limits: &mut Limits, caps: &Caps) -> bool {
        let Some(cap) = self.of(caps) else { return false };
        let limit = self.limit(limits);
        let tightens = limit.get().is_none_or(|own| match self.tighter() {
            Tighter::Lower => cap < own,
            Tighter::Higher => cap > own,
        });
        if tightens {
            limit.put(cap);
        }
        tightens
    }

    /// The figure for an asset class of a limit that has one for each.
    #[must_use]
    pub const fn of_class(all: [Self; 3], class: crate::instrument::AssetClass) -> Self {
        use crate::instrument::AssetClass;
        let [equity, option, crypto] = all;
        match class {
            AssetClass::Option => option,
            AssetClass::Crypto => crypto,
            AssetClass::Equity | AssetClass::Fx | AssetClass::Future => equity,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation fails the test")]
    use super::*;

    #[test]
    fn every_cap_tightens_the_limit_of_its_name_and_no_other() {
        for bound in Bound::ALL {
            let (low, high) = bound.range();
            let tight = match bound.tighter() {
                Tighter::Lower => low,
                Tighter::Higher => high,
            };
            let mut caps = Caps::default();
            bound.set(&mut caps, tight);
            assert_eq!(bound.of(&caps), Some(tight), "{bound:?}");
            let place = format!("/{}", bound.name().replace('.', "/"));
            let written = serde_json::to_value(&caps).unwrap();
            assert!(written.pointer(&place).is_some_and(|v| !v.is_null()), "{written}");
            assert_eq!(serde_json::from_value::<Caps>(written).unwrap(), caps);
            let mut limits = Limits {
                leverage_max: Decimal::TWO,
                per_symbol_max: 3,
                ..Limits::default()
            };
            let before = serde_json::to_value(&limits).unwrap();
            assert!(bound.tighten(&mut limits, &caps), "{bound:?}");
            assert!(!bound.tighten(&mut limits, &caps), "{bound:?} is in force once");
            let mut after = serde_json::to_value(&limits).unwrap();
            let changed = after.pointer_mut(&place).unwrap();
            assert_ne!(Some(&*changed), before.pointer(&place), "{bound:?}");
            *changed = before.pointer(&place).unwrap().clone();
            assert_eq!(after, before, "{bound:?}");
            let loose = match bound.tighter() {
                Tighter::Lower => high,
                Tighter::Higher => low,
            };
            bound.set(&mut caps, loose);
            assert!(!bound.tighten(&mut limits, &caps), "{bound:?} never loosens");
        }
    }

    #[test]
    fn caps_of_an_older_form_are_read() {
        let old = r#"{"position_pct":"4","positions_max":3,"order_value_max":null,"deny_symbols":["GME"]}"#;
        let caps: Caps = serde_json::from_str(old).unwrap();
        assert_eq!(
            (caps.position_pct, caps.positions_max),
            (Some(Decimal::from(4)), Some(3))
        );
        assert_eq!(caps.drift_pct, ClassCaps::default());
    }

    #[test]
    fn counts_are_whole() {
        let whole: Vec<&str> = Bound::ALL
            .iter()
            .filter(|b| b.whole())
            .map(|b| b.name())
            .collect();
        assert_eq!(
            whole,
            [
                "same_instrument_seconds",
                "quote_age_seconds",
                "positions_max",
                "per_symbol_max",
                "orders_per_minute",
                "orders_per_day",
                "opens_per_minute_per_provider",
            ]
        );
    }
}
