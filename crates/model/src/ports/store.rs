//! Durable state: aggregates, transactions and cursors. Knows nothing of SQL.
//!
//! Writing is one call, [`Store::commit`]: typed rows with expected versions, and the journal entries that belong to
//! them, in one transaction per batch. There are no interactive transactions: read, judge in memory, commit against
//! the versions read; on a conflict read and judge again.

use serde::{Serialize, de::DeserializeOwned};

use super::BoxFuture;
use crate::{
    account::{Account, EquityPoint},
    community::{Channel, Community, Membership, Provider},
    connection::Connection,
    decision::{Approval, Decision},
    follow::Follow,
    ids::{ConnectionId, JournalId, LotId, OrderId, ProviderId, SignalId, UserId},
    instrument::Instrument,
    journal::entry::{Chained, Entry, FeedStep, Link},
    limits::{Switch, UserLimits},
    order::intent::{Fill, Intent, Order},
    position::{Lot, Position},
    signal::record::{Message, Signal},
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::{DataKey, Idempotency, LoginTicket, Session, User},
};

/// Why the store did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database is away, full or broken. Nothing is known to be written.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// A row does not read back: the database is corrupt or newer than this program.
    #[error("row {id} of {table} is unreadable: {why}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Row.
        id: String,
        /// What is wrong.
        why: String,
    },
}

/// Why one batch was not applied; nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A row changed since it was read. Read and judge again.
    #[error("{table} {id} changed meanwhile")]
    Conflict {
        /// Table.
        table: &'static str,
        /// Row.
        id: String,
    },
    /// A row with the same unique key is there already: somebody did this before.
    #[error("{table} already holds {key}")]
    Duplicate {
        /// Table.
        table: &'static str,
        /// The key.
        key: String,
    },
    /// A row belongs to somebody outside the scope.
    #[error("{table} {id} is outside the scope of this call")]
    OutOfScope {
        /// Table.
        table: &'static str,
        /// Row.
        id: String,
    },
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

macro_rules! tables {
    ($($(#[$doc:meta])* $row:ident = $name:literal;)+) => {
        /// Every kind of row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table { $($(#[$doc])* $row,)+ }

        impl Table {
            /// Every table.
            pub const ALL: &'static [Self] = &[$(Self::$row,)+];
            /// Its name in the database.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$row => $name,)+ }
            }
        }

        /// A row of any kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Row { $($(#[$doc])* $row(Box<$row>),)+ }

        impl Row {
            /// Which table it belongs in.
            #[must_use]
            pub const fn table(&self) -> Table {
                match self { $(Self::$row(_) => Table::$row,)+ }
            }
            /// Its primary key.
            #[must_use]
            pub fn key(&self) -> String {
                match self { $(Self::$row(row) => row.key(),)+ }
            }
            /// Its version.
            #[must_use]
            pub fn version(&self) -> u64 {
                match self { $(Self::$row(row) => row.version(),)+ }
            }
            /// Its JSON body.
            ///
            /// # Errors
            /// Never for the rows of this crate; the signature is serde's.
            pub fn body(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$row(row) => serde_json::to_string(row),)+ }
            }
            /// Reads a row back from its JSON body.
            ///
            /// # Errors
            /// `Corrupt` when the body does not fit the table.
            pub fn read(table: Table, id: &str, body: &str) -> Result<Self, StoreError> {
                let corrupt = |e: serde_json::Error| StoreError::Corrupt {
                    table: table.name(),
                    id: id.to_owned(),
                    why: e.to_string(),
                };
                Ok(match table { $(Table::$row => Self::$row(serde_json::from_str(body).map_err(corrupt)?),)+ })
            }
        }

        $(impl Stored for $row {
            const TABLE: Table = Table::$row;
            fn into_row(self) -> Row { Row::$row(Box::new(self)) }
            fn from_row(row: Row) -> Option<Self> {
                if let Row::$row(row) = row { Some(*row) } else { None }
            }
        })+
    };
}

/// A type that is stored as a row.
pub trait Stored: Keyed + Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Its table.
    const TABLE: Table;
    /// As a row.
    fn into_row(self) -> Row;
    /// From a row of its own table.
    fn from_row(row: Row) -> Option<Self>;
}

