//! What a provider taught us about its own way of writing: formats and words, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Most formats of one provider.
pub const TEMPLATES_MAX: usize = 20;
/// Most own words of one provider.
pub const VERBS_MAX: usize = 100;

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
