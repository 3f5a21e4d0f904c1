//! Decides which fields a body has: nested JSON made flat, `key=value` pairs, command lines. Refuses unrendered placeholders.

use std::{cell::RefCell, collections::BTreeMap};

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::exact::decimal;
use crate::parse::draft::Fault;

/// One stated value.
#[derive(Debug, Clone, PartialEq)]
struct Stated {
    key: String,
    value: Value,
}

/// The fields of one order by folded name.
#[derive(Debug, Default)]
pub(in crate::parse) struct Fields {
    all: BTreeMap<String, Stated>,
    /// Names that were asked for and present, with the field they went to.
    used: RefCell<BTreeMap<String, &'static str>>,
    /// Positional parts of a comma list: licence, command, symbol.
    pub(super) comma_list: bool,
    /// Two writings of one name that say different things: the name, and what each says.
    clash: Option<(String, String, String)>,
}

/// Names whose value is one number, never an object or a list.
const ONE_NUMBER: &[&str] = &[
    "price",
    "limitprice",
    "stopprice",
    "entryprice",
    "quantity",
    "qty",
    "contracts",
    "confidence",
    "expiresin",
];

/// Names that never say anything about the order.
const QUIET: &[&str] = &[
    "secret",
    "passphrase",
    "password",
    "token",
    "key",
    "apikey",
    "apisecret",
    "authkey",
    "auth",
    "emailtoken",
    "botid",
    "botuuid",
    "pointer",
    "stub",
    "exchange",
    "exchangecode",
    "tvexchange",
    "platformname",
    "id",
    "alertid",
    "timestamp",
    "time",
    "timenow",
    "note",
    "comment",
    "interval",
    "timeframe",
    "maxlag",
    "delayseconds",
    "messagetype",
    "account",
    "accountid",
    "strategy",
    "strategyname",
    "test",
    "confidence",
    "currency",
    "name",
    "version",
    "positionsize",
    "prevmarketpositionsize",
    "marketpositionsize",
    "open",
    "high",
    "low",
    "volume24h",
    "bar",
    "date",
    "syminfo",
    "message",
    "source",
    "magic",
    "user",
];

/// Letters and digits in lower case.
pub(in crate::parse) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Reads an object; nested objects contribute their fields under `outer.inner`.
pub(in crate::parse) fn object(value: &Value) -> Result<Fields, Fault> {
    let Value::Object(map) = value else {
        return Err(Fault::new("body", "expected a JSON object"));
    };
    for (key, value) in map {
        placeholder(key, value)?;
        if !matches!(value, Value::Null | Value::Number(_) | Value::String(_))
            && let Some(field) = ONE_NUMBER.iter().find(|name| **name == fold(key))
        {
            return Err(Fault::new(field, format!("{key}: expected a number")));
        }
    }
    Ok(flat(map))
}

/// The fields of an object as they stand, rendered or not.
pub(super) fn flat(map: &Map<String, Value>) -> Fields {
    let mut fields = Fields::default();
    for (key, value) in map {
        match value {
            Value::Object(inner)
                if !matches!(
                    fold(key).as_str(),
                    "stoploss" | "takeprofit" | "sl" | "tp" | "trailing" | "trailingstop"
                ) =>
            {
                for (name, value) in inner {
                    fields.put(
                        &format!("{key}.{name}"),
                        &fold(&format!("{key}{name}")),
                        value.clone(),
                    );
                    fields.put_if_absent(name, value.clone());
                }
            }
            _ => fields.put(key, &fold(key), value.clone()),
        }
    }
    fields
}

fn placeholder(key: &str, value: &Value) -> Result<(), Fault> {
    let unrendered = match value {
        Value::String(text) => text.contains("{{") || text.contains("}}"),
        Value::Object(map) => return map.iter().try_for_each(|(_, v)| placeholder(key, v)),
        Value::Array(list) => return list.iter().try_for_each(|v| placeholder(key, v)),
        _ => false,
    };
    if unrendered {
        return Err(Fault::new(
            "placeholder",
            format!("{key} was not rendered: {}", short(value)),
        ));
    }
    Ok(())
}