/// Primary key and version of a row.
pub trait Keyed {
    /// Primary key.
    fn key(&self) -> String;
    /// Version, from 1; rows that never change stay at 1.
    fn version(&self) -> u64;
}

tables! {
    /// People.
    User = "users";
    /// Logins.
    Session = "sessions";
    /// One-time login links.
    LoginTicket = "login_tickets";
    /// Wrapped data keys.
    DataKey = "data_keys";
    /// Answers to idempotent requests.
    Idempotency = "idempotency_keys";
    /// Tenants.
    Community = "communities";
    /// Members and roles.
    Membership = "memberships";
    /// Enabled channels.
    Channel = "channels";
    /// Sources of signals.
    Provider = "providers";
    /// Source messages, one row per revision.
    Message = "messages";
    /// Meanings.
    Signal = "signals";
    /// Who receives what.
    Follow = "follows";
    /// Broker connections.
    Connection = "connections";
    /// Venue accounts.
    Account = "accounts";
    /// Decisions.
    Decision = "decisions";
    /// Approval cards.
    Approval = "approvals";
    /// Intents.
    Intent = "intents";
    /// Orders.
    Order = "orders";
    /// Executions.
    Fill = "fills";
    /// Lots.
    Lot = "lots";
    /// Positions.
    Position = "positions";
    /// Risk limits.
    UserLimits = "risk_limits";
    /// Kills, pauses, locks.
    Switch = "switches";
    /// Equity curve.
    EquityPoint = "equity_points";
}

macro_rules! keyed {
    ($($row:ty: $id:ident;)+) => {$(
        impl Keyed for $row {
            fn key(&self) -> String { self.$id.to_string() }
            fn version(&self) -> u64 { self.version }
        }
    )+};
}
keyed! {
    User: id; Session: id; LoginTicket: token_hash; DataKey: user_id; Community: id; Channel: id; Provider: id;
    Message: id; Signal: id; Follow: id; Connection: id; Account: key; Decision: id; Approval: id; Order: id; Lot: id;
    Position: id; UserLimits: user_id; Switch: key;
}
impl Keyed for Membership {
    fn key(&self) -> String {
        format!("{} {}", self.community_id, self.user_id)
    }
    fn version(&self) -> u64 {
        self.version
    }
}
impl Keyed for Idempotency {
    fn key(&self) -> String {
        format!("{} {}", self.user_id, self.key)
    }
    fn version(&self) -> u64 {
        self.version
    }
}
impl Keyed for Intent {
    fn key(&self) -> String {
        self.id.to_string()
    }
    fn version(&self) -> u64 {
        1
    }
}
impl Keyed for Fill {
    fn key(&self) -> String {
        self.id.to_string()
    }
    fn version(&self) -> u64 {
        1
    }
}
impl Keyed for EquityPoint {
    fn key(&self) -> String {
        format!("{} {}", self.connection_id, self.at.seconds())
    }
    fn version(&self) -> u64 {
        1
    }
}

/// One typed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new row; `Duplicate` when its key or a unique key is taken.
    Insert(Row),
    /// A changed row: carries the new version; the stored one must be exactly one less, else `Conflict`.
    Update(Row),
}

/// What is written as one: all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Rows, in order.
    pub changes: Vec<Change>,
    /// Journal entries, in order.
    pub journal: Vec<Entry>,
}

impl Batch {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a new row.
    pub fn insert(&mut self, row: impl Stored) {
        self.changes.push(Change::Insert(row.into_row()));
    }
    /// Adds a changed row, which must carry its new version.
    pub fn update(&mut self, row: impl Stored) {
        self.changes.push(Change::Update(row.into_row()));
    }
    /// Adds a journal entry.
    pub fn note(&mut self, entry: Entry) {
        self.journal.push(entry);
    }
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.journal.is_empty()
    }
}

/// Under whose authority a batch is written. Every row with an owner must be in reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One tenant, or the followers of one fan-out step.
    Tenant(TenantScope),
    /// Housekeeping.
    System(SystemScope),
}

impl From<TenantScope> for Scope {
    fn from(scope: TenantScope) -> Self {
        Self::Tenant(scope)
    }
}
impl From<SystemScope> for Scope {
    fn from(scope: SystemScope) -> Self {
        Self::System(scope)
    }
}

