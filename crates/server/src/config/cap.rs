//! What no user of this deployment may exceed (PRODUCT 3.1, platform cap).

use ordercast_model::limits::Caps;

use super::{reader::Reader, setting, value};

pub(super) fn read(reader: &mut Reader<'_>) -> Caps {
    Caps {
        position_pct: reader.value(setting::CAP_POSITION_PCT, value::above_zero::<50>),
        order_value_max: reader.value(setting::CAP_ORDER_VALUE_MAX, value::from_one::<1_000_000>),
        exposure_pct: reader.value(setting::CAP_EXPOSURE_PCT, value::above_zero::<200>),
        positions_max: reader.value(setting::CAP_POSITIONS_MAX, value::whole_between::<1, 200>),
        daily_loss_pct: reader.value(setting::CAP_DAILY_LOSS_PCT, value::above_zero::<20>),
        leverage_max: reader.value(setting::CAP_LEVERAGE_MAX, value::from_one::<5>),
        option_contracts_max: reader.value(setting::CAP_OPTION_CONTRACTS_MAX, value::from_one::<500>),
        deny_symbols: reader
            .value(setting::CAP_DENY_SYMBOLS, value::symbols)
            .unwrap_or_default(),
    }
}
