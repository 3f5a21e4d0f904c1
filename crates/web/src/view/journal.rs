//! Journal entries as their user sees them: without the sealed address and agent, with both hashes.

use ordercast_app::desk::journal::{Key, Verified};
use ordercast_model::journal::{
    checkpoint::Checkpoint,
    entry::{ActorKind, Chained, Outcome},
    proof::Inclusion,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, text};

/// Who acted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActorView {
    /// What kind.
    #[serde(rename = "type")]
    #[schema(value_type = code::ActorKind)]
    pub kind: ActorKind,
    /// Id, or the name of a part of the system.
    pub id: String,
}

/// What was acted on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectView {
    /// `order`, `signal`, `position` ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// Ids that tie an entry to others.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs, reason = "named after what they point to")]
pub struct LinksView {
    pub signal: Option<String>,
    pub intent: Option<String>,
    pub order: Option<String>,
    pub fill: Option<String>,
    pub connection: Option<String>,
}

/// One entry of the journal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JournalView {
    /// Place in the whole journal.
    pub seq: u64,
    /// Id.
    pub id: String,
    /// When, to the microsecond.
    pub at: String,
    /// What kind.
    pub kind: String,
    /// Who.
    pub actor: ActorView,
    /// On what.
    pub object: ObjectView,
    /// How it went.
    #[schema(value_type = code::Outcome)]
    pub result: Outcome,
    /// Stable code of why.
    #[schema(required)]
    pub reason: Option<String>,
    /// What it was.
    #[schema(value_type = Option<Object>, required)]
    pub before: Option<serde_json::Value>,
    /// What it is.
    #[schema(value_type = Option<Object>, required)]
    pub after: Option<serde_json::Value>,
    /// Ties.
    pub links: LinksView,
    /// Instrument of the trade, if it is about one.
    #[schema(required)]
    pub symbol: Option<String>,
    /// Request it came from.
    #[schema(required)]
    pub request_id: Option<String>,
    /// Hash of the entry before.
    pub prev_hash: String,
    /// Own hash.
    pub hash: String,
}

impl From<Chained> for JournalView {
    fn from(chained: Chained) -> Self {
        let entry = chained.entry;
        Self {
            seq: chained.seq,
            id: entry.id.to_string(),
            at: entry.at.to_string(),
            kind: entry.kind.code().to_owned(),
            actor: ActorView {
                kind: entry.actor.kind,
                id: entry.actor.id,
            },
            object: ObjectView {
                kind: entry.object.kind,
                id: entry.object.id,
            },
            result: entry.result,
            reason: entry.reason,
            before: entry.before,
            after: entry.after,
            links: LinksView {
                signal: text(entry.links.signal),
                intent: text(entry.links.intent),
                order: text(entry.links.order),
                fill: text(entry.links.fill),
                connection: text(entry.links.connection),
            },
            symbol: entry.trade.map(|t| t.symbol),
            request_id: entry.origin.request_id,
            prev_hash: chained.prev_hash,
            hash: chained.hash,
        }
    }
}

/// The answer of a verification.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerifiedView {
    /// Every entry of the range is in its place and unaltered.
    pub ok: bool,
    /// First place looked at.
    pub from_seq: u64,
    /// Entries looked at.
    pub entries: u64,
    /// Hash of the last entry looked at.
    #[schema(required)]
    pub head_hash: Option<String>,
    /// Place of the first entry at fault.
    #[schema(required)]
    pub bad_seq: Option<u64>,
    /// What is wrong with it.
    #[schema(required)]
    pub fault: Option<String>,
    /// Where to go on (`from_seq`) when limit or time ended it before the end of the journal.
    #[schema(required)]
    pub next_seq: Option<u64>,
}

impl From<Verified> for VerifiedView {
    fn from(verified: Verified) -> Self {
        let (bad_seq, fault) = verified
            .fault
            .map_or((None, None), |(seq, why)| (Some(seq), Some(why)));
        Self {
            ok: fault.is_none(),
            from_seq: verified.from_seq,
            entries: verified.entries,
            head_hash: verified.head_hash,
            bad_seq,
            fault,
            next_seq: verified.next_seq,
        }
    }
}

/// What the journal was at an instant, signed. As it is, `ordercast journal verify --checkpoint` takes it from a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckpointView {
    /// Id.
    pub id: String,
    /// Entries it counts: those at the places 0 to `size - 1`.
    pub size: u64,
    /// Root of the tree over the entries' hashes (RFC 6962), hex.
    pub root: String,
    /// When it was signed.
    pub at: String,
    /// Ed25519 key that signed, hex.
    pub key: String,
    /// Signature over `ordercast checkpoint v1`, size, root and microseconds since 1970, each with a line feed; hex.
    pub signature: String,
    /// Roots of the full subtrees from the left, hex.
    pub peaks: Vec<String>,
}

impl From<Checkpoint> for CheckpointView {
    fn from(one: Checkpoint) -> Self {
        Self {
            id: one.id.to_string(),
            size: one.size,
            root: one.root,
            at: one.at.to_string(),
            key: one.key,
            signature: one.signature,
            peaks: one.peaks,
        }
    }
}

/// That an entry is counted by a signed checkpoint. As it is, `ordercast journal proof --check` takes it from a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InclusionView {
    /// The entry with every field that is hashed, its place and both hashes, as `ordercast journal export` writes it.
    #[schema(value_type = Object)]
    pub entry: Chained,
    /// Who counts it.
    pub checkpoint: CheckpointView,
    /// Roots of the subtrees beside the way from the entry up to the root, hex.
    pub path: Vec<String>,
}

impl From<Inclusion> for InclusionView {
    fn from(proven: Inclusion) -> Self {
        Self {
            entry: proven.entry,
            checkpoint: proven.checkpoint.into(),
            path: proven.path,
        }
    }
}

/// That the journal only grew between two states of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsistencyView {
    /// Entries of the earlier state.
    pub first: u64,
    /// Entries of the later state.
    pub second: u64,
    /// Roots of subtrees that give the roots of both states, hex.
    pub path: Vec<String>,
}

/// The key that signs the checkpoints.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeyView {
    /// `ed25519`.
    pub algorithm: String,
    /// The public key, hex.
    pub public_key: String,
    /// The deployment it belongs to.
    pub deployment: String,
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        Self {
            algorithm: "ed25519".to_owned(),
            public_key: key.public_key,
            deployment: key.deployment,
        }
    }
}
