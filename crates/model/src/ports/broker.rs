//! One venue that takes orders. It knows no user rule and keeps no state; it takes only what passed the gate.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{BoxFuture, allowance::Allowance};
pub use super::{
    refusal::{ErrorKind, NOTHING_HELD, Refusal},
    shown::ShownOrder,
};
use crate::{
    connection::Mode,
    gate::Approved,
    ids::ConnectionId,
    instrument::{AssetClass, Instrument},
    money::{Currency, Money, Price, Quantity, decimal_text},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, OrderSide, ProtectionGroup},
    },
    secret::Secret,
    time::Timestamp,
};

/// An opened credential for one account; lives for one call or one stream.
#[derive(Debug, Clone)]
pub struct Access {
    /// Connection it belongs to.
    pub connection_id: ConnectionId,
    /// Account at the venue.
    pub account_id: String,
    /// Paper or live.
    pub mode: Mode,
    /// Credential fields by name.
    pub fields: BTreeMap<String, Secret<String>>,
}

/// What a venue does with a client order id it has seen before (PRODUCT BR-02). The default for a new broker is `Never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dedupe {
    /// Unique for ever: the same id may be sent again.
    Always,
    /// Unique while the earlier order is open.
    WhileOpen,
    /// Not looked at.
    #[default]
    Never,
}

/// What a venue can do, as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Venue code.
    pub broker: String,
    /// Name shown.
    pub name: String,
    /// Classes it trades.
    pub classes: Vec<AssetClass>,
    /// Order types it takes, by code (`market`, `limit`, `stop`, `stop_limit`, `trailing`).
    pub order_types: Vec<String>,
    /// Modes it offers.
    pub modes: Vec<Mode>,
    /// Names of the credential fields, with whether each is secret.
    pub credential_fields: Vec<(String, bool)>,
    /// What it does with a repeated client order id.
    pub client_id_dedupe: Dedupe,
    /// How long an accepted order may stay invisible to a look-up.
    #[serde(with = "seconds")]
    pub visibility_window: Duration,
    /// Classes whose stops and targets the venue holds itself; those of others are watched by Ordercast.
    pub native_protection: Vec<AssetClass>,
    /// Orders may be changed in place.
    pub replace: bool,
    /// Requests a minute we allow ourselves; none = no limit.
    pub requests_per_minute: Option<u32>,
    /// What the vendor allows, and what of it is ours.
    pub allowances: Vec<Allowance>,
    /// Classes it trades before and after the regular session, with limit orders for the day; none = in the session only.
    pub extended_hours: Vec<AssetClass>,
    /// The buying power it tells is less by what working orders need.
    pub reserves_working: bool,
    /// Whether the venue tells if a key may withdraw.
    pub withdraw_permission_readable: bool,
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &Duration, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u64(value.as_secs())
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Duration, D::Error> {
        u64::deserialize(d).map(Duration::from_secs)
    }
}

/// Why a request certainly did not take effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSent {
    /// Try again after this long.
    Retry {
        /// Least wait.
        after: Duration,
        /// Why, in words.
        why: String,
    },
    /// What we may ask of the vendor is used up for now. Not an attempt: it waits its turn and ages meanwhile.
    Wait {
        /// When its turn comes.
        after: Duration,
        /// Why, in words.
        why: String,
    },
    /// The credential is refused.
    Unauthorised(String),
    /// The venue cannot do this.
    Unsupported(String),
}

/// What became of a send (PRODUCT EX-03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The venue holds the order.
    Accepted(VenueOrder),
    /// The venue said no, definitely.
    Rejected(Refusal),
    /// Certainly nothing happened.
    NotSent(NotSent),
    /// Nobody knows: a time-out, a cut connection after the first byte, a 5xx, an unreadable answer. Look it up.
    Unknown(String),
}

/// How an order stands at the venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VenueState {
    /// Works, nothing filled.
    Working,
    /// Works, some filled.
    PartiallyFilled,
    /// All filled.
    Filled,
    /// Ended before all was filled.
    Cancelled,
    /// Ran out of time.
    Expired,
    /// Refused after it was taken.
    Rejected,
}

impl VenueState {
    /// Whether nothing more can happen.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Working | Self::PartiallyFilled)
    }
}

/// An order as the venue shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueOrder {
    /// Our id.
    pub client_order_id: ClientOrderId,
    /// Its id.
    pub broker_order_id: String,
    /// What.
    pub instrument: Instrument,
    /// Which way.
    pub side: OrderSide,
    /// How much.
    pub quantity: Quantity,
    /// How it stands.
    pub state: VenueState,
    /// Filled so far: cumulative.
    pub filled: Quantity,
    /// Average price of what is filled.
    pub average_price: Option<Price>,
    /// Why it ended, in the venue's words.
    pub reason: Option<String>,
    /// When it changed last, as the venue says.
    pub at: Timestamp,
}

/// One execution as the venue reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueFill {
    /// The venue's id of the fill; unique per account.
    pub venue_fill_id: String,
    /// Our id of the order; none when the order is not ours.
    pub client_order_id: Option<ClientOrderId>,
    /// The venue's id of the order.
    pub broker_order_id: String,
    /// What.
    pub instrument: Instrument,
    /// Which way.
    pub side: OrderSide,
    /// How much.
    pub quantity: Quantity,
    /// At which price.
    pub price: Price,
    /// What it cost.
    pub fee: Money,
    /// When.
    pub at: Timestamp,
    /// Position in the account's list of fills, for `fills_since`.
    pub cursor: String,
}

