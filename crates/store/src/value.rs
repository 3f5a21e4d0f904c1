//! The two kinds of value a column holds. Refuses to know any other: no floats, no driver's times or decimals.

use ordercast_model::time::Timestamp;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Number(Option<i64>),
}

/// What to read a column as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
}

impl Value {
    /// The text, or nothing.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.unwrap_or_default(),
            Self::Number(number) => number.map(|n| n.to_string()).unwrap_or_default(),
        }
    }
    /// The number as a version or place; zero when it is none.
    pub(crate) fn unsigned(&self) -> u64 {
        match self {
            Self::Number(Some(number)) => u64::try_from(*number).unwrap_or(0),
            _ => 0,
        }
    }
}

pub(crate) fn text(value: impl ToString) -> Value {
    Value::Text(Some(value.to_string()))
}
pub(crate) fn maybe(value: Option<impl ToString>) -> Value {
    Value::Text(value.map(|v| v.to_string()))
}
pub(crate) fn number(value: impl Into<i64>) -> Value {
    Value::Number(Some(value.into()))
}
/// A count; what does not fit is past every row.
pub(crate) fn count(value: u64) -> Value {
    number(i64::try_from(value).unwrap_or(i64::MAX))
}
pub(crate) fn flag(value: bool) -> Value {
    number(i64::from(value))
}
pub(crate) fn instant(value: Timestamp) -> Value {
    number(value.micros())
}
/// Several texts in one value: a JSON list, taken apart by the dialect's `in_list!`.
pub(crate) fn list(values: impl IntoIterator<Item = impl ToString>) -> Value {
    let items = values
        .into_iter()
        .map(|v| serde_json::Value::String(v.to_string()));
    text(serde_json::Value::Array(items.collect()))
}
