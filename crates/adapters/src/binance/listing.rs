//! One account's questions to Binance: orders, rules, balances, prices. Decides under which symbols an order of ours is looked
//! for when nobody says; refuses to say "not found" when a question failed.

use std::{collections::BTreeSet, sync::Arc};

use ordercast_model::{
    instrument::Instrument,
    order::identity::ClientOrderId,
    ports::{
        broker::{Access, BrokerError, ErrorKind, VenueOrder},
        clock::Clock,
    },
};
use rust_decimal::Decimal;

use super::{
    client::{Client, Who},
    error::{self, No},
    map::{self, Strange},
    memory::Memory,
    request::ORDER,
    symbol, wire,
};

pub(super) fn unreadable(why: Strange) -> BrokerError {
    BrokerError::Unavailable(why.to_string())
}

/// One account, as it is asked.
#[derive(Clone)]
pub(super) struct Desk<'a> {
    pub(super) client: Client,
    pub(super) memory: &'a Memory,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) access: &'a Access,
    pub(super) who: Who,
}

impl Desk<'_> {
    /// The dollar coin in which everything is paid.
    pub(super) fn quote(&self) -> &str {
        &self.client.hosts.quote
    }

    /// An order of ours goes, or is asked for, under a symbol.
    pub(super) fn touch(&self, id: &ClientOrderId, symbol: &str) {
        let now = self.clock.monotonic();
        self.memory.touch(self.access.connection_id, id, symbol, now);
    }

    /// The symbol's rules; none when Binance does not know it.
    pub(super) async fn rules(&self, symbol: &str) -> Result<Option<Arc<wire::Symbol>>, No> {
        let mode = self.access.mode;
        if let Some(known) = self.memory.rules(mode, symbol, self.clock.monotonic()) {
            return Ok(Some(known));
        }
        let params = vec![("symbol", symbol.to_owned())];
        let asked = self.client.public(mode, "api/v3/exchangeInfo", &params, 20).await;
        let info: wire::ExchangeInfo = match asked {
            Ok(info) => info,
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::InvalidSymbol => return Ok(None),
            Err(no) => return Err(no),
        };
        let Some(found) = info.symbols.into_iter().find(|s| s.symbol == symbol) else {
            return Ok(None);
        };
        let found = Arc::new(found);
        self.memory.keep_rules(mode, &found, self.clock.monotonic());
        Ok(Some(found))
    }

    pub(super) async fn balances(&self) -> Result<wire::Account, No> {
        self.client.get(&self.who, "api/v3/account", Vec::new(), 20).await
    }

    /// The last prices of everything.
    pub(super) async fn prices(&self) -> Result<Vec<wire::Priced>, No> {
        let mode = self.access.mode;
        self.client
            .public(mode, "api/v3/ticker/price", &Vec::new(), 4)
            .await
    }

    /// The last price of a symbol, a minute old at most.
    pub(super) async fn price(&self, symbol: &str) -> Result<Option<Decimal>, No> {
        if let Some(known) = self.memory.price(symbol, self.clock.monotonic()) {
            return Ok(Some(known));
        }
        let params = vec![("symbol", symbol.to_owned())];
        let mode = self.access.mode;
        let asked = self.client.public(mode, "api/v3/ticker/price", &params, 2).await;
        let priced: wire::Priced = match asked {
            Ok(priced) => priced,
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::InvalidSymbol => return Ok(None),
            Err(no) => return Err(no),
        };
        if let Some(price) = priced.price {
            self.memory.keep_price(symbol, price, self.clock.monotonic());
        }
        Ok(priced.price)
    }

    /// Working orders, of one symbol or of all. All of them weigh a lot.
    pub(super) async fn open(&self, symbol: Option<&str>) -> Result<Vec<wire::Order>, No> {
        let params = symbol.map(|s| ("symbol", s.to_owned())).into_iter().collect();
        let weight = if symbol.is_some() { 6 } else { 80 };
        let open: Vec<wire::Order> = self
            .client
            .get(&self.who, "api/v3/openOrders", params, weight)
            .await?;
        for order in &open {
            self.learn(order);
        }
        Ok(open)
    }

    pub(super) fn learn(&self, order: &wire::Order) {
        self.memory
            .learn(&order.symbol, order.order_id, &order.client_order_id);
        if let Ok(id) = order.client_order_id.parse() {
            self.touch(&id, &order.symbol);
        }
    }

    /// An order by the vendor's id; none when there is none.
    pub(super) async fn by_number(&self, symbol: &str, number: i64) -> Result<Option<wire::Order>, No> {
        self.one(symbol, ("orderId", number.to_string())).await
    }

    /// An order under a symbol by our id; none when there is none.
    pub(super) async fn by_id(&self, symbol: &str, id: &ClientOrderId) -> Result<Option<wire::Order>, No> {
        self.one(symbol, ("origClientOrderId", id.to_string())).await
    }

    async fn one(&self, symbol: &str, by: (&'static str, String)) -> Result<Option<wire::Order>, No> {
        let params = vec![("symbol", symbol.to_owned()), by];
        match self.client.get::<wire::Order>(&self.who, ORDER, params, 4).await {
            Ok(order) => {
                self.learn(&order);
                Ok(Some(order))
            }
            Err(No::Refused(refusal))
                if matches!(refusal.kind, ErrorKind::OrderNotFound | ErrorKind::InvalidSymbol) =>
            {
                Ok(None)
            }
            Err(no) => Err(no),
        }
    }

    /// Symbols in which the account may have traded: what it holds, and what was traded through us lately.
    pub(super) fn symbols(&self, account: &wire::Account) -> BTreeSet<String> {
        let now = self.clock.monotonic();
        let mut all = self.memory.lately(self.access.connection_id, now);
        let held = account.balances.iter().filter(|b| !map::held(b).is_zero());
        let pairs = held.filter_map(|b| symbol::pair(&b.asset, self.quote()));
        all.extend(pairs.filter_map(|i| symbol::theirs(&i)));
        all
    }

    /// An order of ours: under its instrument when that is given, else wherever it may be.
    pub(super) async fn ours(
        &self,
        id: &ClientOrderId,
        instrument: Option<&Instrument>,
    ) -> Result<Option<wire::Order>, No> {
        let given = instrument.and_then(symbol::theirs);
        if let Some(symbol) = given.or_else(|| self.memory.symbol_of(id)) {
            self.touch(id, &symbol);
            return self.by_id(&symbol, id).await;
        }
        let open = self.open(None).await?;
        if let Some(found) = open.into_iter().find(|o| o.client_order_id == id.as_str()) {
            return Ok(Some(found));
        }
        for symbol in self.symbols(&self.balances().await?) {
            if let Some(found) = self.by_id(&symbol, id).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The same as the ports know it.
    pub(super) async fn look_up(
        &self,
        id: &ClientOrderId,
        instrument: Option<&Instrument>,
    ) -> Result<Option<VenueOrder>, BrokerError> {
        let found = self.ours(id, instrument).await.map_err(error::of_read)?;
        found
            .map(|order| map::order_as(id.clone(), &order, self.quote()))
            .transpose()
            .map_err(unreadable)
    }
}
