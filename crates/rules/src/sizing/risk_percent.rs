//! RK-44: so many units that a hit stop loses a share of equity. Divides once, by the distance (TR-12).

use ordercast_model::money::{self, show};
use rust_decimal::Decimal;

use super::{Ask, SizeError};

pub(super) fn size(ask: &Ask<'_>, percent: Decimal) -> Result<(Decimal, String), SizeError> {
    let stop = ask.stop.ok_or(SizeError::NoStop)?;
    let distance = money::sub(ask.price.value(), stop.value())?.abs();
    if distance.is_zero() {
        return Err(SizeError::StopAtEntry(ask.price));
    }
    let per_unit = money::mul(distance, ask.instrument.multiplier())?;
    let amount = money::div(money::times(ask.equity, percent)?, Decimal::ONE_HUNDRED)?;
    let why = format!(
        "{}% of equity {} = {} at risk / {} a unit",
        percent.normalize(),
        show(ask.equity),
        show(amount),
        show(per_unit)
    );
    Ok((money::div(amount, per_unit)?, why))
}
