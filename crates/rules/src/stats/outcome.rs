//! How trades came out: how many won, how much, on average.

use ordercast_model::money;
use rust_decimal::{Decimal, RoundingStrategy};

/// Places of shares and averages.
const PLACES: u32 = 2;

/// Results of trades in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Trades.
    pub count: usize,
    /// With a result above zero.
    pub won: usize,
    /// With a result below zero.
    pub lost: usize,
    /// Won of all, per cent; none without a trade.
    pub win_rate_pct: Option<Decimal>,
    /// Sum of what was won.
    pub profit: Decimal,
    /// Sum of what was lost, not negative.
    pub loss: Decimal,
    /// Profit by loss; none without a loss.
    pub profit_factor: Option<Decimal>,
    /// Mean result; none without a trade.
    pub average: Option<Decimal>,
    /// Mean of what won.
    pub average_win: Option<Decimal>,
    /// Mean of what lost, not negative.
    pub average_loss: Option<Decimal>,
    /// Best result.
    pub best: Option<Decimal>,
    /// Worst result.
    pub worst: Option<Decimal>,
}

/// A quotient to two places, half-even; none when there is nothing to divide by.
#[must_use]
pub fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    if whole.is_zero() {
        return None;
    }
    let exact = part.checked_div(whole)?;
    Some(
        exact
            .round_dp_with_strategy(PLACES, RoundingStrategy::MidpointNearestEven)
            .normalize(),
    )
}

/// A share in per cent, to two places.
#[must_use]
pub fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    share(part.checked_mul(Decimal::ONE_HUNDRED)?, whole)
}

impl Outcome {
    /// Of results after fees.
    #[must_use]
    pub fn of(results: &[Decimal]) -> Self {
        let sum = |wanted: fn(&Decimal) -> bool| {
            let picked = results.iter().filter(|r| wanted(r));
            picked.fold(Decimal::ZERO, |sum, r| money::add(sum, *r).unwrap_or(sum))
        };
        let count = |wanted: fn(&Decimal) -> bool| results.iter().filter(|r| wanted(r)).count();
        let above: fn(&Decimal) -> bool = |r| *r > Decimal::ZERO;
        let below: fn(&Decimal) -> bool = |r| *r < Decimal::ZERO;
        let (profit, loss) = (sum(above), sum(below).abs());
        let (won, lost) = (count(above), count(below));
        let number = |n: usize| Decimal::from(n as u64);
        Self {
            count: results.len(),
            won,
            lost,
            win_rate_pct: percent(number(won), number(results.len())),
            profit,
            loss,
            profit_factor: share(profit, loss),
            average: share(
                profit.checked_sub(loss).unwrap_or_default(),
                number(results.len()),
            ),
            average_win: share(profit, number(won)),
            average_loss: share(loss, number(lost)),
            best: results.iter().max().copied(),
            worst: results.iter().min().copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wins_and_losses_are_counted_apart() {
        let results = [30, -10, 0, 20, -15].map(Decimal::from);
        let outcome = Outcome::of(&results);
        assert_eq!((outcome.count, outcome.won, outcome.lost), (5, 2, 2));
        assert_eq!(outcome.win_rate_pct, Some(Decimal::from(40)));
        assert_eq!(
            (outcome.profit, outcome.loss),
            (Decimal::from(50), Decimal::from(25))
        );
        assert_eq!(outcome.profit_factor, Some(Decimal::TWO));
        assert_eq!(outcome.average, Some(Decimal::from(5)));
        assert_eq!(
            (outcome.best, outcome.worst),
            (Some(Decimal::from(30)), Some(Decimal::from(-15)))
        );
    }

    #[test]
    fn nothing_is_no_figure() {
        let nothing = Outcome::of(&[]);
        assert_eq!(
            (nothing.win_rate_pct, nothing.profit_factor, nothing.average),
            (None, None, None)
        );
        assert_eq!(
            Outcome::of(&[Decimal::ONE]).profit_factor,
            None,
            "no loss to compare with"
        );
    }
}
