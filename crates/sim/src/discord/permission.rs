//! Who may do what in a channel: Discord's permission bits, folded from roles and overwrites.
//! Does not know requests or errors.

use super::snowflake::Snowflake;
use super::world::{Channel, Guild};

pub(crate) const ADMINISTRATOR: u64 = 1 << 3;
pub(crate) const MANAGE_CHANNELS: u64 = 1 << 4;
/// Seeing a channel and its events.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// Posting.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// Deleting other people's messages.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// Posting embeds.
pub const EMBED_LINKS: u64 = 1 << 14;
/// Listing older messages.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// Making `@everyone` ring.
pub const MENTION_EVERYONE: u64 = 1 << 17;
pub(crate) const MANAGE_ROLES: u64 = 1 << 28;
const ALL: u64 = (1 << 53) - 1;

/// What an ordinary member may do: see, post, embed, read back.
pub const MEMBER: u64 = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_MESSAGE_HISTORY;

/// Permissions of a user in a guild, before channel overwrites. Zero for somebody who is no member.
pub(crate) fn in_guild(guild: &Guild, user: Snowflake) -> u64 {
    if guild.owner_id == user {
        return ALL;
    }
    let Some(member) = guild.members.iter().find(|m| m.user_id == user) else {
        return 0;
    };
    let granted = guild
        .roles
        .iter()
        .filter(|role| role.id == guild.id || member.roles.contains(&role.id))
        .fold(0, |bits, role| bits | role.permissions);
    if granted & ADMINISTRATOR != 0 {
        ALL
    } else {
        granted
    }
}

/// Permissions of a user in a channel of the guild: everyone's overwrite, then roles', then the member's own.
pub(crate) fn in_channel(guild: &Guild, channel: &Channel, user: Snowflake) -> u64 {
    let base = in_guild(guild, user);
    if base == 0 || base == ALL {
        return base;
    }
    let roles: &[Snowflake] = guild
        .members
        .iter()
        .find(|m| m.user_id == user)
        .map_or(&[], |m| &m.roles);
    let mut bits = base;
    for overwrite in channel.overwrites.iter().filter(|o| o.id == guild.id) {
        bits = (bits & !overwrite.deny) | overwrite.allow;
    }
    let (mut allow, mut deny) = (0, 0);
    for overwrite in channel.overwrites.iter().filter(|o| roles.contains(&o.id)) {
        allow |= overwrite.allow;
        deny |= overwrite.deny;
    }
    bits = (bits & !deny) | allow;
    for overwrite in channel.overwrites.iter().filter(|o| o.id == user) {
        bits = (bits & !overwrite.deny) | overwrite.allow;
    }
    if bits & VIEW_CHANNEL == 0 { 0 } else { bits }
}
