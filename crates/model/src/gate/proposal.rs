//! What is put to the gate and what it may look at.

use std::{collections::BTreeMap, time::Duration};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    ids::{CommunityId, OrderId, ProviderId, SignalId},
    instrument::Instrument,
    limits::{Bound, LimitOwner, Limits, Switch},
    market::{InstrumentRules, Quote, Session},
    money::{Price, Quantity},
    order::shape::OrderSide,
    signal::instruction::PositionSide,
    time::Timestamp,
    window,
};

/// What happens when a cap would be exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnCap {
    /// The order becomes smaller (signals, slash commands, copies).
    Reduce,
    /// The order is refused (manual orders).
    Reject,
}

/// An order as it is put to the gate; quantities are totals over all steps of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What.
    pub instrument: Instrument,
    /// Takes on risk; else it only reduces and most rules do not apply.
    pub opens: bool,
    /// Side of the position.
    pub position_side: PositionSide,
    /// Side of the order.
    pub side: OrderSide,
    /// Wanted quantity, on the lot step.
    pub quantity: Quantity,
    /// Orders it is sent as: the steps of a ladder, else one.
    pub orders: u32,
    /// Worst price it may pay (buy) or take (sell): the limit, else ask or bid. Sizes and reservations use it.
    pub price: Price,
    /// Executes at once if it can (market, or limit through the market).
    pub marketable: bool,
    /// Price named by the signal.
    pub alert_price: Option<Price>,
    /// Stop of the protection.
    pub stop: Option<Price>,
    /// The stop was added by rule.
    pub stop_added: bool,
    /// Nearest target.
    pub first_target: Option<Price>,
    /// Leverage the signal asks for.
    pub leverage: Option<Decimal>,
    /// Signal it came from.
    pub signal_id: Option<SignalId>,
    /// Provider it came from.
    pub provider_id: Option<ProviderId>,
    /// First posting of the signal, or opening of the approval window.
    pub posted_at: Option<Timestamp>,
    /// Age at which it is stale; none when it does not age (protection, queued for the open).
    pub max_age: Option<Duration>,
    /// What a cap does.
    pub on_cap: OnCap,
    /// Priority of the Follow.
    pub priority: u8,
    /// It is an addition to a lot of the same provider that the follower agreed to copy.
    pub adds_to_own_lot: bool,
}

/// The limits that apply: the strictest of platform, community, user and Follow, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The limits.
    pub limits: Limits,
    /// Whose limit it is where it is not the user's own.
    pub owners: BTreeMap<Bound, LimitOwner>,
    /// Who restricted each symbol of `limits.deny_symbols`, upper case.
    pub restricted_by: BTreeMap<String, LimitOwner>,
    /// The community where a limit is one's, with its name.
    pub communities: BTreeMap<Bound, (CommunityId, String)>,
    /// Name of the community that restricted a symbol.
    pub restricted_in: BTreeMap<String, String>,
}

impl Effective {
    /// Whose limit it is.
    #[must_use]
    pub fn owner(&self, bound: Bound) -> LimitOwner {
        self.owners.get(&bound).copied().unwrap_or(LimitOwner::User)
    }
}

/// Whether the hours before and after the regular session count (PRODUCT RK-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extended<'a> {
    /// They do not: the limits, the class or the kind of order leave them out.
    Off,
    /// They do: the snapshot's session has them.
    On,
    /// They would, but the venue of this name has none.
    Unable(&'a str),
}

/// Everything a rule may look at. Missing data denies: no rule assumes a figure.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// Now.
    pub now: Timestamp,
    /// The account at the version the caller will commit against.
    pub account: &'a Account,
    /// Order whose own reservation is not counted: it is being judged again.
    pub own: Option<OrderId>,
    /// The limits.
    pub limits: &'a Effective,
    /// The venue's rules for the instrument; none = unknown there.
    pub rules: Option<&'a InstrumentRules>,
    /// The newest quote; none = no quote.
    pub quote: Option<&'a Quote>,
    /// Session of the instrument, with the hours before and after it where `extended` says so.
    pub session: Session,
    /// Whether those hours count.
    pub extended: Extended<'a>,
    /// Switches that are on and cover this order.
    pub switches: &'a [Switch],
}

impl Snapshot<'_> {
    /// Whether an opening may be sent now: the session is open, and this is one of the user's hours (PRODUCT RK-07). What
    /// only holds at the moment of sending is judged then.
    #[must_use]
    pub fn opens_now(&self) -> bool {
        self.session.open && window::holds(&self.limits.limits.trading_windows, self.now)
    }
}
