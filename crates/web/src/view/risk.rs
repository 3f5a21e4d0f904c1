//! Limits, what is used of them, and the switches.

use ordercast_app::desk::risk::{AccountRisk, Status, Unit, Used};
use ordercast_model::{
    gate::Breach,
    limits::{
        LimitOwner, Limits, LossAction, PerClass, Switch, SwitchKind, SwitchScope, Unlocker, UserLimits,
    },
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::cap::{CapsView, ClassCapsView, CommunityCapsView};
use super::{code, decimal, loosening::LooseningView, window::WindowView};

/// What a rule found, with both numbers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BreachView {
    /// Stable code of the rule (`RK-17`).
    pub rule: String,
    /// What the rule guards.
    pub title: String,
    /// The sentence, quoting the numbers.
    pub message: String,
    /// The limit.
    #[schema(required)]
    pub limit: Option<String>,
    /// The figure that was compared with it.
    #[schema(required)]
    pub actual: Option<String>,
    /// Whose limit it was.
    #[schema(value_type = Option<code::LimitOwner>, required)]
    pub whose: Option<LimitOwner>,
}

impl From<Breach> for BreachView {
    fn from(breach: Breach) -> Self {
        Self {
            rule: breach.rule.code().to_owned(),
            title: breach.rule.title().to_owned(),
            message: breach.message,
            limit: breach.limit,
            actual: breach.actual,
            whose: breach.whose,
        }
    }
}

