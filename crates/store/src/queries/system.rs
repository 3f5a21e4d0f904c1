//! The questions across tenants.

use ordercast_model::ports::store::{SystemQuery, Table};

use super::{Asked, above, below, by_key, limit, rows};
use crate::{
    dialect::Text,
    value::{Value, instant, text},
};

const SESSION: Text = rows!("sessions", "token_hash = $1 OR previous_hash = $1");
const CHANNEL: Text = rows!("channels", "source_key = $1");
const BY_DISCORD: Text = rows!("users", "discord_id = $1");
const BY_GUILD: Text = rows!("communities", "guild_id = $1");
const DEMO_USERS: Text = rows!("users", "demo = 1 ORDER BY name, id");
const ADMINS: Text = rows!("users", "platform_admin = 1 ORDER BY id");
const COMMUNITIES: Text = rows!("communities", "id > '' ORDER BY id");
const CHANNELS: Text = rows!("channels", "enabled = 1 ORDER BY id");
const FOLLOWERS: Text = rows!(
    "follows",
    "provider_id = $1 AND enabled = 1 AND id > $2 ORDER BY id LIMIT $3"
);
const UNPROCESSED: Text = rows!("messages", "processed = 0 AND id > $1 ORDER BY id LIMIT $2");
const OPEN: Text = rows!("orders", "is_open = 1 AND id > $1 ORDER BY id LIMIT $2");
const DUE: Text = rows!(
    "orders",
    "is_open = 1 AND due_at <= $1 AND id > $2 ORDER BY id LIMIT $3"
);
const APPROVALS: Text = rows!(
    "approvals",
    "state = 'pending' AND due_at <= $1 ORDER BY due_at, id"
);
const LIMITS: Text = rows!("risk_limits", "due_at <= $1 ORDER BY due_at, id LIMIT 500");
const GRANTS_DUE: Text = rows!("discord_grants", "due_at <= $1 ORDER BY due_at, id LIMIT 500");
const LOTS: Text = rows!("lots", "is_open = 1 AND id > $1 ORDER BY id LIMIT $2");
const LOTS_WATCHED: Text = rows!("lots", "watched = 1 AND id > $1 ORDER BY id LIMIT $2");
const SWITCHES: Text = rows!("switches", "enabled = 1 ORDER BY id");
const CONNECTIONS: Text = rows!("connections", "enabled = 1 AND id > $1 ORDER BY id LIMIT $2");
const CONNECTIONS_ALL: Text = rows!("connections", "id > $1 ORDER BY id LIMIT $2");
const DATA_KEYS: Text = rows!("data_keys", "id > $1 ORDER BY id LIMIT $2");
const PROVIDERS: Text = rows!("providers", "id > '' ORDER BY name, id");
const CHECKPOINTS: Text = rows!("checkpoints", "id < $1 ORDER BY id DESC LIMIT $2");

/// The question, ready to be asked.
pub(crate) fn ask(query: &SystemQuery) -> Asked {
    let (table, text, values) = told(query);
    Asked { table, text, values }
}

fn told(query: &SystemQuery) -> (Table, Text, Vec<Value>) {
    match query {
        SystemQuery::SessionByToken(hash) => (Table::Session, SESSION, vec![text(hash)]),
        SystemQuery::User(id) => (Table::User, by_key(Table::User), vec![text(id)]),
        SystemQuery::LoginTicket(hash) => (Table::LoginTicket, by_key(Table::LoginTicket), vec![text(hash)]),
        SystemQuery::UserByDiscord(id) => (Table::User, BY_DISCORD, vec![text(id)]),
        SystemQuery::LinkTicket(hash) => (Table::LinkTicket, by_key(Table::LinkTicket), vec![text(hash)]),
        SystemQuery::Departure(hash) => (Table::Departure, by_key(Table::Departure), vec![text(hash)]),
        SystemQuery::DiscordGrant(user) => {
            (Table::DiscordGrant, by_key(Table::DiscordGrant), vec![text(user)])
        }
        SystemQuery::DiscordGrantsDue(until) => (Table::DiscordGrant, GRANTS_DUE, vec![instant(*until)]),
        SystemQuery::Bookmark(name) => (Table::Bookmark, by_key(Table::Bookmark), vec![text(name)]),
        SystemQuery::CommunityByGuild(id) => (Table::Community, BY_GUILD, vec![text(id)]),
        SystemQuery::ChannelBySource(key) => (Table::Channel, CHANNEL, vec![text(key)]),
        SystemQuery::DataKey(user) => (Table::DataKey, by_key(Table::DataKey), vec![text(user)]),
        SystemQuery::DataKeys(page) => (Table::DataKey, DATA_KEYS, vec![above(page), limit(page)]),
        SystemQuery::ConnectionsAll(page) => {
            (Table::Connection, CONNECTIONS_ALL, vec![above(page), limit(page)])
        }
        SystemQuery::Keyring(name) => (Table::Keyring, by_key(Table::Keyring), vec![text(name)]),
        SystemQuery::Followers(provider, page) => (
            Table::Follow,
            FOLLOWERS,
            vec![text(provider), above(page), limit(page)],
        ),
        SystemQuery::MessagesUnprocessed(page) => {
            (Table::Message, UNPROCESSED, vec![above(page), limit(page)])
        }
        SystemQuery::OrdersOpen(page) => (Table::Order, OPEN, vec![above(page), limit(page)]),
        SystemQuery::OrdersDue(until, page) => {
            (Table::Order, DUE, vec![instant(*until), above(page), limit(page)])
        }
        SystemQuery::ApprovalsDue(until) => (Table::Approval, APPROVALS, vec![instant(*until)]),
        SystemQuery::LimitsDue(until) => (Table::UserLimits, LIMITS, vec![instant(*until)]),
        SystemQuery::LotsOpen(page) => (Table::Lot, LOTS, vec![above(page), limit(page)]),
        SystemQuery::LotsWatched(page) => (Table::Lot, LOTS_WATCHED, vec![above(page), limit(page)]),
        SystemQuery::Connections(page) => (Table::Connection, CONNECTIONS, vec![above(page), limit(page)]),
        SystemQuery::Switch(key) => (Table::Switch, by_key(Table::Switch), vec![text(key)]),
        SystemQuery::Hook(id) => (Table::Hook, by_key(Table::Hook), vec![text(id)]),
        SystemQuery::Checkpoints(page) => (Table::Checkpoint, CHECKPOINTS, vec![below(page), limit(page)]),
        SystemQuery::DemoUsers => (Table::User, DEMO_USERS, vec![]),
        SystemQuery::PlatformAdmins => (Table::User, ADMINS, vec![]),
        SystemQuery::Communities => (Table::Community, COMMUNITIES, vec![]),
        SystemQuery::ChannelsEnabled => (Table::Channel, CHANNELS, vec![]),
        SystemQuery::SwitchesOn => (Table::Switch, SWITCHES, vec![]),
        SystemQuery::Providers => (Table::Provider, PROVIDERS, vec![]),
    }
}
