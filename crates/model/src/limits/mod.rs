//! Every risk limit with its default and range (PRODUCT 3.1, 3.2). Refuses to judge: that is `rules::risk`.

mod cap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::cap::{Bound, Caps, ClassCaps, Tighter};
use crate::{
    ids::{CommunityId, OrderId, UserId},
    money::decimal_text,
    time::Timestamp,
    window::Window,
};

/// A value per asset class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerClass {
    /// Shares and funds.
    #[serde(with = "decimal_text")]
    pub equity: Decimal,
    /// Options.
    #[serde(with = "decimal_text")]
    pub option: Decimal,
    /// Coins.
    #[serde(with = "decimal_text")]
    pub crypto: Decimal,
}

/// What a tripped daily loss does beyond refusing opens (PRODUCT RK-05).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossAction {
    /// Every managed position is closed.
    #[default]
    Flatten,
    /// What is held stays, with its protection.
    BlockOnly,
}

/// A user's limits. Percentages are of equity unless the name says otherwise; seconds are whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// RK-04: least equity to open, USD.
    #[serde(with = "decimal_text")]
    pub min_balance: Decimal,
    /// RK-05: daily loss, per cent of session-start equity.
    #[serde(with = "decimal_text")]
    pub daily_loss_pct: Decimal,
    /// RK-05: daily loss as an amount; the smaller of the two counts.
    #[serde(with = "decimal_text::option", default)]
    pub daily_loss_amount: Option<Decimal>,
    /// RK-05: share of the limit at which it trips, per cent (80-100).
    #[serde(with = "decimal_text")]
    pub daily_loss_trip_pct: Decimal,
    /// RK-05: what is done when it trips.
    #[serde(default)]
    pub daily_loss_action: LossAction,
    /// RK-06: fall from the day's highest equity that locks.
    #[serde(with = "decimal_text")]
    pub breaker_pct: Decimal,
    /// RK-07: when positions may be opened; none = whenever the market is open.
    #[serde(default)]
    pub trading_windows: Vec<Window>,
    /// RK-07: shares are traded before and after the regular session too, where the venue takes them.
    #[serde(default)]
    pub extended_hours: bool,
    /// RK-25: window in which two signals on one instrument are merged or in conflict, seconds.
    pub same_instrument_seconds: u32,
    /// RK-08: symbols never opened.
    pub deny_symbols: Vec<String>,
    /// RK-09: short selling.
    pub allow_short: bool,
    /// RK-09: shares, options, coins switched on.
    pub allow_equity: bool,
    /// RK-09.
    pub allow_option: bool,
    /// RK-09.
    pub allow_crypto: bool,
    /// RK-10: leverage factor.
    #[serde(with = "decimal_text")]
    pub leverage_max: Decimal,
    /// RK-12: adverse drift from the alert price, per cent.
    pub drift_pct: PerClass,
    /// RK-13: distance of a price from the last trade that looks like a typing error, per cent.
    pub implausible_pct: PerClass,
    /// RK-14: oldest quote for a market entry, seconds.
    pub quote_age_seconds: u32,
    /// RK-15: widest option spread, per cent of mid.
    #[serde(with = "decimal_text")]
    pub option_spread_pct: Decimal,
    /// RK-15: least option price.
    #[serde(with = "decimal_text")]
    pub option_price_min: Decimal,
    /// RK-16: contracts per order.
    #[serde(with = "decimal_text")]
    pub option_contracts_max: Decimal,
    /// RK-17: one instrument, per cent of equity.
    #[serde(with = "decimal_text")]
    pub position_pct: Decimal,
    /// RK-18: one order, USD; none = no limit.
    #[serde(with = "decimal_text::option", default)]
    pub order_value_max: Option<Decimal>,
    /// RK-19: usable share of buying power, per cent.
    #[serde(with = "decimal_text")]
    pub buying_power_pct: Decimal,
    /// RK-20: all positions and pending opens, per cent of equity.
    #[serde(with = "decimal_text")]
    pub exposure_pct: Decimal,
    /// RK-21: open positions.
    pub positions_max: u32,
    /// RK-22: separate signals' lots in one instrument.
    pub per_symbol_max: u32,
    /// RK-23: risk per trade, per cent of equity; none = off.
    #[serde(with = "decimal_text::option", default)]
    pub risk_per_trade_pct: Option<Decimal>,
    /// RK-24: a stop is required, a missing one is added.
    pub stop_required: bool,
    /// RK-33: distance of the automatic stop, per cent of the fill price.
    pub auto_stop_pct: PerClass,
    /// RK-26: orders per minute.
    pub orders_per_minute: u32,
    /// RK-26: orders per session day.
    pub orders_per_day: u32,
    /// RK-26: opens per minute from one provider.
    pub opens_per_minute_per_provider: u32,
    /// SG-32: oldest signal to open on, seconds.
    pub open_age_seconds: u32,
    /// SG-32: oldest signal to close or protect on, seconds.
    pub exit_age_seconds: u32,
    /// SG-15: approval window, seconds.
    pub approval_seconds: u32,
    /// EX-08: life of the rest of a partial fill, seconds; 0 = for ever.
    pub remainder_seconds: u32,
    /// EX-20: a stop that was removed at the broker is put back.
    #[serde(default = "on")]
    pub enforce_stops: bool,
}