/// A value in words, cut.
fn told(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(40).collect()
}

fn short(value: &Value) -> String {
    value.as_str().unwrap_or("").chars().take(40).collect()
}

/// Reads `signal=long,symbol=EURUSD`, `60123456789,buy,EURUSD,sl=1.1`, `trade:account:close symbol=ETH/USDT`, `buy symbol=BTCUSD`.
pub(in crate::parse) fn command(text: &str) -> Option<Result<Fields, Fault>> {
    let one_line = !text.contains('\n') || text.lines().all(|l| l.contains('=') || l.trim().is_empty());
    if !one_line {
        return None;
    }
    if text.contains("{{") {
        return Some(Err(Fault::new(
            "placeholder",
            format!("not rendered: {}", text.chars().take(60).collect::<String>()),
        )));
    }
    let comma = text.contains(',') && !text.contains(", ") && !text.contains(' ');
    let parts: Vec<&str> = if comma {
        text.split(',').collect()
    } else {
        text.split([' ', '\n', ';', '&', '\t'])
            .filter(|p| !p.is_empty())
            .collect()
    };
    let bare: Vec<&str> = parts.iter().copied().filter(|p| !p.contains('=')).collect();
    let pairs = parts.len() - bare.len();
    let licence = bare
        .first()
        .is_some_and(|b| b.len() >= 6 && b.bytes().all(|c| c.is_ascii_digit()));
    let mut fields = Fields::default();
    match bare.as_slice() {
        [] if pairs >= 2 => {}
        [_, command, symbol] if comma && licence => {
            fields.comma_list = true;
            fields.put("action", "action", Value::from(*command));
            fields.put("symbol", "symbol", Value::from(*symbol));
        }
        [one] if !comma && pairs >= 1 && one.contains(':') => {
            let mut names = one.rsplit(':');
            fields.put("action", "action", Value::from(names.next().unwrap_or("")));
        }
        _ if comma
            && (licence
                || bare
                    .iter()
                    .any(|b| b.len() >= 8 && b.bytes().all(|c| c.is_ascii_digit()))) =>
        {
            return Some(Err(Fault::new(
                "body",
                "expected licence,command,symbol,key=value",
            )));
        }
        _ => return None,
    }
    for part in parts.iter().filter(|p| p.contains('=')) {
        let (key, value) = part.split_once('=')?;
        fields.put(
            key.trim(),
            &fold(key),
            Value::from(value.trim().trim_matches('"')),
        );
    }
    Some(Ok(fields))
}

impl Fields {
    fn put(&mut self, key: &str, folded: &str, value: Value) {
        if let Some(known) = self.all.get(folded)
            && known.value != value
            && !known.value.is_null()
            && !value.is_null()
        {
            self.clash = Some((key.to_owned(), told(&known.value), told(&value)));
        }
        self.all.insert(
            folded.to_owned(),
            Stated {
                key: key.to_owned(),
                value,
            },
        );
    }
    fn put_if_absent(&mut self, key: &str, value: Value) {
        self.all.entry(fold(key)).or_insert_with(|| Stated {
            key: key.to_owned(),
            value,
        });
    }
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
    /// Adds a field by its folded name; slash commands use this.
    pub(in crate::parse) fn set(&mut self, name: &str, value: &str) {
        self.put(name, &fold(name), Value::from(value));
    }

    /// Adds a field with several values.
    pub(in crate::parse) fn set_list(&mut self, name: &str, values: &[String]) {
        self.put(name, &fold(name), Value::from(values.to_vec()));
    }

