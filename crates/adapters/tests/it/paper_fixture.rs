//! A paper venue, an account at it, and orders to send.

use std::{sync::Arc, time::Duration};

use ordercast_adapters::paper::{PaperBroker, PaperConfig};
use ordercast_model::{
    connection::Mode,
    ids::{ConnectionId, Id, SignalId},
    money::{Price, Quantity},
    order::{
        identity::{ClientOrderId, Leg, Origin},
        shape::{OrderRequest, OrderSide, OrderType},
    },
    ports::broker::{Access, Broker, Dedupe, Sent, VenueOrder},
    secret::Secret,
    signal::instruction::TimeInForce,
    time::Timestamp,
};
use ordercast_sim::{
    market::calendar::Calendar,
    venue::{config::VenueConfig, server::Venue},
};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{
    approve::approved,
    world::{self, clock, http, micros, random},
};

pub(crate) const ADMIN: &str = "admin-key-of-the-tests";

/// A venue with one account.
pub(crate) struct Floor {
    pub(crate) venue: Venue,
    pub(crate) config: PaperConfig,
    pub(crate) broker: Arc<PaperBroker>,
    pub(crate) access: Access,
}

impl Floor {
    pub(crate) async fn open(dedupe: Dedupe) -> Self {
        use ordercast_sim::venue::config::Dedupe as Theirs;
        let venue = VenueConfig {
            admin_key: ADMIN.to_owned(),
            calendar: Calendar::ALWAYS,
            warm_up_seconds: 5,
            dedupe: match dedupe {
                Dedupe::Always => Theirs::Always,
                Dedupe::WhileOpen => Theirs::WhileOpen,
                Dedupe::Never => Theirs::Never,
            },
            ..VenueConfig::default()
        };
        let venue = Venue::start(venue, Arc::new(micros)).await.unwrap();
        let mut config = PaperConfig::new(format!("http://{}", venue.addr()));
        config.admin_key = Some(Secret::new(ADMIN.to_owned()));
        config.dedupe = dedupe;
        config.submit_timeout = Duration::from_millis(1_500);
        config.read_timeout = Duration::from_millis(1_500);
        let broker = Arc::new(PaperBroker::new(&config, http(), clock(), random()).unwrap());
        let fields = broker
            .open_account("alice", Decimal::from(100_000))
            .await
            .unwrap();
        let access = Access {
            connection_id: ConnectionId::new(Timestamp::from_micros(1), [1; 10]),
            account_id: fields["account"].expose().clone(),
            mode: Mode::Paper,
            fields,
        };
        Self {
            venue,
            config,
            broker,
            access,
        }
    }

    /// Makes trouble at the venue.
    pub(crate) async fn fault(&self, body: Value) {
        self.admin(reqwest::Method::POST, Some(body)).await;
    }

    pub(crate) async fn clear_faults(&self) {
        self.admin(reqwest::Method::DELETE, None).await;
    }

    async fn admin(&self, method: reqwest::Method, body: Option<Value>) {
        let url = format!("http://{}/sim/faults", self.venue.addr());
        let mut request = http().request(method, url).bearer_auth(ADMIN);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
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

    pub(crate) async fn look_up(&self, id: &ClientOrderId) -> Option<VenueOrder> {
        self.broker.order_by_client_id(&self.access, id).await.unwrap()
    }

    /// Buys at the market and waits until all is filled.
    pub(crate) async fn bought(&self, number: u32, units: u32) -> VenueOrder {
        let request = market(number, units);
        self.accepted(&request).await;
        world::until("the fill", async || {
            self.look_up(&request.client_order_id)
                .await
                .filter(|o| o.state.is_final())
        })
        .await
    }
}

pub(crate) fn client_id(number: u32, leg: Leg) -> ClientOrderId {
    let at = Timestamp::from_micros(1);
    let origin = Origin::Signal(SignalId::new(at, [7; 10]));
    ClientOrderId::derive(origin, number, ConnectionId::new(at, [1; 10]), leg, 0)
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

/// A market order for AAPL.
pub(crate) fn market(number: u32, units: u32) -> OrderRequest {
    OrderRequest {
        client_order_id: client_id(number, Leg::Entry),
        instrument: "AAPL".parse().unwrap(),
        side: OrderSide::Buy,
        quantity: Quantity::new(Decimal::from(units)).unwrap(),
        order_type: OrderType::Market,
        time_in_force: TimeInForce::Gtc,
        extended_hours: false,
        reduce_only: false,
    }
}

/// A buy far below the market: it rests.
pub(crate) fn resting(number: u32, units: u32) -> OrderRequest {
    OrderRequest {
        order_type: OrderType::Limit { limit: price("1") },
        ..market(number, units)
    }
}

/// One leg of a protection group.
pub(crate) fn leg(number: u32, leg: Leg, units: u32, order_type: OrderType) -> OrderRequest {
    OrderRequest {
        client_order_id: client_id(number, leg),
        side: OrderSide::Sell,
        order_type,
        reduce_only: true,
        ..market(number, units)
    }
}
