//! Communities, their channels and providers, what is posted there, and who follows.

use ordercast_model::{
    community::{Channel, Community, Membership, Provider, ProviderStatus, Role},
    follow::Follow,
    hook::{Delivery, DeliveryOutcome, Fingerprint, Hook, HookLedger, HookSecret, HookStatus},
    ids::{ChannelId, CommunityId, HookId, ProviderId, UserId},
    signal::{
        profile::{Profile, ProfileVersion, Template},
        raw::{Author, Content, RevisionKind, Source},
        reading::{Confidence, Reading, Verdict},
        record::{Message, Signal, SignalStatus},
    },
};

use super::{at, id};

/// The n-th community.
#[must_use]
pub fn community(n: u64) -> Community {
    Community {
        id: id(n),
        version: 1,
        guild_id: format!("guild {n}"),
        name: format!("Desk {n}"),
        owner_id: id(n),
        access: ordercast_model::community::Access::default(),
        caps: ordercast_model::limits::Caps::default(),
        pending: Vec::new(),
        staff_unlocks: false,
        created_at: at(n),
    }
}

/// A user's place in a community, as a trader.
#[must_use]
pub fn membership(community_id: CommunityId, user_id: UserId) -> Membership {
    Membership {
        community_id,
        user_id,
        version: 1,
        role: Role::Trader,
        created_at: at(0),
    }
}

/// The n-th channel, enabled; its source key is `discord:<n>`.
#[must_use]
pub fn channel(n: u64, community_id: CommunityId) -> Channel {
    Channel {
        id: id(n),
        community_id,
        version: 1,
        source_key: source(n).key(),
        name: format!("alerts-{n}"),
        enabled: true,
        cursor: None,
        created_at: at(n),
    }
}

/// The n-th Discord channel as a source.
#[must_use]
pub fn source(n: u64) -> Source {
    Source::Discord {
        guild: "1".to_owned(),
        channel: n.to_string(),
    }
}

/// The n-th provider, active, in the n-th channel.
#[must_use]
pub fn provider(n: u64, community_id: CommunityId, name: &str) -> Provider {
    Provider {
        id: id(n),
        community_id,
        version: 1,
        name: name.to_owned(),
        about: "Swing trades".to_owned(),
        status: ProviderStatus::Active,
        channels: vec![id::<ChannelId>(n)],
        authors: vec![n.to_string()],
        roles: Vec::new(),
        sell_opens_short: false,
        profile: 0,
        created_at: at(n),
    }
}

/// The n-th webhook, active, of the n-th provider.
#[must_use]
pub fn hook(n: u64, community_id: CommunityId) -> Hook {
    Hook {
        id: id(n),
        version: 1,
        community_id,
        provider_id: id(n),
        channel_id: id(n),
        owner_id: id(n),
        name: format!("Strategy {n}"),
        status: HookStatus::Active,
        secrets: vec![HookSecret {
            generation: 1,
            fingerprint: Fingerprint {
                key_version: 1,
                digest: "00".repeat(32),
            },
            signed: false,
            created_at: at(n),
            expires_at: None,
        }],
        passphrase: None,
        addresses: Vec::new(),
        created_at: at(n),
        updated_at: at(n),
    }
}

/// What a webhook remembers after so many deliveries.
#[must_use]
pub fn ledger(hook_id: HookId, community_id: CommunityId, count: u64) -> HookLedger {
    HookLedger {
        hook_id,
        version: 1,
        community_id,
        count,
        recent: Vec::new(),
    }
}

/// The delivery of a number to a webhook.
#[must_use]
pub fn delivery(hook_id: HookId, community_id: CommunityId, number: u64) -> Delivery {
    Delivery {
        hook_id,
        number,
        version: Delivery::round(number),
        community_id,
        received_at: at(number),
        sent_at: None,
        address: Some("192.0.2.7".to_owned()),
        body: r#"{"symbol":"AAPL","action":"buy"}"#.to_owned(),
        size: 32,
        key: None,
        outcome: DeliveryOutcome::NotATrade,
        field: None,
        detail: "no order".to_owned(),
        message_id: None,
        signal_id: None,
        replay_of: None,
    }
}

/// A version of what the n-th provider taught: one format.
#[must_use]
pub fn profile(n: u64, community_id: CommunityId, version: u32) -> ProfileVersion {
    ProfileVersion {
        community_id,
        provider_id: id(n),
        profile: Profile {
            version,
            templates: vec![Template {
                name: "calls".to_owned(),
                pattern: "{action} {symbol} @ {price}".to_owned(),
            }],
            ..Profile::default()
        },
        by: id(n),
        note: String::new(),
        created_at: at(u64::from(version)),
    }
}

/// The n-th message row: a revision of source message `source_id` in channel 1.
#[must_use]
pub fn message(n: u64, community_id: CommunityId, source_id: &str, revision: u32) -> Message {
    let kind = if revision == 1 {
        RevisionKind::New
    } else {
        RevisionKind::Edited
    };
    Message {
        id: id(n),
        version: 1,
        community_id,
        channel_id: id(1),
        provider_id: None,
        source: source(1),
        source_id: source_id.to_owned(),
        revision,
        kind,
        content_hash: "00".repeat(32),
        author: Author {
            id: "1".to_owned(),
            name: "Caller".to_owned(),
            ..Author::default()
        },
        content: Content {
            text: "BTO AAPL 150c".to_owned(),
            ..Content::default()
        },
        reply_to: None,
        thread_of: None,
        posted_at: at(n),
        edited_at: (revision > 1).then(|| at(n)),
        received_at: at(n),
        processed: false,
    }
}

/// The n-th signal, of source message `<n>` in channel 1, without instructions.
#[must_use]
pub fn signal(n: u64, community_id: CommunityId, provider_id: ProviderId) -> Signal {
    Signal {
        id: id(n),
        version: 1,
        revision: 1,
        community_id,
        channel_id: id(1),
        provider_id,
        source_id: n.to_string(),
        source_key: source(1).key(),
        parent: None,
        reading: Reading {
            text: "BTO AAPL 150c".to_owned(),
            verdict: Verdict::Trade {
                instructions: Vec::new(),
            },
            confidence: Confidence::CERTAIN,
            reasons: Vec::new(),
            spans: Vec::new(),
            ignored: Vec::new(),
        },
        profile: 0,
        template: None,
        status: SignalStatus::Read,
        posted_at: at(n),
        received_at: at(n),
        parsed_at: at(n),
        updated_at: at(n),
    }
}

/// The n-th follow, with the defaults.
#[must_use]
pub fn follow(n: u64, user_id: UserId, provider_id: ProviderId) -> Follow {
    Follow::new(id(n), user_id, provider_id, at(n))
}
