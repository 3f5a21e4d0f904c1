//! A tenant and what belongs to it: channels, providers, members and their roles.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ChannelId, CommunityId, ProviderId, UserId},
    limits::{Caps, Loosening},
    time::Timestamp,
};

/// One tenant: one Discord server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    /// Its id.
    pub id: CommunityId,
    /// Rises with every change.
    pub version: u64,
    /// Guild snowflake.
    pub guild_id: String,
    /// Name shown.
    pub name: String,
    /// Who owns it.
    pub owner_id: UserId,
    /// Who may trade by its signals.
    #[serde(default)]
    pub access: Access,
    /// Limits that bind every order by its signals, and its traders' own orders (PRODUCT RK-29), as they were written
    /// down; `rules::risk::loosen::caps_in_force` says what holds at an instant.
    #[serde(default)]
    pub caps: Caps,
    /// What was asked to be loosened of them, by cap; at most one for each.
    #[serde(default)]
    pub pending: Vec<Loosening>,
    /// Whoever one of its caps locks is unlocked by its staff alone (PRODUCT RK-32).
    #[serde(default)]
    pub staff_unlocks: bool,
    /// When it joined.
    pub created_at: Timestamp,
}

/// Whether everybody in a community may trade by its signals (PRODUCT ID-12).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessMode {
    /// Every member.
    #[default]
    Open,
    /// Holders of one of some roles.
    Gated,
}

/// A role that opens the gate, with the name people know it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Snowflake.
    pub id: String,
    /// Name.
    pub name: String,
}

/// Who may trade by the signals of a community.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Open or gated.
    pub mode: AccessMode,
    /// Any one of these opens the gate.
    #[serde(default)]
    pub roles: Vec<Key>,
    /// How to get one of them, in the owner's words.
    #[serde(default)]
    pub how: String,
}

/// What a member may do (PRODUCT ID-09), weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees signals.
    Viewer,
    /// Follows and trades the own account.
    Trader,
    /// Pauses providers, sees counts.
    Moderator,
    /// Manages providers, channels, caps.
    Admin,
    /// Everything.
    Owner,
}

/// One user's place in one community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Where.
    pub community_id: CommunityId,
    /// Who.
    pub user_id: UserId,
    /// Rises with every change.
    pub version: u64,
    /// As what.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

/// A channel an owner enabled as a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Whose.
    pub community_id: CommunityId,
    /// Rises with every change.
    pub version: u64,
    /// `signal::raw::Source::key()` of what is posted there; unique.
    pub source_key: String,
    /// Name shown.
    pub name: String,
    /// Whether messages are read.
    pub enabled: bool,
    /// Newest message id seen: where backfill starts after an outage.
    pub cursor: Option<String>,
    /// When it was enabled.
    pub created_at: Timestamp,
}

/// Whether a provider's signals are acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderStatus {
    /// Being set up.
    Draft,
    /// Acted on.
    Active,
    /// Stopped by the provider or staff.
    Paused,
    /// Stopped by the platform.
    Suspended,
    /// For good.
    Banned,
}

/// A source of signals in one community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Whose.
    pub community_id: CommunityId,
    /// Rises with every change.
    pub version: u64,
    /// Name shown.
    pub name: String,
    /// One line about the style.
    pub about: String,
    /// Whether signals are acted on.
    pub status: ProviderStatus,
    /// Channels it may post in.
    pub channels: Vec<ChannelId>,
    /// Discord ids of users, bots or webhooks that speak for it.
    pub authors: Vec<String>,
    /// Discord roles that speak for it.
    pub roles: Vec<String>,
    /// A bare "sell" opens a short instead of closing.
    pub sell_opens_short: bool,
    /// Newest version of what it taught of its own way of writing; 0 when nothing was taught.
    #[serde(default)]
    pub profile: u32,
    /// When it was made.
    pub created_at: Timestamp,
}
