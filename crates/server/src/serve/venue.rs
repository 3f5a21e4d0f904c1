//! The venues that are enabled: one function each, which knows the settings of its venue and what it needs.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Result;
use ordercast_adapters::{
    alpaca::{self, AlpacaBroker, AlpacaMarket},
    binance::{self, BinanceBroker, BinanceMarket},
    meter::{Budget, Metered},
    paper::{PaperBroker, PaperConfig, PaperMarket},
};
use ordercast_app::lend::Accounts;
use ordercast_model::ports::{
    BoxFuture,
    broker::Broker,
    clock::{Clock, Random},
    market::Market,
};

use crate::config::broker::{ALPACA, BINANCE, Brokers, PAPER};

/// What the enabled venues are reached by.
pub struct Venues {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// By name.
    pub brokers: BTreeMap<String, Arc<dyn Broker>>,
    /// By name.
    pub markets: BTreeMap<String, Arc<dyn Market>>,
    /// The paper venue, when enabled.
    pub paper: Option<(Arc<dyn Broker>, Arc<PaperMarket>)>,
    /// What must run for them to work.
    pub feeds: Vec<BoxFuture<'static, ()>>,
}

impl Venues {
    /// None is enabled yet.
    pub fn new(http: reqwest::Client, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            http,
            clock,
            random,
            brokers: BTreeMap::new(),
            markets: BTreeMap::new(),
            paper: None,
            feeds: Vec::new(),
        }
    }

    /// The paper venue, where it is enabled and its address is known.
    pub fn paper(&mut self, config: &Brokers) -> Result<()> {
        let Some(base) = config.paper_venue_base.as_ref().filter(|_| config.has(PAPER)) else {
            return Ok(());
        };
        let settings = PaperConfig {
            admin_key: config.admin_key(),
            native_protection: config.paper_protection_native,
            dedupe: config.paper_dedupe,
            visibility_window: config.paper_visibility,
            ..PaperConfig::new(base.clone())
        };
        let (http, clock, random) = (&self.http, &self.clock, &self.random);
        let broker = PaperBroker::new(&settings, http.clone(), clock.clone(), random.clone())?;
        let broker: Arc<dyn Broker> = Arc::new(broker);
        let (market, feed) = PaperMarket::connect(&settings, http.clone(), clock.clone(), random.clone())?;
        self.feeds.push(feed);
        self.brokers.insert(PAPER.to_owned(), broker.clone());
        self.markets.insert(PAPER.to_owned(), market.clone());
        self.paper = Some((broker, market));
        Ok(())
    }

    /// Alpaca, where it is enabled. Its quotes are asked for with the credentials that `lender` finds.
    pub fn alpaca(&mut self, config: &Brokers, budget: &Budget, lender: Arc<Accounts>) -> Result<()> {
        if !config.has(ALPACA) {
            return Ok(());
        }
        let settings = config.alpaca.settings();
        let allowed = || alpaca::allowance(budget.headroom());
        let trading = budget.meter("alpaca", "Alpaca", allowed());
        let data = budget.meter("alpaca-data", "Alpaca", allowed());
        let line = Metered::new(self.http.clone(), trading, Some(data));
        let broker = AlpacaBroker::new(&settings, line.clone(), self.clock.clone(), self.random.clone())?;
        let (market, feed) = AlpacaMarket::connect(&settings, line, lender, self.clock.clone())?;
        self.feeds.push(feed);
        self.brokers.insert(ALPACA.to_owned(), Arc::new(broker));
        self.markets.insert(ALPACA.to_owned(), market);
        Ok(())
    }

    /// Binance, where it is enabled. Its quotes are shown to anybody; trading and quotes share one allowance.
    pub fn binance(&mut self, config: &Brokers, budget: &Budget) -> Result<()> {
        if !config.has(BINANCE) {
            return Ok(());
        }
        let settings = config.binance.settings();
        let meter = budget.meter("binance", "Binance", binance::allowance(budget.headroom()));
        let line = Metered::new(self.http.clone(), meter, None);
        let broker = BinanceBroker::new(&settings, line.clone(), self.clock.clone(), self.random.clone())?;
        let (market, feed) = BinanceMarket::connect(&settings, line, self.clock.clone())?;
        self.feeds.push(feed);
        self.brokers.insert(BINANCE.to_owned(), Arc::new(broker));
        self.markets.insert(BINANCE.to_owned(), market);
        Ok(())
    }
}