/// A page of a list, newest first unless the query says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Key of the last row of the page before; none for the first page.
    pub after: Option<String>,
    /// At most this many rows (1 to 1,000).
    pub limit: u32,
}

impl Page {
    /// The first page.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
}

/// Questions within a tenant. Lists are newest first (by key, descending) unless said; rows outside the scope do not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// `Session`: all of the user.
    Sessions,
    /// `Membership`: all of the user.
    Memberships,
    /// `Membership`: all of the community.
    Members(Page),
    /// `Channel`: all of the community.
    Channels,
    /// `Provider`: all of the community, by name.
    Providers,
    /// `Follow`: all of the user (or users).
    Follows,
    /// `Connection`: all of the user (or users).
    Connections,
    /// `Account`: all of the user (or users).
    Accounts,
    /// `UserLimits`: of the user (or users).
    UserLimits,
    /// `Signal`: of the community.
    Signals(Page),
    /// `Signal`: by source key and source id, of the community.
    SignalBySource(String, String),
    /// `Message`: revisions of one source message, oldest first, of the community.
    MessageRevisions(String, String),
    /// `Decision`: of the user.
    Decisions(Page),
    /// `Decision`: of the user (or users), on one signal, oldest first.
    DecisionsOfSignal(SignalId),
    /// `Approval`: pending ones of the user.
    ApprovalsPending,
    /// `Order`: of the user; with a state code, only those.
    Orders(Option<String>, Page),
    /// `Order`: not final, of one connection, oldest first.
    OrdersOpen(ConnectionId),
    /// `Order`: of one lot, oldest first.
    OrdersOfLot(LotId),
    /// `Order`: of the user (or users) for one signal, oldest first.
    OrdersOfSignal(SignalId),
    /// `Order`: by our client order id.
    OrderByClientId(String),
    /// `Intent`: of one order.
    IntentOfOrder(OrderId),
    /// `Fill`: of the user.
    Fills(Page),
    /// `Fill`: of one order, oldest first.
    FillsOfOrder(OrderId),
    /// `Lot`: open ones of the user (or users), oldest first; of one provider when given.
    LotsOpen(Option<ProviderId>),
    /// `Lot`: of the user (or users) for one signal, oldest first.
    LotsOfSignal(SignalId),
    /// `Position`: of the user; open only when true.
    Positions(bool, Page),
    /// `Position`: the open one in one instrument of one connection.
    PositionOpen(ConnectionId, Instrument),
    /// `EquityPoint`: of the user since an instant, oldest first, at most 5,000.
    EquityCurve(Timestamp),
}

/// Questions across tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemQuery {
    /// `Session`: by hash of the cookie value.
    SessionByToken(String),
    /// `User`: by id.
    User(UserId),
    /// `User`: demo users, by name.
    DemoUsers,
    /// `LoginTicket`: by hash.
    LoginTicket(String),
    /// `Community`: all, by key.
    Communities,
    /// `Channel`: by source key.
    ChannelBySource(String),
    /// `Channel`: all enabled.
    ChannelsEnabled,
    /// `Follow`: enabled ones of a provider, by key ascending, after a key.
    Followers(ProviderId, Page),
    /// `Message`: not yet dealt with, oldest first.
    MessagesUnprocessed(Page),
    /// `Order`: not final, oldest first.
    OrdersOpen(Page),
    /// `Order`: waiting (`queued`, or with an instant at which something is due) until `.0`, oldest first.
    OrdersDue(Timestamp, Page),
    /// `Approval`: pending and past their end.
    ApprovalsDue(Timestamp),
    /// `Lot`: not closed, oldest first.
    LotsOpen(Page),
    /// `Switch`: all that are on.
    SwitchesOn,
    /// `Switch`: by key, on or off.
    Switch(String),
    /// `Connection`: all not disabled, by key ascending.
    Connections(Page),
    /// `DataKey`: of one user.
    DataKey(UserId),
    /// `Provider`: all, by name.
    Providers,
}

