//! A venue without a server, on prices a test writes itself.

use std::fs;

use ordercast_model::{instrument::Instrument, money, time::Timestamp};
use ordercast_sim::{
    market::{calendar::Calendar, config::MarketConfig, exchange::Market, quote::Quote},
    venue::{
        config::EngineConfig,
        engine::Engine,
        order::{Event, Kind, Order, OrderRequest, Side, TimeInForce, Trail},
        refusal::Refusal,
        state::{Change, State},
    },
};
use rust_decimal::Decimal;

pub(crate) const START: &str = "2026-11-23T15:00:00Z";

pub(crate) fn d(text: &str) -> Decimal {
    money::parse(text).unwrap()
}

/// One engine, one account `PA100001`, and the time.
pub(crate) struct Room {
    pub(crate) engine: Engine,
    pub(crate) now: Timestamp,
    pub(crate) changes: Vec<Change>,
    pub(crate) account: String,
    made: u32,
}

pub(crate) struct Setting {
    pub(crate) seed: u64,
    pub(crate) calendar: Calendar,
    /// Closing prices of AAPL, one second each; simulated when empty.
    pub(crate) tape: Vec<f64>,
    pub(crate) config: EngineConfig,
    pub(crate) cash: &'static str,
    pub(crate) shorting: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            seed: 7,
            calendar: Calendar::ALWAYS,
            tape: Vec::new(),
            config: EngineConfig::default(),
            cash: "100000",
            shorting: false,
        }
    }
}

pub(crate) fn market(setting: &Setting) -> Market {
    let folder = tempfile::tempdir().unwrap();
    let csv = (!setting.tape.is_empty()).then(|| {
        let mut text = String::from("time,open,high,low,close,volume\n");
        let mut last = setting.tape[0];
        for (i, close) in setting.tape.iter().enumerate() {
            let (high, low) = (last.max(*close), last.min(*close));
            text += &format!("{},{last},{high},{low},{close},1000\n", 1_700_000_000 + 60 * i);
            last = *close;
        }
        let path = folder.path().join("AAPL.csv");
        fs::write(&path, text).unwrap();
        path
    });
    let config = MarketConfig {
        seed: setting.seed,
        calendar: setting.calendar,
        csv,
        csv_bar_steps: 10,
        warm_up_seconds: 0,
        ..MarketConfig::default()
    };
    Market::new(config, START.parse().unwrap()).unwrap()
}

impl Room {
    pub(crate) fn new(setting: Setting) -> Self {
        let market = market(&setting);
        let mut engine = Engine::new(setting.config, market, State::default());
        let account = engine
            .open_account("alice", "hash", d(setting.cash), setting.shorting)
            .unwrap();
        let now = START.parse().unwrap();
        let mut room = Self {
            engine,
            now,
            changes: Vec::new(),
            account: account.id,
            made: 0,
        };
        room.gather();
        room
    }
    fn gather(&mut self) {
        self.changes.extend(self.engine.take_changes());
    }
    /// Lets tenths of a second pass, one at a time.
    pub(crate) fn pass(&mut self, tenths: u32) {
        for _ in 0..tenths {
            self.now = self.now.plus(std::time::Duration::from_millis(100));
            self.engine.step(self.now).unwrap();
        }
        self.gather();
    }
    pub(crate) fn quote(&mut self, symbol: &str) -> Quote {
        let symbol = self.engine.market().resolve(symbol).unwrap();
        self.engine.quote(&symbol).unwrap()
    }
    pub(crate) fn held(&self, symbol: &str) -> Decimal {
        let symbol: Instrument = symbol.parse().unwrap();
        self.engine.state().accounts[&self.account].held(&symbol)
    }
    pub(crate) fn cash(&self) -> Decimal {
        self.engine.state().accounts[&self.account].cash
    }
    /// `buy market AAPL 10`, `sell limit AAPL 10 gtc limit=101.5 reduce oco=a id=x`.
    pub(crate) fn wish(&mut self, text: &str) -> OrderRequest {
        self.made += 1;
        let words: Vec<&str> = text.split(' ').collect();
        let mut request = OrderRequest {
            client_order_id: format!("c-{}", self.made),
            symbol: self.engine.market().resolve(&words[2].replace('_', " ")).unwrap(),
            side: serde_json::from_value(words[0].into()).unwrap(),
            kind: serde_json::from_value(words[1].into()).unwrap(),
            time_in_force: TimeInForce::Gtc,
            quantity: d(words[3]),
            limit_price: None,
            stop_price: None,
            trail: None,
            reduce_only: false,
            oco_group: None,
        };
        for word in &words[4..] {
            match word.split_once('=') {
                None if *word == "reduce" => request.reduce_only = true,
                None => request.time_in_force = serde_json::from_value((*word).into()).unwrap(),
                Some(("limit", v)) => request.limit_price = Some(d(v)),
                Some(("stop", v)) => request.stop_price = Some(d(v)),
                Some(("percent", v)) => request.trail = Some(Trail::Percent(d(v))),
                Some(("amount", v)) => request.trail = Some(Trail::Amount(d(v))),
                Some(("oco", v)) => request.oco_group = Some(v.to_owned()),
                Some(("id", v)) => request.client_order_id = v.to_owned(),
                Some(other) => panic!("{other:?}"),
            }
        }
        request
    }
    pub(crate) fn send(&mut self, text: &str) -> Result<Order, Refusal> {
        let wish = self.wish(text);
        let account = self.account.clone();
        let answer = self.engine.submit(&account, wish);
        self.gather();
        answer
    }
    pub(crate) fn order(&self, number: u64) -> Order {
        self.engine.order(&self.account, number).unwrap().clone()
    }
    /// Events so far.
    pub(crate) fn events(&self) -> Vec<Event> {
        let event = |c: &Change| match c {
            Change::Event(e) => Some((**e).clone()),
            _ => None,
        };
        self.changes.iter().filter_map(event).collect()
    }
    /// Buys AAPL until this much is held.
    pub(crate) fn hold(&mut self, quantity: u32) {
        self.send(&format!("buy market AAPL {quantity}")).unwrap();
        for _ in 0..600 {
            if self.held("AAPL") == Decimal::from(quantity) {
                return;
            }
            self.pass(1);
        }
        panic!("not filled");
    }
}

