//! What is read of Discord's words where the library's types would refuse or drop them.

use serde::Deserialize;
use twilight_model::id::{
    Id,
    marker::{ChannelMarker, GuildMarker, MessageMarker},
};

/// A dispatch whose body did not read as a whole: its name and the ids in it.
#[derive(Debug, Deserialize)]
pub(super) struct Loose {
    #[serde(rename = "t")]
    pub(super) name: Option<String>,
    #[serde(rename = "d")]
    pub(super) ids: Ids,
}

/// Ids of a message, enough to fetch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Ids {
    pub(super) id: Id<MessageMarker>,
    #[serde(rename = "channel_id")]
    pub(super) channel: Id<ChannelMarker>,
    #[serde(rename = "guild_id")]
    pub(super) guild: Option<Id<GuildMarker>>,
}
