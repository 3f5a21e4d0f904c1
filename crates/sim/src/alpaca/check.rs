//! Decides which kinds of order each class of asset takes at Alpaca. Refuses to look at an account.

use rust_decimal::Decimal;

use crate::{
    alpaca::{
        problem::Problem,
        ticket::{Class, Force, Terms},
    },
    venue::order::{Kind, Trail},
};

/// Which prices a type of order has.
///
/// # Errors
/// 422.
pub(super) fn needs(
    kind: Kind,
    limit: Option<Decimal>,
    stop: Option<Decimal>,
    trail: Option<Trail>,
) -> Result<(), Problem> {
    let limited = matches!(kind, Kind::Limit | Kind::StopLimit);
    let stopped = matches!(kind, Kind::Stop | Kind::StopLimit);
    let word = match kind {
        Kind::Market => "market",
        Kind::Limit => "limit",
        Kind::Stop => "stop",
        Kind::StopLimit => "stop limit",
        Kind::TrailingStop => "trailing stop",
    };
    for (field, wanted, given) in [
        ("limit price", limited, limit.is_some()),
        ("stop price", stopped, stop.is_some()),
        (
            "trail_price or trail_percent",
            kind == Kind::TrailingStop,
            trail.is_some(),
        ),
    ] {
        if wanted && !given {
            return Err(Problem::invalid(format!("{word} orders require {field}")));
        }
        if !wanted && given {
            return Err(Problem::invalid(format!("{word} orders must not have {field}")));
        }
    }
    Ok(())
}

/// What an order with legs may be.
///
/// # Errors
/// 422.
pub(super) fn class(main: &Terms, class: Class) -> Result<(), Problem> {
    if !class.is_complex() {
        return Ok(());
    }
    let name = class.word();
    if class == Class::Oco && main.kind != Kind::Limit {
        return Err(Problem::invalid("oco orders must be limit orders"));
    }
    if class != Class::Oco && matches!(main.kind, Kind::TrailingStop) {
        return Err(Problem::invalid(format!(
            "{name} orders must not be trailing stop orders"
        )));
    }
    if !matches!(main.force, Force::Day | Force::Gtc) {
        return Err(Problem::invalid(format!("{name} orders must be day or gtc")));
    }
    if main.extended {
        return Err(Problem::invalid(format!(
            "{name} orders must not be extended_hours"
        )));
    }
    if main.notional.is_some() || !main.quantity.fract().is_zero() {
        return Err(Problem::invalid("fractional orders must be simple orders"));
    }
    Ok(())
}

/// What an order of this class may be.
///
/// # Errors
/// 422.
pub(super) fn share(main: &Terms, class: Class) -> Result<(), Problem> {
    let fraction = main.notional.is_some() || !main.quantity.fract().is_zero();
    if fraction && main.force != Force::Day {
        return Err(Problem::unprocessable("fractional orders must be DAY orders"));
    }
    if fraction && (main.kind != Kind::Market || class.is_complex()) {
        return Err(Problem::unprocessable("fractional orders must be market orders"));
    }
    if main.kind.waits() && matches!(main.force, Force::Ioc | Force::Fok) {
        return Err(Problem::unprocessable("stop orders must be day or gtc"));
    }
    let late = main.kind == Kind::Limit && matches!(main.force, Force::Day | Force::Gtc);
    if main.extended && !late {
        return Err(Problem::unprocessable(
            "extended hours order must be DAY or GTC limit orders",
        ));
    }
    Ok(())
}

/// What an order of this class may be.
///
/// # Errors
/// 422.
pub(super) fn option(main: &Terms) -> Result<(), Problem> {
    let refuse = |text: &str| Err(Problem::unprocessable(text));
    if main.notional.is_some() || !main.quantity.fract().is_zero() {
        return refuse("options trading: qty must be a whole number of contracts");
    }
    if main.force != Force::Day {
        return refuse("order_time_in_force provided not supported for options trading");
    }
    if !matches!(main.kind, Kind::Market | Kind::Limit) {
        return refuse("order_type provided not supported for options trading");
    }
    if main.extended {
        return refuse("extended_hours not supported for options trading");
    }
    Ok(())
}

/// What an order of this class may be.
///
/// # Errors
/// 422.
pub(super) fn coin(main: &Terms) -> Result<(), Problem> {
    if !matches!(main.force, Force::Gtc | Force::Ioc) {
        return Err(Problem::unprocessable("invalid crypto time_in_force"));
    }
    if !matches!(main.kind, Kind::Market | Kind::Limit | Kind::StopLimit) {
        return Err(Problem::unprocessable("invalid order type for crypto order"));
    }
    if main.kind == Kind::StopLimit && main.force == Force::Ioc {
        return Err(Problem::unprocessable("invalid crypto time_in_force"));
    }
    if main.extended {
        return Err(Problem::unprocessable("extended hours not supported for crypto"));
    }
    Ok(())
}
