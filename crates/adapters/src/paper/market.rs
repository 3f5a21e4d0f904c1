//! Quotes, rules and sessions of the paper venue. Decides what is fresh enough to be answered from memory; refuses to
//! judge whether a quote is good enough to trade on.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ordercast_model::{
    instrument::Instrument,
    market::{InstrumentRules, Quote, Session},
    ports::{
        BoxFuture,
        clock::{Clock, Random},
        market::{Bar, Market, MarketError},
    },
};
use tokio::sync::{Mutex, Notify};

use super::{
    client::Client,
    config::{ConfigError, PaperConfig},
    error::{self, No},
    map, wire,
};
use crate::{
    backoff::Backoff,
    socket::{Lost, Socket},
};

/// How old an answer kept in memory may be when the feed does not carry it.
const QUOTE_AGE_MAX: Duration = Duration::from_secs(1);
/// How old a quote of the feed may be before the venue is asked whether it still stands: an expired option falls silent.
const LIVE_AGE_MAX: Duration = Duration::from_secs(30);
/// How old the calendar may be.
const CALENDAR_AGE_MAX: Duration = Duration::from_secs(1);
/// How old an instrument's rules may be: a halt shows within this.
const RULES_AGE_MAX: Duration = Duration::from_secs(5);
/// Symbols kept beside those listed; beyond it the oldest look-ups are forgotten.
const ASKED_MAX: usize = 2_000;
/// Symbols the feed carries beside those listed; what is asked for beyond it is asked for each time.
const WANTED_MAX: usize = 400;
/// Symbols named in one request to the feed.
const WANTED_FRAME: usize = 100;

/// Something with the time at which it was learnt.
type Aged<T> = (Duration, T);

#[derive(Default)]
struct Board {
    /// What the feed brought.
    live: BTreeMap<Instrument, Quote>,
    /// What was asked for by name.
    asked: BTreeMap<Instrument, Aged<Quote>>,
    /// Rules by the spelling that was asked for.
    rules: BTreeMap<String, Aged<InstrumentRules>>,
    /// Instruments the feed must carry besides those listed.
    wanted: BTreeSet<Instrument>,
}

/// Market data of the paper venue.
pub struct PaperMarket {
    client: Client,
    clock: Arc<dyn Clock>,
    board: RwLock<Board>,
    calendar: Mutex<Option<Aged<wire::Calendar>>>,
    fed: AtomicBool,
    more: Notify,
}

