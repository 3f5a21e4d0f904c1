//! One entry: who did what to what, from where, before and after (PRODUCT AU-02). The format is final.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kind::Kind;
use crate::{
    ids::{CommunityId, ConnectionId, FillId, IntentId, JournalId, OrderId, SignalId, UserId},
    money::{Price, Quantity},
    order::shape::OrderSide,
    time::Timestamp,
};

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the codes are their own description")]
pub enum ActorKind {
    User,
    Provider,
    Admin,
    System,
    Broker,
    Webhook,
}

impl ActorKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Provider => "provider",
            Self::Admin => "admin",
            Self::System => "system",
            Self::Broker => "broker",
            Self::Webhook => "webhook",
        }
    }
}

/// Who acted, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What kind.
    #[serde(rename = "type")]
    pub kind: ActorKind,
    /// Id, or the name of a part of the system.
    pub id: String,
}

impl Actor {
    /// A part of Ordercast.
    #[must_use]
    pub fn system(part: &str) -> Self {
        Self {
            kind: ActorKind::System,
            id: part.to_owned(),
        }
    }
    /// A user.
    #[must_use]
    pub fn user(id: UserId) -> Self {
        Self {
            kind: ActorKind::User,
            id: id.to_string(),
        }
    }
}

/// What was acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// `order`, `signal`, `position` ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Ok,
    /// Refused by a rule.
    Denied,
    /// Did not work.
    Failed,
}

/// Ids that tie an entry to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named after what they point to")]
pub struct Links {
    pub signal: Option<SignalId>,
    pub intent: Option<IntentId>,
    pub order: Option<OrderId>,
    pub fill: Option<FillId>,
    pub connection: Option<ConnectionId>,
}

/// The trade an entry is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    /// Venue code.
    pub broker: String,
    /// Instrument as text.
    pub symbol: String,
    /// Which way.
    pub side: OrderSide,
    /// How much.
    pub quantity: Quantity,
    /// At which price.
    pub price: Option<Price>,
    /// The venue's id.
    pub broker_order_id: Option<String>,
}

/// Where a request came from. Address and agent are ciphertext under the user's data key, so that erasing the key
/// erases them while the chain still verifies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// Id of the HTTP request.
    pub request_id: Option<String>,
    /// Sealed network address.
    pub address: Option<String>,
    /// Sealed user agent.
    pub agent: Option<String>,
}

/// One state change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: JournalId,
    /// When, to the microsecond.
    pub at: Timestamp,
    /// What kind.
    pub kind: Kind,
    /// Version of the shape of `before` and `after` for this kind.
    pub schema: u16,
    /// Who.
    pub actor: Actor,
    /// Whose; none for community and system entries.
    pub user: Option<UserId>,
    /// Which community.
    pub community: Option<CommunityId>,
    /// On what.
    pub object: Object,
    /// How it went.
    pub result: Outcome,
    /// Stable code of why.
    pub reason: Option<String>,
    /// What it was.
    pub before: Option<Value>,
    /// What it is; for kinds with a live event, the event's data.
    pub after: Option<Value>,
    /// Ties.
    pub links: Links,
    /// The trade.
    pub trade: Option<Trade>,
    /// From where.
    pub origin: Provenance,
}

impl Entry {
    /// An entry with the required fields; the rest is set by field.
    #[must_use]
    pub fn new(id: JournalId, at: Timestamp, kind: Kind, actor: Actor, object: (&str, String)) -> Self {
        Self {
            id,
            at,
            kind,
            schema: 1,
            actor,
            user: None,
            community: None,
            object: Object {
                kind: object.0.to_owned(),
                id: object.1,
            },
            result: Outcome::Ok,
            reason: None,
            before: None,
            after: None,
            links: Links::default(),
            trade: None,
            origin: Provenance::default(),
        }
    }
    /// The live event its user sees. A fill is `trade.partialFill` until nothing remains.
    #[must_use]
    pub fn event(&self) -> Option<&'static str> {
        let event = self.kind.event()?;
        let remaining = self
            .after
            .as_ref()
            .and_then(|a| a.get("remaining"))
            .and_then(Value::as_str);
        match (self.kind, remaining) {
            (Kind::FillBooked, Some(left)) if left != "0" => Some("trade.partialFill"),
            _ => Some(event),
        }
    }
}

/// An entry in its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chained {
    /// Place, from 0, without gaps.
    pub seq: u64,
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// Hash of the entry before, hex; 64 zeros for entry 0.
    pub prev_hash: String,
    /// Its own hash, hex.
    pub hash: String,
}

/// Place and hash of an entry, as the chain table holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Place, from 0.
    pub seq: u64,
    /// Entry.
    pub id: JournalId,
    /// Hash of the entry before, hex.
    pub prev_hash: String,
    /// Own hash, hex.
    pub hash: String,
}

/// One step of one user's feed: the n-th entry with a live event for that user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedStep {
    /// Whose feed.
    pub user_id: UserId,
    /// The user's own number, from 1, without gaps.
    pub user_seq: u64,
    /// Place in the journal.
    pub seq: u64,
}