/// An account as the venue shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueAccount {
    /// Its id.
    pub account_id: String,
    /// Paper or live, as the venue says.
    pub mode: Mode,
    /// Currency.
    pub currency: Currency,
    /// Cash.
    #[serde(with = "decimal_text")]
    pub cash: Decimal,
    /// Cash plus positions.
    #[serde(with = "decimal_text")]
    pub equity: Decimal,
    /// What may be spent.
    #[serde(with = "decimal_text")]
    pub buying_power: Decimal,
    /// Whether the key may move money out; none when the venue does not tell.
    pub may_withdraw: Option<bool>,
    /// When.
    pub at: Timestamp,
}

/// A position as the venue shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenuePosition {
    /// What.
    pub instrument: Instrument,
    /// Above zero long, below zero short.
    #[serde(with = "decimal_text")]
    pub quantity: Decimal,
    /// Average entry.
    pub average_price: Price,
}

/// Why a read failed. A read is always safe to repeat.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    /// Try again.
    #[error("the venue does not answer: {0}")]
    Unavailable(String),
    /// What we may ask of the vendor is used up for now; says nothing of the venue.
    #[error("what may be asked of the broker is used up for {} s", after.as_secs().max(1))]
    Busy {
        /// When there is room again.
        after: Duration,
    },
    /// The credential is refused.
    #[error("the venue refuses the credential: {0}")]
    Unauthorised(String),
    /// The venue cannot do this.
    #[error("the venue cannot do this: {0}")]
    Unsupported(String),
}

/// What became of a cancel. Safe to repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CancelOutcome {
    /// The order as it stands now; final, or on its way.
    Done(VenueOrder),
    /// Nothing of that id is known.
    NotFound,
    /// The credential is refused: asking again changes nothing until it works again.
    Unauthorised(String),
    /// No definite answer; ask again.
    Unknown(String),
}

/// What became of a protection group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protected {
    /// In force: the legs as the venue shows them.
    Placed(Vec<VenueOrder>),
    /// The venue said no.
    Rejected(Refusal),
    /// Certainly nothing happened.
    NotSent(NotSent),
    /// No definite answer: send the same version again.
    Unknown(String),
}

/// Something a venue reports by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one per message of a venue, moved once")]
pub enum BrokerEvent {
    /// An order changed.
    Order(VenueOrder),
    /// An order was filled, in part or whole.
    Fill {
        /// The order after the fill.
        order: VenueOrder,
        /// The execution.
        fill: VenueFill,
    },
    /// The stream was (re)connected: anything may have been missed.
    Connected,
    /// The stream is down.
    Disconnected(String),
}

/// Takes events of one account.
pub trait EventSink: Send + Sync {
    /// Called in the venue's order; the next event waits until this one is taken.
    fn take(&self, connection: ConnectionId, event: BrokerEvent) -> BoxFuture<'_, ()>;
}

/// One venue.
pub trait Broker: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> &Capabilities;
    /// The account behind a credential. Safe to repeat.
    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>>;
    /// Positions. Safe to repeat.
    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>>;
    /// Every working order of the account, whoever placed it. Safe to repeat.
    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>>;
    /// An order by the venue's id; none when it knows none, or when it cannot be asked. Safe to repeat.
    fn order_by_broker_id<'a>(
        &'a self,
        _access: &'a Access,
        _id: &'a str,
    ) -> BoxFuture<'a, Result<Option<ShownOrder>, BrokerError>> {
        Box::pin(async { Ok(None) })
    }
    /// Fills after a cursor, oldest first; from the beginning when none. Safe to repeat.
    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>>;
    /// Where the list of fills ends now, as `fills_since` takes it: what came before is not ours. None = at its beginning.
    /// Safe to repeat.
    fn fills_end<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Option<String>, BrokerError>> {
        Box::pin(async move {
            let all = self.fills_since(access, None).await?;
            Ok(all.last().map(|fill| fill.cursor.clone()))
        })
    }
    /// An order by our id; none = not found, which is believed only after the visibility window. Safe to repeat.
    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>>;
    /// The same for a venue that finds an order only under its instrument. Safe to repeat.
    fn order_of<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
        instrument: &'a Instrument,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        let _everywhere = instrument;
        self.order_by_client_id(access, id)
    }
    /// Sends an order. Repeatable only as `client_id_dedupe` says.
    fn place<'a>(&'a self, access: &'a Access, order: &'a Approved<OrderRequest>) -> BoxFuture<'a, Sent>;
    /// Puts a version of a protection group in force, in place of the one before. The same version is safe to repeat.
    fn protect<'a>(
        &'a self,
        access: &'a Access,
        group: &'a Approved<ProtectionGroup>,
    ) -> BoxFuture<'a, Protected>;
    /// Cancels by our id. Safe to repeat.
    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome>;
    /// The same for a venue that finds an order only under its instrument. Safe to repeat.
    fn cancel_of<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
        instrument: &'a Instrument,
    ) -> BoxFuture<'a, CancelOutcome> {
        let _everywhere = instrument;
        self.cancel(access, id)
    }
    /// Hands events of the account to the sink until dropped, reconnecting by itself.
    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()>;
    /// Opens a new account, where the venue can (the built-in paper venue); gives the credential fields.
    fn open_account<'a>(
        &'a self,
        name: &'a str,
        cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>>;
}

/// Lends a credential of a venue whose market data is shown to no stranger. What is asked with it changes nothing.
pub trait Lender: Send + Sync {
    /// A credential of an account at this venue that works, another one each time; none when nobody is connected.
    fn lend<'a>(&'a self, broker: &'a str) -> BoxFuture<'a, Option<Access>>;
}
