//! The paper venue over recorded prices as the program's broker and market, in this process: no socket, no waiting.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{
    connection::Mode,
    gate::Approved,
    instrument::{AssetClass, Instrument},
    market::{InstrumentRules, Quote, Session},
    money::{Currency, Price},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
    },
    ports::{
        BoxFuture,
        broker::{
            Access, Broker, BrokerError, BrokerEvent, CancelOutcome, Capabilities, Dedupe, EventSink,
            Protected, Sent, ShownOrder, VenueAccount, VenueFill, VenueOrder, VenuePosition,
        },
        market::{Bar, Market, MarketError},
    },
    secret::Secret,
    time::Timestamp,
};
use ordercast_sim::{
    history::{market::Recorded, walk::Player},
    venue::{
        group::{GroupRequest, GroupState},
        order as theirs,
        prices::Prices,
        refusal::{Code, Refusal},
        state::Change,
    },
};
use rust_decimal::Decimal;

use super::wire;

/// The venue and what it can do.
pub struct RecordedVenue {
    player: Mutex<Player>,
    capabilities: Capabilities,
    shorting: bool,
}

impl RecordedVenue {
    /// A venue over prices, without accounts.
    #[must_use]
    pub fn new(player: Player, shorting: bool) -> Self {
        let types = ["market", "limit", "stop", "stop_limit", "trailing"];
        let classes = vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto];
        Self {
            player: Mutex::new(player),
            shorting,
            capabilities: Capabilities {
                broker: "paper".to_owned(),
                name: "Paper".to_owned(),
                classes: classes.clone(),
                order_types: types.map(str::to_owned).to_vec(),
                modes: vec![Mode::Paper],
                credential_fields: Vec::new(),
                client_id_dedupe: Dedupe::Always,
                visibility_window: Duration::ZERO,
                native_protection: classes,
                replace: false,
                requests_per_minute: None,
                allowances: Vec::new(),
                extended_hours: Vec::new(),
                reserves_working: true,
                withdraw_permission_readable: true,
            },
        }
    }

    /// The venue itself.
    pub fn player(&self) -> MutexGuard<'_, Player> {
        self.player.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the prices.
    pub fn prices<T>(&self, see: impl FnOnce(&Recorded) -> T) -> T {
        see(self.player().engine().market())
    }

    /// What happened since this was last asked, in order.
    pub fn events(&self) -> Vec<BrokerEvent> {
        let changes = self.player().engine().take_changes();
        let told = |change| match change {
            Change::Event(event) => {
                let Some(order) = event.order.as_ref().and_then(wire::order) else {
                    // An option that was paid out: found by the next look at the fills.
                    return Some(BrokerEvent::Connected);
                };
                match event.fill.as_ref() {
                    Some(fill) => wire::fill(fill).map(|fill| BrokerEvent::Fill { order, fill }),
                    None => Some(BrokerEvent::Order(order)),
                }
            }
            _ => None,
        };
        changes.into_iter().filter_map(told).collect()
    }

    /// Equity and cash of an account now.
    ///
    /// # Errors
    /// When a figure does not fit.
    pub fn worth(&self, account: &str) -> Result<(Decimal, Decimal), Refusal> {
        let mut player = self.player();
        let funds = player.engine().funds(account)?;
        let cash = player
            .engine()
            .state()
            .accounts
            .get(account)
            .map(|a| a.cash)
            .unwrap_or_default();
        Ok((funds.equity, cash))
    }

    fn submit(&self, access: &Access, order: &OrderRequest) -> Sent {
        let placed = self
            .player()
            .engine()
            .submit(&access.account_id, wire::place(order));
        match placed {
            Ok(order) => wire::order(&order).map_or_else(unreadable, Sent::Accepted),
            Err(no) => Sent::Rejected(wire::refusal(&no)),
        }
    }

    fn put(&self, access: &Access, group: &ProtectionGroup) -> Protected {
        let mut player = self.player();
        let engine = player.engine();
        let request = match wire::group(group) {
            Some(request) => request,
            // Nothing is to be covered: what the venue knows of the group says of what.
            None => match engine.group(&access.account_id, &group.group_id) {
                Ok(held) => GroupRequest {
                    version: u64::from(group.version),
                    symbol: held.group.symbol,
                    side: held.group.side,
                    legs: Vec::new(),
                },
                Err(_) => return Protected::Placed(Vec::new()),
            },
        };
        match engine.put_group(&access.account_id, &group.group_id, request) {
            Ok(GroupState { legs, .. }) => {
                let legs = legs.into_iter().flat_map(|(stop, target)| [stop, target]);
                Protected::Placed(legs.flatten().filter_map(|o| wire::order(&o)).collect())
            }
            Err(no) => Protected::Rejected(wire::refusal(&no)),
        }
    }

    fn end(&self, access: &Access, id: &ClientOrderId) -> CancelOutcome {
        let mut player = self.player();
        let engine = player.engine();
        let number = match engine.order_by_client_id(&access.account_id, id.as_str()) {
            Ok(order) => order.number,
            Err(_) => return CancelOutcome::NotFound,
        };
        let (order, why) = match engine.cancel(&access.account_id, number) {
            Ok(order) => (Some(order), String::new()),
            Err(no) => (no.order.map(|o| *o), no.message),
        };
        let known = order.as_ref().and_then(wire::order);
        known.map_or(CancelOutcome::Unknown(why), CancelOutcome::Done)
    }

    fn read_account(&self, access: &Access) -> Result<VenueAccount, Refusal> {
        let mut player = self.player();
        let engine = player.engine();
        let funds = engine.funds(&access.account_id)?;
        let held = engine.state().accounts.get(&access.account_id);
        Ok(VenueAccount {
            account_id: access.account_id.clone(),
            mode: Mode::Paper,
            currency: Currency::USD,
            cash: held.map(|a| a.cash).unwrap_or_default(),
            equity: funds.equity,
            buying_power: funds.buying_power.max(Decimal::ZERO),
            may_withdraw: Some(false),
            at: engine.market().now(),
        })
    }

    fn read_positions(&self, access: &Access) -> Vec<VenuePosition> {
        let mut player = self.player();
        let accounts = &player.engine().state().accounts;
        let positions = accounts
            .get(&access.account_id)
            .into_iter()
            .flat_map(|a| &a.positions);
        positions
            .filter(|(_, p)| !p.quantity.is_zero())
            .filter_map(|(instrument, p)| {
                Some(VenuePosition {
                    instrument: instrument.clone(),
                    quantity: p.quantity,
                    average_price: Price::new(p.average_price(instrument.multiplier())?).ok()?,
                })
            })
            .collect()
    }

    fn read_open(&self, access: &Access) -> Vec<VenueOrder> {
        let mut player = self.player();
        let live: Vec<&theirs::Order> = player.engine().state().live_of(&access.account_id).collect();
        live.into_iter().filter_map(wire::order).collect()
    }

    fn read_fills(&self, access: &Access, cursor: Option<&str>) -> Vec<VenueFill> {
        let after = cursor.and_then(|c| c.parse().ok()).unwrap_or(0);
        let mut player = self.player();
        let fills = player
            .engine()
            .state()
            .fills_after(&access.account_id, after, usize::MAX);
        fills.iter().filter_map(wire::fill).collect()
    }

    fn look(&self, instrument: &Instrument) -> Option<Quote> {
        self.prices(|prices| {
            let quote = prices.quote(instrument).ok()?;
            Some(Quote {
                instrument: instrument.clone(),
                bid: Price::new(quote.bid).ok()?,
                ask: Price::new(quote.ask).ok()?,
                last: Price::new(quote.last).ok()?,
                volume: quote.volume,
                change_pct: quote.change,
                at: quote.at,
            })
        })
    }

    fn list_one(&self, instrument: &Instrument) -> InstrumentRules {
        let mut player = self.player();
        let rule = player.engine().rule(instrument);
        InstrumentRules {
            instrument: instrument.clone(),
            tick: rule.tick,
            lot: rule.lot,
            quantity_min: rule.lot,
            notional_min: rule.minimum_notional,
            tradable: !rule.index,
            shortable: self.shorting && instrument.class() == AssetClass::Equity,
        }
    }
}

