//! Quotes, rules and sessions of Alpaca. Decides what is fresh enough to be answered from memory and what is asked for
//! together; refuses to judge whether a quote is good enough to trade on.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    market::{InstrumentRules, Quote, Session},
    ports::{
        BoxFuture,
        broker::{Access, ErrorKind, Lender},
        clock::Clock,
        market::{Bar, Market, MarketError},
    },
    time::Timestamp,
};
use reqwest::Url;
use tokio::sync::Mutex;

use super::{
    client::{Client, Who},
    config::{AlpacaConfig, ConfigError},
    error::No,
    map, symbol, wire,
};
use crate::meter::{Metered, Urgency};

/// How old an answer in memory may be when it is asked for.
const QUOTE_AGE_MAX: Duration = Duration::from_secs(1);
/// How long an instrument is kept fresh after it was last wanted.
const WANTED_FOR: Duration = Duration::from_secs(15 * 60);
/// Gap between two requests of the feed: a hundred a minute, half of what Alpaca allows.
const FEED_GAP: Duration = Duration::from_millis(600);
/// Wait of the feed after a refused key.
const REFUSED_WAIT: Duration = Duration::from_secs(60);
/// Symbols named in one request.
const TOGETHER: usize = 100;
/// Instruments kept fresh; what is wanted beyond it is asked for each time.
const WANTED_MAX: usize = 1_000;
/// How old the exchange's clock may be.
const CLOCK_AGE_MAX: Duration = Duration::from_secs(20);
/// The vendor's code, as lenders know it.
const BROKER: &str = "alpaca";

pub(super) type Aged<T> = (Duration, T);

#[derive(Default)]
pub(super) struct Board {
    pub(super) quotes: BTreeMap<Instrument, Aged<Quote>>,
    /// When each was wanted last.
    wanted: BTreeMap<Instrument, Duration>,
    pub(super) rules: BTreeMap<String, Aged<InstrumentRules>>,
}

/// Market data of Alpaca.
pub struct AlpacaMarket {
    pub(super) client: Client,
    config: AlpacaConfig,
    lender: Arc<dyn Lender>,
    pub(super) clock: Arc<dyn Clock>,
    board: RwLock<Board>,
    hours: Mutex<Option<Aged<wire::Clock>>>,
    pub(super) listed: Mutex<Option<Aged<Vec<InstrumentRules>>>>,
}

/// Why a question found no answer.
pub(super) enum Silent {
    Nobody,
    No(No),
}

impl From<No> for Silent {
    fn from(no: No) -> Self {
        Self::No(no)
    }
}

pub(super) fn failed(silent: Silent, symbol: &str) -> MarketError {
    match silent {
        Silent::No(No::Refused(refusal))
            if matches!(refusal.kind, ErrorKind::OrderNotFound | ErrorKind::InvalidOrder) =>
        {
            MarketError::UnknownSymbol(symbol.to_owned())
        }
        Silent::No(no) => MarketError::Unavailable(super::error::of_read(no).to_string()),
        Silent::Nobody => MarketError::Unavailable(
            "no account at Alpaca is connected and no key for market data is set".to_owned(),
        ),
    }
}

impl AlpacaMarket {
    /// The market, and the future that keeps wanted quotes fresh: run it until the program ends. Without it every quote
    /// is asked for.
    ///
    /// # Errors
    /// When an address cannot be used.
    pub fn connect(
        config: &AlpacaConfig,
        http: impl Into<Metered>,
        lender: Arc<dyn Lender>,
        clock: Arc<dyn Clock>,
    ) -> Result<(Arc<Self>, BoxFuture<'static, ()>), ConfigError> {
        let market = Arc::new(Self {
            client: Client::new(config, http.into())?,
            config: config.clone(),
            lender,
            clock,
            board: RwLock::default(),
            hours: Mutex::new(None),
            listed: Mutex::new(None),
        });
        let feed = feed(market.clone());
        Ok((market, Box::pin(feed)))
    }

