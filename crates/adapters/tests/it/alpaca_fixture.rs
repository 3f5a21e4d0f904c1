//! Alpaca's protocol on loopback, an account at it, and what the program would use to trade there.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_adapters::alpaca::{AlpacaBroker, AlpacaConfig, AlpacaMarket};
use ordercast_model::{
    connection::Mode,
    ids::{ConnectionId, Id},
    order::shape::{OrderRequest, ProtectionGroup},
    ports::{
        BoxFuture,
        broker::{Access, Broker, Lender, Protected, Sent, VenueOrder},
    },
    secret::Secret,
    signal::instruction::TimeInForce,
    time::Timestamp,
};
use ordercast_sim::{
    alpaca::{
        config::{AlpacaAccount, AlpacaConfig as Theirs, Environment},
        server::Alpaca,
    },
    market::calendar::Calendar,
};
use serde_json::Value;

use crate::{
    approve::{approved, protection},
    paper_fixture,
    world::{self, clock, http, micros, random},
};

const ADMIN: &str = "admin-key-of-the-tests";
pub(crate) const PAPER: (&str, &str) = ("PKTESTTESTTESTTEST01", "secret-of-the-paper-account");
const LIVE: (&str, &str) = ("AKTESTTESTTESTTEST01", "secret-of-the-live-account");

/// Alpaca with an account.
pub(crate) struct Pit {
    pub(crate) server: Alpaca,
    pub(crate) broker: Arc<AlpacaBroker>,
    pub(crate) access: Access,
    pub(crate) config: AlpacaConfig,
}

pub(crate) fn access(mode: Mode, keys: (&str, &str)) -> Access {
    let field = |name: &str, value: &str| (name.to_owned(), Secret::new(value.to_owned()));
    Access {
        connection_id: ConnectionId::new(Timestamp::from_micros(1), [1; 10]),
        account_id: String::new(),
        mode,
        fields: BTreeMap::from([field("key_id", keys.0), field("secret_key", keys.1)]),
    }
}

impl Pit {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Theirs)) -> Self {
        world::provider();
        let live = AlpacaAccount {
            environment: Environment::Live,
            ..AlpacaAccount::paper("alice", LIVE.0, LIVE.1)
        };
        let mut theirs = Theirs {
            admin_key: ADMIN.to_owned(),
            calendar: Calendar::ALWAYS,
            warm_up_seconds: 5,
            rate_per_minute: 100_000,
            accounts: vec![AlpacaAccount::paper("alice", PAPER.0, PAPER.1), live],
            ..Theirs::default()
        };
        change(&mut theirs);
        let server = Alpaca::start(theirs, Arc::new(micros)).await.unwrap();
        let config = AlpacaConfig {
            paper_base: server.paper_url(),
            live_base: server.live_url(),
            data_base: server.data_url(),
            submit_timeout: Duration::from_millis(1_500),
            read_timeout: Duration::from_millis(1_500),
            ..AlpacaConfig::default()
        };
        let broker = Arc::new(AlpacaBroker::new(&config, http(), clock(), random()).unwrap());
        Self {
            server,
            broker,
            access: access(Mode::Paper, PAPER),
            config,
        }
    }

    pub(crate) fn live(&self) -> Access {
        access(Mode::Live, LIVE)
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

    pub(crate) async fn place(&self, request: &OrderRequest) -> Sent {
        self.broker.place(&self.access, &approved(request)).await
    }

    pub(crate) async fn accepted(&self, request: &OrderRequest) -> VenueOrder {
        match self.place(request).await {
            Sent::Accepted(order) => order,
            other => panic!("not accepted: {other:?}"),
        }
    }

    pub(crate) async fn bought(&self, number: u32, units: u32) -> VenueOrder {
        let request = market(number, units);
        self.accepted(&request).await;
        world::until("the fill", async || {
            let id = &request.client_order_id;
            let found = self.broker.order_by_client_id(&self.access, id).await.unwrap();
            found.filter(|o| o.state.is_final())
        })
        .await
    }

    pub(crate) async fn protect(&self, group: &ProtectionGroup, open: u32) -> Protected {
        self.broker.protect(&self.access, &protection(group, open)).await
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

    pub(crate) fn market(&self) -> Arc<AlpacaMarket> {
        let lender = Arc::new(Always(self.access.clone()));
        AlpacaMarket::connect(&self.config, http(), lender, clock())
            .unwrap()
            .0
    }
}

/// A market order for AAPL, for the day.
pub(crate) fn market(number: u32, units: u32) -> OrderRequest {
    OrderRequest {
        time_in_force: TimeInForce::Day,
        ..paper_fixture::market(number, units)
    }
}

struct Always(Access);
impl Lender for Always {
    fn lend<'a>(&'a self, _broker: &'a str) -> BoxFuture<'a, Option<Access>> {
        Box::pin(async { Some(self.0.clone()) })
    }
}