fn unreadable() -> Sent {
    Sent::Unknown("the venue's answer does not read".to_owned())
}

fn gone(no: Refusal) -> BrokerError {
    BrokerError::Unavailable(no.message)
}

impl Broker for RecordedVenue {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        Box::pin(async move { self.read_account(access).map_err(gone) })
    }
    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        Box::pin(async move { Ok(self.read_positions(access)) })
    }
    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        Box::pin(async move { Ok(self.read_open(access).into_iter().map(ShownOrder::from).collect()) })
    }
    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>> {
        Box::pin(async move { Ok(self.read_fills(access, cursor)) })
    }
    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        Box::pin(async move {
            let mut player = self.player();
            let found = player
                .engine()
                .order_by_client_id(&access.account_id, id.as_str());
            Ok(found.ok().and_then(wire::order))
        })
    }
    fn place<'a>(&'a self, access: &'a Access, order: &'a Approved<OrderRequest>) -> BoxFuture<'a, Sent> {
        Box::pin(async move { self.submit(access, order.get()) })
    }
    fn protect<'a>(
        &'a self,
        access: &'a Access,
        group: &'a Approved<ProtectionGroup>,
    ) -> BoxFuture<'a, Protected> {
        Box::pin(async move { self.put(access, group.get()) })
    }
    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        Box::pin(async move { self.end(access, id) })
    }
    /// Events are handed on by whoever moves the time.
    fn listen(&self, _: Access, _: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
    fn open_account<'a>(
        &'a self,
        name: &'a str,
        cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        Box::pin(async move {
            let mut player = self.player();
            let opened = player.engine().open_account(name, name, cash, self.shorting);
            let account = opened.map_err(|no| match no.code {
                Code::InvalidOrder => BrokerError::Unsupported(no.message),
                _ => gone(no),
            })?;
            Ok(BTreeMap::from([("account".to_owned(), Secret::new(account.id))]))
        })
    }
}

