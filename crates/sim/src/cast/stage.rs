//! Where the cast plays: its server, channels and people, with ids that never change.

use crate::discord::{
    Bot, Channel, Guild, Member, Role, Snowflake, User, World, bot_token, intent, permission,
};

/// The cast's server.
pub const GUILD: Snowflake = Snowflake(1_181_046_420_000_000_000);
/// Its owner, a person.
pub const OWNER: Snowflake = Snowflake(1_181_046_420_000_000_001);
/// The bot that listens for signals.
pub const LISTENER: Snowflake = Snowflake(1_181_046_420_000_000_002);
const LOUNGE: Snowflake = Snowflake(1_181_046_420_000_000_003);
const CASTERS: Snowflake = Snowflake(1_181_046_420_000_000_004);

/// How a provider writes and what about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manner {
    /// Shares, in one line.
    Shares,
    /// Options, in broker shorthand.
    Options,
    /// Coins, over several lines.
    Coins,
    /// A bot that posts embeds.
    Embeds,
    /// Zones, stop entries, edits and second thoughts.
    Swings,
    /// Mostly talk, now and then a trade.
    Chatter,
    /// Currencies, unknown names, typing errors.
    Macro,
}

/// One provider: a bot account in a channel of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    pub user: Snowflake,
    pub channel: Snowflake,
    pub username: &'static str,
    pub name: &'static str,
    pub channel_name: &'static str,
    pub topic: &'static str,
    pub manner: Manner,
}

const fn provider(
    number: u64,
    manner: Manner,
    (username, name): (&'static str, &'static str),
    (channel_name, topic): (&'static str, &'static str),
) -> Provider {
    Provider {
        user: Snowflake(GUILD.0 + 100 + number),
        channel: Snowflake(GUILD.0 + 200 + number),
        username,
        name,
        channel_name,
        topic,
        manner,
    }
}

/// The cast, in the order of [`Manner`].
pub const PROVIDERS: [Provider; 7] = [
    provider(
        0,
        Manner::Shares,
        ("mara_bell", "Mara Bell"),
        ("share-calls", "US shares, intraday"),
    ),
    provider(
        1,
        Manner::Options,
        ("gamma_gus", "Gamma Gus"),
        ("options-flow", "Calls and puts, one to three weeks"),
    ),
    provider(
        2,
        Manner::Coins,
        ("satsuma", "Satsuma"),
        ("crypto-room", "Spot coins, no leverage"),
    ),
    provider(
        3,
        Manner::Embeds,
        ("tape_reader", "Tape Reader"),
        ("tape-alerts", "Automatic alerts"),
    ),
    provider(
        4,
        Manner::Swings,
        ("nora_swing", "Nora Lindqvist"),
        ("swing-desk", "Patient entries, edited when they change"),
    ),
    provider(
        5,
        Manner::Chatter,
        ("chad_talks", "Chad"),
        ("trading-floor", "Talk, jokes, and sometimes a trade"),
    ),
    provider(
        6,
        Manner::Macro,
        ("max_macro", "Max Macro"),
        ("macro-desk", "Currencies, metals and whatever moves"),
    ),
];

/// People who talk but never call a trade.
pub(super) const MEMBERS: [(Snowflake, &str, &str); 3] = [
    (Snowflake(GUILD.0 + 300), "dave", "Dave"),
    (Snowflake(GUILD.0 + 301), "mei", "Mei"),
    (Snowflake(GUILD.0 + 302), "otto", "Otto"),
];

/// A trader who listens: the person behind a visitor of a demo.
pub const VISITOR: Snowflake = Snowflake(GUILD.0 + 400);

fn text_channel(id: Snowflake, name: &str, topic: &str) -> Channel {
    Channel {
        id,
        name: name.to_owned(),
        topic: Some(topic.to_owned()),
        kind: 0,
        parent_id: None,
        overwrites: Vec::new(),
    }
}

fn user(id: Snowflake, username: &str, name: &str, bot: bool) -> User {
    User {
        id,
        username: username.to_owned(),
        display_name: Some(name.to_owned()),
        bot,
    }
}

/// The world of the cast. The seed decides the tokens and nothing else.
pub fn world(seed: u64) -> World {
    let mut channels = vec![text_channel(LOUNGE, "lounge", "No signals here")];
    let mut users = vec![
        user(OWNER, "harbour", "Harbour", false),
        user(LISTENER, "ordercast", "Ordercast", true),
    ];
    let bot = |id, listener| Bot {
        user_id: id,
        token: bot_token(id, seed),
        listener,
        privileged_intents: intent::PRIVILEGED,
    };
    let mut bots = vec![bot(LISTENER, true)];
    let member = |user_id, roles| Member {
        user_id,
        roles,
        nick: None,
    };
    let mut members = vec![member(OWNER, Vec::new()), member(LISTENER, Vec::new())];
    for provider in PROVIDERS {
        channels.push(text_channel(
            provider.channel,
            provider.channel_name,
            provider.topic,
        ));
        users.push(user(provider.user, provider.username, provider.name, true));
        bots.push(bot(provider.user, false));
        members.push(member(provider.user, vec![CASTERS]));
    }
    for (id, username, name) in MEMBERS.into_iter().chain([(VISITOR, "dana", "Dana")]) {
        users.push(user(id, username, name, false));
        members.push(member(id, Vec::new()));
    }
    let role = |id, name: &str, permissions, color| Role {
        id,
        name: name.to_owned(),
        permissions,
        color,
    };
    let roles = vec![
        role(GUILD, "@everyone", permission::MEMBER, 0),
        role(CASTERS, "provider", permission::MENTION_EVERYONE, 0x2e_cc71),
    ];
    let guild = Guild {
        id: GUILD,
        name: "The Trading Floor".to_owned(),
        owner_id: OWNER,
        roles,
        channels,
        members,
    };
    World {
        guilds: vec![guild],
        users,
        bots,
        webhooks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_holds_together_and_the_seed_decides_the_tokens() {
        assert_eq!(world(1).check(), Ok(()));
        assert_eq!(world(1), world(1));
        assert_ne!(world(1).bots[1].token, world(2).bots[1].token);
        assert!(
            PROVIDERS
                .iter()
                .enumerate()
                .all(|(at, p)| p.manner as usize == at)
        );
    }
}