macro_rules! limits {
    (
        decimals { $($(#[$d:meta])* $decimal:ident),+ $(,)? }
        optional { $($(#[$o:meta])* $optional:ident),+ $(,)? }
        classes { $($(#[$c:meta])* $class:ident),+ $(,)? }
        numbers { $($(#[$n:meta])* $number:ident),+ $(,)? }
        flags { $($(#[$f:meta])* $flag:ident),+ $(,)? }
    ) => {
        /// Every limit. Percentages are of equity unless said; amounts in USD; ages and windows in seconds.
        #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct LimitsView {
            $($(#[$d])* pub $decimal: String,)+
            $($(#[$o])* #[schema(required)] #[serde(default)] pub $optional: Option<String>,)+
            $($(#[$c])* pub $class: PerClassView,)+
            $($(#[$n])* pub $number: u32,)+
            $($(#[$f])* pub $flag: bool,)+
            /// RK-05: what a tripped daily loss does besides refusing opens.
            #[serde(default)]
            #[schema(value_type = code::LossAction)]
            pub daily_loss_action: LossAction,
            /// RK-08: symbols never opened.
            pub deny_symbols: Vec<String>,
            /// RK-07: when positions may be opened; none = whenever the market is open.
            #[serde(default)]
            pub trading_windows: Vec<WindowView>,
            /// RK-07: shares are traded before and after the regular session too, where the broker takes them.
            #[serde(default)]
            #[schema(required)]
            pub extended_hours: bool,
            /// EX-20: a stop that was removed at the broker is put back.
            #[serde(default = "on")]
            #[schema(required)]
            pub enforce_stops: bool,
        }

        impl From<Limits> for LimitsView {
            fn from(limits: Limits) -> Self {
                Self {
                    $($decimal: decimal(limits.$decimal),)+
                    $($optional: limits.$optional.map(decimal),)+
                    $($class: limits.$class.into(),)+
                    $($number: limits.$number,)+
                    $($flag: limits.$flag,)+
                    daily_loss_action: limits.daily_loss_action,
                    deny_symbols: limits.deny_symbols,
                    trading_windows: limits.trading_windows.into_iter().map(Into::into).collect(),
                    extended_hours: limits.extended_hours,
                    enforce_stops: limits.enforce_stops,
                }
            }
        }

        impl LimitsView {
            /// As the rules take them.
            ///
            /// # Errors
            /// The name of the first field that is no decimal.
            pub fn read(self) -> Result<Limits, &'static str> {
                Ok(Limits {
                    $($decimal: number(&self.$decimal).ok_or(stringify!($decimal))?,)+
                    $($optional: match &self.$optional {
                        Some(text) => Some(number(text).ok_or(stringify!($optional))?),
                        None => None,
                    },)+
                    $($class: self.$class.read().ok_or(stringify!($class))?,)+
                    $($number: self.$number,)+
                    $($flag: self.$flag,)+
                    daily_loss_action: self.daily_loss_action,
                    deny_symbols: self.deny_symbols,
                    trading_windows: self
                        .trading_windows
                        .into_iter()
                        .map(WindowView::read)
                        .collect::<Option<_>>()
                        .ok_or("trading_windows")?,
                    extended_hours: self.extended_hours,
                    enforce_stops: self.enforce_stops,
                })
            }
        }
    };
}

limits! {
    decimals {
        /// RK-04: least equity to open.
        min_balance,
        /// RK-05: daily loss, per cent of session-start equity.
        daily_loss_pct,
        /// RK-05: share of the limit at which it trips, per cent.
        daily_loss_trip_pct,
        /// RK-06: fall from the day's highest equity that locks, per cent.
        breaker_pct,
        /// RK-10: leverage factor.
        leverage_max,
        /// RK-15: widest option spread, per cent of mid.
        option_spread_pct,
        /// RK-15: least option price.
        option_price_min,
        /// RK-16: contracts per order.
        option_contracts_max,
        /// RK-17: one instrument, per cent of equity.
        position_pct,
        /// RK-19: usable share of buying power, per cent.
        buying_power_pct,
        /// RK-20: all positions and pending opens, per cent of equity.
        exposure_pct,
    }
    optional {
        /// RK-05: daily loss as an amount; the smaller of the two counts.
        daily_loss_amount,
        /// RK-18: one order; null = no limit.
        order_value_max,
        /// RK-23: risk per trade, per cent of equity; null = off.
        risk_per_trade_pct,
    }
    classes {
        /// RK-12: adverse drift from the alert price, per cent.
        drift_pct,
        /// RK-13: distance from the last trade that looks like a typing error, per cent.
        implausible_pct,
        /// RK-33: distance of the automatic stop, per cent of the fill price.
        auto_stop_pct,
    }
    numbers {
        /// RK-25: window in which two signals on one instrument are merged or in conflict.
        same_instrument_seconds,
        /// RK-14: oldest quote for a market entry.
        quote_age_seconds,
        /// RK-21: open positions.
        positions_max,
        /// RK-22: separate signals' lots in one instrument.
        per_symbol_max,
        /// RK-26: orders per minute.
        orders_per_minute,
        /// RK-26: orders per session day.
        orders_per_day,
        /// RK-26: opens per minute from one provider.
        opens_per_minute_per_provider,
        /// SG-32: oldest signal to open on.
        open_age_seconds,
        /// SG-32: oldest signal to close or protect on.
        exit_age_seconds,
        /// SG-15: approval window.
        approval_seconds,
        /// EX-08: life of the rest of a partial fill; 0 = for ever.
        remainder_seconds,
    }
    flags {
        /// RK-09: short selling.
        allow_short,
        /// RK-09: shares.
        allow_equity,
        /// RK-09: options.
        allow_option,
        /// RK-09: coins.
        allow_crypto,
        /// RK-24: a stop is required, a missing one is added.
        stop_required,
    }
}

/// A value per asset class.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PerClassView {
    /// Shares and funds.
    pub equity: String,
    /// Options.
    pub option: String,
    /// Coins.
    pub crypto: String,
}

impl From<PerClass> for PerClassView {
    fn from(value: PerClass) -> Self {
        Self {
            equity: decimal(value.equity),
            option: decimal(value.option),
            crypto: decimal(value.crypto),
        }
    }
}

impl PerClassView {
    fn read(&self) -> Option<PerClass> {
        Some(PerClass {
            equity: number(&self.equity)?,
            option: number(&self.option)?,
            crypto: number(&self.crypto)?,
        })
    }
}

const fn on() -> bool {
    true
}

fn number(text: &str) -> Option<Decimal> {
    ordercast_model::money::parse(text).ok()
}

/// The user's limits with their version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserLimitsView {
    /// Rises with every change; 0 = the defaults, never changed. Send it as `If-Match` with a change.
    pub version: u64,
    /// The limits.
    pub limits: LimitsView,
    /// Last change; null for the defaults.
    #[schema(required)]
    pub updated_at: Option<String>,
    /// Limits that were asked to be loosened and are not yet, at most one change for each.
    pub pending: Vec<LooseningView>,
}

impl From<UserLimits> for UserLimitsView {
    fn from(row: UserLimits) -> Self {
        Self {
            version: row.version,
            updated_at: (row.version > 0).then(|| row.updated_at.to_string()),
            limits: row.limits.into(),
            pending: row.pending.into_iter().map(Into::into).collect(),
        }
    }
}

/// What is used of one limit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UsageView {
    /// Stable code of the rule.
    pub rule: String,
    /// What the rule guards.
    pub title: String,
    /// Used.
    pub used: String,
    /// Limit.
    pub limit: String,
    /// What both count.
    #[schema(value_type = code::Unit)]
    pub unit: Unit,
    /// Whose limit it is.
    #[schema(value_type = code::LimitOwner)]
    pub whose: LimitOwner,
    /// No new position is opened because of it now.
    pub breached: bool,
}

impl From<Used> for UsageView {
    fn from(used: Used) -> Self {
        Self {
            rule: used.rule.code().to_owned(),
            title: used.title.to_owned(),
            used: decimal(used.used.round_dp(4)),
            limit: decimal(used.limit.round_dp(4)),
            unit: used.unit,
            whose: used.owner,
            breached: used.breached,
        }
    }
}

/// What one account uses of the limits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountRiskView {
    /// Connection.
    pub connection_id: String,
    /// The daily loss limit tripped on this session day.
    pub daily_loss_tripped: bool,
    /// Limits with what is used.
    pub usage: Vec<UsageView>,
}

impl From<AccountRisk> for AccountRiskView {
    fn from(risk: AccountRisk) -> Self {
        Self {
            connection_id: risk.connection_id.to_string(),
            daily_loss_tripped: risk.daily_loss_tripped,
            usage: risk.usage.into_iter().map(UsageView::from).collect(),
        }
    }
}

/// A switch.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SwitchView {
    /// Kill, pause or lock.
    #[schema(value_type = code::SwitchKind)]
    pub kind: SwitchKind,
    /// What it covers.
    pub scope: code::SwitchScope,
    /// Id of what it covers; null for the platform.
    #[schema(required)]
    pub scope_id: Option<String>,
    /// Whether it is on.
    pub on: bool,
    /// Who set it last.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Since when it is in this state.
    pub since: String,
    /// What it covers is closed as well.
    pub flatten: bool,
    /// Nothing leaves at all, closes and protection included.
    pub freeze: bool,
    /// Who may unlock an account that is locked; null for other switches.
    #[schema(required)]
    pub unlocker: Option<code::Unlocker>,
    /// The community whose limit locked the account, by name.
    #[schema(required)]
    pub community: Option<String>,
}

impl From<Switch> for SwitchView {
    fn from(switch: Switch) -> Self {
        let (scope, scope_id) = match &switch.scope {
            SwitchScope::Platform => (code::SwitchScope::Platform, None),
            SwitchScope::Community(id) => (code::SwitchScope::Community, Some(id.to_string())),
            SwitchScope::Provider(id) => (code::SwitchScope::Provider, Some(id.to_string())),
            SwitchScope::User(id) => (code::SwitchScope::User, Some(id.to_string())),
            SwitchScope::Follow(id) => (code::SwitchScope::Follow, Some(id.to_string())),
            SwitchScope::Connection(id) => (code::SwitchScope::Connection, Some(id.to_string())),
        };
        let account = switch.kind == SwitchKind::Lock && switch.scope != SwitchScope::Platform;
        let unlocker = (account && switch.on).then(|| match switch.unlocker() {
            Unlocker::User => code::Unlocker::User,
            Unlocker::Staff(_) => code::Unlocker::Staff,
            Unlocker::Platform => code::Unlocker::Platform,
        });
        Self {
            unlocker,
            community: switch.cap.map(|cap| cap.name),
            kind: switch.kind,
            scope,
            scope_id,
            on: switch.on,
            by: switch.by,
            reason: switch.reason,
            since: switch.since.to_string(),
            flatten: switch.flatten.is_some(),
            freeze: switch.freeze,
        }
    }
}

/// Switches that bind the user, and what each account uses of the limits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RiskStatusView {
    /// When.
    pub as_of: String,
    /// No new position is opened anywhere.
    pub stopped: bool,
    /// Switches that are on and cover the user.
    pub switches: Vec<SwitchView>,
    /// Accounts.
    pub accounts: Vec<AccountRiskView>,
}

impl From<Status> for RiskStatusView {
    fn from(status: Status) -> Self {
        Self {
            as_of: status.as_of.to_string(),
            stopped: status.stopped,
            switches: status.switches.into_iter().map(SwitchView::from).collect(),
            accounts: status.accounts.into_iter().map(AccountRiskView::from).collect(),
        }
    }
}
