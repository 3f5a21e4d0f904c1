//! Within which range a user may set each limit. Refuses to judge an order.

use ordercast_model::{
    limits::{Limits, PerClass},
    window::Window,
};
use rust_decimal::Decimal;

use super::DeskError;

/// A limit, its value, and the least and most it may be.
type Bound = (&'static str, Decimal, Decimal, Decimal);

/// Most trading windows.
const WINDOWS_MAX: usize = 14;

/// Windows with their days in order.
///
/// # Errors
/// `Invalid` with what was expected of the first that is none.
pub(super) fn windows(list: Vec<Window>) -> Result<Vec<Window>, DeskError> {
    let field = "trading_windows";
    if list.len() > WINDOWS_MAX {
        return Err(DeskError::invalid(
            field,
            format!("expected at most {WINDOWS_MAX}, got {}", list.len()),
        ));
    }
    let checked = list.into_iter().map(Window::checked).collect::<Result<_, _>>();
    checked.map_err(|error| DeskError::invalid(field, error.to_string()))
}

/// Every limit must be in its range.
///
/// # Errors
/// `Invalid` with the first limit that is not, and the range.
pub(super) fn check(limits: &Limits) -> Result<(), DeskError> {
    let bounds = amounts(limits)
        .into_iter()
        .chain(counts(limits))
        .chain(optional(limits))
        .chain(classes(limits));
    for (field, value, low, high) in bounds {
        if value < low || value > high {
            let expected = format!("expected {low} to {high}, got {}", value.normalize());
            return Err(DeskError::invalid(field, expected));
        }
    }
    Ok(())
}

fn whole(value: u32) -> Decimal {
    Decimal::from(value)
}

const fn tenths(value: i64) -> Decimal {
    Decimal::from_parts(value.unsigned_abs() as u32, 0, 0, false, 1)
}

fn amounts(l: &Limits) -> Vec<Bound> {
    let cent = Decimal::new(1, 2);
    vec![
        ("min_balance", l.min_balance, whole(0), whole(100_000)),
        ("daily_loss_pct", l.daily_loss_pct, tenths(5), whole(20)),
        (
            "daily_loss_trip_pct",
            l.daily_loss_trip_pct,
            whole(80),
            whole(100),
        ),
        ("breaker_pct", l.breaker_pct, whole(2), whole(25)),
        ("leverage_max", l.leverage_max, whole(1), whole(3)),
        ("option_spread_pct", l.option_spread_pct, whole(1), whole(50)),
        ("option_price_min", l.option_price_min, cent, whole(5)),
        (
            "option_contracts_max",
            l.option_contracts_max,
            whole(1),
            whole(500),
        ),
        ("position_pct", l.position_pct, tenths(5), whole(50)),
        ("buying_power_pct", l.buying_power_pct, whole(10), whole(100)),
        ("exposure_pct", l.exposure_pct, whole(5), whole(100)),
    ]
}

fn counts(l: &Limits) -> impl Iterator<Item = Bound> {
    [
        ("same_instrument_seconds", l.same_instrument_seconds, 1, 60),
        ("quote_age_seconds", l.quote_age_seconds, 1, 30),
        ("positions_max", l.positions_max, 1, 100),
        ("per_symbol_max", l.per_symbol_max, 1, 5),
        ("orders_per_minute", l.orders_per_minute, 1, 120),
        ("orders_per_day", l.orders_per_day, 1, 2_000),
        (
            "opens_per_minute_per_provider",
            l.opens_per_minute_per_provider,
            1,
            120,
        ),
        ("open_age_seconds", l.open_age_seconds, 5, 900),
        ("exit_age_seconds", l.exit_age_seconds, 60, 3_600),
        ("approval_seconds", l.approval_seconds, 15, 900),
        ("remainder_seconds", l.remainder_seconds, 0, 86_400),
    ]
    .into_iter()
    .map(|(field, value, low, high)| (field, whole(value), whole(low), whole(high)))
}

fn optional(l: &Limits) -> impl Iterator<Item = Bound> {
    [
        (
            "daily_loss_amount",
            l.daily_loss_amount,
            whole(1),
            whole(1_000_000),
        ),
        ("order_value_max", l.order_value_max, whole(1), whole(1_000_000)),
        ("risk_per_trade_pct", l.risk_per_trade_pct, tenths(1), whole(10)),
    ]
    .into_iter()
    .filter_map(|(field, value, low, high)| Some((field, value?, low, high)))
}

fn classes(l: &Limits) -> Vec<Bound> {
    let wide = (whole(1), whole(50));
    [
        split(
            ["drift_pct.equity", "drift_pct.option", "drift_pct.crypto"],
            &l.drift_pct,
            (tenths(1), whole(10)),
            wide,
        ),
        split(
            [
                "implausible_pct.equity",
                "implausible_pct.option",
                "implausible_pct.crypto",
            ],
            &l.implausible_pct,
            (whole(5), whole(50)),
            (whole(20), whole(95)),
        ),
        split(
            [
                "auto_stop_pct.equity",
                "auto_stop_pct.option",
                "auto_stop_pct.crypto",
            ],
            &l.auto_stop_pct,
            (tenths(5), whole(20)),
            (whole(5), whole(90)),
        ),
    ]
    .concat()
}

/// Shares and coins share a range; options have their own.
fn split(
    [equity, option, crypto]: [&'static str; 3],
    value: &PerClass,
    plain: (Decimal, Decimal),
    options: (Decimal, Decimal),
) -> [Bound; 3] {
    [
        (equity, value.equity, plain.0, plain.1),
        (option, value.option, options.0, options.1),
        (crypto, value.crypto, plain.0, plain.1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_their_ranges() {
        assert_eq!(check(&Limits::default()), Ok(()));
    }
}
