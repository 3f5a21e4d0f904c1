//! Decides what was known of recorded prices at an instant, and which order may meet them. Never looks ahead.

use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    money,
    time::Timestamp,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{
    history::{bar::Series, walk::Walk},
    market::{
        depth::BookSide,
        listing::{Catalogue, Listing, UnknownSymbol},
        option::OPTION_TICK,
        quote::Quote,
        tape,
    },
    venue::{
        book::{Level, Taken},
        order::Order,
        prices::Prices,
    },
};

/// Units at the only level there is: bars say nothing of depth.
const DEPTH: Decimal = Decimal::from_parts(u32::MAX, u32::MAX, 0, false, 0);
/// What is told of volatility where the listing asks for it; nothing here is priced by it.
const VOLATILITY: f64 = 0.02;

/// Distance between bid and ask that is taken where bars tell none, per cent of the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// Shares and funds.
    pub equity: Decimal,
    /// Options.
    pub option: Decimal,
    /// Coins.
    pub crypto: Decimal,
}

impl Default for Spread {
    fn default() -> Self {
        Self {
            equity: Decimal::new(4, 2),
            option: Decimal::TWO,
            crypto: Decimal::new(6, 2),
        }
    }
}

impl Spread {
    /// The one of a class.
    #[must_use]
    pub const fn of(&self, class: AssetClass) -> Decimal {
        match class {
            AssetClass::Option => self.option,
            AssetClass::Crypto => self.crypto,
            AssetClass::Equity | AssetClass::Fx | AssetClass::Future => self.equity,
        }
    }
}

/// Recorded prices of some instruments, standing at an instant.
#[derive(Debug, Clone)]
pub struct Recorded {
    catalogue: Catalogue,
    series: BTreeMap<Instrument, Series>,
    spread: Spread,
    pub(super) now: Timestamp,
    pub(super) walk: Option<Walk>,
}

impl Recorded {
    /// The prices, standing at an instant.
    #[must_use]
    pub fn new(series: BTreeMap<Instrument, Series>, spread: Spread, now: Timestamp) -> Self {
        let mut catalogue = Catalogue::default();
        for (instrument, series) in &series {
            let first = series.bars().first().and_then(|b| b.open.to_f64());
            if instrument.class() != AssetClass::Option {
                catalogue.list(instrument, first.unwrap_or(1.0), VOLATILITY);
            }
        }
        Self {
            catalogue,
            series,
            spread,
            now,
            walk: None,
        }
    }
    /// What there are bars of.
    #[must_use]
    pub const fn series(&self) -> &BTreeMap<Instrument, Series> {
        &self.series
    }
    /// The instrument a text names, when there are bars of it.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Option<Instrument> {
        let named = tape::instrument(&self.catalogue, &text.trim().to_ascii_uppercase())?;
        self.series.contains_key(&named).then_some(named)
    }
    /// Price step.
    #[must_use]
    pub fn tick(&self, symbol: &Instrument) -> Decimal {
        self.catalogue.get(symbol).map_or(OPTION_TICK, |l| l.tick)
    }
    /// Half the spread that is taken at a price, a whole number of ticks.
    #[must_use]
    pub fn half_spread(&self, symbol: &Instrument, price: Decimal) -> Decimal {
        let tick = self.tick(symbol);
        let share = money::mul(self.spread.of(symbol.class()), Decimal::new(5, 3));
        share
            .and_then(|share| money::mul(price, share))
            .and_then(|half| money::ceil_to(half, tick))
            .unwrap_or(tick)
            .max(tick)
    }
    /// Whether the session is open, and when it opens next when it is not.
    #[must_use]
    pub fn session(&self, symbol: &Instrument) -> (bool, Option<Timestamp>) {
        self.series
            .get(symbol)
            .map_or((false, None), |s| s.session(self.now))
    }
    /// The first price that could have been had after an instant: the open of the next bar, with half the spread.
    /// Looks ahead on purpose: for reports, never for decisions.
    #[must_use]
    pub fn next_open(
        &self,
        symbol: &Instrument,
        after: Timestamp,
        buys: bool,
    ) -> Option<(Timestamp, Decimal)> {
        let series = self.series.get(symbol)?;
        let bar = series.bars().get(series.after(after))?;
        let half = self.half_spread(symbol, bar.open);
        let price = if buys {
            bar.open.checked_add(half)?
        } else {
            bar.open.checked_sub(half)?
        };
        Some((bar.at, price))
    }
    /// Length of the bars of an instrument.
    #[must_use]
    pub fn length(&self, symbol: &Instrument) -> Option<Duration> {
        self.series.get(symbol).map(Series::length)
    }

    fn price(&self, symbol: &Instrument) -> Option<(Decimal, Decimal)> {
        if let Some(walk) = self.walk.as_ref().filter(|w| w.symbol == *symbol) {
            return Some((walk.price, walk.half));
        }
        let price = self.series.get(symbol)?.known(self.now)?;
        Some((price, self.half_spread(symbol, price)))
    }
}

impl Prices for Recorded {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn listing(&self, symbol: &Instrument) -> Option<&Listing> {
        self.catalogue.get(symbol)
    }
    fn quote(&self, symbol: &Instrument) -> Result<Quote, UnknownSymbol> {
        let (price, half) = self
            .price(symbol)
            .ok_or_else(|| UnknownSymbol::Listing(symbol.to_string()))?;
        let tick = self.tick(symbol);
        Ok(Quote {
            symbol: symbol.clone(),
            bid: price.checked_sub(half).unwrap_or(tick).max(tick),
            ask: price.checked_add(half).unwrap_or(price),
            bid_size: DEPTH,
            ask_size: DEPTH,
            last: price,
            volume: Decimal::ZERO,
            change: Decimal::ZERO,
            open: self.is_open(symbol),
            at: self.now,
        })
    }
    fn is_open(&self, symbol: &Instrument) -> bool {
        // What is walking trades, also at the instant its last bar ends.
        self.walk.as_ref().is_some_and(|w| w.symbol == *symbol) || self.session(symbol).0
    }
    fn lets_trade(&self, order: &Order) -> bool {
        self.walk.as_ref().is_some_and(|walk| walk.admits(order))
    }
    fn levels(&self, quote: &Quote, _: Decimal, side: BookSide, _: &Taken) -> Vec<Level> {
        let price = match side {
            BookSide::Bid => quote.bid,
            BookSide::Ask => quote.ask,
        };
        vec![Level { price, size: DEPTH }]
    }
}
