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

/// Regular sessions, true instants in seconds: written down here, so that the program's calendar is compared with something
/// else than itself. The days around Thanksgiving 2026: Monday to Wednesday, a holiday, a short Friday, Monday.
const SESSIONS: [(i64, i64); 5] = [
    (1_795_444_200, 1_795_467_600),
    (1_795_530_600, 1_795_554_000),
    (1_795_617_000, 1_795_640_400),
    (1_795_789_800, 1_795_802_400),
    (1_796_049_000, 1_796_072_400),
];

/// The instant of the first open, and of the last close before the holiday.
pub fn first_open() -> Timestamp {
    Timestamp::from_seconds(SESSIONS[0].0)
}
pub fn holiday_close() -> Timestamp {
    Timestamp::from_seconds(SESSIONS[2].1)
}
/// All opens and closes.
pub fn opens() -> impl Iterator<Item = Timestamp> {
    SESSIONS
        .into_iter()
        .map(|(open, _)| Timestamp::from_seconds(open))
}
pub fn closes() -> impl Iterator<Item = Timestamp> {
    SESSIONS
        .into_iter()
        .map(|(_, close)| Timestamp::from_seconds(close))
}
pub fn in_hours(at: Timestamp) -> bool {
    SESSIONS
        .iter()
        .any(|(open, close)| (*open..*close).contains(&at.seconds()))
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
    /// Trading halts until then.
    closed_until: Option<Timestamp>,
    /// Since when it trades, or does not.
    turned: Timestamp,
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
                turned: Timestamp::default(),
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
    /// Halts until an instant; ends a halt.
    pub fn close_until(&self, open: Option<Timestamp>) {
        let now = self.clock.truth();
        let mut tape = self.tape();
        tape.closed_until = open;
        tape.turned = now;
    }
    pub fn is_open(&self) -> bool {
        let now = self.clock.truth();
        in_hours(now) && self.tape().closed_until.is_none_or(|open| now >= open)
    }
    /// Whether it was closed throughout the last so many microseconds.
    pub fn was_closed(&self, micros: i64) -> bool {
        let now = self.clock.truth();
        let before = Timestamp::from_micros(now.micros() - micros);
        let tape = self.tape();
        let halted = tape.closed_until.is_some_and(|open| now < open) && tape.turned <= before;
        halted || !in_hours(now) && !in_hours(before)
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
        let halted = tape.closed_until.filter(|open| *open > now);
        // Out of hours it says "closed" and no more: when the next session is, the program has to know.
        let session = Session {
            open: halted.is_none() && in_hours(now),
            next_open: halted.filter(|open| in_hours(*open)),
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
