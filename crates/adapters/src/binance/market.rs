//! Quotes, rules and bars of Binance, which shows them to anybody. Decides what is fresh enough to be answered from memory and
//! what is asked for together; refuses to judge whether a quote is good enough to trade on.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use ordercast_model::{
    instrument::Instrument,
    market::{InstrumentRules, Quote, Session},
    ports::{
        BoxFuture,
        broker::ErrorKind,
        clock::Clock,
        market::{Bar, Market, MarketError},
    },
};
use serde_json::json;
use tokio::sync::Mutex;

use super::{
    client::Client,
    config::{BinanceConfig, ConfigError},
    error::{self, No},
    map, symbol, wire,
};
use crate::meter::{Metered, Urgency};

/// How old an answer in memory may be when it is asked for.
const QUOTE_AGE_MAX: Duration = Duration::from_secs(1);
/// How long an instrument is kept fresh after it was last wanted.
const WANTED_FOR: Duration = Duration::from_secs(15 * 60);
/// Gap between two requests of the feed: 240 of weight a minute at most, of 6,000.
const FEED_GAP: Duration = Duration::from_millis(500);
/// Symbols named in one request: so many weigh as little as one.
const TOGETHER: usize = 20;
/// Instruments kept fresh; what is wanted beyond it is asked for each time.
const WANTED_MAX: usize = 1_000;
/// How old an instrument's rules may be.
const RULES_AGE_MAX: Duration = Duration::from_secs(15 * 60);
/// How old the list of everything may be.
const LIST_AGE_MAX: Duration = Duration::from_secs(3_600);
/// Rules kept; beyond it they are asked for anew.
const RULES_MAX: usize = 5_000;
/// Most bars of one answer, which is Binance's.
const BARS_MAX: u32 = 1_000;

type Aged<T> = (Duration, T);

#[derive(Default)]
struct Board {
    quotes: BTreeMap<Instrument, Aged<Quote>>,
    /// When each was wanted last.
    wanted: BTreeMap<Instrument, Duration>,
    rules: BTreeMap<String, Aged<InstrumentRules>>,
}

/// Market data of Binance.
pub struct BinanceMarket {
    client: Client,
    clock: Arc<dyn Clock>,
    board: RwLock<Board>,
    listed: Mutex<Option<Aged<Vec<InstrumentRules>>>>,
}

fn failed(no: No, what: &str) -> MarketError {
    match no {
        No::Refused(refusal)
            if matches!(refusal.kind, ErrorKind::InvalidSymbol | ErrorKind::InvalidOrder) =>
        {
            MarketError::UnknownSymbol(what.to_owned())
        }
        no => MarketError::Unavailable(error::words(&no)),
    }
}

impl BinanceMarket {
    /// The market, and the future that keeps wanted quotes fresh: run it until the program ends. Without it every quote
    /// is asked for.
    ///
    /// # Errors
    /// When an address cannot be used.
    pub fn connect(
        config: &BinanceConfig,
        http: impl Into<Metered>,
        clock: Arc<dyn Clock>,
    ) -> Result<(Arc<Self>, BoxFuture<'static, ()>), ConfigError> {
        let market = Arc::new(Self {
            client: Client::new(config, http.into(), clock.clone())?,
            clock,
            board: RwLock::default(),
            listed: Mutex::new(None),
        });
        let feed = feed(market.clone());
        Ok((market, Box::pin(feed)))
    }

