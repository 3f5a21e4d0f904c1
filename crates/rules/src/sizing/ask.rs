//! Decides which mode answers, and rounds every answer down to the lot step. Refuses to know any limit.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    follow::Sizing,
    instrument::Instrument,
    market::Quote,
    money::{self, MoneyError, Price, Quantity},
    order::shape::OrderSide,
    signal::instruction::SizeHint,
};
use rust_decimal::Decimal;

use super::{fixed_notional, fixed_quantity, percent_of_equity, risk_percent, signal};

/// What a size is made from.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The mode of the Follow.
    pub sizing: &'a Sizing,
    /// What the message says about size; read in mode `signal` only.
    pub hint: &'a SizeHint,
    /// Equity of the account.
    pub equity: Decimal,
    /// Price per unit (RK-47): the limit, else ask or bid.
    pub price: Price,
    /// Stop of the plan, the automatic one included.
    pub stop: Option<Price>,
    /// What.
    pub instrument: &'a Instrument,
    /// Quantity step of the venue.
    pub lot: Decimal,
}

impl Ask<'_> {
    /// Value of one unit at the price.
    pub(super) fn unit(&self) -> Result<Decimal, MoneyError> {
        money::mul(self.price.value(), self.instrument.multiplier())
    }
    /// What the units are called.
    pub(super) fn units(&self) -> &str {
        match self.instrument {
            Instrument::Equity { .. } => "shares",
            Instrument::Option { .. } => "contracts",
            Instrument::Crypto { base, .. } => base,
        }
    }
}

/// A wanted size; zero when less than one lot step is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// On the lot step.
    pub quantity: Quantity,
    /// How it came about, in one sentence.
    pub explanation: String,
}

/// Why there is no size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    /// Risk sizing without a stop.
    #[error("risk sizing needs a stop, and there is none")]
    NoStop,
    /// The stop is at the entry: no distance to divide by.
    #[error("risk sizing needs a stop away from the entry {0}")]
    StopAtEntry(Price),
    /// Numbers too large, or below zero.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The price a size is made with (RK-47): the limit, else ask for a buy and bid for a sale.
#[must_use]
pub const fn limit_or_touch(limit: Option<Price>, side: OrderSide, quote: &Quote) -> Price {
    match (limit, side) {
        (Some(limit), _) => limit,
        (None, OrderSide::Buy) => quote.ask,
        (None, OrderSide::Sell) => quote.bid,
    }
}

