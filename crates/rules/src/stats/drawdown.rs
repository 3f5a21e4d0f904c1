//! How far equity fell from its highest point, and whether it came back.

use ordercast_model::time::Timestamp;
use rust_decimal::Decimal;

use super::outcome::percent;

/// The deepest fall of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawdown {
    /// Highest equity before it.
    pub peak: Decimal,
    /// When.
    pub peak_at: Timestamp,
    /// Lowest equity of it.
    pub trough: Decimal,
    /// When.
    pub trough_at: Timestamp,
    /// Fall in money.
    pub amount: Decimal,
    /// Fall in per cent of the peak, two places.
    pub pct: Decimal,
    /// When the peak was reached again; none when it was not.
    pub recovered_at: Option<Timestamp>,
}

/// The deepest fall in per cent of a curve, oldest point first; none when it never fell.
#[must_use]
pub fn deepest(curve: &[(Timestamp, Decimal)]) -> Option<Drawdown> {
    let mut peak = *curve.first()?;
    let mut worst: Option<Drawdown> = None;
    for &(at, equity) in curve {
        if equity >= peak.1 {
            if let Some(fall) = worst.as_mut()
                && fall.recovered_at.is_none()
                && equity >= fall.peak
            {
                fall.recovered_at = Some(at);
            }
            peak = (at, equity);
            continue;
        }
        let amount = peak.1.checked_sub(equity).unwrap_or_default();
        let pct = percent(amount, peak.1).unwrap_or_default();
        // By amounts over their peaks, crosswise: two places would hide which is deeper.
        let deeper = worst.is_none_or(|w| {
            let (new, old) = (amount.checked_mul(w.peak), w.amount.checked_mul(peak.1));
            matches!((new, old), (Some(new), Some(old)) if new > old)
        });
        if deeper {
            worst = Some(Drawdown {
                peak: peak.1,
                peak_at: peak.0,
                trough: equity,
                trough_at: at,
                amount,
                pct,
                recovered_at: None,
            });
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn curve(points: &[i64]) -> Vec<(Timestamp, Decimal)> {
        let point = |(i, e): (usize, &i64)| {
            (
                Timestamp::from_seconds(i64::try_from(i).unwrap()),
                Decimal::from(*e),
            )
        };
        points.iter().enumerate().map(point).collect()
    }

    #[test]
    fn the_deepest_fall_is_found_with_its_recovery() {
        let found = deepest(&curve(&[100, 110, 99, 105, 120, 90, 100, 125])).unwrap();
        assert_eq!(
            (found.peak, found.trough),
            (Decimal::from(120), Decimal::from(90))
        );
        assert_eq!(found.pct, Decimal::from(25));
        assert_eq!(found.recovered_at, Some(Timestamp::from_seconds(7)));
        let open = deepest(&curve(&[100, 80, 90])).unwrap();
        assert_eq!((open.amount, open.recovered_at), (Decimal::from(20), None));
        assert!(deepest(&curve(&[1, 2, 3])).is_none() && deepest(&[]).is_none());
    }
}
