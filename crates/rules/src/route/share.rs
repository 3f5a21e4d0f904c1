//! Decides how a quantity is shared out over targets or ladder steps (PRODUCT EX-13).
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::money::{self, MoneyError, Quantity};
use rust_decimal::Decimal;

/// Shares `total` out: rounded down to the lot step each, the last takes what is left. With fewer lot steps than
/// shares the first ones get one step each and the others nothing.
/// `shares` are weights; they need not add up to 100.
///
/// # Errors
/// `Overflow`.
pub fn split(total: Quantity, shares: &[Decimal], lot: Decimal) -> Result<Vec<Quantity>, MoneyError> {
    let whole = money::floor_to(total.value(), lot)?;
    let lot = if lot > Decimal::ZERO { lot } else { whole };
    let weights = shares
        .iter()
        .try_fold(Decimal::ZERO, |sum, s| money::add(sum, *s))?;
    let count = Decimal::from(shares.len());
    if shares.is_empty() || whole.is_zero() {
        return Ok(vec![Quantity::ZERO; shares.len()]);
    }
    let scarce = money::div(whole, lot)? < count;
    let mut left = whole;
    let mut parts = Vec::with_capacity(shares.len());
    for (i, share) in shares.iter().enumerate() {
        let last = i.saturating_add(1) == shares.len();
        let part = if scarce {
            lot.min(left)
        } else if last {
            left
        } else if weights.is_zero() {
            Decimal::ZERO
        } else {
            let exact = money::div(money::times(whole, *share)?, weights)?;
            money::floor_to(exact, lot)?.min(left)
        };
        left = money::sub(left, part)?;
        parts.push(Quantity::new(part)?);
    }
    Ok(parts)
}

/// The stated shares in per cent, or equal ones when any is missing.
pub(crate) fn weights(stated: &[Option<Decimal>]) -> Vec<Decimal> {
    stated
        .iter()
        .copied()
        .collect::<Option<Vec<Decimal>>>()
        .unwrap_or_else(|| vec![Decimal::ONE; stated.len()])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn check(total: &str, shares: &[&str], lot: &str, want: &[&str]) {
        let shares: Vec<Decimal> = shares.iter().map(|s| s.parse().unwrap()).collect();
        let got = split(total.parse().unwrap(), &shares, lot.parse().unwrap()).unwrap();
        let want: Vec<Quantity> = want.iter().map(|s| s.parse().unwrap()).collect();
        assert_eq!(got, want, "{total} by {shares:?}");
    }

    #[test]
    fn ac_42_targets_round_down_and_the_last_takes_the_rest() {
        check("10", &["33", "33", "34"], "1", &["3", "3", "4"]);
        check("7", &["33", "34"], "1", &["3", "4"]);
        check("2", &["33", "33", "34"], "1", &["1", "1", "0"]);
        check("3", &["50", "25", "25"], "1", &["1", "0", "2"]);
        check("1", &["50", "50"], "1", &["1", "0"]);
        check("4", &["1", "1", "1"], "1", &["1", "1", "2"]);
        check("0.01", &["1", "1"], "0.001", &["0.005", "0.005"]);
        check("0", &["1"], "1", &["0"]);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(total in 0_u32..5_000, shares in prop::collection::vec(0_u32..100, 1..7)) {
            let shares: Vec<Decimal> = shares.into_iter().map(Decimal::from).collect();
            let total = Quantity::new(Decimal::from(total)).unwrap();
            let parts = split(total, &shares, Decimal::ONE).unwrap();
            let sum: Decimal = parts.iter().map(|p| p.value()).sum();
            prop_assert_eq!(sum, total.value());
        }
    }
}
