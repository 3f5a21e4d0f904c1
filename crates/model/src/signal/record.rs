//! What is stored of a message and of its meaning: every revision, never overwritten in place.

use serde::{Deserialize, Serialize};

use super::{
    raw::{Author, Content, RevisionKind, Source},
    reading::Reading,
};
use crate::{
    ids::{ChannelId, CommunityId, MessageId, ProviderId, SignalId},
    time::Timestamp,
};

/// One stored revision of one source message; unique by (source key, source id, revision).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id: one per revision.
    pub id: MessageId,
    /// Rises with every change (a revision's row changes only when its text is erased after 400 days).
    pub version: u64,
    /// Whose.
    pub community_id: CommunityId,
    /// Where.
    pub channel_id: ChannelId,
    /// Whose voice; none when the author is not a provider.
    pub provider_id: Option<ProviderId>,
    /// Source.
    pub source: Source,
    /// Message id at the source.
    pub source_id: String,
    /// 1 for the first posting, counted up by edits and the deletion.
    pub revision: u32,
    /// New, edited or deleted.
    pub kind: RevisionKind,
    /// SHA-256 of content and kind, hex: tells a real edit from an echo.
    pub content_hash: String,
    /// Who posted.
    pub author: Author,
    /// What was posted.
    pub content: Content,
    /// Message id at the source this one replies to.
    pub reply_to: Option<String>,
    /// First message of the thread.
    pub thread_of: Option<String>,
    /// First posting.
    pub posted_at: Timestamp,
    /// This edit.
    pub edited_at: Option<Timestamp>,
    /// Received by us.
    pub received_at: Timestamp,
    /// Whether the pipeline has dealt with it; false after a crash in between.
    pub processed: bool,
}

/// What became of a signal as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalStatus {
    /// Read, being fanned out.
    Read,
    /// Every follower has a decision.
    Done,
    /// Older than its maximum age when it arrived; shown, not traded.
    Stale,
    /// A field is impossible; nothing is traded.
    Invalid,
    /// Replaced by a later revision before anything was sent.
    Superseded,
    /// The provider deleted the message.
    Deleted,
}

/// The meaning of one message. The id is stable; an edit raises the revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its id, stable over revisions: made from the source key and source id.
    pub id: SignalId,
    /// Rises with every change.
    pub version: u64,
    /// Revision of the message it was read from.
    pub revision: u32,
    /// Whose.
    pub community_id: CommunityId,
    /// Where it was posted.
    pub channel_id: ChannelId,
    /// Who gave it.
    pub provider_id: ProviderId,
    /// Message id at the source.
    pub source_id: String,
    /// Source key.
    pub source_key: String,
    /// Signal of the message it replies to or whose thread it stands in.
    pub parent: Option<SignalId>,
    /// What it means.
    pub reading: Reading,
    /// Version of the provider's profile it was read with; 0 when nothing was taught.
    #[serde(default)]
    pub profile: u32,
    /// The taught format it fits; none when the general reading read it.
    #[serde(default)]
    pub template: Option<String>,
    /// What became of it.
    pub status: SignalStatus,
    /// First posting.
    pub posted_at: Timestamp,
    /// Received by us.
    pub received_at: Timestamp,
    /// Read by us.
    pub parsed_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}
