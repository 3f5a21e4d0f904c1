//! What a caller sees of our words: flat JSON with decimals, times and ids as strings. Refuses to know HTTP; says
//! nothing of sealed credentials, hashes of cookies or other people's ids.

pub mod account;
pub mod cap;
pub mod code;
pub mod factor;
pub mod hook;
pub mod identity;
pub mod instruction;
pub mod journal;
pub mod loosening;
pub mod market;
pub mod order;
pub mod outside;
pub mod page;
pub mod position;
pub mod profile;
pub mod risk;
pub mod signal;
pub mod window;

use rust_decimal::Decimal;

/// A decimal as the API writes it: normalised, no exponent.
pub(crate) fn decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Anything with a text form, when it is there.
pub(crate) fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|v| v.to_string())
}
