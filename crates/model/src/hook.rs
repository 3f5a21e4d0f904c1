//! A provider's webhook: what is kept of its secret, who may use it, and what was delivered. No secret stands here in
//! clear; what is compared is kept as a digest under a key of the deployment.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ChannelId, CommunityId, HookId, MessageId, ProviderId, SignalId, UserId},
    time::Timestamp,
};

/// Largest body of a delivery, bytes (PRODUCT SG-05).
pub const BODY_MAX: usize = 64 * 1024;
/// How long a rotated secret still opens the hook.
pub const OVERLAP: Duration = Duration::from_secs(24 * 3_600);
/// A body without an id that comes again within this long counts once (PRODUCT SG-31).
pub const TWIN_WINDOW: Duration = Duration::from_secs(60);
/// How far the time of a signature may be from ours, either way.
pub const SIGNATURE_TOLERANCE: Duration = Duration::from_secs(300);
/// Deliveries kept of one hook; a newer one takes the place of the oldest.
pub const DELIVERIES_KEPT: u64 = 100;
/// Hooks of one user (PRODUCT EX-25).
pub const HOOKS_MAX: usize = 10;

/// Whether a hook takes deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookStatus {
    /// It does.
    Active,
    /// Switched off by its owner.
    Disabled,
    /// For good; its secrets are gone.
    Removed,
}

/// What is kept of something secret that is only ever compared: a digest and the version of the key that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Version of the deployment's key.
    pub key_version: u32,
    /// HMAC-SHA256, hex.
    pub digest: String,
}

/// One secret of a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookSecret {
    /// Counts up with each rotation, from 1; also names the signing key.
    pub generation: u32,
    /// Of the secret in the address.
    pub fingerprint: Fingerprint,
    /// Deliveries under this secret must be signed.
    pub signed: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; none for the newest.
    pub expires_at: Option<Timestamp>,
}

impl HookSecret {
    /// Whether it still opens the hook.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// A secret address through which one provider gives signals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Its id, which is public.
    pub id: HookId,
    /// Rises with every change.
    pub version: u64,
    /// Whose.
    pub community_id: CommunityId,
    /// Whose voice.
    pub provider_id: ProviderId,
    /// The channel its signals are filed under.
    pub channel_id: ChannelId,
    /// Who made it; its plan decides whether the hook takes anything.
    pub owner_id: UserId,
    /// Name the owner gives.
    pub name: String,
    /// Whether it takes deliveries.
    pub status: HookStatus,
    /// Newest first; at most two are live.
    pub secrets: Vec<HookSecret>,
    /// A word every body must carry, when set.
    pub passphrase: Option<Fingerprint>,
    /// Addresses and networks deliveries may come from; empty for any.
    pub addresses: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

impl Hook {
    /// Whether every delivery must be signed from now on.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.secrets.first().is_some_and(|secret| secret.signed)
    }
}

/// A body taken a moment ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// SHA-256 of the body as it is kept, hex.
    pub content_hash: String,
    /// When it was taken.
    pub at: Timestamp,
    /// Number of the delivery.
    pub number: u64,
}

/// What a hook remembers of its deliveries. Every delivery raises its version, so that two at once are taken one after
/// the other, whichever process they reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookLedger {
    /// Whose.
    pub hook_id: HookId,
    /// Rises with every delivery.
    pub version: u64,
    /// Whose.
    pub community_id: CommunityId,
    /// Deliveries so far.
    pub count: u64,
    /// Bodies without an id taken within [`TWIN_WINDOW`].
    pub recent: Vec<Recent>,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// Stored as a message; the signal follows.
    Accepted,
    /// Taken before; nothing done.
    Duplicate,
    /// Marked as a test; nothing done.
    Test,
    /// A field is impossible.
    Invalid,
    /// No order in it.
    NotATrade,
    /// Not text.
    Unreadable,
    /// Larger than [`BODY_MAX`].
    TooLarge,
    /// The signature is missing, wrong or old.
    Signature,
    /// The pass phrase is missing or wrong.
    Passphrase,
    /// From an address that is not on the list.
    Address,
    /// The hook is switched off.
    Disabled,
    /// The owner's plan has no webhooks.
    Plan,
    /// More came than are taken in a minute; one line counts them.
    Quota,
}

impl DeliveryOutcome {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Test => "test",
            Self::Invalid => "invalid",
            Self::NotATrade => "not_a_trade",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::Signature => "signature",
            Self::Passphrase => "passphrase",
            Self::Address => "address",
            Self::Disabled => "disabled",
            Self::Plan => "plan",
            Self::Quota => "quota",
        }
    }
}

/// One delivery to a hook by somebody who knew its secret. Kept in a ring of [`DELIVERIES_KEPT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Whose.
    pub hook_id: HookId,
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// How often its place in the ring was taken.
    pub version: u64,
    /// Whose.
    pub community_id: CommunityId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The time its sender says; none when it says none.
    pub sent_at: Option<Timestamp>,
    /// Where it came from; none for a replay.
    pub address: Option<String>,
    /// The body with pass phrases and keys taken out; empty when it was not text or too large.
    pub body: String,
    /// Size as it arrived, bytes.
    pub size: u64,
    /// The sender's own id, when it gave one.
    pub key: Option<String>,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// Field at fault.
    pub field: Option<String>,
    /// One sentence for the owner.
    pub detail: String,
    /// The message it was stored as, or that was stored before.
    pub message_id: Option<MessageId>,
    /// The signal of that message.
    pub signal_id: Option<SignalId>,
    /// The delivery this one repeats by the owner's hand.
    pub replay_of: Option<u64>,
}

impl Delivery {
    /// Key of the place in the ring that a number takes.
    #[must_use]
    pub fn place(hook: HookId, number: u64) -> String {
        format!("{hook} {:03}", number.saturating_sub(1) % DELIVERIES_KEPT)
    }
    /// Version of that place once the number has taken it.
    #[must_use]
    pub const fn round(number: u64) -> u64 {
        number.saturating_sub(1) / DELIVERIES_KEPT + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn numbers_walk_around_the_ring() {
        let hook = HookId::new(Timestamp::from_micros(0), [1; 10]);
        for (number, place, round) in [(1, "000", 1), (100, "099", 1), (101, "000", 2), (250, "049", 3)] {
            assert!(Delivery::place(hook, number).ends_with(place), "{number}");
            assert_eq!(Delivery::round(number), round, "{number}");
        }
    }
}
