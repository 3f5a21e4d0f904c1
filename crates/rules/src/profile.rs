//! The named risk profiles: what an answer to "how careful" means in limits and size. Decides no order.

use ordercast_model::{
    follow::Sizing,
    limits::{Limits, PerClass},
};
use rust_decimal::Decimal;

/// Names of the profiles, the most careful first.
pub const NAMES: [&str; 3] = ["conservative", "balanced", "aggressive"];

/// Limits and size that go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The limits.
    pub limits: Limits,
    /// How big an order is before the limits cut it.
    pub sizing: Sizing,
}

/// The profile of a name.
#[must_use]
pub fn named(name: &str) -> Option<Profile> {
    match name {
        "conservative" => Some(conservative()),
        "balanced" => Some(balanced()),
        "aggressive" => Some(aggressive()),
        _ => None,
    }
}

fn whole(n: u32) -> Decimal {
    Decimal::from(n)
}

/// Small positions, few of them, no options, an early end of the day.
#[must_use]
pub fn conservative() -> Profile {
    let limits = Limits {
        daily_loss_pct: whole(2),
        breaker_pct: whole(4),
        allow_option: false,
        drift_pct: PerClass {
            equity: Decimal::new(5, 1),
            option: whole(5),
            crypto: Decimal::new(5, 1),
        },
        position_pct: whole(5),
        exposure_pct: whole(40),
        positions_max: 5,
        risk_per_trade_pct: Some(Decimal::new(5, 1)),
        ..Limits::default()
    };
    Profile {
        name: "conservative".to_owned(),
        limits,
        sizing: Sizing::PercentOfEquity { percent: whole(3) },
    }
}

/// The default limits.
#[must_use]
pub fn balanced() -> Profile {
    Profile {
        name: "balanced".to_owned(),
        limits: Limits::default(),
        sizing: Sizing::PercentOfEquity { percent: whole(8) },
    }
}

/// Large positions, shorting on, a wide daily loss.
#[must_use]
pub fn aggressive() -> Profile {
    let limits = Limits {
        daily_loss_pct: whole(10),
        breaker_pct: whole(15),
        allow_short: true,
        drift_pct: PerClass {
            equity: whole(2),
            option: whole(15),
            crypto: whole(2),
        },
        position_pct: whole(25),
        exposure_pct: whole(100),
        positions_max: 20,
        per_symbol_max: 2,
        ..Limits::default()
    };
    Profile {
        name: "aggressive".to_owned(),
        limits,
        sizing: Sizing::PercentOfEquity { percent: whole(20) },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_name_names_a_profile() {
        for name in NAMES {
            assert_eq!(named(name).unwrap().name, name);
        }
        assert!(named("reckless").is_none());
    }
}
