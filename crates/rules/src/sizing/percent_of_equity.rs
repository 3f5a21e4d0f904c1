//! RK-43: a share of equity; the default.

use ordercast_model::money::{self, MoneyError, show};
use rust_decimal::Decimal;

use super::Ask;

pub(super) fn size(ask: &Ask<'_>, percent: Decimal) -> Result<(Decimal, String), MoneyError> {
    let amount = money::div(money::times(ask.equity, percent)?, Decimal::ONE_HUNDRED)?;
    let unit = ask.unit()?;
    let why = format!(
        "{}% of equity {} = {} / {}",
        percent.normalize(),
        show(ask.equity),
        show(amount),
        show(unit)
    );
    Ok((money::div(amount, unit)?, why))
}