/// What the journal tables answer.
pub trait JournalStore: Send + Sync {
    /// The last link, if any. Safe to repeat.
    fn head(&self) -> BoxFuture<'_, Result<Option<Link>, StoreError>>;
    /// Entries not yet chained, in commit order, at most `limit`. Safe to repeat.
    fn pending(&self, limit: u32) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>>;
    /// Last number of each user's feed; users without a feed are absent. Safe to repeat.
    fn feed_heads<'a>(&'a self, users: &'a [UserId])
    -> BoxFuture<'a, Result<Vec<(UserId, u64)>, StoreError>>;
    /// Chains pending entries in one transaction: links, feed steps, and the pending rows gone. `Duplicate` when
    /// somebody else chained meanwhile: read again.
    fn chain<'a>(&'a self, links: &'a [Link], feed: &'a [FeedStep])
    -> BoxFuture<'a, Result<(), CommitError>>;
    /// Chained entries from a place on, in order, at most `limit`. Safe to repeat.
    fn chained(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>>;
    /// One user's feed after a number, in order: the user's own number and the entry. Safe to repeat.
    fn feed<'a>(
        &'a self,
        scope: &'a TenantScope,
        after_user_seq: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<(u64, Chained)>, StoreError>>;
    /// One user's own entries, newest first, before a place; `kind` is a code or a prefix ending in a point. Safe to repeat.
    fn of_user<'a>(
        &'a self,
        scope: &'a TenantScope,
        before_seq: Option<u64>,
        kind: Option<&'a str>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Chained>, StoreError>>;
    /// One own entry. Safe to repeat.
    fn own_entry<'a>(
        &'a self,
        scope: &'a TenantScope,
        id: JournalId,
    ) -> BoxFuture<'a, Result<Option<Chained>, StoreError>>;
}

/// Durable state. Implemented in memory, on SQLite and on PostgreSQL behind one contract suite.
pub trait Store: JournalStore {
    /// Writes batches, each all or nothing, in one durable transaction where they do not conflict. The answers stand
    /// in the order of the batches. When the outer call fails nothing is known to be written.
    fn commit(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> BoxFuture<'_, Result<Vec<Result<(), CommitError>>, StoreError>>;
    /// One row by its key, when in reach. Safe to repeat.
    fn get<'a>(
        &'a self,
        scope: &'a TenantScope,
        table: Table,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Row>, StoreError>>;
    /// Rows that answer a question. Safe to repeat.
    fn find<'a>(
        &'a self,
        scope: &'a TenantScope,
        query: Query,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>>;
    /// Rows that answer a question across tenants. Safe to repeat.
    fn find_any(&self, scope: SystemScope, query: SystemQuery)
    -> BoxFuture<'_, Result<Vec<Row>, StoreError>>;
    /// Proves that a write reaches the disk. Safe to repeat.
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// Reads one row as its type.
///
/// # Errors
/// The store's.
pub async fn get<T: Stored>(
    store: &dyn Store,
    scope: &TenantScope,
    key: &str,
) -> Result<Option<T>, StoreError> {
    Ok(store.get(scope, T::TABLE, key).await?.and_then(T::from_row))
}

/// Reads rows as their type; rows of another table are left out.
///
/// # Errors
/// The store's.
pub async fn find<T: Stored>(
    store: &dyn Store,
    scope: &TenantScope,
    query: Query,
) -> Result<Vec<T>, StoreError> {
    Ok(store
        .find(scope, query)
        .await?
        .into_iter()
        .filter_map(T::from_row)
        .collect())
}

/// Reads rows across tenants as their type.
///
/// # Errors
/// The store's.
pub async fn find_any<T: Stored>(
    store: &dyn Store,
    scope: SystemScope,
    query: SystemQuery,
) -> Result<Vec<T>, StoreError> {
    Ok(store
        .find_any(scope, query)
        .await?
        .into_iter()
        .filter_map(T::from_row)
        .collect())
}

/// Writes one batch.
///
/// # Errors
/// Why it was not applied.
pub async fn commit(store: &dyn Store, scope: impl Into<Scope>, batch: Batch) -> Result<(), CommitError> {
    let mut answers = store.commit(vec![(scope.into(), batch)]).await?;
    answers
        .pop()
        .unwrap_or_else(|| Err(StoreError::Unavailable("no answer".to_owned()).into()))
}
