//! The questions within a tenant. The scope is part of every text: its users, as a list, or its community are `$1`.

use ordercast_model::{
    ports::store::{Query, Table},
    tenant::TenantScope,
};

use super::{Asked, below, limit, rows};
use crate::{
    dialect::{Text, query},
    value::{Value, flag, instant, text},
};

const MEMBERS: Text = rows!(
    "memberships",
    "community_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
);
const CHANNELS: Text = rows!("channels", "community_id = $1 ORDER BY id DESC");
const PROVIDERS: Text = rows!("providers", "community_id = $1 ORDER BY name, id");
const HOOKS: Text = rows!("hooks", "community_id = $1 ORDER BY id DESC");
const DELIVERIES: Text = rows!(
    "hook_deliveries",
    "community_id = $1 AND hook_id = $2 ORDER BY number DESC"
);
const PROFILES: Text = rows!(
    "profiles",
    "community_id = $1 AND provider_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
);
const OF_PROVIDER: Text = rows!(
    "messages",
    "community_id = $1 AND provider_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
);
const SIGNALS: Text = rows!(
    "signals",
    "community_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
);
const SIGNAL: Text = rows!(
    "signals",
    "community_id = $1 AND source_key = $2 AND source_id = $3"
);
const REVISIONS: Text = rows!(
    "messages",
    "community_id = $1 AND source_key = $2 AND source_id = $3 ORDER BY revision"
);
const FROM: Text = rows!(
    "messages",
    "community_id = $1 AND source_key = $2 AND source_id >= $3 AND length(source_id) = length($3) AND revision = \
     (SELECT max(newer.revision) FROM messages newer WHERE newer.source_key = messages.source_key AND newer.source_id = \
     messages.source_id) ORDER BY source_id DESC LIMIT 500"
);
const ALL: Text = rows!("orders" OF_USERS "AND id < $2 ORDER BY id DESC LIMIT $3");
const IN_STATE: Text = rows!("orders" OF_USERS "AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
const OPEN: Text = rows!("orders" OF_USERS "AND connection_id = $2 AND is_open = 1 ORDER BY id");
const OF_LOT: Text = rows!("orders" OF_USERS "AND lot_id = $2 ORDER BY id");
const OF_SIGNAL: Text = rows!("orders" OF_USERS "AND signal_id = $2 ORDER BY id");
const BY_CLIENT: Text = rows!("orders" OF_USERS "AND client_order_id = $2 ORDER BY id");
const INTENT: Text = rows!("intents" OF_USERS "AND order_id = $2");
const FILLS: Text = rows!("fills" OF_USERS "AND id < $2 ORDER BY id DESC LIMIT $3");
const FILLS_OF_ORDER: Text = rows!("fills" OF_USERS "AND order_id = $2 ORDER BY id");
const USERS: Text = query!("SELECT id, version, body FROM users WHERE id" IN_LIST "ORDER BY id");
const SESSIONS: Text = rows!("sessions" OF_USERS "ORDER BY id DESC");
const MEMBERSHIPS: Text = rows!("memberships" OF_USERS "ORDER BY id DESC");
const FOLLOWS: Text = rows!("follows" OF_USERS "ORDER BY id DESC");
const CONNECTIONS: Text = rows!("connections" OF_USERS "ORDER BY id DESC");
const ACCOUNTS: Text = rows!("accounts" OF_USERS "ORDER BY id DESC");
const LIMITS: Text = rows!("risk_limits" OF_USERS "ORDER BY id DESC");
const DECISIONS: Text = rows!("decisions" OF_USERS "AND id < $2 ORDER BY id DESC LIMIT $3");
const DECISIONS_OF_SIGNAL: Text = rows!("decisions" OF_USERS "AND signal_id = $2 ORDER BY id");
const APPROVALS: Text = rows!("approvals" OF_USERS "AND state = 'pending' ORDER BY id DESC");
const LOTS: Text = rows!("lots" OF_USERS "AND is_open = 1 ORDER BY id");
const LOTS_OF_PROVIDER: Text = rows!("lots" OF_USERS "AND is_open = 1 AND provider_id = $2 ORDER BY id");
const LOTS_OF_SIGNAL: Text = rows!("lots" OF_USERS "AND signal_id = $2 ORDER BY id");
const POSITIONS: Text = rows!("positions" OF_USERS "AND is_open >= $2 AND id < $3 ORDER BY id DESC LIMIT $4");
const POSITION: Text =
    rows!("positions" OF_USERS "AND connection_id = $2 AND instrument = $3 AND is_open = 1");
const EQUITY: Text = rows!("equity_points" OF_USERS "AND at >= $2 ORDER BY at DESC, id DESC LIMIT 5000");

/// What the scope's parameter `$1` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Users,
    Community,
}
use Reach::{Community, Users};

