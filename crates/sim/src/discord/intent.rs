//! Which gateway events a bot asked for and may have, and when it may read a message's text.

pub(crate) const GUILDS: u64 = 1;
/// Member lists and their changes; privileged.
pub const GUILD_MEMBERS: u64 = 1 << 1;
/// Who is online; privileged.
pub const GUILD_PRESENCES: u64 = 1 << 8;
pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
/// Text, embeds and attachments of other people's messages; privileged.
pub const MESSAGE_CONTENT: u64 = 1 << 15;

/// Intents that must be switched on for the application before a session may ask for them.
pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;

/// Every bit Discord has given a meaning: 0 to 16, 20, 21, 24 and 25.
const KNOWN: u64 = 0x1_ffff | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;

/// True when a bit has no meaning (close code 4013).
pub(crate) fn has_unknown(intents: u64) -> bool {
    intents & !KNOWN != 0
}

/// True when a privileged bit is asked for that the application does not have (close code 4014).
pub(crate) fn has_disallowed(intents: u64, privileged_allowed: u64) -> bool {
    intents & PRIVILEGED & !privileged_allowed != 0
}

/// Application flags that tell which privileged intents are on (the kind for bots in few guilds).
pub(crate) fn application_flags(privileged_allowed: u64) -> u64 {
    let mut flags = 0;
    for (intent, flag) in [
        (GUILD_PRESENCES, 1 << 13),
        (GUILD_MEMBERS, 1 << 15),
        (MESSAGE_CONTENT, 1 << 19),
    ] {
        if privileged_allowed & intent != 0 {
            flags |= flag;
        }
    }
    flags
}
