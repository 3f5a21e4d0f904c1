//! Webhooks and their deliveries. A secret is shown by the one answer that makes it and by no other.

use ordercast_app::hook::{Made, Receipt, Replayed};
use ordercast_model::hook::{Delivery, DeliveryOutcome, Hook, HookStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, text};

/// A webhook of a provider.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HookView {
    /// Id; public, the first part of its address.
    pub id: String,
    /// Version, for `If-Match`.
    pub version: u64,
    /// Provider whose voice it is.
    pub provider_id: String,
    /// Name.
    pub name: String,
    /// Whether it takes deliveries.
    #[schema(value_type = code::HookStatus)]
    pub status: HookStatus,
    /// Deliveries must be signed.
    pub signed: bool,
    /// Bodies must carry a pass phrase.
    pub passphrase: bool,
    /// Addresses and networks deliveries may come from; empty for anywhere.
    pub addresses: Vec<String>,
    /// How often its secret was made.
    pub generation: u32,
    /// Until when the secret before the newest works; null when it does not.
    #[schema(required)]
    pub overlap_until: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// Last change.
    pub updated_at: String,
}

impl From<Hook> for HookView {
    fn from(hook: Hook) -> Self {
        Self {
            id: hook.id.to_string(),
            version: hook.version,
            provider_id: hook.provider_id.to_string(),
            signed: hook.is_signed(),
            passphrase: hook.passphrase.is_some(),
            generation: hook.secrets.first().map_or(0, |s| s.generation),
            overlap_until: text(hook.secrets.get(1).and_then(|s| s.expires_at)),
            name: hook.name,
            status: hook.status,
            addresses: hook.addresses,
            created_at: hook.created_at.to_string(),
            updated_at: hook.updated_at.to_string(),
        }
    }
}

/// A webhook with its address, shown this once.
#[derive(Serialize, ToSchema)]
pub struct MadeHookView {
    /// The webhook.
    pub hook: HookView,
    /// The secret address deliveries are posted to.
    pub url: String,
    /// The key deliveries are signed with; null when they need no signature.
    #[schema(required)]
    pub signing_key: Option<String>,
}

impl MadeHookView {
    /// With the address under which callers reach us.
    #[must_use]
    pub fn at(origin: &str, base: &str, made: Made) -> Self {
        Self {
            url: format!("{origin}{base}/hooks/{}/{}", made.hook.id, made.secret.expose()),
            signing_key: made.signing_key.map(|key| key.expose().clone()),
            hook: made.hook.into(),
        }
    }
}

/// One delivery, as its owner sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its number within the webhook, from 1.
    pub number: u64,
    /// When it arrived.
    pub received_at: String,
    /// The time its sender says.
    #[schema(required)]
    pub sent_at: Option<String>,
    /// Where it came from; null for a replay.
    #[schema(required)]
    pub address: Option<String>,
    /// The body without pass phrases and keys.
    pub body: String,
    /// Size as it arrived, bytes.
    pub size: u64,
    /// The sender's own id.
    #[schema(required)]
    pub key: Option<String>,
    /// What became of it.
    #[schema(value_type = code::DeliveryOutcome)]
    pub outcome: DeliveryOutcome,
    /// Field at fault.
    #[schema(required)]
    pub field: Option<String>,
    /// One sentence.
    pub detail: String,
    /// The signal it became, or that it repeats.
    #[schema(required)]
    pub signal_id: Option<String>,
    /// The delivery it repeats.
    #[schema(required)]
    pub replay_of: Option<u64>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            number: delivery.number,
            received_at: delivery.received_at.to_string(),
            sent_at: text(delivery.sent_at),
            address: delivery.address,
            body: delivery.body,
            size: delivery.size,
            key: delivery.key,
            outcome: delivery.outcome,
            field: delivery.field,
            detail: delivery.detail,
            signal_id: text(delivery.signal_id),
            replay_of: delivery.replay_of,
        }
    }
}

/// What became of a delivery or a replay.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptView {
    /// Its number within the webhook.
    pub delivery: u64,
    /// What became of it.
    #[schema(value_type = code::DeliveryOutcome)]
    pub outcome: DeliveryOutcome,
    /// One sentence.
    pub detail: String,
    /// The signal it becomes, or that it repeats.
    #[schema(required)]
    pub signal_id: Option<String>,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        Self {
            delivery: receipt.number,
            outcome: receipt.outcome,
            detail: receipt.detail,
            signal_id: text(receipt.signal_id),
        }
    }
}

impl From<Replayed> for ReceiptView {
    fn from(replayed: Replayed) -> Self {
        Self {
            delivery: replayed.number,
            outcome: replayed.outcome,
            detail: replayed.detail,
            signal_id: text(replayed.signal_id),
        }
    }
}
