//! Decides how money, prices and quantities are held: exact decimals, checked arithmetic, no float.
//! Refuses to round unless told how.
#![deny(clippy::arithmetic_side_effects)]

use std::{fmt, str::FromStr};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why an exact number could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit 28 significant digits.
    #[error("number too large: the result has more than 28 digits")]
    Overflow,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// Two currencies met.
    #[error("currencies differ: {0} and {1}")]
    Currency(Currency, Currency),
    /// Not a number.
    #[error("expected a decimal number such as 12.50, got {0:?}")]
    NotANumber(String),
    /// Outside what the type allows.
    #[error("{name} must be {expected}, got {got}")]
    Range {
        /// What was being made.
        name: &'static str,
        /// What is allowed.
        expected: &'static str,
        /// What was given.
        got: Decimal,
    },
}

/// Adds without rounding or panic.
///
/// # Errors
/// `Overflow`.
pub fn add(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::Overflow)
}
/// Subtracts without rounding or panic.
///
/// # Errors
/// `Overflow`.
pub fn sub(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    a.checked_sub(b).ok_or(MoneyError::Overflow)
}
/// Multiplies; exact up to 28 digits.
///
/// # Errors
/// `Overflow`, also when the exact product would need more digits than a decimal holds.
pub fn mul(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    let (a, b) = (a.normalize(), b.normalize());
    let exact = a.scale().saturating_add(b.scale());
    let product = a.checked_mul(b).ok_or(MoneyError::Overflow)?;
    if product.scale() == exact || product.is_zero() {
        Ok(product.normalize())
    } else {
        Err(MoneyError::Overflow)
    }
}
/// Multiplies for ratios, percentages and display: rounded half-even beyond 28 digits.
///
/// # Errors
/// `Overflow`.
pub fn times(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    a.normalize()
        .checked_mul(b.normalize())
        .map(|p| p.normalize())
        .ok_or(MoneyError::Overflow)
}
/// Divides; the quotient carries up to 28 digits and is rounded half-even beyond.
///
/// # Errors
/// `DivisionByZero`, `Overflow`.
pub fn div(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    if b.is_zero() {
        return Err(MoneyError::DivisionByZero);
    }
    a.checked_div(b)
        .map(|q| q.normalize())
        .ok_or(MoneyError::Overflow)
}
/// Rounds down (towards zero) to a multiple of `step`; unchanged when `step` is not positive.
///
/// # Errors
/// `Overflow`.
pub fn floor_to(value: Decimal, step: Decimal) -> Result<Decimal, MoneyError> {
    if step <= Decimal::ZERO {
        return Ok(value);
    }
    mul(div(value, step)?.trunc(), step)
}
/// Rounds up (away from zero) to a multiple of `step`; unchanged when `step` is not positive.
///
/// # Errors
/// `Overflow`.
pub fn ceil_to(value: Decimal, step: Decimal) -> Result<Decimal, MoneyError> {
    if step <= Decimal::ZERO {
        return Ok(value);
    }
    mul(
        div(value, step)?.round_dp_with_strategy(0, RoundingStrategy::AwayFromZero),
        step,
    )
}
/// For display only: two places, half-even, with thousands separators (`50,000.00`).
#[must_use]
pub fn show(value: Decimal) -> String {
    let text = format!(
        "{:.2}",
        value.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven)
    );
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |d| ("-", d));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut out = String::with_capacity(text.len().saturating_add(4));
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && whole.len().saturating_sub(i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    format!("{sign}{out}.{cents}")
}

/// Parses a plain decimal: digits, at most one point, optional sign; no exponent, no separators.
///
/// # Errors
/// `NotANumber`.
pub fn parse(text: &str) -> Result<Decimal, MoneyError> {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    if !plain {
        return Err(MoneyError::NotANumber(text.chars().take(40).collect()));
    }
    Decimal::from_str(text)
        .map(|d| d.normalize())
        .map_err(|_| MoneyError::NotANumber(text.chars().take(40).collect()))
}