const fn on() -> bool {
    true
}

impl Default for Limits {
    fn default() -> Self {
        let whole = |n: u32| Decimal::from(n);
        Self {
            min_balance: whole(100),
            daily_loss_pct: whole(5),
            daily_loss_amount: None,
            daily_loss_trip_pct: whole(97),
            daily_loss_action: LossAction::default(),
            breaker_pct: whole(8),
            trading_windows: Vec::new(),
            extended_hours: false,
            same_instrument_seconds: 5,
            deny_symbols: Vec::new(),
            allow_short: false,
            allow_equity: true,
            allow_option: true,
            allow_crypto: true,
            leverage_max: Decimal::ONE,
            drift_pct: PerClass {
                equity: whole(1),
                option: whole(10),
                crypto: whole(1),
            },
            implausible_pct: PerClass {
                equity: whole(20),
                option: whole(80),
                crypto: whole(20),
            },
            quote_age_seconds: 5,
            option_spread_pct: whole(15),
            option_price_min: Decimal::new(5, 2),
            option_contracts_max: whole(10),
            position_pct: whole(10),
            order_value_max: None,
            buying_power_pct: whole(100),
            exposure_pct: whole(80),
            positions_max: 10,
            per_symbol_max: 1,
            risk_per_trade_pct: None,
            stop_required: true,
            auto_stop_pct: PerClass {
                equity: whole(2),
                option: whole(30),
                crypto: whole(2),
            },
            orders_per_minute: 20,
            orders_per_day: 200,
            opens_per_minute_per_provider: 10,
            open_age_seconds: 60,
            exit_age_seconds: 900,
            approval_seconds: 120,
            remainder_seconds: 300,
            enforce_stops: true,
        }
    }
}

/// A user's limits as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserLimits {
    /// Whose.
    pub user_id: UserId,
    /// Rises with every change.
    pub version: u64,
    /// The limits as they were written down; `rules::risk::loosen::in_force` says what holds at an instant.
    pub limits: Limits,
    /// Last change.
    pub updated_at: Timestamp,
    /// What was asked to be loosened, by limit; at most one for each.
    #[serde(default)]
    pub pending: Vec<Loosening>,
}

impl UserLimits {
    /// When the first of what is pending comes into force.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        self.pending.iter().map(|one| one.due_at).min()
    }
}

