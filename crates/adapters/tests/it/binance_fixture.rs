//! Binance's protocol on loopback, accounts at it with keys of both kinds, and what the program would use to trade there.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_adapters::{
    binance::{BinanceBroker, BinanceConfig, BinanceMarket},
    meter::Metered,
};
use ordercast_model::{
    connection::Mode,
    ids::{ConnectionId, Id},
    instrument::Instrument,
    money::{Price, Quantity},
    order::{
        identity::Leg,
        shape::{OrderRequest, OrderSide, OrderType, ProtectionGroup},
    },
    ports::{
        broker::{Access, Broker, Protected, Sent, VenueOrder},
        market::Market,
    },
    secret::Secret,
    time::Timestamp,
};
use ordercast_sim::binance::{
    config::{BinanceAccount, BinanceConfig as Theirs, Network},
    server::Binance,
};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{
    approve::{approved, protection},
    paper_fixture::{client_id, market},
    world::{self, clock, http, micros, random},
};

const ADMIN: &str = "admin-key-of-the-tests";
/// The key of RFC 8410, section 10.3, and its public half of section 10.1.
const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----";
const PUBLIC: &str = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
pub(crate) const TEST: (&str, &str) = ("test-network-key-0001", "secret-of-the-test-account");
pub(crate) const SIGNED: (&str, &str) = ("test-network-key-0002", PEM);
pub(crate) const LIVE: (&str, &str) = ("live-exchange-key-001", "secret-of-the-live-account");
pub(crate) const RICH: (&str, &str) = ("live-exchange-key-002", "secret-of-who-may-withdraw");
pub(crate) const MUTE: (&str, &str) = ("live-exchange-key-003", "secret-of-who-may-not-trade");

/// Binance with accounts.
pub(crate) struct Hall {
    pub(crate) server: Binance,
    pub(crate) broker: Arc<BinanceBroker>,
    pub(crate) market: Arc<BinanceMarket>,
    pub(crate) access: Access,
    pub(crate) config: BinanceConfig,
}

pub(crate) fn access(mode: Mode, keys: (&str, &str)) -> Access {
    let field = |name: &str, value: &str| (name.to_owned(), Secret::new(value.to_owned()));
    Access {
        connection_id: ConnectionId::new(Timestamp::from_micros(1), [1; 10]),
        account_id: String::new(),
        mode,
        fields: BTreeMap::from([field("api_key", keys.0), field("secret_key", keys.1)]),
    }
}

fn accounts() -> Vec<BinanceAccount> {
    let live = |name: &str, keys: (&str, &str)| BinanceAccount {
        network: Network::Live,
        ..BinanceAccount::test(name, keys.0, keys.1)
    };
    vec![
        BinanceAccount::test("alice", TEST.0, TEST.1),
        BinanceAccount {
            secret: None,
            public_key: Some(PUBLIC.to_owned()),
            ..BinanceAccount::test("bob", SIGNED.0, "")
        },
        live("alice", LIVE),
        BinanceAccount {
            may_withdraw: true,
            ..live("rich", RICH)
        },
        BinanceAccount {
            may_trade: false,
            ..live("mute", MUTE)
        },
    ]
}

