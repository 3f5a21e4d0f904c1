//! A trade a provider has called: what, at which levels, in which message, and how far it has come.

use super::level;
use crate::discord::Snowflake;
use chrono::{Datelike, NaiveDate};
use ordercast_model::instrument::{Instrument, Right};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// One open call of the cast; always long.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    /// Index into `PROVIDERS`.
    pub(super) provider: usize,
    pub(super) instrument: Instrument,
    pub(super) quantity: u32,
    pub(super) entry: Decimal,
    pub(super) stop: Decimal,
    pub(super) targets: [Decimal; 3],
    /// The template its message was written with, for edits that keep the shape.
    pub(super) template: &'static str,
    /// The opening message, once posted.
    pub(super) message: Option<Snowflake>,
    /// Turn in which it was called.
    pub(super) turn: u64,
    /// Entry below the market: may never fill.
    pub(super) waiting: bool,
    /// The stop was moved to entry.
    pub(super) at_entry: bool,
    /// A part was taken off.
    pub(super) trimmed: bool,
    /// A stop kept so close that it is meant to be hit.
    pub(super) tight: bool,
}

/// Distances in basis points of the entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Limit against the ask; negative waits below the market.
    pub(super) entry: i64,
    pub(super) stop: i64,
    pub(super) targets: [i64; 3],
}

impl Call {
    /// A call at the levels a quote gives.
    pub(super) fn at(
        provider: usize,
        instrument: Instrument,
        (bid, ask): (Decimal, Decimal),
        shape: Shape,
        quantity: u32,
    ) -> Self {
        let entry = level::above(level::shift(ask, shape.entry), &instrument);
        let base = if shape.entry < 0 { entry } else { bid };
        let target = |n: usize| level::above(level::shift(entry, shape.targets[n]), &instrument);
        Self {
            provider,
            entry,
            stop: level::below(level::shift(base, -shape.stop), &instrument),
            targets: [target(0), target(1), target(2)],
            instrument,
            quantity,
            template: "",
            message: None,
            turn: 0,
            waiting: shape.entry < 0,
            at_entry: false,
            trimmed: false,
            tight: false,
        }
    }

    /// The words a template may use for this call.
    pub(super) fn words(&self) -> BTreeMap<&'static str, String> {
        let price = |price| level::text(price, &self.instrument);
        let mut words = BTreeMap::from([
            ("qty", self.quantity.to_string()),
            ("entry", price(self.entry)),
            ("stop", price(self.stop)),
            ("t1", price(self.targets[0])),
            ("t2", price(self.targets[1])),
            ("t3", price(self.targets[2])),
            (
                "low",
                price(level::below(level::shift(self.entry, -40), &self.instrument)),
            ),
            ("sym", ticker(&self.instrument).to_owned()),
            ("lower", ticker(&self.instrument).to_lowercase()),
            ("what", self.name()),
        ]);
        if let Instrument::Option {
            expiry,
            strike,
            right,
            ..
        } = &self.instrument
        {
            let call = *right == Right::Call;
            words.insert("strike", strike.normalize().to_string());
            words.insert("exp", day(*expiry));
            words.insert("right", right.letter().to_ascii_lowercase().to_string());
            words.insert("RIGHT", right.letter().to_string());
            words.insert("rights", if call { "CALLS" } else { "PUTS" }.to_owned());
        }
        words
    }

    /// The instrument as people say it: `AAPL`, `AAPL 270c 12/4`, `BTC`.
    pub(super) fn name(&self) -> String {
        match &self.instrument {
            Instrument::Option {
                underlying,
                expiry,
                strike,
                right,
            } => {
                let right = right.letter().to_ascii_lowercase();
                format!("{underlying} {}{right} {}", strike.normalize(), day(*expiry))
            }
            other => ticker(other).to_owned(),
        }
    }
}

/// Month, day and year, so that nobody has to guess.
fn day(date: NaiveDate) -> String {
    format!(
        "{}/{}/{:02}",
        date.month(),
        date.day(),
        date.year().rem_euclid(100)
    )
}

/// Ticker or coin.
pub(super) fn ticker(instrument: &Instrument) -> &str {
    instrument.underlying()
}

/// The Friday at least this many days ahead.
pub(super) fn friday(today: NaiveDate, days: u64) -> NaiveDate {
    let mut date = today.checked_add_days(chrono::Days::new(days)).unwrap_or(today);
    while date.weekday() != chrono::Weekday::Fri {
        date = date.succ_opt().unwrap_or(date);
    }
    date
}

/// The listed strike nearest to a price: steps of 5 above 200, 2.5 above 50, else 1.
pub(super) fn strike_near(price: Decimal) -> Decimal {
    let step = if price >= Decimal::from(200) {
        Decimal::from(5)
    } else if price >= Decimal::from(50) {
        Decimal::new(25, 1)
    } else {
        Decimal::ONE
    };
    let steps = price.checked_div(step).unwrap_or(Decimal::ONE).round();
    steps.checked_mul(step).unwrap_or(step).max(step).normalize()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn strikes_and_fridays_exist() {
        for (price, strike) in [
            ("271.1", "270"),
            ("184.2", "185"),
            ("168.7", "167.5"),
            ("13.2", "13"),
            ("0.2", "1"),
        ] {
            assert_eq!(strike_near(price.parse().unwrap()).to_string(), strike);
        }
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(day(friday(monday, 7)), "12/4/26");
    }
}
