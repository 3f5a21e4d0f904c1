//! Decides what a reader beside the venue sees: the latest quotes, without waiting for the matching. Refuses to move prices.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use ordercast_model::{instrument::Instrument, time::Timestamp};

use crate::market::{
    exchange::Market,
    listing::{Catalogue, UnknownSymbol},
    option::{self, Spot},
    quote::Quote,
};

#[derive(Debug)]
struct Shown {
    quotes: BTreeMap<Instrument, Quote>,
    spots: BTreeMap<String, Spot>,
    second: i64,
    now: Timestamp,
}

/// A cheap handle on the latest quotes; clones show the same.
#[derive(Debug, Clone)]
pub struct QuoteBoard {
    catalogue: Arc<Catalogue>,
    shown: Arc<RwLock<Shown>>,
}

impl QuoteBoard {
    /// A board that shows this market as it is now.
    #[must_use]
    pub fn new(market: &Market) -> Self {
        let board = Self {
            catalogue: Arc::new(market.catalogue().clone()),
            shown: Arc::new(RwLock::new(Shown {
                quotes: BTreeMap::new(),
                spots: BTreeMap::new(),
                second: 0,
                now: market.now(),
            })),
        };
        board.publish(market);
        board
    }
    /// Shows the market as it is now.
    pub fn publish(&self, market: &Market) {
        let quotes: BTreeMap<_, _> = market
            .quotes()
            .into_iter()
            .map(|q| (q.symbol.clone(), q))
            .collect();
        let spots = quotes
            .keys()
            .filter_map(|i| Some((i.underlying().to_owned(), market.spot(i.underlying())?)));
        let spots = spots.collect();
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        shown.quotes = quotes;
        shown.spots = spots;
        shown.second = market.market_micros().div_euclid(1_000_000);
        shown.now = market.now();
    }
    /// Best prices now, options by model; `None` for what is not listed.
    #[must_use]
    pub fn quote(&self, instrument: &Instrument) -> Option<Quote> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        match instrument {
            Instrument::Option { underlying, .. } => {
                option::quote(instrument, *shown.spots.get(underlying)?, shown.second, shown.now).ok()
            }
            _ => shown.quotes.get(instrument).cloned(),
        }
    }
    /// Everything listed, with its quote.
    #[must_use]
    pub fn quotes(&self) -> Vec<Quote> {
        self.shown
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .quotes
            .values()
            .cloned()
            .collect()
    }
    /// Everything listed.
    #[must_use]
    pub fn instruments(&self) -> Vec<Instrument> {
        self.catalogue.iter().map(|l| l.instrument.clone()).collect()
    }
    /// Reads any accepted spelling.
    ///
    /// # Errors
    /// `UnknownSymbol`, by name.
    pub fn resolve(&self, text: &str) -> Result<Instrument, UnknownSymbol> {
        let instrument = self.catalogue.resolve(text)?;
        if let Instrument::Option { underlying, .. } = &instrument {
            let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
            let spot = shown
                .spots
                .get(underlying)
                .ok_or_else(|| UnknownSymbol::Listing(text.to_owned()))?;
            option::check(&instrument, spot.price, shown.now)?;
        }
        Ok(instrument)
    }
    /// When the quotes were made.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).now
    }
}