impl Hall {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Theirs)) -> Self {
        Self::metered(change, |http| http.into()).await
    }

    pub(crate) async fn metered(
        change: impl FnOnce(&mut Theirs),
        line: impl Fn(reqwest::Client) -> Metered,
    ) -> Self {
        world::provider();
        let mut theirs = Theirs {
            admin_key: ADMIN.to_owned(),
            warm_up_seconds: 5,
            commission_percent: Decimal::ZERO,
            weight_per_minute: 1_000_000,
            orders_per_ten_seconds: 1_000,
            accounts: accounts(),
            ..Theirs::default()
        };
        change(&mut theirs);
        let server = Binance::start(theirs, Arc::new(micros)).await.unwrap();
        let config = BinanceConfig {
            paper_base: server.paper_url(),
            paper_socket_base: server.paper_url(),
            live_base: server.live_url(),
            live_socket_base: server.live_url(),
            data_base: server.paper_url(),
            submit_timeout: Duration::from_millis(1_500),
            read_timeout: Duration::from_millis(1_500),
            ..BinanceConfig::default()
        };
        let broker = Arc::new(BinanceBroker::new(&config, line(http()), clock(), random()).unwrap());
        let market = BinanceMarket::connect(&config, http(), clock()).unwrap().0;
        Self {
            server,
            broker,
            market,
            access: access(Mode::Paper, TEST),
            config,
        }
    }

    /// A broker that remembers nothing.
    pub(crate) fn broker_of(hall: &Self) -> BinanceBroker {
        BinanceBroker::new(&hall.config, http(), clock(), random()).unwrap()
    }

    pub(crate) async fn fault(&self, body: Value) {
        let url = format!("{}/sim/faults", self.server.paper_url());
        let request = http().post(url).bearer_auth(ADMIN).json(&body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    pub(crate) async fn clear_faults(&self) {
        let url = format!("{}/sim/faults", self.server.paper_url());
        http().delete(url).bearer_auth(ADMIN).send().await.unwrap();
    }

    /// The last price, times a factor, on the tick.
    pub(crate) async fn price(&self, factor: &str) -> Price {
        let quote = self.market.quote(&coin()).await.unwrap();
        let price = quote.last.value() * factor.parse::<Decimal>().unwrap();
        Price::new(price.round_dp(2)).unwrap()
    }

    pub(crate) async fn place(&self, request: &OrderRequest) -> Sent {
        self.broker.place(&self.access, &approved(request)).await
    }

    pub(crate) async fn accepted(&self, request: &OrderRequest) -> VenueOrder {
        match self.place(request).await {
            Sent::Accepted(order) => order,
            other => panic!("not accepted: {other:?}"),
        }
    }

    pub(crate) async fn bought(&self, number: u32, quantity: &str) -> VenueOrder {
        let request = buy(number, quantity);
        self.accepted(&request).await;
        world::until("the fill", async || {
            let id = &request.client_order_id;
            let found = self.broker.order_of(&self.access, id, &coin()).await.unwrap();
            found.filter(|o| o.state.is_final())
        })
        .await
    }

    /// A purchase far below the market: it rests.
    pub(crate) async fn resting(&self, number: u32, quantity: &str) -> OrderRequest {
        let limit = self.price("0.5").await;
        OrderRequest {
            order_type: OrderType::Limit { limit },
            ..buy(number, quantity)
        }
    }

    pub(crate) async fn protect(&self, group: &ProtectionGroup) -> Protected {
        self.broker.protect(&self.access, &protection(group, 1_000)).await
    }

    /// Our ids of what works, sorted.
    pub(crate) async fn works(&self) -> Vec<String> {
        let open = self.broker.open_orders(&self.access).await.unwrap();
        let mut ids: Vec<String> = open
            .iter()
            .filter_map(|o| o.ours())
            .map(|o| o.client_order_id.to_string())
            .collect();
        ids.sort();
        ids
    }

    /// Every order there ever was, whatever was answered.
    pub(crate) async fn truth(&self) -> Vec<Value> {
        let url = format!("{}/sim/orders", self.server.paper_url());
        let answer = http().get(url).bearer_auth(ADMIN).send().await.unwrap();
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        body["orders"].as_array().unwrap().clone()
    }
}

pub(crate) fn coin() -> Instrument {
    "BTC/USDT".parse().unwrap()
}

/// A market order for bitcoin.
pub(crate) fn buy(number: u32, quantity: &str) -> OrderRequest {
    OrderRequest {
        instrument: coin(),
        quantity: quantity.parse::<Quantity>().unwrap(),
        ..market(number, 1)
    }
}

/// One leg of a protection group.
pub(crate) fn leg(number: u32, leg: Leg, quantity: &str, order_type: OrderType) -> OrderRequest {
    OrderRequest {
        client_order_id: client_id(number, leg),
        side: OrderSide::Sell,
        order_type,
        reduce_only: true,
        ..buy(number, quantity)
    }
}
