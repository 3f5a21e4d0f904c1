//! RK-41: a fixed number of shares, contracts or coins.

use rust_decimal::Decimal;

use super::Ask;

pub(super) fn size(_: &Ask<'_>, quantity: Decimal) -> (Decimal, String) {
    (quantity, format!("Fixed quantity {}", quantity.normalize()))
}
