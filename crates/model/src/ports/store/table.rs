//! Every kind of row, its table, its key and its version.

use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;
use crate::{
    account::{Account, EquityPoint},
    community::{Channel, Community, Membership, Provider},
    connection::Connection,
    decision::{Approval, Decision},
    factor::SecondFactor,
    follow::Follow,
    hook::{Delivery, Hook, HookLedger},
    journal::checkpoint::Checkpoint,
    keyring::Keyring,
    limits::{Switch, UserLimits},
    notice::{Bookmark, NoticeSettings, SentCard},
    oauth::{Departure, DiscordGrant},
    order::intent::{Fill, Intent, Order},
    position::{Lot, Position},
    signal::{
        profile::ProfileVersion,
        record::{Message, Signal},
    },
    user::{DataKey, Idempotency, LinkTicket, LoginTicket, Session, User},
};

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
    /// One-time links to an account of a chat.
    LinkTicket = "link_tickets";
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
    /// Webhooks of providers.
    Hook = "hooks";
    /// What each webhook remembers.
    HookLedger = "hook_ledgers";
    /// The last deliveries of each webhook.
    Delivery = "hook_deliveries";
    /// What providers taught, one row per version.
    ProfileVersion = "profiles";
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
    /// Second factors and what was tried against them.
    SecondFactor = "second_factors";
    /// What users want to be told.
    NoticeSettings = "notice_settings";
    /// How far readers of the journal have come.
    Bookmark = "bookmarks";
    /// Messages sent that may change.
    SentCard = "sent_cards";
    /// What the journal was, signed.
    Checkpoint = "checkpoints";
    /// Which master key is in force.
    Keyring = "keyrings";
    /// Who left for a vendor's page and is expected back.
    Departure = "departures";
    /// What Discord gave at logins.
    DiscordGrant = "discord_grants";
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
    User: id; Session: id; LoginTicket: token_hash; LinkTicket: token_hash; DataKey: user_id; Community: id; Channel: id; Provider: id;
    Message: id; Signal: id; Follow: id; Connection: id; Account: key; Decision: id; Approval: id; Order: id; Lot: id;
    Position: id; UserLimits: user_id; Switch: key; Hook: id; HookLedger: hook_id;
    SecondFactor: user_id; NoticeSettings: user_id; Bookmark: name; Keyring: name; SentCard: about;
    Departure: state_hash; DiscordGrant: user_id;
}
impl Keyed for Membership {
    fn key(&self) -> String {
        format!("{} {}", self.community_id, self.user_id)
    }
    fn version(&self) -> u64 {
        self.version
    }
}
impl Keyed for Delivery {
    fn key(&self) -> String {
        Self::place(self.hook_id, self.number)
    }
    fn version(&self) -> u64 {
        self.version
    }
}
impl Keyed for ProfileVersion {
    fn key(&self) -> String {
        Self::place(self.provider_id, self.profile.version)
    }
    fn version(&self) -> u64 {
        1
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
impl Keyed for Checkpoint {
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
