//! RK-42: a fixed amount of money.

use ordercast_model::money::{self, MoneyError, show};
use rust_decimal::Decimal;

use super::Ask;

pub(super) fn size(ask: &Ask<'_>, amount: Decimal) -> Result<(Decimal, String), MoneyError> {
    let unit = ask.unit()?;
    let why = format!("{} / {}", show(amount), show(unit));
    Ok((money::div(amount, unit)?, why))
}