/// The question under a scope; none when the scope has no users or no community to ask about.
pub(crate) fn ask(scope: &TenantScope, query: &Query) -> Option<Asked> {
    let (table, reach, told, mut values) = told(query);
    let (text, first) = match reach {
        Users if scope.users().is_empty() => return None,
        Users => told.among(scope.users()),
        Community => (told, text(scope.community()?)),
    };
    values.insert(0, first);
    Some(Asked { table, text, values })
}

/// Table, reach, text and the parameters behind `$1`.
fn told(query: &Query) -> (Table, Reach, Text, Vec<Value>) {
    match query {
        Query::Members(page) => (
            Table::Membership,
            Community,
            MEMBERS,
            vec![below(page), limit(page)],
        ),
        Query::Channels => (Table::Channel, Community, CHANNELS, vec![]),
        Query::Providers => (Table::Provider, Community, PROVIDERS, vec![]),
        Query::Hooks => (Table::Hook, Community, HOOKS, vec![]),
        Query::Deliveries(hook) => (Table::Delivery, Community, DELIVERIES, vec![text(hook)]),
        Query::Profiles(provider, page) => (
            Table::ProfileVersion,
            Community,
            PROFILES,
            vec![text(provider), below(page), limit(page)],
        ),
        Query::MessagesOfProvider(provider, page) => (
            Table::Message,
            Community,
            OF_PROVIDER,
            vec![text(provider), below(page), limit(page)],
        ),
        Query::Signals(page) => (Table::Signal, Community, SIGNALS, vec![below(page), limit(page)]),
        Query::SignalBySource(key, id) => (Table::Signal, Community, SIGNAL, vec![text(key), text(id)]),
        Query::MessageRevisions(key, id) => (Table::Message, Community, REVISIONS, vec![text(key), text(id)]),
        Query::MessagesFrom(key, id) => (Table::Message, Community, FROM, vec![text(key), text(id)]),
        Query::Orders(None, page) => (Table::Order, Users, ALL, vec![below(page), limit(page)]),
        Query::Orders(Some(state), page) => (
            Table::Order,
            Users,
            IN_STATE,
            vec![text(state), below(page), limit(page)],
        ),
        Query::OrdersOpen(connection) => (Table::Order, Users, OPEN, vec![text(connection)]),
        Query::OrdersOfLot(lot) => (Table::Order, Users, OF_LOT, vec![text(lot)]),
        Query::OrdersOfSignal(signal) => (Table::Order, Users, OF_SIGNAL, vec![text(signal)]),
        Query::OrderByClientId(id) => (Table::Order, Users, BY_CLIENT, vec![text(id)]),
        Query::IntentOfOrder(order) => (Table::Intent, Users, INTENT, vec![text(order)]),
        Query::Fills(page) => (Table::Fill, Users, FILLS, vec![below(page), limit(page)]),
        Query::FillsOfOrder(order) => (Table::Fill, Users, FILLS_OF_ORDER, vec![text(order)]),
        Query::Users => (Table::User, Users, USERS, vec![]),
        Query::Sessions => (Table::Session, Users, SESSIONS, vec![]),
        Query::Memberships => (Table::Membership, Users, MEMBERSHIPS, vec![]),
        Query::Follows => (Table::Follow, Users, FOLLOWS, vec![]),
        Query::Connections => (Table::Connection, Users, CONNECTIONS, vec![]),
        Query::Accounts => (Table::Account, Users, ACCOUNTS, vec![]),
        Query::UserLimits => (Table::UserLimits, Users, LIMITS, vec![]),
        Query::Decisions(page) => (Table::Decision, Users, DECISIONS, vec![below(page), limit(page)]),
        Query::DecisionsOfSignal(signal) => (Table::Decision, Users, DECISIONS_OF_SIGNAL, vec![text(signal)]),
        Query::ApprovalsPending => (Table::Approval, Users, APPROVALS, vec![]),
        Query::LotsOpen(None) => (Table::Lot, Users, LOTS, vec![]),
        Query::LotsOpen(Some(provider)) => (Table::Lot, Users, LOTS_OF_PROVIDER, vec![text(provider)]),
        Query::LotsOfSignal(signal) => (Table::Lot, Users, LOTS_OF_SIGNAL, vec![text(signal)]),
        Query::Positions(open, page) => (
            Table::Position,
            Users,
            POSITIONS,
            vec![flag(*open), below(page), limit(page)],
        ),
        Query::PositionOpen(connection, instrument) => (
            Table::Position,
            Users,
            POSITION,
            vec![text(connection), text(instrument)],
        ),
        Query::EquityCurve(since) => (Table::EquityPoint, Users, EQUITY, vec![instant(*since)]),
    }
}
