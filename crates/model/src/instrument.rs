//! Decides how a tradable thing is named inside Ordercast. Refuses to know which venue lists it.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::money;

/// The kinds of instrument a message can name. Only the first three can be traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetClass {
    /// Shares and funds.
    Equity,
    /// Listed options on equities and indices.
    Option,
    /// Coins, spot.
    Crypto,
    /// Currencies, metals, index CFDs: read, then refused by name.
    Fx,
    /// Futures: read, then refused by name.
    Future,
}

impl AssetClass {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Equity => "equity",
            Self::Option => "option",
            Self::Crypto => "crypto",
            Self::Fx => "fx",
            Self::Future => "future",
        }
    }
}

/// Call or put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Right to buy.
    #[serde(rename = "C")]
    Call,
    /// Right to sell.
    #[serde(rename = "P")]
    Put,
}

impl Right {
    /// `C` or `P`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Call => 'C',
            Self::Put => 'P',
        }
    }
}

/// Something a venue can trade, in one spelling everywhere.
///
/// As text: `AAPL`, `BRK.B`, `AAPL 2026-12-18 150 C`, `BTC/USD`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Instrument {
    /// A share by its ticker; share classes keep the dot.
    Equity {
        /// Upper-case ticker.
        symbol: String,
    },
    /// A listed option.
    Option {
        /// Upper-case ticker of what it is on.
        underlying: String,
        /// Last trading day.
        expiry: NaiveDate,
        /// Exact strike (287.5 is not 287).
        strike: Decimal,
        /// Call or put.
        right: Right,
    },
    /// A pair of coins, or a coin against money.
    Crypto {
        /// What is bought.
        base: String,
        /// What is paid.
        quote: String,
    },
}

/// Why a text names no instrument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected AAPL, BTC/USD or AAPL 2026-12-18 150 C, got {0:?}")]
pub struct InstrumentError(pub String);

fn ticker(text: &str) -> bool {
    (1..=15).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.')
        && text.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

impl Instrument {
    /// Its class.
    #[must_use]
    pub const fn class(&self) -> AssetClass {
        match self {
            Self::Equity { .. } => AssetClass::Equity,
            Self::Option { .. } => AssetClass::Option,
            Self::Crypto { .. } => AssetClass::Crypto,
        }
    }
    /// What risk is added up under: the underlying of an option, the ticker, the base coin.
    #[must_use]
    pub fn underlying(&self) -> &str {
        match self {
            Self::Equity { symbol } => symbol,
            Self::Option { underlying, .. } => underlying,
            Self::Crypto { base, .. } => base,
        }
    }
    /// Units of the underlying in one unit: 100 for an option, else 1.
    #[must_use]
    pub fn multiplier(&self) -> Decimal {
        match self {
            Self::Option { .. } => Decimal::ONE_HUNDRED,
            _ => Decimal::ONE,
        }
    }
    /// The 21-character OCC symbol without padding (`AAPL261218C00150000`), for options only.
    #[must_use]
    pub fn occ(&self) -> Option<String> {
        let Self::Option {
            underlying,
            expiry,
            strike,
            right,
        } = self
        else {
            return None;
        };
        let thousandths = money::mul(*strike, Decimal::ONE_THOUSAND).ok()?.trunc();
        Some(format!(
            "{}{}{}{:0>8}",
            underlying.replace('.', ""),
            expiry.format("%y%m%d"),
            right.letter(),
            thousandths.normalize()
        ))
    }
}

impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equity { symbol } => f.write_str(symbol),
            Self::Option {
                underlying,
                expiry,
                strike,
                right,
            } => {
                write!(
                    f,
                    "{underlying} {expiry} {} {}",
                    strike.normalize(),
                    right.letter()
                )
            }
            Self::Crypto { base, quote } => write!(f, "{base}/{quote}"),
        }
    }
}

impl FromStr for Instrument {
    type Err = InstrumentError;
    fn from_str(text: &str) -> Result<Self, InstrumentError> {
        let wrong = || InstrumentError(text.chars().take(40).collect());
        let parts: Vec<&str> = text.split(' ').collect();
        let made = match parts.as_slice() {
            [one] => match one.split_once('/') {
                Some((base, quote)) if ticker(base) && ticker(quote) => Self::Crypto {
                    base: base.to_owned(),
                    quote: quote.to_owned(),
                },
                None if ticker(one) => Self::Equity {
                    symbol: (*one).to_owned(),
                },
                _ => return Err(wrong()),
            },
            [underlying, expiry, strike, right] if ticker(underlying) => Self::Option {
                underlying: (*underlying).to_owned(),
                expiry: expiry.parse().map_err(|_| wrong())?,
                strike: money::parse(strike)
                    .ok()
                    .filter(|s| *s > Decimal::ZERO)
                    .ok_or_else(wrong)?,
                right: match *right {
                    "C" => Right::Call,
                    "P" => Right::Put,
                    _ => return Err(wrong()),
                },
            },
            _ => return Err(wrong()),
        };
        Ok(made)
    }
}

impl Serialize for Instrument {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Instrument {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in ["AAPL", "BRK.B", "BTC/USD", "AAPL 2026-12-18 287.5 C"] {
            assert_eq!(text.parse::<Instrument>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "aapl",
            "BTC/",
            "AAPL 2026-13-18 150 C",
            "AAPL 2026-12-18 -5 C",
            "ΑAPL",
        ] {
            assert!(text.parse::<Instrument>().is_err(), "{text}");
        }
    }

    #[test]
    fn occ_symbol_has_eight_strike_digits() {
        let option: Instrument = "SPY 2025-12-19 640 P".parse().unwrap();
        assert_eq!(option.occ().unwrap(), "SPY251219P00640000");
    }
}
