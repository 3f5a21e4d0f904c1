//! Decides which rows answer a question across tenants.

use ordercast_model::{
    decision::ApprovalState,
    order::{intent::Order, state::OrderState},
    ports::store::{Row, SystemQuery, Table},
    time::Timestamp,
};

use super::{
    question::{by_name, in_use, newest_page, oldest_page, pick},
    table::Tables,
};

/// Limits that are due, at once.
const LIMITS_MAX: usize = 500;

/// Until when an order waits; a queued one without an instant is due at once.
fn due(order: &Order) -> Option<Timestamp> {
    let queued = (order.state == OrderState::Queued).then_some(Timestamp::default());
    order.due_at.or(queued).filter(|_| !order.state.is_final())
}

/// What Discord gave, where something is to be done about it until an instant.
fn grants_due(tables: &Tables, until: Timestamp) -> Vec<Row> {
    let due = |row: &Row| match row {
        Row::DiscordGrant(row) => row.due_at,
        _ => None,
    };
    let mut rows = pick!(tables, DiscordGrant, |r| r.due_at.is_some_and(|at| at <= until));
    rows.sort_by_key(|row| (due(row), row.key()));
    rows.truncate(LIMITS_MAX);
    rows
}

pub(super) fn answer(tables: &Tables, query: &SystemQuery) -> Vec<Row> {
    let one = |table, key: &str| tables.get(table, key).cloned().into_iter().collect();
    match query {
        SystemQuery::SessionByToken(hash) => pick!(tables, Session, |r| r.token_hash == *hash
            || r.previous.as_ref().is_some_and(|old| old.token_hash == *hash)),
        SystemQuery::User(id) => one(Table::User, &id.to_string()),
        SystemQuery::Hook(id) => one(Table::Hook, &id.to_string()),
        SystemQuery::PlatformAdmins => pick!(tables, User, |r| r.platform_admin),
        SystemQuery::DemoUsers => by_name(pick!(tables, User, |r| r.demo)),
        SystemQuery::UserByDiscord(id) => pick!(tables, User, |r| r.discord_id.as_ref() == Some(id)),
        SystemQuery::LinkTicket(hash) => one(Table::LinkTicket, hash),
        SystemQuery::Departure(hash) => one(Table::Departure, hash),
        SystemQuery::DiscordGrant(user) => one(Table::DiscordGrant, &user.to_string()),
        SystemQuery::Bookmark(name) => one(Table::Bookmark, name),
        SystemQuery::CommunityByGuild(id) => pick!(tables, Community, |r| r.guild_id == *id),
        SystemQuery::LoginTicket(hash) => one(Table::LoginTicket, hash),
        SystemQuery::Communities => pick!(tables, Community, |_all| true),
        SystemQuery::ChannelBySource(key) => pick!(tables, Channel, |r| r.source_key == *key),
        SystemQuery::ChannelsEnabled => pick!(tables, Channel, |r| r.enabled),
        SystemQuery::Followers(provider, page) => {
            let rows = pick!(tables, Follow, |r| r.enabled && r.provider_id == *provider);
            oldest_page(rows, page)
        }
        SystemQuery::MessagesUnprocessed(page) => oldest_page(pick!(tables, Message, |r| !r.processed), page),
        SystemQuery::OrdersOpen(page) => oldest_page(pick!(tables, Order, |r| !r.state.is_final()), page),
        SystemQuery::OrdersDue(until, page) => {
            let rows = pick!(tables, Order, |r| due(r).is_some_and(|at| at <= *until));
            oldest_page(rows, page)
        }
        SystemQuery::ApprovalsDue(until) => {
            let mut rows = pick!(tables, Approval, |r| r.state == ApprovalState::Pending
                && r.expires_at <= *until);
            rows.sort_by_key(|row| {
                if let Row::Approval(row) = row {
                    row.expires_at
                } else {
                    *until
                }
            });
            rows
        }
        SystemQuery::LimitsDue(until) => {
            let due = |row: &Row| match row {
                Row::UserLimits(row) => row.due_at(),
                _ => None,
            };
            let mut rows = pick!(tables, UserLimits, |r| r.due_at().is_some_and(|at| at <= *until));
            rows.sort_by_key(|row| (due(row), row.key()));
            rows.truncate(LIMITS_MAX);
            rows
        }
        SystemQuery::DiscordGrantsDue(until) => grants_due(tables, *until),
        SystemQuery::LotsOpen(page) => oldest_page(pick!(tables, Lot, |r| !r.closed), page),
        SystemQuery::LotsWatched(page) => oldest_page(pick!(tables, Lot, |r| r.watched()), page),
        SystemQuery::Switch(key) => one(Table::Switch, key),
        SystemQuery::SwitchesOn => pick!(tables, Switch, |r| r.on),
        SystemQuery::Connections(page) => oldest_page(pick!(tables, Connection, |r| in_use(r.health)), page),
        SystemQuery::DataKeys(page) => oldest_page(pick!(tables, DataKey, |_all| true), page),
        SystemQuery::ConnectionsAll(page) => oldest_page(pick!(tables, Connection, |_all| true), page),
        SystemQuery::Keyring(name) => one(Table::Keyring, name),
        SystemQuery::DataKey(user) => one(Table::DataKey, &user.to_string()),
        SystemQuery::Checkpoints(page) => newest_page(pick!(tables, Checkpoint, |_all| true), page),
        SystemQuery::Providers => by_name(pick!(tables, Provider, |_all| true)),
    }
}
