//! What no user of this deployment may exceed (PRODUCT 3.1, platform cap).

use ordercast_model::limits::{Bound, Caps};

use super::{
    reader::Reader,
    setting::{self, Setting},
    value,
};

/// Every number that the deployment caps, with its setting. What has none is bounded by what a user may set.
const TABLE: [(Bound, &Setting); 21] = [
    (Bound::DailyLoss, setting::CAP_DAILY_LOSS_PCT),
    (Bound::Breaker, setting::CAP_BREAKER_PCT),
    (Bound::Leverage, setting::CAP_LEVERAGE_MAX),
    (Bound::DriftEquity, setting::CAP_DRIFT_EQUITY_PCT),
    (Bound::DriftOption, setting::CAP_DRIFT_OPTION_PCT),
    (Bound::DriftCrypto, setting::CAP_DRIFT_CRYPTO_PCT),
    (Bound::ImplausibleEquity, setting::CAP_IMPLAUSIBLE_EQUITY_PCT),
    (Bound::ImplausibleOption, setting::CAP_IMPLAUSIBLE_OPTION_PCT),
    (Bound::ImplausibleCrypto, setting::CAP_IMPLAUSIBLE_CRYPTO_PCT),
    (Bound::QuoteAge, setting::CAP_QUOTE_AGE),
    (Bound::OptionContracts, setting::CAP_OPTION_CONTRACTS_MAX),
    (Bound::Position, setting::CAP_POSITION_PCT),
    (Bound::OrderValue, setting::CAP_ORDER_VALUE_MAX),
    (Bound::BuyingPower, setting::CAP_BUYING_POWER_PCT),
    (Bound::Exposure, setting::CAP_EXPOSURE_PCT),
    (Bound::Positions, setting::CAP_POSITIONS_MAX),
    (Bound::PerSymbol, setting::CAP_PER_SYMBOL_MAX),
    (Bound::RiskPerTrade, setting::CAP_RISK_PER_TRADE_PCT),
    (Bound::OrdersPerMinute, setting::CAP_ORDERS_PER_MINUTE),
    (Bound::OrdersPerDay, setting::CAP_ORDERS_PER_DAY),
    (Bound::OpensPerMinute, setting::CAP_OPENS_PER_MINUTE),
];

pub(super) fn read(reader: &mut Reader<'_>) -> Caps {
    let mut caps = Caps {
        deny_symbols: reader
            .value(setting::CAP_DENY_SYMBOLS, value::symbols)
            .unwrap_or_default(),
        ..Caps::default()
    };
    for (bound, setting) in TABLE {
        if let Some(cap) = reader.value(setting, |given| value::cap(bound, given)) {
            bound.set(&mut caps, cap);
        }
    }
    caps
}