impl Market for RecordedVenue {
    fn latest(&self, instrument: &Instrument) -> Option<Quote> {
        self.look(instrument)
    }
    fn quote<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Quote, MarketError>> {
        Box::pin(async move {
            self.look(instrument)
                .ok_or_else(|| MarketError::UnknownSymbol(instrument.to_string()))
        })
    }
    fn rules<'a>(&'a self, symbol: &'a str) -> BoxFuture<'a, Result<InstrumentRules, MarketError>> {
        Box::pin(async move {
            let found = self.prices(|prices| prices.resolve(symbol));
            found
                .map(|instrument| self.list_one(&instrument))
                .ok_or_else(|| MarketError::UnknownSymbol(symbol.to_owned()))
        })
    }
    fn list(&self) -> BoxFuture<'_, Result<Vec<InstrumentRules>, MarketError>> {
        Box::pin(async move {
            let all: Vec<Instrument> = self.prices(|p| p.series().keys().cloned().collect());
            Ok(all.iter().map(|i| self.list_one(i)).collect())
        })
    }
    fn session<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Session, MarketError>> {
        Box::pin(async move {
            let (open, next_open) = self.prices(|p| (p.is_open(instrument), p.session(instrument).1));
            Ok(Session {
                open,
                next_open: next_open.filter(|_| !open),
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
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            Ok(self.prices(|prices| {
                let Some(series) = prices.series().get(instrument) else {
                    return Vec::new();
                };
                // Only bars that have ended are known whole.
                let now: Timestamp = prices.now();
                let ended = series.begun(now).map_or(0, |i| {
                    i + usize::from(series.end(i).is_some_and(|end| end <= now))
                });
                let known = series.bars().get(ended.saturating_sub(limit)..ended);
                known.unwrap_or_default().iter().filter_map(bar).collect()
            }))
        })
    }
}

fn bar(bar: &ordercast_sim::history::bar::Bar) -> Option<Bar> {
    Some(Bar {
        at: bar.at,
        open: Price::new(bar.open).ok()?,
        high: Price::new(bar.high).ok()?,
        low: Price::new(bar.low).ok()?,
        close: Price::new(bar.close).ok()?,
        volume: Decimal::ZERO,
    })
}