    /// The text of a body that only wraps a message.
    pub(super) fn message(&self) -> Option<String> {
        let order = [
            "symbol",
            "ticker",
            "action",
            "side",
            "pair",
            "signal",
            "tvinstrument",
            "paircode",
            "orderaction",
        ];
        if order.iter().any(|k| self.all.contains_key(*k)) {
            return None;
        }
        ["content", "text", "message", "alert", "alertmessage", "body"]
            .iter()
            .find_map(|k| match self.all.get(*k).map(|s| &s.value) {
                Some(Value::String(text)) => Some(text.clone()),
                _ => None,
            })
    }

    /// The first present field of these names.
    pub(super) fn any(&self, field: &'static str, names: &[&str]) -> Option<&Value> {
        let name = names
            .iter()
            .find(|n| self.all.get(**n).is_some_and(|s| !s.value.is_null()))?;
        self.used.borrow_mut().insert((*name).to_owned(), field);
        self.all.get(*name).map(|s| &s.value)
    }
    /// The same as text.
    pub(super) fn text(&self, field: &'static str, names: &[&str]) -> Option<String> {
        match self.any(field, names)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }
    pub(super) fn flag(&self, names: &[&str]) -> bool {
        names.iter().any(|n| {
            self.all.get(*n).is_some_and(|s| {
                s.value == Value::Bool(true)
                    || s.value.as_u64() == Some(1)
                    || s.value
                        .as_str()
                        .is_some_and(|t| t.eq_ignore_ascii_case("true") || t == "1")
            })
        })
    }
    /// Whether fields that are other names for one thing say the same (PRODUCT SG-11).
    ///
    /// # Errors
    /// The two names and what each says.
    pub(super) fn agree(&self) -> Result<(), Fault> {
        if let Some((name, first, second)) = &self.clash {
            return Err(Fault::new(
                "body",
                format!("{name} is stated twice: {first} and {second}"),
            ));
        }
        const SAME: [(&str, &[&str]); 4] = [
            ("symbol", &["symbol", "ticker"]),
            ("quantity", &["quantity", "qty"]),
            ("stop", &["stoploss", "sl"]),
            ("target", &["takeprofit", "tp"]),
        ];
        for (field, names) in SAME {
            let mut said = names.iter().filter_map(|n| {
                let stated = self.all.get(*n)?;
                Some((stated.key.as_str(), plain(&stated.value)?))
            });
            if let (Some((first, a)), Some((second, b))) = (said.next(), said.next())
                && a != b
            {
                return Err(Fault::new(
                    field,
                    format!("{first} says {a} and {second} says {b}"),
                ));
            }
        }
        Ok(())
    }
    /// A number, whether it is written as one or as text.
    pub(super) fn number(&self, field: &'static str, names: &[&str]) -> Result<Option<Decimal>, Fault> {
        match self.any(field, names) {
            None => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(value) => decimal(field, value).map(Some),
        }
    }
    /// Names that were given and not understood.
    pub(super) fn unknown(&self) -> Vec<String> {
        let used = self.used.borrow();
        let quiet = |name: &str| QUIET.contains(&name);
        self.all
            .iter()
            .filter(|(name, s)| !used.contains_key(*name) && !quiet(name) && !s.value.is_null())
            .map(|(_, s)| s.key.clone())
            .collect()
    }
    /// Field, key and value as text of everything that was used.
    pub(super) fn used(&self) -> Vec<(String, String, String)> {
        let used = self.used.borrow();
        used.iter()
            .filter_map(|(name, field)| {
                let stated = self.all.get(name)?;
                let value = match &stated.value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                };
                let key = stated.key.rsplit('.').next().unwrap_or("").to_owned();
                (!value.is_empty()).then(|| ((*field).to_owned(), key, value))
            })
            .collect()
    }
}

/// A value in a form that can be compared: a number without its zeros, a name without exchange and marks.
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_ascii_uppercase(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    if let Ok(number) = text.parse::<Decimal>() {
        return Some(number.normalize().to_string());
    }
    let name = text.rsplit(':').next().unwrap_or("");
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '/' | '-' | '_' | '$' | '#'))
        .collect();
    (!name.is_empty()).then(|| name.trim_end_matches(".P").to_owned())
}