/// The wanted size, rounded down to the lot step.
///
/// # Errors
/// When risk sizing has no stop, or a number does not fit.
pub fn size(ask: &Ask<'_>) -> Result<Size, SizeError> {
    let (raw, why) = match ask.sizing {
        Sizing::Signal { multiplier } => signal::size(ask, *multiplier)?,
        Sizing::FixedQuantity { quantity } => fixed_quantity::size(ask, *quantity),
        Sizing::FixedNotional { amount } => fixed_notional::size(ask, *amount)?,
        Sizing::PercentOfEquity { percent } => percent_of_equity::size(ask, *percent)?,
        Sizing::RiskPercent { percent } => risk_percent::size(ask, *percent)?,
    };
    let quantity = Quantity::new(money::floor_to(raw.max(Decimal::ZERO), ask.lot)?)?;
    let explanation = format!("{why} = {quantity} {}", ask.units());
    Ok(Size {
        quantity,
        explanation,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::too_many_lines)]
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    struct Row {
        sizing: Sizing,
        symbol: &'static str,
        price: &'static str,
        stop: Option<&'static str>,
        lot: &'static str,
        hint: SizeHint,
        want: &'static str,
        says: &'static str,
    }

    fn check(row: &Row) {
        let instrument: Instrument = row.symbol.parse().unwrap();
        let got = size(&Ask {
            sizing: &row.sizing,
            hint: &row.hint,
            equity: d("10000"),
            price: row.price.parse().unwrap(),
            stop: row.stop.map(|s| s.parse().unwrap()),
            instrument: &instrument,
            lot: d(row.lot),
        })
        .unwrap();
        assert_eq!(got.quantity.value(), d(row.want), "{}", got.explanation);
        assert_eq!(got.explanation, row.says);
    }

    const fn row(sizing: Sizing, price: &'static str, want: &'static str, says: &'static str) -> Row {
        Row {
            sizing,
            symbol: "SPY",
            price,
            stop: None,
            lot: "1",
            hint: SizeHint {
                quantity: None,
                notional: None,
                account_pct: None,
                position_pct: None,
                risk_pct: None,
            },
            want,
            says,
        }
    }

    #[test]
    fn sizes_by_mode() {
        let option = "AAPL 2026-12-18 150 C";
        let hint = SizeHint {
            quantity: Some(d("7")),
            ..SizeHint::default()
        };
        let signal = Sizing::Signal { multiplier: d("0.5") };
        let rows = [
            // AC-02
            row(
                Sizing::FixedQuantity { quantity: d("100") },
                "180",
                "100",
                "Fixed quantity 100 = 100 shares",
            ),
            // AC-13
            Row {
                symbol: option,
                ..row(
                    Sizing::FixedQuantity { quantity: d("10") },
                    "2.30",
                    "10",
                    "Fixed quantity 10 = 10 contracts",
                )
            },
            // AC-11, AC-10
            Row {
                stop: Some("176.40"),
                ..row(
                    Sizing::RiskPercent { percent: d("2") },
                    "180",
                    "55",
                    "2% of equity 10,000.00 = 200.00 at risk / 3.60 a unit = 55 shares",
                )
            },
            Row {
                stop: Some("245"),
                ..row(
                    Sizing::RiskPercent { percent: d("0.5") },
                    "250",
                    "10",
                    "0.5% of equity 10,000.00 = 50.00 at risk / 5.00 a unit = 10 shares",
                )
            },
            Row {
                symbol: option,
                stop: Some("1.60"),
                ..row(
                    Sizing::RiskPercent { percent: d("1") },
                    "2.10",
                    "2",
                    "1% of equity 10,000.00 = 100.00 at risk / 50.00 a unit = 2 contracts",
                )
            },
            // the default
            row(
                Sizing::default(),
                "180",
                "1",
                "2% of equity 10,000.00 = 200.00 / 180.00 = 1 shares",
            ),
            row(
                Sizing::default(),
                "201",
                "0",
                "2% of equity 10,000.00 = 200.00 / 201.00 = 0 shares",
            ),
            Row {
                symbol: option,
                ..row(
                    Sizing::FixedNotional { amount: d("1000") },
                    "2.30",
                    "4",
                    "1,000.00 / 230.00 = 4 contracts",
                )
            },
            Row {
                symbol: "BTC/USD",
                lot: "0.0001",
                ..row(
                    Sizing::FixedNotional { amount: d("1000") },
                    "45000",
                    "0.0222",
                    "1,000.00 / 45,000.00 = 0.0222 BTC",
                )
            },
            // the signal's own words count in mode signal only
            Row {
                hint,
                ..row(signal, "180", "3", "Signal's 7 x 0.5 = 3 shares")
            },
            Row {
                hint,
                ..row(
                    Sizing::FixedQuantity { quantity: d("2") },
                    "180",
                    "2",
                    "Fixed quantity 2 = 2 shares",
                )
            },
            Row {
                hint: SizeHint {
                    account_pct: Some(d("5")),
                    ..SizeHint::default()
                },
                ..row(
                    signal,
                    "100",
                    "2",
                    "Signal's 5% x 0.5: 2.5% of equity 10,000.00 = 250.00 / 100.00 = 2 shares",
                )
            },
            Row {
                hint: SizeHint {
                    notional: Some(d("900")),
                    ..SizeHint::default()
                },
                ..row(
                    signal,
                    "100",
                    "4",
                    "Signal's 900.00 x 0.5: 450.00 / 100.00 = 4 shares",
                )
            },
            row(
                signal,
                "100",
                "2",
                "Signal names no size: 2% of equity 10,000.00 = 200.00 / 100.00 = 2 shares",
            ),
        ];
        rows.iter().for_each(check);
    }

    #[test]
    fn risk_sizing_needs_a_stop_away_from_the_entry() {
        let instrument: Instrument = "SPY".parse().unwrap();
        let mut ask = Ask {
            sizing: &Sizing::RiskPercent { percent: d("1") },
            hint: &SizeHint::default(),
            equity: d("10000"),
            price: "180".parse().unwrap(),
            stop: None,
            instrument: &instrument,
            lot: d("1"),
        };
        assert_eq!(size(&ask), Err(SizeError::NoStop));
        ask.stop = "180".parse().ok();
        assert!(matches!(size(&ask), Err(SizeError::StopAtEntry(_))));
    }
}
