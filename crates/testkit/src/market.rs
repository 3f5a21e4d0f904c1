//! A market that says what it was told: quotes, rules, sessions.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    market::{InstrumentRules, Quote, Session},
    money::Price,
    ports::{
        BoxFuture,
        market::{Bar, Market, MarketError},
    },
    time::Timestamp,
};
use rust_decimal::Decimal;

#[derive(Debug, Default)]
struct Board {
    rules: BTreeMap<String, InstrumentRules>,
    quotes: BTreeMap<Instrument, Quote>,
    sessions: BTreeMap<Instrument, Session>,
    bars: BTreeMap<Instrument, Vec<Bar>>,
    away: bool,
}

/// Market data under a test's control.
#[derive(Debug, Default)]
pub struct FakeMarket(Mutex<Board>);

/// Rules a venue usually has for a class: cents and whole units, or eight decimals for coins.
#[must_use]
pub fn rules(instrument: &Instrument) -> InstrumentRules {
    let coin = instrument.class() == AssetClass::Crypto;
    let lot = if coin { Decimal::new(1, 8) } else { Decimal::ONE };
    InstrumentRules {
        instrument: instrument.clone(),
        tick: Decimal::new(1, 2),
        lot,
        quantity_min: lot,
        notional_min: Decimal::ONE,
        tradable: true,
        shortable: !coin,
    }
}

impl FakeMarket {
    /// A market that lists nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    fn board(&self) -> MutexGuard<'_, Board> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Lists an instrument with its usual rules and quotes it at one price, bid and ask alike.
    pub fn quote_at(&self, instrument: &Instrument, price: Price, at: Timestamp) {
        self.set_quote(Quote {
            instrument: instrument.clone(),
            bid: price,
            ask: price,
            last: price,
            volume: Decimal::ZERO,
            change_pct: Decimal::ZERO,
            at,
        });
    }
    /// Sets a quote, listing its instrument with the usual rules if it is not listed.
    pub fn set_quote(&self, quote: Quote) {
        let mut board = self.board();
        let name = quote.instrument.to_string();
        board
            .rules
            .entry(name)
            .or_insert_with(|| rules(&quote.instrument));
        board.quotes.insert(quote.instrument.clone(), quote);
    }
    /// Lists an instrument under another spelling too, or with rules of its own.
    pub fn set_rules(&self, spelling: &str, rules: InstrumentRules) {
        self.board().rules.insert(spelling.to_owned(), rules);
    }
    /// Opens or closes an instrument's session; open without an end unless set.
    pub fn set_session(&self, instrument: &Instrument, session: Session) {
        self.board().sessions.insert(instrument.clone(), session);
    }
    /// Sets an instrument's bars, oldest first.
    pub fn set_bars(&self, instrument: &Instrument, bars: Vec<Bar>) {
        self.board().bars.insert(instrument.clone(), bars);
    }
    /// Whether every question fails, until switched back. What is in memory stays.
    pub fn set_away(&self, away: bool) {
        self.board().away = away;
    }
    fn answer<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Board) -> Result<T, MarketError>,
    ) -> BoxFuture<'static, Result<T, MarketError>> {
        let board = self.board();
        let answer = if board.away {
            Err(MarketError::Unavailable("the fake market is away".to_owned()))
        } else {
            read(&board)
        };
        Box::pin(std::future::ready(answer))
    }
}

fn unknown(symbol: impl ToString) -> MarketError {
    MarketError::UnknownSymbol(symbol.to_string())
}

impl Market for FakeMarket {
    fn latest(&self, instrument: &Instrument) -> Option<Quote> {
        self.board().quotes.get(instrument).cloned()
    }
    fn quote<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Quote, MarketError>> {
        self.answer(|board| {
            board
                .quotes
                .get(instrument)
                .cloned()
                .ok_or_else(|| unknown(instrument))
        })
    }
    fn rules<'a>(&'a self, symbol: &'a str) -> BoxFuture<'a, Result<InstrumentRules, MarketError>> {
        self.answer(|board| board.rules.get(symbol).cloned().ok_or_else(|| unknown(symbol)))
    }
    fn list(&self) -> BoxFuture<'_, Result<Vec<InstrumentRules>, MarketError>> {
        self.answer(|board| Ok(board.rules.values().cloned().collect()))
    }
    fn session<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Session, MarketError>> {
        const OPEN: Session = Session {
            open: true,
            next_open: None,
            next_close: None,
        };
        self.answer(|board| Ok(board.sessions.get(instrument).copied().unwrap_or(OPEN)))
    }
    fn bars<'a>(
        &'a self,
        instrument: &'a Instrument,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Bar>, MarketError>> {
        self.answer(|board| {
            let bars = board.bars.get(instrument).ok_or_else(|| unknown(instrument))?;
            let first = bars.len().saturating_sub(limit as usize);
            Ok(bars.iter().skip(first).cloned().collect())
        })
    }
}
