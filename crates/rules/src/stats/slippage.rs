//! What stood between the price in an alert and the price that could be had.

use rust_decimal::Decimal;

use super::outcome::{percent, share};

/// Difference in per cent of the alert price; above zero is worse for the follower.
#[must_use]
pub fn adverse_pct(buys: bool, alert: Decimal, got: Decimal) -> Option<Decimal> {
    let worse = if buys {
        got.checked_sub(alert)?
    } else {
        alert.checked_sub(got)?
    };
    percent(worse, alert)
}

/// Mean and median, two places; none without a value.
#[must_use]
pub fn centre(values: &[Decimal]) -> Option<(Decimal, Decimal)> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let sum = sorted
        .iter()
        .try_fold(Decimal::ZERO, |sum, v| sum.checked_add(*v))?;
    let mean = share(sum, Decimal::from(sorted.len() as u64))?;
    let upper = sorted.get(sorted.len() / 2).copied()?;
    let lower = sorted.get((sorted.len() - 1) / 2).copied()?;
    Some((mean, share(upper.checked_add(lower)?, Decimal::TWO)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_is_above_zero_both_ways() {
        let pct = |buys, alert, got| adverse_pct(buys, Decimal::from(alert), Decimal::from(got));
        assert_eq!(pct(true, 100, 101), Some(Decimal::ONE));
        assert_eq!(pct(false, 100, 101), Some(Decimal::NEGATIVE_ONE));
        assert_eq!(pct(true, 0, 1), None);
        let values = [3, 1, 2, 10].map(Decimal::from);
        assert_eq!(centre(&values), Some((Decimal::from(4), Decimal::new(25, 1))));
        assert_eq!(centre(&[]), None);
    }
}
