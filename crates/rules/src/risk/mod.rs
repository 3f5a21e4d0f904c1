//! Risk: one rule per file, the limits that apply, the day's marks, what is used up, the score that is shown.

mod account_fresh;
mod age;
mod asset_class;
mod buying_power;
mod daily_loss;
mod drift;
mod effective;
mod exposure;
mod implausible;
mod levels_crossed;
mod leverage;
pub mod loosen;
pub mod marks;
mod min_balance;
mod open_orders;
mod open_positions;
mod option_filter;
mod option_size;
mod order_rate;
mod order_value;
mod per_symbol;
mod position_size;
mod quote_fresh;
mod restricted;
mod risk_per_trade;
mod same_instrument;
pub mod score;
mod session_open;
pub mod status;
mod stop_required;
mod switches;
mod usage;
mod word;

#[cfg(test)]
mod tests;

use ordercast_model::gate::{IncompleteRules, RuleSet};

pub use self::{
    effective::{CommunityCaps, effective},
    usage::counted,
    word::moment,
};

/// Every rule of the gate. Safe to call at any time; called once at start.
///
/// # Errors
/// When a rule is missing or doubled; the program must not start then.
pub fn rule_set() -> Result<RuleSet, IncompleteRules> {
    RuleSet::new(vec![
        &age::Age,
        &switches::Switches,
        &account_fresh::AccountFresh,
        &min_balance::MinBalance,
        &daily_loss::DailyLoss,
        &session_open::SessionOpen,
        &same_instrument::SameInstrument,
        &restricted::Restricted,
        &asset_class::AssetClassAllowed,
        &leverage::Leverage,
        &levels_crossed::LevelsCrossed,
        &drift::Drift,
        &implausible::Implausible,
        &quote_fresh::QuoteFresh,
        &option_filter::OptionFilter,
        &option_size::OptionSize,
        &position_size::PositionSize,
        &order_value::OrderValue,
        &buying_power::BuyingPower,
        &exposure::Exposure,
        &open_positions::OpenPositions,
        &per_symbol::PerSymbol,
        &risk_per_trade::RiskPerTrade,
        &stop_required::StopRequired,
        &order_rate::OrderRate,
        &open_orders::OpenOrders,
    ])
}