    fn look<T>(&self, see: impl FnOnce(&Board) -> T) -> T {
        see(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, act: impl FnOnce(&mut Board) -> T) -> T {
        act(&mut self.board.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_fresh(&self, at: Duration, age_max: Duration) -> bool {
        self.clock.monotonic().saturating_sub(at) <= age_max
    }

    fn quote_coin(&self) -> &str {
        &self.client.hosts.quote
    }

    /// Asks for some instruments and keeps what comes.
    async fn refresh(&self, wanted: &[Instrument], urgency: Urgency) -> Result<(), No> {
        let named: BTreeMap<String, &Instrument> = wanted
            .iter()
            .filter_map(|i| Some((symbol::theirs(i)?, i)))
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let symbols: Vec<&String> = named.keys().collect();
        let params = vec![("symbols", json!(symbols).to_string())];
        let client = self.client.at(urgency);
        let found: Vec<wire::Ticker> = client.data("api/v3/ticker/24hr", &params, 2).await?;
        let (now, at) = (self.clock.monotonic(), self.clock.now());
        self.change(|board| {
            for ticker in &found {
                let Some(instrument) = named.get(&ticker.symbol) else {
                    continue;
                };
                if let Some(quote) = map::quote(instrument, ticker, at) {
                    board.quotes.insert((*instrument).clone(), (now, quote));
                }
            }
        });
        Ok(())
    }

    fn want(&self, instrument: &Instrument) {
        let now = self.clock.monotonic();
        self.change(|board| {
            if board.wanted.len() < WANTED_MAX || board.wanted.contains_key(instrument) {
                board.wanted.insert(instrument.clone(), now);
            }
        });
    }

    async fn ask_quote(&self, instrument: &Instrument) -> Result<Quote, MarketError> {
        let name = instrument.to_string();
        if symbol::theirs(instrument).is_none() {
            return Err(MarketError::UnknownSymbol(name));
        }
        self.want(instrument);
        let held = |market: &Self| {
            market.look(|b| {
                let (at, quote) = b.quotes.get(instrument)?;
                market.is_fresh(*at, QUOTE_AGE_MAX).then(|| quote.clone())
            })
        };
        if let Some(quote) = held(self) {
            return Ok(quote);
        }
        self.refresh(std::slice::from_ref(instrument), Urgency::Order)
            .await
            .map_err(|no| failed(no, &name))?;
        held(self).ok_or_else(|| MarketError::Unavailable(format!("Binance shows no bid and ask of {name}")))
    }

    async fn ask_rules(&self, text: &str) -> Result<InstrumentRules, MarketError> {
        let kept = self.look(|b| {
            let (at, rules) = b.rules.get(text)?;
            self.is_fresh(*at, RULES_AGE_MAX).then(|| rules.clone())
        });
        if let Some(rules) = kept {
            return Ok(rules);
        }
        for instrument in symbol::meant(text, self.quote_coin()) {
            let Some(rules) = self.rules_of(&instrument).await.map_err(|no| failed(no, text))? else {
                continue;
            };
            let now = self.clock.monotonic();
            self.change(|board| {
                if board.rules.len() >= RULES_MAX {
                    board.rules.clear();
                }
                board.rules.insert(text.to_owned(), (now, rules.clone()));
            });
            return Ok(rules);
        }
        Err(MarketError::UnknownSymbol(text.to_owned()))
    }

    /// The rules of one instrument; none when Binance does not list it.
    async fn rules_of(&self, instrument: &Instrument) -> Result<Option<InstrumentRules>, No> {
        let Some(name) = symbol::theirs(instrument) else {
            return Ok(None);
        };
        // A name of other letters is no symbol, and Binance would call it malformed.
        if !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Ok(None);
        }
        let params = vec![("symbol", name.clone())];
        let client = self.client.at(Urgency::Order);
        let info = client
            .data::<wire::ExchangeInfo>("api/v3/exchangeInfo", &params, 20)
            .await;
        match info {
            Ok(info) => {
                let found = info.symbols.iter().find(|s| s.symbol == name);
                Ok(found.map(|s| s.rules(instrument)))
            }
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::InvalidSymbol => Ok(None),
            Err(no) => Err(no),
        }
    }

    /// All that is tradable. The list is long: it is kept for an hour, and one question asks for it at a time.
    async fn ask_list(&self) -> Result<Vec<InstrumentRules>, MarketError> {
        let mut held = self.listed.lock().await;
        if let Some((at, all)) = held.as_ref()
            && self.is_fresh(*at, LIST_AGE_MAX)
        {
            return Ok(all.clone());
        }
        let info: wire::ExchangeInfo = self
            .client
            .data("api/v3/exchangeInfo", &Vec::new(), 20)
            .await
            .map_err(|no| failed(no, "list"))?;
        let quote = self.quote_coin();
        let paid = info
            .symbols
            .iter()
            .filter(|s| s.quote_asset == quote && s.trades());
        let all: Vec<InstrumentRules> = paid
            .filter_map(|s| Some(s.rules(&symbol::pair(&s.base_asset, quote)?)))
            .collect();
        *held = Some((self.clock.monotonic(), all.clone()));
        Ok(all)
    }

    /// What is to be asked for next: all that was wanted lately, in parts.
    fn due(&self) -> Vec<Vec<Instrument>> {
        let now = self.clock.monotonic();
        let wanted: Vec<Instrument> = self.change(|board| {
            board.wanted.retain(|_, at| now.saturating_sub(*at) <= WANTED_FOR);
            board.wanted.keys().cloned().collect()
        });
        wanted.chunks(TOGETHER).map(<[Instrument]>::to_vec).collect()
    }
}

async fn feed(market: Arc<BinanceMarket>) {
    let pause = async |span: Duration| market.clock.sleep_until(market.clock.now().plus(span)).await;
    loop {
        let due = market.due();
        if due.is_empty() {
            pause(QUOTE_AGE_MAX).await;
        }
        for part in due {
            match market.refresh(&part, Urgency::Read).await {
                Ok(()) => {}
                Err(No::Waiting(wait)) => pause(wait).await,
                Err(No::Limited(wait, why)) => {
                    tracing::warn!(why, "Binance's market data asks to wait");
                    pause(wait).await;
                }
                Err(no) => tracing::warn!(why = error::words(&no), "quotes of Binance not read"),
            }
            pause(FEED_GAP).await;
        }
    }
}

impl Market for BinanceMarket {
    fn latest(&self, instrument: &Instrument) -> Option<Quote> {
        self.want(instrument);
        self.look(|b| b.quotes.get(instrument).map(|(_, quote)| quote.clone()))
    }

    fn quote<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Quote, MarketError>> {
        Box::pin(self.ask_quote(instrument))
    }

    fn rules<'a>(&'a self, symbol: &'a str) -> BoxFuture<'a, Result<InstrumentRules, MarketError>> {
        Box::pin(self.ask_rules(symbol))
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<InstrumentRules>, MarketError>> {
        Box::pin(self.ask_list())
    }

    fn session<'a>(&'a self, _instrument: &'a Instrument) -> BoxFuture<'a, Result<Session, MarketError>> {
        // Coins trade around the clock; a halted symbol is not tradable by its rules.
        Box::pin(async {
            Ok(Session {
                open: true,
                next_open: None,
                next_close: None,
            })
        })
    }

    fn bars<'a>(
        &'a self,
        instrument: &'a Instrument,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Bar>, MarketError>> {
        Box::pin(async move {
            let name = instrument.to_string();
            let theirs =
                symbol::theirs(instrument).ok_or_else(|| MarketError::UnknownSymbol(name.clone()))?;
            let params = vec![
                ("symbol", theirs),
                ("interval", "1m".to_owned()),
                ("limit", limit.clamp(1, BARS_MAX).to_string()),
            ];
            let lines: Vec<wire::Kline> = self
                .client
                .data("api/v3/klines", &params, 2)
                .await
                .map_err(|no| failed(no, &name))?;
            Ok(lines.iter().filter_map(map::bar).collect())
        })
    }
}
