//! What holds for every size, whatever the figures: lots are kept, the amount is never passed and used up to one lot, and more
//! money, a lower price or a nearer stop never make it smaller.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use ordercast_model::{follow::Sizing, instrument::Instrument, money::Price, signal::instruction::SizeHint};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Ask, size};

const SYMBOLS: [(&str, &str); 4] = [
    ("SPY", "1"),
    ("AAPL 2026-12-18 150 C", "1"),
    ("BTC/USD", "0.0001"),
    ("DOGE/USD", "0.01"),
];

#[derive(Debug, Clone)]
struct Case {
    symbol: usize,
    mode: u8,
    /// Hundredths of a unit, of a dollar or of a per cent.
    figure: i64,
    equity: i64,
    price: i64,
    /// Hundredths away from the price.
    distance: i64,
}

fn cents(n: i64) -> Decimal {
    Decimal::new(n, 2)
}

impl Case {
    fn sizing(&self) -> Sizing {
        let figure = cents(self.figure);
        let percent = figure / Decimal::ONE_HUNDRED;
        match self.mode {
            0 => Sizing::FixedQuantity { quantity: figure },
            1 => Sizing::FixedNotional { amount: figure },
            2 => Sizing::PercentOfEquity { percent },
            3 => Sizing::RiskPercent { percent },
            _ => Sizing::Signal { multiplier: percent },
        }
    }
    fn instrument(&self) -> Instrument {
        SYMBOLS[self.symbol].0.parse().unwrap()
    }
    fn lot(&self) -> Decimal {
        SYMBOLS[self.symbol].1.parse().unwrap()
    }
    fn size(&self) -> Decimal {
        let (sizing, instrument) = (self.sizing(), self.instrument());
        let ask = Ask {
            sizing: &sizing,
            hint: &SizeHint::default(),
            equity: cents(self.equity),
            price: Price::new(cents(self.price)).unwrap(),
            stop: Price::new(cents(self.price + self.distance)).ok(),
            instrument: &instrument,
            lot: self.lot(),
        };
        size(&ask).unwrap().quantity.value()
    }
    /// What one unit takes of the amount, and the amount; none where units are counted.
    fn spends(&self) -> Option<(Decimal, Decimal)> {
        let unit = cents(self.price) * self.instrument().multiplier();
        let (figure, share) = (cents(self.figure), cents(self.equity) / Decimal::ONE_HUNDRED);
        let percent = figure / Decimal::ONE_HUNDRED;
        match self.mode {
            0 => None,
            1 => Some((unit, figure)),
            2 => Some((unit, share * percent)),
            3 => Some((
                cents(self.distance) * self.instrument().multiplier(),
                share * percent,
            )),
            _ => Some((unit, share * Decimal::TWO)),
        }
    }
}

fn case() -> impl Strategy<Value = Case> {
    let figures = (1_i64..2_000_000, 0_i64..2_000_000_000);
    (
        0..SYMBOLS.len(),
        0_u8..5,
        figures,
        1_i64..9_000_000,
        1_i64..90_000,
    )
        .prop_map(|(symbol, mode, (figure, equity), price, distance)| Case {
            symbol,
            mode,
            figure,
            equity,
            price,
            distance,
        })
}

proptest! {
    #[test]
    fn lots_are_kept_and_the_amount_is_used_but_never_passed(case in case()) {
        let got = case.size();
        prop_assert!(got >= Decimal::ZERO && (got % case.lot()).is_zero(), "{got}");
        match case.spends() {
            None => prop_assert!(got <= cents(case.figure) && got + case.lot() > cents(case.figure)),
            Some((unit, amount)) => {
                prop_assert!(got * unit <= amount, "{got} x {unit} is more than {amount}");
                prop_assert!((got + case.lot()) * unit > amount, "one lot more than {got} fits into {amount}");
            }
        }
    }

    #[test]
    fn more_money_never_buys_less(case in case(), more in 0_i64..100_000_000) {
        let richer = Case { equity: case.equity + more, ..case.clone() };
        prop_assert!(richer.size() >= case.size());
        let bolder = Case { figure: case.figure + more, ..case.clone() };
        prop_assert!(bolder.size() >= case.size());
    }

    #[test]
    fn a_higher_price_or_a_stop_further_off_never_buys_more(case in case(), more in 0_i64..1_000_000) {
        let dearer = Case { price: case.price + more, ..case.clone() };
        prop_assert!(dearer.size() <= case.size());
        let wider = Case { distance: case.distance + more, ..case.clone() };
        prop_assert!(wider.size() <= case.size());
    }
}
