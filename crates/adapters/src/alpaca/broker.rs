//! Orders at Alpaca. Decides which answer means what became of a request; refuses to send anything twice.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_model::{
    connection::Mode,
    gate::Approved,
    instrument::AssetClass,
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
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
    client::{Client, KEY_ID, SECRET_KEY, Who},
    config::{AlpacaConfig, ConfigError, is_vendors},
    error::{self, No},
    fill,
    listing::{self, unreadable},
    map,
    protect::{Ended, Swap},
    request, stream, wire,
};
use crate::meter::{Metered, Urgency};

/// Orders at Alpaca.
pub struct AlpacaBroker {
    client: Client,
    capabilities: Capabilities,
    ended: Arc<Ended>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl AlpacaBroker {
    /// Alpaca at the configured addresses. `http` must follow no redirects; deadlines are the configuration's. Requests are
    /// counted when it comes with meters.
    ///
    /// # Errors
    /// When an address cannot be used, or paper and live are the same.
    pub fn new(
        config: &AlpacaConfig,
        http: impl Into<Metered>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ConfigError> {
        let line = http.into();
        Ok(Self {
            capabilities: capabilities(&line),
            client: Client::new(config, line)?,
            ended: Arc::default(),
            clock,
            random,
        })
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        access: &Access,
        segments: &[&str],
    ) -> Result<T, BrokerError> {
        let url = self.client.trading(access, segments);
        let who = Who::of(access).map_err(error::of_read)?;
        self.client.get(url, who).await.map_err(error::of_read)
    }

    async fn look_up(&self, access: &Access, id: &ClientOrderId) -> Result<Option<VenueOrder>, BrokerError> {
        let found = listing::ours(&self.client.at(Urgency::Order), access, id).await?;
        Ok(found.map(|(_, order)| self.ended.explained(order)))
    }

    async fn submit(&self, access: &Access, order: &OrderRequest) -> Sent {
        let body = match request::place(order) {
            Ok(body) => body,
            Err(why) => return Sent::NotSent(NotSent::Unsupported(why.to_string())),
        };
        let who = match Who::of(access) {
            Ok(who) => who,
            Err(no) => return sent(no),
        };
        let client = self.client.at(if order.reduce_only {
            Urgency::Exit
        } else {
            Urgency::Order
        });
        let url = client.trading(access, &["v2", "orders"]);
        match client.post::<wire::Order>(url, who, &body).await {
            Ok(taken) => match map::order_as(order.client_order_id.clone(), &taken) {
                Ok(taken) => Sent::Accepted(taken),
                Err(why) => Sent::Unknown(why.to_string()),
            },
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::DuplicateClientId => {
                self.adopt(access, order, refusal).await
            }
            Err(no) => sent(no),
        }
    }

    /// The id is taken: by an earlier asking of ours when the order is the one we meant.
    async fn adopt(&self, access: &Access, order: &OrderRequest, refusal: Refusal) -> Sent {
        match self.look_up(access, &order.client_order_id).await {
            Ok(Some(held))
                if held.instrument == order.instrument
                    && held.side == order.side
                    && held.quantity == order.quantity =>
            {
                Sent::Accepted(held)
            }
            Ok(Some(_)) => Sent::Rejected(refusal),
            Ok(None) => Sent::Unknown("the id is taken, but no order carries it".to_owned()),
            Err(why) => Sent::Unknown(why.to_string()),
        }
    }

    async fn cancel_order(&self, access: &Access, id: &ClientOrderId) -> CancelOutcome {
        let client = self.client.at(Urgency::Exit);
        let (shown, _) = match listing::ours(&client, access, id).await {
            Ok(Some(found)) => found,
            Ok(None) => return CancelOutcome::NotFound,
            Err(BrokerError::Unauthorised(why)) => return CancelOutcome::Unauthorised(why),
            Err(why) => return CancelOutcome::Unknown(why.to_string()),
        };
        let who = match Who::of(access) {
            Ok(who) => who,
            Err(no) => return CancelOutcome::Unauthorised(error::of_read(no).to_string()),
        };
        // Cancelling one of a pair cancels the other.
        let url = client.trading(access, &["v2", "orders", &shown.id]);
        match client.delete(url, who).await {
            Ok(()) => {}
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::OrderNotFound => {
                return CancelOutcome::NotFound;
            }
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::AlreadyFinal => {}
            Err(No::Unauthorised(why)) => return CancelOutcome::Unauthorised(why),
            Err(no) => return CancelOutcome::Unknown(error::of_read(no).to_string()),
        }
        let now = match listing::by_id(&client, access, &shown.id).await {
            Ok(Some(order)) => order,
            Ok(None) => return CancelOutcome::Unknown("the order is gone from Alpaca's list".to_owned()),
            Err(no) => return CancelOutcome::Unknown(error::of_read(no).to_string()),
        };
        let own = map::orders(&now).map(|all| all.into_iter().find(|o| &o.client_order_id == id));
        match own {
            Ok(Some(order)) => CancelOutcome::Done(order),
            Ok(None) => CancelOutcome::Unknown("the answer does not name the order".to_owned()),
            Err(why) => CancelOutcome::Unknown(why.to_string()),
        }
    }

    async fn working(&self, access: &Access) -> Result<Vec<ShownOrder>, BrokerError> {
        let open = listing::open(&self.client, access)
            .await
            .map_err(error::of_read)?;
        let mut all = Vec::with_capacity(open.len());
        for order in &open {
            match map::working(order) {
                Ok(found) => all.extend(found),
                // Somebody else's, such as one of several legs: ours are compared all the same.
                Err(why) if !map::is_ours(order) => {
                    tracing::warn!(order = order.id, %why, "an order placed at Alpaca past us is not understood");
                }
                Err(why) => return Err(unreadable(why)),
            }
        }
        Ok(all)
    }

    async fn by_broker_id(&self, access: &Access, id: &str) -> Result<Option<ShownOrder>, BrokerError> {
        match listing::by_id(&self.client, access, id).await {
            Ok(Some(order)) => map::foreign(&order).map(Some).map_err(unreadable),
            Ok(None) => Ok(None),
            Err(no) => Err(error::of_read(no)),
        }
    }
}

fn sent(no: No) -> Sent {
    match no {
        No::Refused(refusal) => Sent::Rejected(refusal),
        No::Limited(after, why) => Sent::NotSent(error::retry(after, why)),
        No::Waiting(after) => Sent::NotSent(error::wait(after)),
        No::Unauthorised(why) => Sent::NotSent(NotSent::Unauthorised(why)),
        No::Unclear(why) => Sent::Unknown(why),
    }
}

fn capabilities(line: &Metered) -> Capabilities {
    let allowances = line
        .trading
        .as_ref()
        .map_or_else(Vec::new, |meter| meter.allowances().to_vec());
    let types = ["market", "limit", "stop", "stop_limit", "trailing"];
    Capabilities {
        broker: "alpaca".to_owned(),
        name: "Alpaca".to_owned(),
        classes: vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto],
        order_types: types.map(str::to_owned).to_vec(),
        modes: vec![Mode::Paper, Mode::Live],
        credential_fields: vec![(KEY_ID.to_owned(), false), (SECRET_KEY.to_owned(), true)],
        client_id_dedupe: Dedupe::Always,
        // The vendor promises nothing shorter than what PRODUCT EX-05 takes where nothing is known.
        visibility_window: Duration::from_secs(60),
        native_protection: vec![AssetClass::Equity],
        replace: false,
        requests_per_minute: allowances.first().map(|a| a.ours),
        allowances,
        extended_hours: vec![AssetClass::Equity],
        reserves_working: true,
        withdraw_permission_readable: false,
    }
}

impl Broker for AlpacaBroker {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        Box::pin(async move {
            let account: wire::Account = self.read(access, &["v2", "account"]).await?;
            if let Some(why) = map::blocked(&account) {
                // For a while, the specification says: the key is good, and is asked again.
                return Err(BrokerError::Unavailable(format!(
                    "the account cannot trade: {why}"
                )));
            }
            let host = self.client.trading(access, &[]);
            let vendor = host.host_str().is_some_and(is_vendors);
            map::account(&account, access.mode, vendor, self.clock.now()).map_err(unreadable)
        })
    }

    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        Box::pin(async move {
            let all: Vec<wire::Position> = self.read(access, &["v2", "positions"]).await?;
            all.iter()
                .map(map::position)
                .collect::<Result<_, _>>()
                .map_err(unreadable)
        })
    }

    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        Box::pin(self.working(access))
    }

    fn order_by_broker_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<ShownOrder>, BrokerError>> {
        Box::pin(self.by_broker_id(access, id))
    }

    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>> {
        Box::pin(fill::since(&self.client, access, cursor))
    }

    fn fills_end<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Option<String>, BrokerError>> {
        Box::pin(async move {
            let end = fill::end(&self.client, access, self.clock.now()).await?;
            Ok(Some(end))
        })
    }

    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        Box::pin(self.look_up(access, id))
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
            let client = self.client.at(Urgency::Exit);
            let swap = Swap {
                ended: &self.ended,
                client: &client,
                clock: &self.clock,
                access,
            };
            swap.run(group.get()).await
        })
    }

    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        Box::pin(self.cancel_order(access, id))
    }

    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        let url = self.client.trading(&access, &["stream"]);
        Box::pin(stream::listen(
            url,
            (access, self.ended.clone()),
            sink,
            self.clock.clone(),
            self.random.clone(),
        ))
    }

    fn open_account<'a>(
        &'a self,
        _name: &'a str,
        _cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        Box::pin(async {
            Err(BrokerError::Unsupported(
                "accounts at Alpaca are opened at alpaca.markets".to_owned(),
            ))
        })
    }
}