macro_rules! exact {
    ($($(#[$doc:meta])* $name:ident, $label:literal, $expected:literal, $ok:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Decimal);
        impl $name {
            /// Checks and normalises.
            ///
            /// # Errors
            /// `Range`.
            pub fn new(value: Decimal) -> Result<Self, MoneyError> {
                let ok: fn(Decimal) -> bool = $ok;
                if ok(value) {
                    Ok(Self(value.normalize()))
                } else {
                    Err(MoneyError::Range { name: $label, expected: $expected, got: value })
                }
            }
            /// The number itself, for formulas.
            #[must_use]
            pub const fn value(self) -> Decimal {
                self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = MoneyError;
            fn from_str(text: &str) -> Result<Self, MoneyError> {
                Self::new(parse(text)?)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

exact! {
    /// A price of one unit, above zero.
    Price, "price", "above 0", |v| v > Decimal::ZERO;
    /// A number of shares, contracts or coins, zero or above.
    Quantity, "quantity", "0 or above", |v| v >= Decimal::ZERO;
    /// A percentage: `2` means 2 %.
    Percent, "percentage", "a number", |_| true;
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// Whether nothing is left.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
    /// Sum.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Self::new(add(self.0, other.0)?)
    }
    /// Difference, never below zero.
    #[must_use]
    pub fn minus_to_zero(self, other: Self) -> Self {
        sub(self.0, other.0)
            .ok()
            .and_then(|d| Self::new(d.max(Decimal::ZERO)).ok())
            .unwrap_or(Self::ZERO)
    }
}

/// An ISO 4217 code or a coin used as money: 2 to 8 upper-case letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 8]);

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(*b"USD\0\0\0\0\0");
    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(self.0.len());
        self.0
            .get(..end)
            .and_then(|b| std::str::from_utf8(b).ok())
            .unwrap_or("")
    }
}
impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let ok = (2..=8).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !ok {
            return Err(MoneyError::NotANumber(text.chars().take(12).collect()));
        }
        let mut code = [0_u8; 8];
        code.iter_mut().zip(text.bytes()).for_each(|(slot, b)| *slot = b);
        Ok(Self(code))
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse()
            .map_err(|_| de::Error::custom(format!("expected a currency code such as USD, got {text:?}")))
    }
}

/// An amount in a currency; may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The exact amount.
    #[serde(with = "decimal_text")]
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
}

impl Money {
    /// An amount, normalised.
    #[must_use]
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self {
            amount: amount.normalize(),
            currency,
        }
    }
    /// Nothing of a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self {
            amount: Decimal::ZERO,
            currency,
        }
    }
    /// Dollars.
    #[must_use]
    pub fn usd(amount: Decimal) -> Self {
        Self::new(amount, Currency::USD)
    }
    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currency(self.currency, other.currency))
        }
    }
    /// Sum.
    ///
    /// # Errors
    /// `Currency`, `Overflow`.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Ok(Self::new(add(self.amount, other.amount)?, self.currency))
    }
    /// Difference.
    ///
    /// # Errors
    /// `Currency`, `Overflow`.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Ok(Self::new(sub(self.amount, other.amount)?, self.currency))
    }
    /// `price x quantity x multiplier`.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn notional(
        price: Price,
        quantity: Quantity,
        multiplier: Decimal,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        Ok(Self::new(
            mul(mul(price.value(), quantity.value())?, multiplier)?,
            currency,
        ))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", show(self.amount), self.currency)
    }
}

/// Serde of a bare decimal as normalised text; a JSON number is refused so that no float slips in.
pub mod decimal_text {
    use super::{Decimal, Deserialize, Deserializer, Serializer, de, parse};

    /// Writes the decimal as text.
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<S: Serializer>(value: &Decimal, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&value.normalize())
    }
    /// Reads the decimal from text.
    ///
    /// # Errors
    /// When the text is not a plain decimal.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Decimal, D::Error> {
        parse(&String::deserialize(d)?).map_err(de::Error::custom)
    }

    /// The same for an optional decimal.
    pub mod option {
        use super::{Decimal, Deserialize, Deserializer, Serializer, de, parse};

        /// Writes the decimal as text, or null.
        ///
        /// # Errors
        /// The serializer's own.
        pub fn serialize<S: Serializer>(value: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
            match value {
                Some(v) => s.collect_str(&v.normalize()),
                None => s.serialize_none(),
            }
        }
        /// Reads the decimal from text, or null.
        ///
        /// # Errors
        /// When the text is not a plain decimal.
        pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Decimal>, D::Error> {
            Option::<String>::deserialize(d)?
                .map(|t| parse(&t).map_err(de::Error::custom))
                .transpose()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn d(text: &str) -> Decimal {
        parse(text).unwrap()
    }

    #[test]
    fn products_never_round_silently() {
        assert_eq!(
            mul(d("123456789.123456789012"), d("987654321.123456789012")),
            Err(MoneyError::Overflow)
        );
        assert_eq!(mul(d("1.10"), d("3")).unwrap().to_string(), "3.3");
    }

    #[test]
    fn steps_round_down_and_up() {
        for (value, step, down, up) in [
            ("5.55", "1", "5", "6"),
            ("0.123456", "0.0001", "0.1234", "0.1235"),
            ("7", "7", "7", "7"),
        ] {
            assert_eq!(floor_to(d(value), d(step)).unwrap(), d(down));
            assert_eq!(ceil_to(d(value), d(step)).unwrap(), d(up));
        }
    }

    #[test]
    fn display_is_half_even_with_separators() {
        for (value, text) in [
            ("50000", "50,000.00"),
            ("-1234567.125", "-1,234,567.12"),
            ("0.005", "0.00"),
        ] {
            assert_eq!(show(d(value)), text);
        }
    }

    #[test]
    fn odd_numbers_are_refused() {
        for text in ["NaN", "inf", "1e5", "", "1,000", "1.2.3", "--1"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!("0".parse::<Price>().is_err());
        assert!("-1".parse::<Quantity>().is_err());
        assert!(
            serde_json::from_str::<Price>("1.5").is_err(),
            "a JSON number is a float"
        );
        assert_eq!(
            serde_json::to_string(&"1.50".parse::<Price>().unwrap()).unwrap(),
            "\"1.5\""
        );
    }

    #[test]
    fn currencies_do_not_mix() {
        let euro = Money::new(d("1"), "EUR".parse().unwrap());
        assert!(matches!(
            Money::usd(d("1")).plus(euro),
            Err(MoneyError::Currency(..))
        ));
    }
}
