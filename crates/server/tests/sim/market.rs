//! Prices as the world has them, and the port that tells them to the program. The venue fills at these prices.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ordercast_model::{
    instrument::Instrument,
    market::{InstrumentRules, Quote, Session},
    money::Price,
    ports::{
        BoxFuture,
        market::{Bar, Market, MarketError},
    },
    time::Timestamp,
};
use ordercast_testkit::market::rules;
use rust_decimal::Decimal;

use crate::clock::SimClock;

/// What is traded, and where its price begins.
pub const SYMBOLS: [(&str, u32); 4] = [("AAPL", 180), ("MSFT", 400), ("KO", 60), ("NVDA", 120)];

pub fn stock(index: usize) -> Instrument {
    let (symbol, _) = SYMBOLS[index % SYMBOLS.len()];
    Instrument::Equity {
        symbol: symbol.to_owned(),
    }
}

/// A price in cents.
pub fn cents(n: i64) -> Price {
    Price::new(Decimal::new(n.max(1), 2)).unwrap()
}

struct Tape {
    /// Middle price in cents.
    prices: BTreeMap<Instrument, i64>,
    away: bool,
    /// Quotes stand still since then.
    frozen: Option<Timestamp>,
    /// The session is closed until then.
    closed_until: Option<Timestamp>,
}

/// The market of every simulated venue.
pub struct SimMarket {
    clock: SimClock,
    tape: Mutex<Tape>,
}

impl SimMarket {
    pub fn new(clock: SimClock) -> Self {
        let begin = |(i, (_, price)): (usize, &(&str, u32))| (stock(i), i64::from(*price) * 100);
        Self {
            clock,
            tape: Mutex::new(Tape {
                prices: SYMBOLS.iter().enumerate().map(begin).collect(),
                away: false,
                frozen: None,
                closed_until: None,
            }),
        }
    }
    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Middle price in cents.
    pub fn mid(&self, instrument: &Instrument) -> i64 {
        self.tape().prices.get(instrument).copied().unwrap_or(100)
    }
    pub fn bid(&self, instrument: &Instrument) -> Price {
        cents(self.mid(instrument) - 1)
    }
    pub fn ask(&self, instrument: &Instrument) -> Price {
        cents(self.mid(instrument) + 1)
    }
    /// Moves a price by so many hundredths of a per cent.
    pub fn shift(&self, instrument: &Instrument, points: i64) {
        let mut tape = self.tape();
        if let Some(mid) = tape.prices.get_mut(instrument) {
            *mid = (*mid + *mid * points / 10_000).max(500);
        }
    }
    pub fn set_away(&self, away: bool) {
        self.tape().away = away;
    }
    pub fn freeze(&self, frozen: bool) {
        let now = self.clock.truth();
        self.tape().frozen = frozen.then_some(now);
    }
    pub fn close_until(&self, open: Option<Timestamp>) {
        self.tape().closed_until = open;
    }
    pub fn is_open(&self) -> bool {
        let now = self.clock.truth();
        self.tape().closed_until.is_none_or(|open| now >= open)
    }
    fn read(&self, instrument: &Instrument) -> Result<Quote, MarketError> {
        let now = self.clock.truth();
        let tape = self.tape();
        if tape.away {
            return Err(MarketError::Unavailable("market data is away".to_owned()));
        }
        let mid = tape
            .prices
            .get(instrument)
            .ok_or_else(|| MarketError::UnknownSymbol(instrument.to_string()))?;
        Ok(Quote {
            instrument: instrument.clone(),
            bid: cents(mid - 1),
            ask: cents(mid + 1),
            last: cents(*mid),
            volume: Decimal::ONE_THOUSAND,
            change_pct: Decimal::ZERO,
            at: tape.frozen.unwrap_or(now),
        })
    }
}

fn ready<T: Send + 'static>(value: T) -> BoxFuture<'static, T> {
    Box::pin(std::future::ready(value))
}

impl Market for SimMarket {
    fn latest(&self, instrument: &Instrument) -> Option<Quote> {
        self.read(instrument).ok()
    }
    fn quote<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Quote, MarketError>> {
        ready(self.read(instrument))
    }
    fn rules<'a>(&'a self, symbol: &'a str) -> BoxFuture<'a, Result<InstrumentRules, MarketError>> {
        let instrument: Result<Instrument, _> = symbol.parse();
        let known = instrument.map_err(|_| MarketError::UnknownSymbol(symbol.to_owned()));
        ready(known.and_then(|i| self.read(&i)).map(|q| rules(&q.instrument)))
    }
    fn list(&self) -> BoxFuture<'_, Result<Vec<InstrumentRules>, MarketError>> {
        ready(Ok(self.tape().prices.keys().map(rules).collect()))
    }
    fn session<'a>(&'a self, _: &'a Instrument) -> BoxFuture<'a, Result<Session, MarketError>> {
        let now = self.clock.truth();
        let tape = self.tape();
        let closed = tape.closed_until.filter(|open| *open > now);
        let session = Session {
            open: closed.is_none(),
            next_open: closed,
            next_close: None,
        };
        ready(if tape.away {
            Err(MarketError::Unavailable("market data is away".to_owned()))
        } else {
            Ok(session)
        })
    }
    fn bars<'a>(
        &'a self,
        instrument: &'a Instrument,
        _: u32,
    ) -> BoxFuture<'a, Result<Vec<Bar>, MarketError>> {
        ready(Err(MarketError::UnknownSymbol(instrument.to_string())))
    }
}
