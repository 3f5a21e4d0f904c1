//! What a provider taught us about its own way of writing: formats and words, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CommunityId, ProviderId, UserId},
    instrument::AssetClass,
    time::Timestamp,
};

/// Most formats of one provider.
pub const TEMPLATES_MAX: usize = 20;
/// Most own words of one provider.
pub const VERBS_MAX: usize = 100;
/// Most own names of prices of one provider.
pub const LABELS_MAX: usize = 30;
/// Longest name of a format and longest own word, in characters.
pub const NAME_CHARS_MAX: usize = 60;

/// What a price is, where a provider has an own name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Where to get in.
    Entry,
    /// Where it was wrong.
    Stop,
    /// Where to get out.
    Target,
}

/// What a bare "sell" without levels does (PRODUCT SG-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SellMeans {
    /// Closes what is held.
    CloseLong,
    /// Opens a short.
    OpenShort,
}

/// The expiry of an option whose message states none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryRule {
    /// The day of the message.
    SameDay,
    /// The Friday of the message's week.
    SameWeek,
}

/// A provider's own way of writing (PRODUCT SG-36). Each change makes a new version; the journal keeps the earlier ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Rises by one with every change; 0 means that nothing was taught yet.
    #[serde(default)]
    pub version: u32,
    /// Own formats, tried in this order before the general reading.
    #[serde(default)]
    pub templates: Vec<Template>,
    /// Own words for actions, each with the known word it stands for: `grabbing` is `buy`.
    #[serde(default)]
    pub verbs: BTreeMap<String, String>,
    /// Own names of prices, each with what it is: `in` is the entry, `cut` the stop.
    #[serde(default)]
    pub labels: BTreeMap<String, Label>,
    /// What a bare "sell" does; none leaves it to the provider's setting.
    #[serde(default)]
    pub sell_means: Option<SellMeans>,
    /// What a symbol is when the message leaves it open: equity or crypto.
    #[serde(default)]
    pub default_asset: Option<AssetClass>,
    /// When an option expires whose message states no day.
    #[serde(default)]
    pub default_expiry: Option<ExpiryRule>,
}

/// One version of what a provider taught. Written once and never changed, so that a signal can name what it was read with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileVersion {
    /// Whose.
    pub community_id: CommunityId,
    /// Who writes like that.
    pub provider_id: ProviderId,
    /// What was taught, with its version.
    pub profile: Profile,
    /// Who taught it.
    pub by: UserId,
    /// What the change was for, in the teacher's words; may be empty.
    #[serde(default)]
    pub note: String,
    /// Since when it is read with.
    pub created_at: Timestamp,
}

impl ProfileVersion {
    /// The key of a version; later versions sort behind.
    #[must_use]
    pub fn place(provider: ProviderId, version: u32) -> String {
        format!("{provider} {version:010}")
    }
}

/// One format with named slots, such as `{action} {symbol} {strike}{right} {expiry} @ {price}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// How the provider calls it; stands in the reasons of what it read.
    pub name: String,
    /// The format.
    pub pattern: String,
}
