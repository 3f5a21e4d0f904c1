//! Decides which rows answer a tenant's question. Rows outside the scope do not exist.

use ordercast_model::{
    connection::Health,
    ids::{CommunityId, UserId},
    ports::store::{Page, Query, Row, Table},
    tenant::TenantScope,
};

use super::table::Tables;

/// Rows of one kind that meet a condition, in order of their keys.
macro_rules! pick {
    ($tables:expr, $row:ident, |$bound:ident| $test:expr) => {
        $tables
            .all(Table::$row)
            .filter(|row| match row {
                Row::$row($bound) => $test,
                _ => false,
            })
            .cloned()
            .collect::<Vec<Row>>()
    };
}
pub(super) use pick;

fn newest(mut rows: Vec<Row>) -> Vec<Row> {
    rows.reverse();
    rows
}

/// At most how many rows a page may ask for.
fn size(page: &Page) -> usize {
    page.limit.clamp(1, 1_000) as usize
}

pub(super) fn newest_page(rows: Vec<Row>, page: &Page) -> Vec<Row> {
    let before = |row: &Row| page.after.as_ref().is_none_or(|after| row.key() < *after);
    newest(rows).into_iter().filter(before).take(size(page)).collect()
}

pub(super) fn oldest_page(rows: Vec<Row>, page: &Page) -> Vec<Row> {
    let behind = |row: &Row| page.after.as_ref().is_none_or(|after| row.key() > *after);
    rows.into_iter().filter(behind).take(size(page)).collect()
}

pub(super) fn by_name(mut rows: Vec<Row>) -> Vec<Row> {
    let name = |row: &Row| match row {
        Row::Provider(row) => row.name.clone(),
        Row::User(row) => row.name.clone(),
        _ => String::new(),
    };
    rows.sort_by_key(|row| (name(row), row.key()));
    rows
}

/// Messages of a channel in one answer.
const MESSAGES_MAX: usize = 500;

/// The newest revision of each message, by its id at the source, descending.
fn newest_of_each(rows: Vec<Row>) -> Vec<Row> {
    let mut newest = std::collections::BTreeMap::new();
    for row in rows {
        if let Row::Message(message) = &row {
            let (id, revision) = (message.source_id.clone(), message.revision);
            let known = newest.get(&id).is_some_and(|(kept, _)| *kept > revision);
            if !known {
                newest.insert(id, (revision, row));
            }
        }
    }
    let descending = newest.into_values().rev();
    descending.take(MESSAGES_MAX).map(|(_, row)| row).collect()
}

/// Points of an equity curve in one answer.
const POINTS_MAX: usize = 5_000;

pub(super) fn answer(tables: &Tables, scope: &TenantScope, query: &Query) -> Vec<Row> {
    let community = |id: CommunityId| scope.permits_community(id);
    let own = |id: UserId| scope.permits_user(id);
    match query {
        Query::Users => pick!(tables, User, |r| own(r.id)),
        Query::Sessions => newest(pick!(tables, Session, |r| own(r.user_id))),
        Query::Memberships => newest(pick!(tables, Membership, |r| own(r.user_id))),
        Query::Members(page) => newest_page(pick!(tables, Membership, |r| community(r.community_id)), page),
        Query::Channels => newest(pick!(tables, Channel, |r| community(r.community_id))),
        Query::Providers => by_name(pick!(tables, Provider, |r| community(r.community_id))),
        Query::Hooks => newest(pick!(tables, Hook, |r| community(r.community_id))),
        Query::Deliveries(hook) => {
            let mut rows = pick!(tables, Delivery, |r| community(r.community_id)
                && r.hook_id == *hook);
            rows.sort_by_key(|row| match row {
                Row::Delivery(row) => std::cmp::Reverse(row.number),
                _ => std::cmp::Reverse(0),
            });
            rows
        }
        Query::Profiles(provider, page) => newest_page(
            pick!(tables, ProfileVersion, |r| community(r.community_id)
                && r.provider_id == *provider),
            page,
        ),
        Query::MessagesOfProvider(provider, page) => newest_page(
            pick!(tables, Message, |r| community(r.community_id)
                && r.provider_id == Some(*provider)),
            page,
        ),
        Query::Follows => newest(pick!(tables, Follow, |r| own(r.user_id))),
        Query::Connections => newest(pick!(tables, Connection, |r| own(r.user_id))),
        Query::Accounts => newest(pick!(tables, Account, |r| own(r.user_id))),
        Query::UserLimits => newest(pick!(tables, UserLimits, |r| own(r.user_id))),
        Query::Signals(page) => newest_page(pick!(tables, Signal, |r| community(r.community_id)), page),
        Query::SignalBySource(key, id) => pick!(tables, Signal, |r| community(r.community_id)
            && r.source_key == *key
            && r.source_id == *id),
        Query::MessageRevisions(key, id) => {
            let mut rows = pick!(tables, Message, |r| community(r.community_id)
                && r.source.key() == *key
                && r.source_id == *id);
            rows.sort_by_key(|row| {
                if let Row::Message(row) = row {
                    row.revision
                } else {
                    0
                }
            });
            rows
        }
        Query::MessagesFrom(key, id) => newest_of_each(pick!(tables, Message, |r| community(r.community_id)
            && r.source.key() == *key
            && r.source_id.len() == id.len()
            && r.source_id >= *id)),
        other => answer_of_user(tables, scope, other),
    }
}

