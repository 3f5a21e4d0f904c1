//! Decides the client order id: a function of (origin, instruction, connection, leg, replace number), so that the
//! same intent always yields the same id (PRODUCT EX-02). Refuses to know the venue's own form.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::ids::{ConnectionId, OrderId, SignalId};

/// What an order goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Origin {
    /// A signal.
    Signal(SignalId),
    /// A manual order; the id is drawn for it.
    Manual(OrderId),
    /// An order typed as a command; the id is drawn for it.
    Slash(OrderId),
    /// A close or flatten asked for by the user or a kill switch; the id is drawn for it.
    Kill(OrderId),
}

/// The part an order plays for a signal in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "leg", content = "number", rename_all = "snake_case")]
pub enum Leg {
    /// The entry.
    Entry,
    /// Step k of a ladder, 1-based.
    Ladder(u32),
    /// The stop of slice k, 1-based: slices share the position as the targets do.
    Stop(u32),
    /// Target k, 1-based.
    Target(u32),
    /// A close or reduction.
    Flatten,
    /// The stop of a lot that is watched by us, sent when its level was touched.
    StopExit,
    /// Target k of a lot that is watched by us, 1-based, sent when its level was touched.
    TargetExit(u32),
}

impl Leg {
    /// Whether it takes on risk.
    #[must_use]
    pub const fn opens(self) -> bool {
        matches!(self, Self::Entry | Self::Ladder(_))
    }
    /// Whether it protects a filled entry and is held by the venue until its level is touched.
    #[must_use]
    pub const fn protects(self) -> bool {
        matches!(self, Self::Stop(_) | Self::Target(_))
    }
    /// Whether it takes a lot back to cash at once: whatever protects the lot gives way to it first.
    #[must_use]
    pub const fn leaves(self) -> bool {
        matches!(self, Self::Flatten | Self::StopExit)
    }
    /// Whether it was sent because a level that we watch was touched.
    #[must_use]
    pub const fn triggered(self) -> bool {
        matches!(self, Self::StopExit | Self::TargetExit(_))
    }
}

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry => f.write_str("entry"),
            Self::Ladder(k) => write!(f, "ladder {k}"),
            Self::Stop(k) => write!(f, "stop {k}"),
            Self::Target(k) => write!(f, "target {k}"),
            Self::Flatten => f.write_str("flatten"),
            Self::StopExit => f.write_str("stop exit"),
            Self::TargetExit(k) => write!(f, "target exit {k}"),
        }
    }
}

/// Our id of an order at the venue: `oc-` and 26 characters of `a-z0-9`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientOrderId(String);

impl ClientOrderId {
    /// Derives the id. The same arguments always give the same id; different ones differ (SHA-256, 130 bits kept).
    #[must_use]
    pub fn derive(
        origin: Origin,
        instruction: u32,
        connection: ConnectionId,
        leg: Leg,
        replace: u32,
    ) -> Self {
        let origin = match origin {
            Origin::Signal(id) => id.to_string(),
            Origin::Manual(id) => format!("manual {id}"),
            Origin::Slash(id) => format!("slash {id}"),
            Origin::Kill(id) => format!("kill {id}"),
        };
        let text = format!("ordercast order v1\n{origin}\n{instruction}\n{connection}\n{leg}\n{replace}");
        let digest = Sha256::digest(text.as_bytes());
        let mut id = String::from("oc-");
        let mut bits: u32 = 0;
        let mut held = 0_u32;
        for byte in digest.iter().take(17) {
            bits = (bits << 8) | u32::from(*byte);
            held += 8;
            while held >= 5 && id.len() < 29 {
                held -= 5;
                let digit = (bits >> held) & 31;
                id.push(char::from_digit(digit, 32).unwrap_or('0'));
            }
            bits &= (1 << held) - 1;
        }
        Self(id)
    }
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for ClientOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not one of our client order ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a client order id of ours (oc- and 26 characters), got {0:?}")]
pub struct ClientOrderIdError(pub String);

impl FromStr for ClientOrderId {
    type Err = ClientOrderIdError;
    fn from_str(text: &str) -> Result<Self, ClientOrderIdError> {
        let ours = text.len() == 29
            && text
                .strip_prefix("oc-")
                .is_some_and(|t| t.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if ours {
            Ok(Self(text.to_owned()))
        } else {
            Err(ClientOrderIdError(text.chars().take(40).collect()))
        }
    }
}
impl Serialize for ClientOrderId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for ClientOrderId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{ids::Id, time::Timestamp};

    #[test]
    fn the_same_intent_has_the_same_id_and_no_other() {
        let at = Timestamp::from_micros(1);
        let origin = Origin::Signal(SignalId::new(at, [1; 10]));
        let connection = ConnectionId::new(at, [2; 10]);
        let id = |i, leg, n| ClientOrderId::derive(origin, i, connection, leg, n);
        assert_eq!(id(0, Leg::Entry, 0), id(0, Leg::Entry, 0));
        let all = [
            id(0, Leg::Entry, 0),
            id(1, Leg::Entry, 0),
            id(0, Leg::Entry, 1),
            id(0, Leg::Stop(1), 0),
            id(0, Leg::Target(1), 0),
            id(0, Leg::Ladder(1), 0),
        ];
        for (i, a) in all.iter().enumerate() {
            assert_eq!(a.as_str().len(), 29);
            assert_eq!(&a.as_str().parse::<ClientOrderId>().unwrap(), a);
            assert!(all.iter().skip(i + 1).all(|b| b != a));
        }
    }
}
