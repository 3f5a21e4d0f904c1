//! Numbers as vendors write them, text or bare: read exactly, never through a float. Refuses to know what they count.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

/// A number in either spelling; none when absent, null or empty.
pub(crate) fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Decimal>, D::Error> {
    let Some(raw) = Option::<Box<RawValue>>::deserialize(d)? else {
        return Ok(None);
    };
    let text = raw.get().trim_matches('"');
    if text.is_empty() {
        return Ok(None);
    }
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .map(|n| Some(n.normalize()))
        .map_err(|_| {
            let got: String = text.chars().take(40).collect();
            D::Error::custom(format!("expected a number, got {got:?}"))
        })
}

/// A list that may be null.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(d)?.unwrap_or_default())
}