impl PaperMarket {
    /// The market, and the future that keeps its quotes fresh: run it until the program ends. Without it every quote
    /// is asked for.
    ///
    /// # Errors
    /// When the address is not one of the venue.
    pub fn connect(
        config: &PaperConfig,
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<(Arc<Self>, BoxFuture<'static, ()>), ConfigError> {
        let market = Arc::new(Self {
            client: Client::new(config, http.into())?,
            clock: clock.clone(),
            board: RwLock::default(),
            calendar: Mutex::new(None),
            fed: AtomicBool::new(false),
            more: Notify::new(),
        });
        let feed = feed(market.clone(), Backoff::new(clock, random));
        Ok((market, Box::pin(feed)))
    }

    /// Whether quotes arrive by themselves.
    #[must_use]
    pub fn is_fed(&self) -> bool {
        self.fed.load(Ordering::Acquire)
    }

    fn look<T>(&self, see: impl FnOnce(&Board) -> T) -> T {
        see(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, act: impl FnOnce(&mut Board) -> T) -> T {
        act(&mut self.board.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn fresh<T: Clone>(&self, held: Option<&Aged<T>>, age_max: Duration) -> Option<T> {
        let (at, value) = held?;
        (self.clock.monotonic().saturating_sub(*at) <= age_max).then(|| value.clone())
    }

    fn post(&self, quotes: &[wire::Quote]) {
        let quotes: Vec<Quote> = quotes.iter().filter_map(|q| map::quote(q).ok()).collect();
        self.change(|board| {
            for quote in quotes {
                board.live.insert(quote.instrument.clone(), quote);
            }
        });
    }

    async fn ask_quote(&self, instrument: &Instrument) -> Result<Quote, MarketError> {
        if self.is_fed()
            && let Some(quote) = self.look(|b| b.live.get(instrument).cloned())
            && self.clock.now().since(quote.at) <= LIVE_AGE_MAX
        {
            return Ok(quote);
        }
        if let Some(quote) = self.look(|b| self.fresh(b.asked.get(instrument), QUOTE_AGE_MAX)) {
            return Ok(quote);
        }
        let symbol = instrument.to_string();
        let mut url = self.client.url(&["v1", "quotes"]);
        url.query_pairs_mut().append_pair("symbols", &symbol);
        let answer: wire::Quotes = self
            .client
            .get(url, None)
            .await
            .map_err(|no| failed(no, &symbol))?;
        let Some(quote) = answer.quotes.first() else {
            let name = answer.unknown.into_iter().next().map_or(symbol, |u| u.symbol);
            return Err(MarketError::UnknownSymbol(name));
        };
        let quote = map::quote(quote).map_err(|e| MarketError::Unavailable(e.to_string()))?;
        let now = self.clock.monotonic();
        self.change(|board| {
            trim(&mut board.asked);
            board.asked.insert(instrument.clone(), (now, quote.clone()));
            if board.wanted.len() < WANTED_MAX && board.wanted.insert(instrument.clone()) {
                self.more.notify_one();
            }
        });
        Ok(quote)
    }

    async fn ask_rules(&self, symbol: &str) -> Result<InstrumentRules, MarketError> {
        if let Some(rules) = self.look(|b| self.fresh(b.rules.get(symbol), RULES_AGE_MAX)) {
            return Ok(rules);
        }
        if symbol.trim().is_empty() {
            return Err(MarketError::UnknownSymbol(symbol.to_owned()));
        }
        let url = self.client.url(&["v1", "instruments", symbol]);
        let listing: wire::Listing = self
            .client
            .get(url, None)
            .await
            .map_err(|no| failed(no, symbol))?;
        let rules = map::rules(&listing).map_err(|e| MarketError::Unavailable(e.to_string()))?;
        let now = self.clock.monotonic();
        self.change(|board| {
            trim(&mut board.rules);
            board.rules.insert(symbol.to_owned(), (now, rules.clone()));
        });
        Ok(rules)
    }

    async fn ask_session(&self, instrument: &Instrument) -> Result<Session, MarketError> {
        // One question at a time: whoever waits here finds the answer of the one before.
        let mut held = self.calendar.lock().await;
        let calendar = match self.fresh(held.as_ref(), CALENDAR_AGE_MAX) {
            Some(calendar) => calendar,
            None => {
                let url = self.client.url(&["v1", "clock"]);
                let calendar: wire::Calendar = self
                    .client
                    .get(url, None)
                    .await
                    .map_err(|no| failed(no, "clock"))?;
                *held = Some((self.clock.monotonic(), calendar.clone()));
                calendar
            }
        };
        let class = instrument.class().code();
        calendar
            .classes
            .get(class)
            .map(|hours| map::session(*hours))
            .ok_or_else(|| MarketError::Unavailable(format!("the venue tells no session of class {class}")))
    }

    /// Follows the feed over one connection.
    async fn follow(&self, backoff: &mut Backoff) -> Lost {
        let mut socket = match Socket::open(&self.client.url(&["v1", "stream"]), None).await {
            Ok(socket) => socket,
            Err(lost) => return lost,
        };
        let mut told = BTreeSet::new();
        let everything = serde_json::json!({"op": "subscribe", "symbols": ["*"]});
        if let Err(lost) = socket.send(everything.to_string()).await {
            return lost;
        }
        // The feed tells changes: what stands still must be read once.
        match self
            .client
            .get::<wire::Quotes>(self.client.url(&["v1", "quotes"]), None)
            .await
        {
            Ok(all) => self.post(&all.quotes),
            Err(no) => return Lost::Cut(error::of_read(no).to_string()),
        }
        self.fed.store(true, Ordering::Release);
        loop {
            if let Err(lost) = self.subscribe(&mut socket, &mut told).await {
                return lost;
            }
            let text = tokio::select! {
                biased;
                () = self.more.notified() => continue,
                text = socket.next() => text,
            };
            match text.map(|text| serde_json::from_str::<wire::Frame>(&text)) {
                Ok(Ok(wire::Frame::Quotes { quotes })) => {
                    backoff.reset();
                    self.post(&quotes);
                }
                Ok(Ok(wire::Frame::Error { code, message })) => {
                    tracing::warn!(%code, %message, "the paper venue's feed refuses a request");
                }
                Ok(Ok(_)) => {}
                Ok(Err(why)) => tracing::warn!(%why, "a frame of the paper venue does not read"),
                Err(lost) => return lost,
            }
        }
    }

    /// Asks the feed for what is wanted and was not asked for on this connection.
    async fn subscribe(&self, socket: &mut Socket, told: &mut BTreeSet<Instrument>) -> Result<(), Lost> {
        let new: Vec<Instrument> = self.look(|b| b.wanted.difference(told).cloned().collect());
        if new.is_empty() {
            return Ok(());
        }
        for part in new.chunks(WANTED_FRAME) {
            let symbols: Vec<String> = part.iter().map(Instrument::to_string).collect();
            let wish = serde_json::json!({"op": "subscribe", "symbols": symbols});
            socket.send(wish.to_string()).await?;
        }
        told.extend(new);
        Ok(())
    }
}

async fn feed(market: Arc<PaperMarket>, mut backoff: Backoff) {
    loop {
        let lost = market.follow(&mut backoff).await;
        market.fed.store(false, Ordering::Release);
        tracing::warn!(why = %lost, "the paper venue's quotes are interrupted");
        // What was asked for by name is asked again when it is wanted again.
        market.change(|board| {
            let live = std::mem::take(&mut board.live);
            let now = market.clock.monotonic();
            let stale = now.saturating_sub(QUOTE_AGE_MAX + QUOTE_AGE_MAX);
            board.asked.extend(
                live.into_iter()
                    .map(|(instrument, quote)| (instrument, (stale, quote))),
            );
        });
        backoff.pause().await;
    }
}

/// Makes room by forgetting the oldest half.
fn trim<K: Ord + Clone, V>(held: &mut BTreeMap<K, Aged<V>>) {
    if held.len() < ASKED_MAX {
        return;
    }
    let mut ages: Vec<Duration> = held.values().map(|(at, _)| *at).collect();
    ages.sort_unstable();
    let middle = ages.get(ages.len() / 2).copied().unwrap_or_default();
    held.retain(|_, (at, _)| *at > middle);
}

fn failed(no: No, symbol: &str) -> MarketError {
    match no {
        No::Refused(_, refused) if refused.code == "unknown_symbol" => {
            MarketError::UnknownSymbol(symbol.to_owned())
        }
        no => MarketError::Unavailable(error::of_read(no).to_string()),
    }
}

impl Market for PaperMarket {
    fn latest(&self, instrument: &Instrument) -> Option<Quote> {
        self.look(|b| {
            let asked = || b.asked.get(instrument).map(|(_, quote)| quote);
            b.live.get(instrument).or_else(asked).cloned()
        })
    }

    fn quote<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Quote, MarketError>> {
        Box::pin(self.ask_quote(instrument))
    }

    fn rules<'a>(&'a self, symbol: &'a str) -> BoxFuture<'a, Result<InstrumentRules, MarketError>> {
        Box::pin(self.ask_rules(symbol))
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<InstrumentRules>, MarketError>> {
        Box::pin(async move {
            let url = self.client.url(&["v1", "instruments"]);
            let all: wire::Listings = self
                .client
                .get(url, None)
                .await
                .map_err(|no| failed(no, "list"))?;
            let all: Result<Vec<_>, _> = all.instruments.iter().map(map::rules).collect();
            all.map_err(|e| MarketError::Unavailable(e.to_string()))
        })
    }

    fn session<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Session, MarketError>> {
        Box::pin(self.ask_session(instrument))
    }

    fn bars<'a>(
        &'a self,
        instrument: &'a Instrument,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Bar>, MarketError>> {
        Box::pin(async move {
            let symbol = instrument.to_string();
            let mut url = self.client.url(&["v1", "bars"]);
            url.query_pairs_mut()
                .append_pair("symbol", &symbol)
                .append_pair("limit", &limit.clamp(1, 500).to_string());
            let bars: wire::Bars = self
                .client
                .get(url, None)
                .await
                .map_err(|no| failed(no, &symbol))?;
            Ok(bars.bars.iter().map(map::bar).collect())
        })
    }
}