/// A limit that was asked to be loosened and is not yet (PRODUCT section 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loosening {
    /// Name of the limit, as `position_pct` or `drift_pct.equity`.
    pub limit: String,
    /// What was in force when it was asked.
    pub from: Value,
    /// What it becomes.
    pub to: Value,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// From when on it is in force.
    pub due_at: Timestamp,
}

/// Whose limit applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitOwner {
    /// The deployment.
    Platform,
    /// The community.
    Community,
    /// The user.
    User,
    /// The Follow.
    Follow,
}

/// What a kill or pause covers (PRODUCT RK-31).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "scope", content = "id", rename_all = "snake_case")]
pub enum SwitchScope {
    /// Everybody.
    Platform,
    /// One community.
    Community(CommunityId),
    /// One provider.
    Provider(crate::ids::ProviderId),
    /// One user.
    User(UserId),
    /// One Follow.
    Follow(crate::ids::FollowId),
    /// One connection.
    Connection(crate::ids::ConnectionId),
}

impl SwitchScope {
    /// Stable text, unique per scope.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Platform => "platform".to_owned(),
            Self::Community(id) => id.to_string(),
            Self::Provider(id) => id.to_string(),
            Self::User(id) => id.to_string(),
            Self::Follow(id) => id.to_string(),
            Self::Connection(id) => id.to_string(),
        }
    }
}

/// Kill or pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchKind {
    /// Stops opens and cancels open entries.
    Kill,
    /// Stops opens.
    Pause,
    /// A kill set by a rule; lifting needs confirmation.
    Lock,
}

/// The order to close what is held (PRODUCT RK-36): stands until nothing of it is held any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flatten {
    /// Origin of the closes it leads to (PRODUCT EX-02).
    pub event: OrderId,
    /// Covers lots made up to this instant.
    pub since: Timestamp,
}

/// A switch that is or was on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// `kind` and `scope` as text; its key.
    pub key: String,
    /// Rises with every change.
    pub version: u64,
    /// Kill, pause or lock.
    pub kind: SwitchKind,
    /// What it covers.
    pub scope: SwitchScope,
    /// The user whose row it is; none for wider scopes.
    pub user_id: Option<UserId>,
    /// Whether it is on.
    pub on: bool,
    /// Who set it last, in words.
    pub by: String,
    /// Who set it; none for a rule, and for switches written before this was kept.
    #[serde(default)]
    pub set_by: Option<UserId>,
    /// Why.
    pub reason: String,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// What it covers is closed as well.
    #[serde(default)]
    pub flatten: Option<Flatten>,
    /// Nothing leaves at all, closes and protection included; the platform's only.
    #[serde(default)]
    pub freeze: bool,
    /// The community whose cap locked it; none for another cause.
    #[serde(default)]
    pub cap: Option<CapOf>,
}

/// A community whose cap locked an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapOf {
    /// Which.
    pub id: CommunityId,
    /// Its name at that time.
    pub name: String,
    /// It demanded at that time that its staff unlock (PRODUCT RK-32).
    pub staff: bool,
}

/// Who may unlock what is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlocker<'a> {
    /// The user.
    User,
    /// The staff of the community whose cap it was.
    Staff(&'a CapOf),
    /// A platform admin.
    Platform,
}

impl Switch {
    /// Who sets a switch when no person does.
    pub const RULE: &'static str = "Ordercast";

    /// Who may unlock it, as it was locked. A platform admin always may.
    #[must_use]
    pub fn unlocker(&self) -> Unlocker<'_> {
        match &self.cap {
            _ if self.by != Self::RULE => Unlocker::Platform,
            Some(cap) if cap.staff => Unlocker::Staff(cap),
            _ => Unlocker::User,
        }
    }

    /// The key of a switch.
    #[must_use]
    pub fn key_of(kind: SwitchKind, scope: &SwitchScope) -> String {
        let kind = match kind {
            SwitchKind::Kill => "kill",
            SwitchKind::Pause => "pause",
            SwitchKind::Lock => "lock",
        };
        format!("{kind}:{}", scope.key())
    }
}