    pub(super) fn look<T>(&self, see: impl FnOnce(&Board) -> T) -> T {
        see(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change<T>(&self, act: impl FnOnce(&mut Board) -> T) -> T {
        act(&mut self.board.write().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn is_fresh(&self, at: Duration, age_max: Duration) -> bool {
        self.clock.monotonic().saturating_sub(at) <= age_max
    }

    pub(super) async fn lent(&self) -> Result<Access, Silent> {
        self.lender.lend(BROKER).await.ok_or(Silent::Nobody)
    }

    /// Asks the data host.
    async fn data<T: serde::de::DeserializeOwned>(&self, url: Url, urgency: Urgency) -> Result<T, Silent> {
        let client = self.client.at(urgency);
        if let Some((id, secret)) = &self.config.data_key {
            return Ok(client.get(url, Who::key(id, secret)).await?);
        }
        let access = self.lent().await?;
        Ok(client.get(url, Who::of(&access)?).await?)
    }

    /// Asks a trading host in the name of a connected account.
    pub(super) async fn trading<T: serde::de::DeserializeOwned>(
        &self,
        segments: &[&str],
        urgency: Urgency,
    ) -> Result<T, Silent> {
        let access = self.lent().await?;
        let url = self.client.trading(&access, segments);
        Ok(self.client.at(urgency).get(url, Who::of(&access)?).await?)
    }

    /// The newest of everything of some instruments of one class.
    async fn snapshots(
        &self,
        class: AssetClass,
        wanted: &[Instrument],
        urgency: Urgency,
    ) -> Result<BTreeMap<String, Option<wire::Snapshot>>, Silent> {
        let symbols: Vec<String> = wanted.iter().map(symbol::theirs).collect();
        let path: &[&str] = match class {
            AssetClass::Crypto => &["v1beta3", "crypto", "us", "snapshots"],
            AssetClass::Option => &["v1beta1", "options", "snapshots"],
            _ => &["v2", "stocks", "snapshots"],
        };
        let mut url = self.client.data(path);
        url.query_pairs_mut().append_pair("symbols", &symbols.join(","));
        match class {
            AssetClass::Crypto | AssetClass::Option => {
                Ok(self.data::<wire::Snapshots>(url, urgency).await?.snapshots)
            }
            _ => self.data(url, urgency).await,
        }
    }

    /// Asks for some instruments of one class and keeps what comes.
    async fn refresh(
        &self,
        class: AssetClass,
        wanted: &[Instrument],
        urgency: Urgency,
    ) -> Result<(), Silent> {
        let found = self.snapshots(class, wanted, urgency).await?;
        let now = self.clock.monotonic();
        let mut quotes = Vec::new();
        for instrument in wanted {
            let Some(Some(snapshot)) = found.get(&symbol::theirs(instrument)) else {
                continue;
            };
            match map::quote(instrument, snapshot) {
                Ok(Some(quote)) => quotes.push(quote),
                Ok(None) => {}
                Err(why) => tracing::warn!(%instrument, %why, "a quote of Alpaca is not understood"),
            }
        }
        self.change(|board| {
            for quote in quotes {
                board.quotes.insert(quote.instrument.clone(), (now, quote));
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

    pub(super) async fn ask_quote(&self, instrument: &Instrument) -> Result<Quote, MarketError> {
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
        let name = instrument.to_string();
        self.refresh(
            instrument.class(),
            std::slice::from_ref(instrument),
            Urgency::Order,
        )
        .await
        .map_err(|silent| failed(silent, &name))?;
        held(self).ok_or_else(|| MarketError::Unavailable(format!("Alpaca shows no bid and ask of {name}")))
    }

    async fn ask_session(&self, instrument: &Instrument) -> Result<Session, MarketError> {
        if instrument.class() == AssetClass::Crypto {
            return Ok(Session {
                open: true,
                next_open: None,
                next_close: None,
            });
        }
        // One question at a time: whoever waits here finds the answer of the one before.
        let mut held = self.hours.lock().await;
        let now = self.clock.now();
        let kept = held.as_ref().and_then(|(at, clock)| {
            let session = map::session(clock).ok()?;
            let change = session.next_open.or(session.next_close);
            let over = change.is_some_and(|at| now >= at);
            (!over).then_some((*at, session))
        });
        if let Some((at, session)) = &kept
            && self.is_fresh(*at, CLOCK_AGE_MAX)
        {
            return Ok(*session);
        }
        // Exits ask this as well, and wait for nobody (PRODUCT EX-18).
        let asked = self.trading::<wire::Clock>(&["v2", "clock"], Urgency::Exit).await;
        let clock = match (asked, kept) {
            (Ok(clock), _) => clock,
            // It stands until the change that it told of.
            (Err(_), Some((_, session))) => return Ok(session),
            (Err(silent), None) => return Err(failed(silent, "clock")),
        };
        let session = map::session(&clock).map_err(|e| MarketError::Unavailable(e.to_string()))?;
        *held = Some((self.clock.monotonic(), clock));
        Ok(session)
    }

    /// What is to be asked for next, by class: all that was wanted lately, parts of it in turn.
    fn due(&self) -> Vec<(AssetClass, Vec<Instrument>)> {
        let now = self.clock.monotonic();
        let wanted: Vec<Instrument> = self.change(|board| {
            board.wanted.retain(|_, at| now.saturating_sub(*at) <= WANTED_FOR);
            board.wanted.keys().cloned().collect()
        });
        let mut by_class: BTreeMap<AssetClass, Vec<Instrument>> = BTreeMap::new();
        for instrument in wanted {
            by_class.entry(instrument.class()).or_default().push(instrument);
        }
        let parts = |(class, all): (AssetClass, Vec<Instrument>)| {
            let parts: Vec<_> = all.chunks(TOGETHER).map(|part| (class, part.to_vec())).collect();
            parts
        };
        by_class.into_iter().flat_map(parts).collect()
    }
}

async fn feed(market: Arc<AlpacaMarket>) {
    let pause = async |span: Duration| market.clock.sleep_until(market.clock.now().plus(span)).await;
    loop {
        let due = market.due();
        if due.is_empty() {
            pause(QUOTE_AGE_MAX).await;
        }
        for (class, part) in due {
            match market.refresh(class, &part, Urgency::Read).await {
                Ok(()) => {}
                Err(Silent::Nobody) => pause(QUOTE_AGE_MAX).await,
                Err(Silent::No(No::Waiting(wait))) => pause(wait).await,
                Err(Silent::No(No::Limited(wait, why))) => {
                    tracing::warn!(why, "Alpaca's market data asks to wait");
                    pause(wait).await;
                }
                Err(Silent::No(no)) => {
                    let refused = matches!(no, No::Unauthorised(_));
                    tracing::warn!(class = class.code(), why = %super::error::of_read(no), "quotes of Alpaca not read");
                    // A key that is refused stays so until somebody acts: asking on would lock it out.
                    if refused {
                        pause(REFUSED_WAIT).await;
                    }
                }
            }
            pause(FEED_GAP).await;
        }
    }
}

impl Market for AlpacaMarket {
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

    fn session<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Session, MarketError>> {
        Box::pin(self.ask_session(instrument))
    }

    fn bars<'a>(
        &'a self,
        instrument: &'a Instrument,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Bar>, MarketError>> {
        Box::pin(async move {
            let theirs = symbol::theirs(instrument);
            let path: &[&str] = match instrument.class() {
                AssetClass::Crypto => &["v1beta3", "crypto", "us", "bars"],
                AssetClass::Option => &["v1beta1", "options", "bars"],
                _ => &["v2", "stocks", "bars"],
            };
            let mut url = self.client.data(path);
            let from = days_before(self.clock.now()).utc().format("%Y-%m-%dT%H:%M:%SZ");
            url.query_pairs_mut()
                .append_pair("symbols", &theirs)
                .append_pair("timeframe", "1Min")
                .append_pair("start", &from.to_string())
                .append_pair("sort", "desc")
                .append_pair("limit", &limit.clamp(1, 500).to_string());
            let answer: wire::Bars = self
                .data(url, Urgency::Read)
                .await
                .map_err(|silent| failed(silent, &instrument.to_string()))?;
            let mut all: Vec<Bar> = answer
                .bars
                .unwrap_or_default()
                .remove(&theirs)
                .unwrap_or_default()
                .iter()
                .filter_map(map::bar)
                .collect();
            all.sort_by_key(|bar| bar.at);
            Ok(all)
        })
    }
}

/// Far enough back for the last session before a long week-end.
fn days_before(now: Timestamp) -> Timestamp {
    now.minus(Duration::from_secs(5 * 86_400))
}