fn answer_of_user(tables: &Tables, scope: &TenantScope, query: &Query) -> Vec<Row> {
    let own = |id: UserId| scope.permits_user(id);
    match query {
        Query::Decisions(page) => newest_page(pick!(tables, Decision, |r| own(r.user_id)), page),
        Query::DecisionsOfSignal(signal) => {
            pick!(tables, Decision, |r| own(r.user_id) && r.signal_id == *signal)
        }
        Query::ApprovalsPending => newest(pick!(tables, Approval, |r| own(r.user_id)
            && r.state == ordercast_model::decision::ApprovalState::Pending)),
        Query::Orders(state, page) => {
            let wanted = |code: &str| state.as_ref().is_none_or(|state| state == code);
            let rows = pick!(tables, Order, |r| own(r.user_id) && wanted(r.state.code()));
            newest_page(rows, page)
        }
        Query::OrdersOpen(connection) => pick!(tables, Order, |r| own(r.user_id)
            && r.connection_id == *connection
            && !r.state.is_final()),
        Query::OrdersOfLot(lot) => pick!(tables, Order, |r| own(r.user_id) && r.lot_id == Some(*lot)),
        Query::OrdersOfSignal(signal) => {
            pick!(tables, Order, |r| own(r.user_id) && r.signal_id == Some(*signal))
        }
        Query::OrderByClientId(id) => pick!(tables, Order, |r| own(r.user_id)
            && r.client_order_id().as_str() == id),
        Query::IntentOfOrder(order) => pick!(tables, Intent, |r| own(r.user_id) && r.order_id == *order),
        Query::Fills(page) => newest_page(pick!(tables, Fill, |r| own(r.user_id)), page),
        Query::FillsOfOrder(order) => pick!(tables, Fill, |r| own(r.user_id) && r.order_id == *order),
        Query::LotsOpen(provider) => pick!(tables, Lot, |r| own(r.user_id)
            && !r.closed
            && (provider.is_none() || r.provider_id == *provider)),
        Query::LotsOfSignal(signal) => pick!(tables, Lot, |r| own(r.user_id) && r.signal_id == Some(*signal)),
        Query::Positions(open, page) => {
            let wanted = |closed: bool| !open || !closed;
            let rows = pick!(tables, Position, |r| own(r.user_id)
                && wanted(r.closed_at.is_some()));
            newest_page(rows, page)
        }
        Query::PositionOpen(connection, instrument) => pick!(tables, Position, |r| own(r.user_id)
            && r.connection_id == *connection
            && r.instrument == *instrument
            && r.closed_at.is_none()),
        Query::EquityCurve(since) => {
            let mut rows = pick!(tables, EquityPoint, |r| own(r.user_id) && r.at >= *since);
            rows.sort_by_key(|row| {
                (
                    if let Row::EquityPoint(row) = row {
                        row.at
                    } else {
                        *since
                    },
                    row.key(),
                )
            });
            rows.reverse();
            rows.truncate(POINTS_MAX);
            rows
        }
        _ => Vec::new(),
    }
}

/// Whether a connection is in use.
pub(super) fn in_use(health: Health) -> bool {
    health != Health::Disabled
}
