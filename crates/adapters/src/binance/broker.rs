//! Orders at Binance. Decides which answer means what became of a request; refuses to send anything twice.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_model::{
    connection::Mode,
    gate::Approved,
    instrument::{AssetClass, Instrument},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, OrderSide, ProtectionGroup},
    },
    ports::{
        BoxFuture,
        broker::{
            Access, Broker, BrokerError, CancelOutcome, Capabilities, Dedupe, ErrorKind, EventSink, NotSent,
            Protected, Refusal, Sent, ShownOrder, VenueAccount, VenueFill, VenueOrder, VenuePosition,
        },
        clock::{Clock, Random},
    },
    secret::Secret,
};
use rust_decimal::Decimal;

use super::{
    client::{API_KEY, Client, SECRET_KEY, Who},
    config::{BinanceConfig, ConfigError},
    error::{self, No},
    fill::{self, Cursor},
    listing::{Desk, unreadable},
    map,
    memory::Memory,
    protect, request,
    stream::{self, Listener},
    symbol, wire,
};
use crate::meter::{Metered, Urgency};

/// Orders at Binance.
pub struct BinanceBroker {
    client: Client,
    capabilities: Capabilities,
    memory: Arc<Memory>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl BinanceBroker {
    /// Binance at the configured addresses. `http` must follow no redirects; deadlines are the configuration's. Requests are
    /// counted when it comes with meters.
    ///
    /// # Errors
    /// When an address cannot be used, paper and live are the same, or the quote is no dollar coin.
    pub fn new(
        config: &BinanceConfig,
        http: impl Into<Metered>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ConfigError> {
        let line = http.into();
        Ok(Self {
            capabilities: capabilities(&line),
            client: Client::new(config, line, clock.clone())?,
            memory: Arc::default(),
            clock,
            random,
        })
    }

    fn desk<'a>(&'a self, access: &'a Access, urgency: Urgency) -> Result<Desk<'a>, No> {
        Ok(Desk {
            client: self.client.at(urgency),
            memory: &self.memory,
            clock: &self.clock,
            access,
            who: Who::of(access)?,
        })
    }

    fn reading<'a>(&'a self, access: &'a Access) -> Result<Desk<'a>, BrokerError> {
        self.desk(access, Urgency::Read).map_err(error::of_read)
    }

    async fn submit(&self, access: &Access, order: &OrderRequest) -> Sent {
        let urgency = if order.reduce_only {
            Urgency::Exit
        } else {
            Urgency::Order
        };
        let desk = match self.desk(access, urgency) {
            Ok(desk) => desk,
            Err(no) => return sent(no),
        };
        let rules = match rules(&desk, &order.instrument).await {
            Ok(rules) => rules,
            Err(outcome) => return outcome,
        };
        desk.touch(&order.client_order_id, &rules.symbol);
        match self.send(&desk, order, &rules).await {
            Sent::Rejected(refusal) if refusal.kind == ErrorKind::InsufficientFunds && order.reduce_only => {
                self.send_less(&desk, order, &rules, refusal).await
            }
            other => other,
        }
    }

    async fn send(&self, desk: &Desk<'_>, order: &OrderRequest, rules: &wire::Symbol) -> Sent {
        let params = match request::place(order, rules, None) {
            Ok(params) => params,
            Err(why) => return Sent::NotSent(NotSent::Unsupported(why.to_string())),
        };
        if let Err(refusal) = rules.check(order) {
            return Sent::Rejected(refusal);
        }
        let answer = desk
            .client
            .post::<wire::Order>(&desk.who, request::ORDER, params, 1)
            .await;
        match answer {
            Ok(taken) => {
                desk.learn(&taken);
                match map::order_as(order.client_order_id.clone(), &taken, desk.quote()) {
                    Ok(taken) => Sent::Accepted(taken),
                    Err(why) => Sent::Unknown(why.to_string()),
                }
            }
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::DuplicateClientId => {
                adopt(desk, order, refusal).await
            }
            Err(no) => sent(no),
        }
    }

    /// A close of more than is there, because commissions were taken in the coin itself, sells what there is.
    async fn send_less(
        &self,
        desk: &Desk<'_>,
        order: &OrderRequest,
        rules: &wire::Symbol,
        refusal: Refusal,
    ) -> Sent {
        let Ok(account) = desk.balances().await else {
            return Sent::Rejected(refusal);
        };
        let own = account.balances.iter().find(|b| b.asset == rules.base_asset);
        let free = own.and_then(|b| b.free).unwrap_or_default();
        let cut = protect::cut(order.quantity, free, rules.step());
        match cut.filter(|_| order.side == OrderSide::Sell) {
            Some(quantity) => {
                let less = OrderRequest {
                    quantity,
                    ..order.clone()
                };
                self.send(desk, &less, rules).await
            }
            None => Sent::Rejected(refusal),
        }
    }

    async fn cancel_order(
        &self,
        access: &Access,
        id: &ClientOrderId,
        instrument: Option<&Instrument>,
    ) -> CancelOutcome {
        let unknown = error::of_cancel;
        let desk = match self.desk(access, Urgency::Exit) {
            Ok(desk) => desk,
            Err(no) => return unknown(no),
        };
        let shown = match desk.ours(id, instrument).await {
            Ok(Some(shown)) => shown,
            Ok(None) => return CancelOutcome::NotFound,
            Err(no) => return unknown(no),
        };
        // Cancelling one of a pair cancels the other.
        let number = shown.order_id.to_string();
        let params = vec![("symbol", shown.symbol.clone()), ("orderId", number)];
        match desk.client.delete(&desk.who, request::ORDER, params).await {
            Ok(()) => {}
            // It ended meanwhile: how is asked below.
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::OrderNotFound => {}
            Err(no) => return unknown(no),
        }
        let now = match desk.by_number(&shown.symbol, shown.order_id).await {
            Ok(Some(order)) => order,
            Ok(None) => return CancelOutcome::Unknown("the order is gone from Binance's list".to_owned()),
            Err(no) => return unknown(no),
        };
        match map::order_as(id.clone(), &now, desk.quote()) {
            Ok(order) => CancelOutcome::Done(order),
            Err(why) => CancelOutcome::Unknown(why.to_string()),
        }
    }

    async fn account_of(&self, access: &Access) -> Result<VenueAccount, BrokerError> {
        let desk = self.reading(access)?;
        let may_withdraw = rights(&desk).await?;
        let account = desk.balances().await.map_err(error::of_read)?;
        if account.can_trade == Some(false) {
            let why = "the account cannot trade: Binance says canTrade is false";
            return Err(BrokerError::Unauthorised(why.to_owned()));
        }
        let prices = desk.prices().await.map_err(error::of_read)?;
        let hosts = &self.client.hosts;
        let paid = (hosts.currency, hosts.quote.as_str());
        map::account(
            &account,
            &prices,
            paid,
            access.mode,
            may_withdraw,
            self.clock.now(),
        )
        .map_err(unreadable)
    }

    async fn holdings(&self, access: &Access) -> Result<Vec<VenuePosition>, BrokerError> {
        let desk = self.reading(access)?;
        let account = desk.balances().await.map_err(error::of_read)?;
        let prices = desk.prices().await.map_err(error::of_read)?;
        let position = |balance: &wire::Balance| {
            let held = map::held(balance);
            let instrument = symbol::pair(&balance.asset, desk.quote())?;
            let name = symbol::theirs(&instrument)?;
            // What has no price in the account's dollar coin is no position here.
            let price = prices.iter().find(|p| p.symbol == name).and_then(|p| p.price);
            (!held.is_zero()).then_some(VenuePosition {
                instrument,
                quantity: held,
                // Binance keeps no entry prices: the last price stands for it.
                average_price: map::price(price)?,
            })
        };
        Ok(account.balances.iter().filter_map(position).collect())
    }

    async fn working(&self, access: &Access) -> Result<Vec<ShownOrder>, BrokerError> {
        let desk = self.reading(access)?;
        let open = desk.open(None).await.map_err(error::of_read)?;
        let quote = desk.quote();
        let traded = open.iter().filter(|o| symbol::ours(&o.symbol, quote).is_some());
        let all: Result<Vec<ShownOrder>, _> = traded.map(|o| map::shown(o, quote)).collect();
        all.map_err(unreadable)
    }
}

/// The rules of an instrument.
async fn rules(desk: &Desk<'_>, instrument: &Instrument) -> Result<Arc<wire::Symbol>, Sent> {
    let unknown = || {
        Sent::Rejected(Refusal {
            kind: ErrorKind::InvalidSymbol,
            code: "-1121".to_owned(),
            message: format!("{instrument} is not traded at Binance with {}", desk.quote()),
        })
    };
    let name = symbol::theirs(instrument).filter(|name| symbol::ours(name, desk.quote()).is_some());
    let name = name.ok_or_else(unknown)?;
    match desk.rules(&name).await {
        Ok(Some(rules)) => Ok(rules),
        Ok(None) => Err(unknown()),
        // The order itself was not sent.
        Err(No::Unclear(why)) => Err(Sent::NotSent(error::retry(Duration::from_secs(1), why))),
        Err(no) => Err(sent(no)),
    }
}

/// The id is taken by a working order: by an earlier asking of ours when it is the one we meant.
async fn adopt(desk: &Desk<'_>, order: &OrderRequest, refusal: Refusal) -> Sent {
    match desk
        .look_up(&order.client_order_id, Some(&order.instrument))
        .await
    {
        Ok(Some(held)) if held.side == order.side && held.quantity == order.quantity => Sent::Accepted(held),
        Ok(Some(_)) => Sent::Rejected(refusal),
        Ok(None) => Sent::Unknown("the id is taken, but no order carries it".to_owned()),
        Err(why) => Sent::Unknown(why.to_string()),
    }
}

/// Whether the key may move money out; none where the venue does not tell, which only the test network may.
async fn rights(desk: &Desk<'_>) -> Result<Option<bool>, BrokerError> {
    let path = "sapi/v1/account/apiRestrictions";
    let asked = desk
        .client
        .get::<wire::Rights>(&desk.who, path, Vec::new(), 1)
        .await;
    let rights = match asked {
        Ok(rights) => rights,
        Err(no @ (No::Unauthorised(_) | No::Waiting(_) | No::Limited(..))) => return Err(error::of_read(no)),
        Err(_) if desk.access.mode == Mode::Paper => return Ok(None),
        Err(no) => return Err(error::of_read(no)),
    };
    if rights.enable_spot_and_margin_trading == Some(false) {
        let why = "the key may not trade: enable spot trading for it";
        return Err(BrokerError::Unauthorised(why.to_owned()));
    }
    let Some(withdraws) = rights.enable_withdrawals else {
        let why = "Binance does not tell whether the key may withdraw";
        return Err(BrokerError::Unavailable(why.to_owned()));
    };
    let moves = [rights.enable_internal_transfer, rights.permits_universal_transfer];
    Ok(Some(withdraws || moves.contains(&Some(true))))
}

fn sent(no: No) -> Sent {
    match error::not_sent(no) {
        Ok(not_sent) => Sent::NotSent(not_sent),
        Err(No::Refused(refusal)) => Sent::Rejected(refusal),
        Err(no) => Sent::Unknown(error::words(&no)),
    }
}

fn capabilities(line: &Metered) -> Capabilities {
    let allowances = line
        .trading
        .as_ref()
        .map_or_else(Vec::new, |meter| meter.allowances().to_vec());
    let types = ["market", "limit", "stop", "stop_limit"];
    Capabilities {
        broker: "binance".to_owned(),
        name: "Binance".to_owned(),
        classes: vec![AssetClass::Crypto],
        order_types: types.map(str::to_owned).to_vec(),
        modes: vec![Mode::Paper, Mode::Live],
        credential_fields: vec![(API_KEY.to_owned(), false), (SECRET_KEY.to_owned(), true)],
        client_id_dedupe: Dedupe::WhileOpen,
        // Questions about orders are answered from memory or a database, which may be a moment behind.
        visibility_window: Duration::from_secs(5),
        native_protection: vec![AssetClass::Crypto],
        replace: false,
        requests_per_minute: None,
        allowances,
        extended_hours: Vec::new(),
        // Binance tells what is free and what is locked; what is free is the buying power.
        reserves_working: true,
        withdraw_permission_readable: true,
    }
}

impl Broker for BinanceBroker {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        Box::pin(self.account_of(access))
    }

    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        Box::pin(self.holdings(access))
    }

    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        Box::pin(self.working(access))
    }

    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>> {
        Box::pin(async move { fill::since(&self.reading(access)?, cursor).await })
    }

    fn fills_end<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Option<String>, BrokerError>> {
        Box::pin(async move {
            let time: wire::Time = self
                .client
                .public(access.mode, "api/v3/time", &Vec::new(), 1)
                .await
                .map_err(error::of_read)?;
            Ok(Some(Cursor::from_now(time.server_time).text()))
        })
    }

    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        Box::pin(async move { self.reading(access)?.look_up(id, None).await })
    }

    fn order_of<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
        instrument: &'a Instrument,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        Box::pin(async move {
            let desk = self.desk(access, Urgency::Order).map_err(error::of_read)?;
            desk.look_up(id, Some(instrument)).await
        })
    }

    fn place<'a>(&'a self, access: &'a Access, order: &'a Approved<OrderRequest>) -> BoxFuture<'a, Sent> {
        Box::pin(self.submit(access, order.get()))
    }

    fn protect<'a>(
        &'a self,
        access: &'a Access,
        group: &'a Approved<ProtectionGroup>,
    ) -> BoxFuture<'a, Protected> {
        Box::pin(async move {
            match self.desk(access, Urgency::Exit) {
                Ok(desk) => desk.protect(group.get()).await,
                Err(no) => Protected::NotSent(NotSent::Unauthorised(error::words(&no))),
            }
        })
    }

    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        Box::pin(self.cancel_order(access, id, None))
    }

    fn cancel_of<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
        instrument: &'a Instrument,
    ) -> BoxFuture<'a, CancelOutcome> {
        Box::pin(self.cancel_order(access, id, Some(instrument)))
    }

    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        let listener = Listener {
            client: self.client.clone(),
            memory: self.memory.clone(),
            access,
            sink,
            clock: self.clock.clone(),
        };
        Box::pin(stream::listen(listener, self.random.clone()))
    }

    fn open_account<'a>(
        &'a self,
        _name: &'a str,
        _cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        Box::pin(async {
            Err(BrokerError::Unsupported(
                "accounts at Binance are opened at binance.com".to_owned(),
            ))
        })
    }
}
