//! The questions the store answers, named; each has one text in every database.

use crate::{
    ids::{ConnectionId, HookId, LotId, OrderId, ProviderId, SignalId, UserId},
    instrument::Instrument,
    time::Timestamp,
};

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
    /// `User`: the user (or users), oldest first.
    Users,
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
    /// `Hook`: all of the community, removed ones too.
    Hooks,
    /// `Delivery`: the last ones of one hook of the community, newest first.
    Deliveries(HookId),
    /// `ProfileVersion`: of one provider of the community, newest first.
    Profiles(ProviderId, Page),
    /// `Message`: every revision of what one provider of the community posted, newest first.
    MessagesOfProvider(ProviderId, Page),
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
    /// `Message`: the newest revision of each message of one source whose id there has as many digits as the one given
    /// and is not below it, of the community; by that id, descending, at most 500.
    MessagesFrom(String, String),
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
    /// `Session`: by hash of the cookie value, or of the one before the last rotation.
    SessionByToken(String),
    /// `User`: by id.
    User(UserId),
    /// `User`: demo users, by name.
    DemoUsers,
    /// Users who are platform admins, by id.
    PlatformAdmins,
    /// `User`: by snowflake at Discord.
    UserByDiscord(String),
    /// `LoginTicket`: by hash.
    LoginTicket(String),
    /// `LinkTicket`: by hash.
    LinkTicket(String),
    /// `Departure`: by hash of the state.
    Departure(String),
    /// `DiscordGrant`: of one user.
    DiscordGrant(UserId),
    /// `DiscordGrant`: about which something is to be done until an instant, longest due first, at most 500.
    DiscordGrantsDue(Timestamp),
    /// `Bookmark`: by name.
    Bookmark(String),
    /// `Community`: by guild.
    CommunityByGuild(String),
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
    /// `UserLimits`: with something pending whose time has come, longest due first, at most 500.
    LimitsDue(Timestamp),
    /// `Lot`: not closed, oldest first.
    LotsOpen(Page),
    /// `Lot`: watched by us against quotes, oldest first.
    LotsWatched(Page),
    /// `Switch`: all that are on.
    SwitchesOn,
    /// `Switch`: by key, on or off.
    Switch(String),
    /// `Connection`: all not disabled, by key ascending.
    Connections(Page),
    /// `DataKey`: of one user.
    DataKey(UserId),
    /// `DataKey`: all, by key ascending.
    DataKeys(Page),
    /// `Connection`: all, disabled ones too, by key ascending.
    ConnectionsAll(Page),
    /// `Keyring`: by name.
    Keyring(String),
    /// `Provider`: all, by name.
    Providers,
    /// `Hook`: by id.
    Hook(HookId),
    /// `Checkpoint`: of the journal, newest first.
    Checkpoints(Page),
}
