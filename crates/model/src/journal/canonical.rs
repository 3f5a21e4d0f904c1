//! Decides the bytes that are hashed: length-prefixed fields in fixed order, decimals normalised, JSON in one form.
//! The format is final (PRODUCT AU-03); golden vectors hold it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::entry::{Entry, Outcome};
use crate::order::shape::OrderSide;

/// Domain tag of version 1.
const DOMAIN: &[u8] = b"ordercast journal entry v1\n";

/// Why an entry cannot be put in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A JSON number that is not a whole number; decimals must be strings.
    #[error("field {0}: a number with a fraction is not exact; write it as a string")]
    Float(String),
    /// The hash to chain behind is no hash.
    #[error("entry {0}: its hash is not 64 lower-case hexadecimal digits")]
    Hash(u64),
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
    }
    fn text(&mut self, text: &str) {
        self.0.push(b's');
        self.raw(text.as_bytes());
    }
    fn number(&mut self, value: i64) {
        self.0.push(b'i');
        self.0.extend_from_slice(&value.to_be_bytes());
    }
    fn option(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.push(b'n'),
        }
    }
    fn json(&mut self, name: &str, value: &Value) -> Result<(), CanonicalError> {
        match value {
            Value::Null => self.0.push(b'n'),
            Value::Bool(false) => self.0.push(b'f'),
            Value::Bool(true) => self.0.push(b't'),
            Value::Number(number) => {
                let whole = number
                    .as_i64()
                    .ok_or_else(|| CanonicalError::Float(name.to_owned()))?;
                self.number(whole);
            }
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.0.push(b'a');
                self.0.extend_from_slice(&(items.len() as u64).to_be_bytes());
                for item in items {
                    self.json(name, item)?;
                }
            }
            Value::Object(map) => {
                self.0.push(b'o');
                self.0.extend_from_slice(&(map.len() as u64).to_be_bytes());
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort_unstable();
                for key in keys {
                    self.raw(key.as_bytes());
                    self.json(key, map.get(key).unwrap_or(&Value::Null))?;
                }
            }
        }
        Ok(())
    }
    fn json_option(&mut self, name: &str, value: Option<&Value>) -> Result<(), CanonicalError> {
        match value {
            Some(value) => {
                self.0.push(b'j');
                self.json(name, value)
            }
            None => {
                self.0.push(b'n');
                Ok(())
            }
        }
    }
}

/// The canonical bytes of an entry at its place: every field of AU-02 but the two hashes.
///
/// # Errors
/// When `before` or `after` holds a fractional JSON number.
pub fn bytes(seq: u64, entry: &Entry) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Bytes(Vec::with_capacity(512));
    let id = |i: Option<String>, out: &mut Bytes| out.option(i.as_deref());
    out.number(i64::try_from(seq).unwrap_or(i64::MAX));
    out.text(&entry.id.to_string());
    out.number(entry.at.micros());
    out.text(entry.kind.code());
    out.number(i64::from(entry.schema));
    out.text(entry.actor.kind.code());
    out.text(&entry.actor.id);
    id(entry.user.map(|u| u.to_string()), &mut out);
    id(entry.community.map(|c| c.to_string()), &mut out);
    out.text(&entry.object.kind);
    out.text(&entry.object.id);
    out.text(match entry.result {
        Outcome::Ok => "ok",
        Outcome::Denied => "denied",
        Outcome::Failed => "failed",
    });
    out.option(entry.reason.as_deref());
    out.json_option("before", entry.before.as_ref())?;
    out.json_option("after", entry.after.as_ref())?;
    let links = &entry.links;
    id(links.signal.map(|i| i.to_string()), &mut out);
    id(links.intent.map(|i| i.to_string()), &mut out);
    id(links.order.map(|i| i.to_string()), &mut out);
    id(links.fill.map(|i| i.to_string()), &mut out);
    id(links.connection.map(|i| i.to_string()), &mut out);
    match &entry.trade {
        None => out.0.push(b'n'),
        Some(trade) => {
            out.0.push(b'y');
            out.text(&trade.broker);
            out.text(&trade.symbol);
            out.text(match trade.side {
                OrderSide::Buy => "buy",
                OrderSide::Sell => "sell",
            });
            out.text(&trade.quantity.to_string());
            id(trade.price.map(|p| p.to_string()), &mut out);
            out.option(trade.broker_order_id.as_deref());
        }
    }
    out.option(entry.origin.request_id.as_deref());
    out.option(entry.origin.address.as_deref());
    out.option(entry.origin.agent.as_deref());
    Ok(out.0)
}

/// `SHA-256(domain tag || previous hash || canonical bytes)`.
///
/// # Errors
/// As [`bytes`].
pub fn hash(previous: &[u8; 32], seq: u64, entry: &Entry) -> Result<[u8; 32], CanonicalError> {
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    hasher.update(previous);
    hasher.update(bytes(seq, entry)?);
    Ok(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::{
        ids::{Id, JournalId, OrderId, UserId},
        journal::{
            entry::{Actor, Trade},
            kind::Kind,
        },
        time::Timestamp,
    };

    fn sample() -> Entry {
        let at = Timestamp::from_micros(1_764_000_000_000_001);
        let order = OrderId::new(at, [7; 10]);
        let mut entry = Entry::new(
            JournalId::new(at, [1; 10]),
            at,
            Kind::OrderAccepted,
            Actor::system("execute"),
            ("order", order.to_string()),
        );
        entry.user = Some(UserId::new(at, [2; 10]));
        entry.after = Some(json!({"state": "submitted", "n": 3, "list": [true, null]}));
        entry.links.order = Some(order);
        entry.trade = Some(Trade {
            broker: "paper".to_owned(),
            symbol: "AAPL".to_owned(),
            side: OrderSide::Buy,
            quantity: "10.0".parse().unwrap(),
            price: Some("150.50".parse().unwrap()),
            broker_order_id: None,
        });
        entry
    }

    #[test]
    fn golden_vectors_hold_the_format() {
        let first = hash(&[0; 32], 0, &sample()).unwrap();
        let second = hash(&first, 1, &sample()).unwrap();
        assert_eq!(
            hex::encode(first),
            "f66e64a80bf0c81793cdb0ba6e81eadb34e97566f25d99404dc14ea0bf5a7b34"
        );
        assert_eq!(
            hex::encode(second),
            "ea0ace326a18cdc2ec1d71b40a70d2f8e35043cda8377d546b64f4a717031973"
        );
    }

    #[test]
    fn every_field_is_hashed() {
        let base = hash(&[0; 32], 0, &sample()).unwrap();
        let edits: [fn(&mut Entry); 8] = [
            |e| e.reason = Some(String::new()),
            |e| e.schema = 2,
            |e| e.user = None,
            |e| e.after = Some(json!({"state": "submitted", "n": 3, "list": [true]})),
            |e| e.before = Some(json!(null)),
            |e| e.trade = None,
            |e| e.origin.agent = Some("x".to_owned()),
            |e| e.at = Timestamp::from_micros(1_764_000_000_000_002),
        ];
        for (i, edit) in edits.iter().enumerate() {
            let mut entry = sample();
            edit(&mut entry);
            assert_ne!(hash(&[0; 32], 0, &entry).unwrap(), base, "edit {i}");
        }
        assert_ne!(hash(&[0; 32], 1, &sample()).unwrap(), base, "place");
    }

    #[test]
    fn fractions_are_refused() {
        let mut entry = sample();
        entry.after = Some(json!({"price": 1.5}));
        assert_eq!(bytes(0, &entry), Err(CanonicalError::Float("price".to_owned())));
    }
}