/// What must hold of an account at any time.
pub(crate) fn check_books(engine: &Engine) {
    let state = engine.state();
    for account in state.accounts.values() {
        let fills: Vec<_> = state.fills.iter().filter(|f| f.account == account.id).collect();
        let mut cash = account.opening_cash;
        let mut fees = Decimal::ZERO;
        let mut held = std::collections::BTreeMap::<Instrument, Decimal>::new();
        for fill in &fills {
            let value = fill.price * fill.quantity * fill.symbol.multiplier();
            let expected = match fill.side {
                Side::Buy => -value - fill.fee,
                Side::Sell => value - fill.fee,
            };
            assert_eq!(fill.cash, expected, "a fill's cash is its value and its fee");
            assert!(fill.quantity > Decimal::ZERO && fill.fee >= Decimal::ZERO);
            cash += fill.cash;
            fees += fill.fee;
            *held.entry(fill.symbol.clone()).or_default() += fill.side.signed(fill.quantity);
        }
        assert_eq!(
            (account.cash, account.fees),
            (cash, fees),
            "money came or went beside the fills"
        );
        let mut wealth = Decimal::ZERO;
        for (symbol, position) in &account.positions {
            assert_eq!(position.quantity, held.get(symbol).copied().unwrap_or_default());
            assert!(position.cost >= Decimal::ZERO);
            let cost = if position.quantity < Decimal::ZERO {
                -position.cost
            } else {
                position.cost
            };
            wealth += cost - position.realised;
        }
        assert_eq!(
            account.cash + fees + wealth,
            account.opening_cash,
            "cash, cost and result must add up exactly"
        );
        if !account.shorting {
            assert!(account.cash >= Decimal::ZERO, "cash below zero");
            assert!(
                account.positions.values().all(|p| p.quantity >= Decimal::ZERO),
                "a short in a cash account"
            );
        }
        for order in state.orders.values().filter(|o| o.account == account.id) {
            let filled: Decimal = fills
                .iter()
                .filter(|f| f.order == Some(order.number))
                .map(|f| f.quantity)
                .sum();
            assert_eq!(order.filled_quantity, filled);
            assert!(filled <= order.quantity && order.quantity > Decimal::ZERO);
            assert_eq!(order.live(), state.live.contains(&order.number));
            let limit_kept =
                fills
                    .iter()
                    .filter(|f| f.order == Some(order.number))
                    .all(|f| match order.limit_price {
                        Some(limit) if order.revision == 0 => match order.side {
                            Side::Buy => f.price <= limit,
                            Side::Sell => f.price >= limit,
                        },
                        _ => true,
                    });
            assert!(
                limit_kept || order.kind == Kind::Market,
                "filled beyond the limit"
            );
        }
    }
}
