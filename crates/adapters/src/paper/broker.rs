//! Orders at the paper venue. Decides which answer means what became of a request; refuses to send anything twice.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_model::{
    gate::Approved,
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
    },
    ports::{
        BoxFuture,
        broker::{
            Access, Broker, BrokerError, CancelOutcome, Capabilities, ErrorKind, EventSink, NotSent,
            Protected, Sent, ShownOrder, VenueAccount, VenueFill, VenueOrder, VenuePosition,
        },
        clock::{Clock, Random},
    },
    secret::Secret,
};
use reqwest::Method;
use rust_decimal::Decimal;
use zeroize::Zeroizing;

use super::{
    capability::{ACCOUNT, KEY, capabilities},
    client::Client,
    config::{ConfigError, PaperConfig},
    error::{self, No},
    map, stream,
    wire::{self, OpenAccount, PutGroup},
};
use crate::meter::{Metered, Urgency};

/// Fills asked for at a time.
const FILLS_PAGE: usize = 1_000;
/// Pages of fills in one call; the next call goes on from the last cursor.
const FILLS_PAGES_MAX: usize = 20;
/// How often opening an account is tried when the venue's answer is lost. The same key makes it the same account.
const OPEN_ATTEMPTS: u32 = 3;

/// Orders at the paper venue.
pub struct PaperBroker {
    client: Client,
    capabilities: Capabilities,
    admin_key: Option<Secret<String>>,
    shorting: bool,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl PaperBroker {
    /// The venue at the configured address. `http` must follow no redirects; deadlines are the configuration's.
    ///
    /// # Errors
    /// When the address is not one of the venue.
    pub fn new(
        config: &PaperConfig,
        http: impl Into<Metered>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ConfigError> {
        let line = http.into();
        Ok(Self {
            capabilities: capabilities(config, &line),
            client: Client::new(config, line)?,
            admin_key: config.admin_key.clone(),
            shorting: config.shorting,
            clock,
            random,
        })
    }

    fn url(&self, access: &Access, rest: &[&str]) -> reqwest::Url {
        let mut path = vec!["v1", "accounts", access.account_id.as_str()];
        path.extend_from_slice(rest);
        self.client.url(&path)
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        access: &Access,
        url: reqwest::Url,
    ) -> Result<T, BrokerError> {
        self.client
            .get(url, Some(key(access)?))
            .await
            .map_err(error::of_read)
    }

    async fn look_up(&self, access: &Access, id: &ClientOrderId) -> Result<Option<VenueOrder>, BrokerError> {
        let url = self.url(access, &["orders", "by-client-id", id.as_str()]);
        let client = self.client.at(Urgency::Order);
        match client.get::<wire::Order>(url, Some(key(access)?)).await {
            Ok(order) => known(&order).map(Some),
            Err(No::Refused(ErrorKind::OrderNotFound, _)) => Ok(None),
            Err(no) => Err(error::of_read(no)),
        }
    }

    async fn by_broker_id(&self, access: &Access, id: &str) -> Result<Option<ShownOrder>, BrokerError> {
        let url = self.url(access, &["orders", id]);
        match self.client.get::<wire::Order>(url, Some(key(access)?)).await {
            Ok(order) => map::shown(&order).map(Some).map_err(unreadable),
            Err(No::Refused(ErrorKind::OrderNotFound, _)) => Ok(None),
            Err(no) => Err(error::of_read(no)),
        }
    }

    async fn submit(&self, access: &Access, request: &OrderRequest) -> Sent {
        let body = match map::place(request) {
            Ok(body) => body,
            Err(why) => return Sent::NotSent(NotSent::Unsupported(why.to_string())),
        };
        let key = match key(access) {
            Ok(key) => key,
            Err(why) => return Sent::NotSent(NotSent::Unauthorised(why.to_string())),
        };
        let url = self.url(access, &["orders"]);
        let client = self.client.at(if request.reduce_only {
            Urgency::Exit
        } else {
            Urgency::Order
        });
        match client
            .change::<wire::Order>(Method::POST, url, Some(key), Some(&body))
            .await
        {
            Ok(order) => match known(&order) {
                Ok(order) => Sent::Accepted(order),
                Err(why) => Sent::Unknown(why.to_string()),
            },
            Err(No::Refused(ErrorKind::DuplicateClientId, refused)) => adopt(request, &refused),
            Err(No::Refused(kind, refused)) => Sent::Rejected(error::refusal(kind, &refused)),
            Err(No::Limited(after, why)) => Sent::NotSent(error::retry(after, why)),
            Err(No::Waiting(after)) => Sent::NotSent(error::wait(after)),
            Err(No::Unauthorised(why)) => Sent::NotSent(NotSent::Unauthorised(why)),
            Err(No::Unclear(why)) => Sent::Unknown(why),
        }
    }

    /// The body that puts a version in force. A group without slices covers nothing: its symbol and side are those
    /// the venue knows, and a group the venue does not know is done already.
    async fn group_body(
        &self,
        access: &Access,
        key: &Secret<String>,
        group: &ProtectionGroup,
    ) -> Result<Option<PutGroup>, Protected> {
        match map::group(group) {
            Ok(Some(body)) => return Ok(Some(body)),
            Ok(None) => {}
            Err(why) => return Err(Protected::NotSent(NotSent::Unsupported(why.to_string()))),
        }
        let url = self.url(access, &["groups", &group.group_id]);
        let client = self.client.at(Urgency::Exit);
        match client.get::<wire::Group>(url, Some(key)).await {
            Ok(held) => Ok(Some(PutGroup {
                version: group.version,
                symbol: held.symbol,
                side: held.side,
                legs: Vec::new(),
            })),
            Err(No::Refused(_, refused)) if refused.code == "not_found" => Ok(None),
            // Nothing was sent yet that could change anything, whatever became of the read.
            Err(No::Unclear(why)) => Err(Protected::NotSent(error::retry(Duration::from_secs(1), why))),
            Err(no) => Err(protected(no)),
        }
    }

    async fn put_group(&self, access: &Access, group: &ProtectionGroup) -> Protected {
        let key = match key(access) {
            Ok(key) => key,
            Err(why) => return Protected::NotSent(NotSent::Unauthorised(why.to_string())),
        };
        let body = match self.group_body(access, key, group).await {
            Ok(Some(body)) => body,
            Ok(None) => return Protected::Placed(Vec::new()),
            Err(outcome) => return outcome,
        };
        let url = self.url(access, &["groups", &group.group_id]);
        let client = self.client.at(Urgency::Exit);
        match client
            .change::<wire::Group>(Method::PUT, url, Some(key), Some(&body))
            .await
        {
            Ok(held) if held.version == group.version => match legs(&held) {
                Ok(legs) => Protected::Placed(legs),
                Err(why) => Protected::Unknown(why.to_string()),
            },
            Ok(held) => Protected::Unknown(format!(
                "version {} was sent, version {} came back",
                group.version, held.version
            )),
            Err(no) => protected(no),
        }
    }

    async fn cancel_order(&self, access: &Access, id: &ClientOrderId) -> CancelOutcome {
        let key = match key(access) {
            Ok(key) => key,
            Err(why) => return CancelOutcome::Unknown(why.to_string()),
        };
        let url = self.url(access, &["orders", "by-client-id", id.as_str()]);
        let client = self.client.at(Urgency::Exit);
        let order = match client
            .change::<wire::Order>(Method::DELETE, url, Some(key), None::<&()>)
            .await
        {
            Ok(order) => order,
            Err(No::Refused(ErrorKind::OrderNotFound, _)) => return CancelOutcome::NotFound,
            Err(No::Refused(ErrorKind::AlreadyFinal, refused)) => match refused.order {
                Some(order) => order,
                None => return CancelOutcome::Unknown("final, but its state was not told".to_owned()),
            },
            Err(No::Refused(_, refused)) => return CancelOutcome::Unknown(refused.message),
            Err(No::Limited(_, why) | No::Unauthorised(why) | No::Unclear(why)) => {
                return CancelOutcome::Unknown(why);
            }
            Err(no @ No::Waiting(_)) => return CancelOutcome::Unknown(error::of_read(no).to_string()),
        };
        match known(&order) {
            Ok(order) => CancelOutcome::Done(order),
            Err(why) => CancelOutcome::Unknown(why.to_string()),
        }
    }

    async fn fills(&self, access: &Access, cursor: Option<&str>) -> Result<Vec<VenueFill>, BrokerError> {
        let mut after = cursor.unwrap_or("0").to_owned();
        let mut all = Vec::new();
        for _ in 0..FILLS_PAGES_MAX {
            let mut url = self.url(access, &["fills"]);
            url.query_pairs_mut()
                .append_pair("after", &after)
                .append_pair("limit", &FILLS_PAGE.to_string());
            let page: wire::Fills = self.read(access, url).await?;
            let size = page.fills.len();
            for fill in &page.fills {
                all.push(map::fill(fill).map_err(unreadable)?);
            }
            match all.last() {
                Some(last) if size == FILLS_PAGE => after.clone_from(&last.cursor),
                _ => break,
            }
        }
        Ok(all)
    }

    async fn open(&self, name: &str, cash: Decimal) -> Result<BTreeMap<String, Secret<String>>, BrokerError> {
        let Some(admin) = &self.admin_key else {
            return Err(BrokerError::Unsupported("no admin key is configured".to_owned()));
        };
        let mut bytes = Zeroizing::new([0_u8; 32]);
        self.random.fill(bytes.as_mut());
        let key = Zeroizing::new(hex::encode(bytes.as_ref()));
        let body = OpenAccount {
            name,
            cash: map::plain(cash),
            shorting: self.shorting,
            key: &key,
        };
        let url = self.client.url(&["v1", "accounts"]);
        let mut last = BrokerError::Unavailable(String::new());
        for _ in 0..OPEN_ATTEMPTS {
            let answer = self
                .client
                .change(Method::POST, url.clone(), Some(admin), Some(&body))
                .await;
            match answer {
                Ok(wire::Opened { account, key }) => {
                    let fields = [(ACCOUNT, account), (KEY, key)];
                    return Ok(fields
                        .map(|(name, value)| (name.to_owned(), Secret::new(value)))
                        .into());
                }
                Err(no @ No::Unclear(_)) => last = error::of_read(no),
                Err(No::Refused(_, refused)) => return Err(BrokerError::Unsupported(refused.message)),
                Err(no) => return Err(error::of_read(no)),
            }
        }
        Err(last)
    }
}

fn key(access: &Access) -> Result<&Secret<String>, BrokerError> {
    access
        .fields
        .get(KEY)
        .ok_or_else(|| BrokerError::Unauthorised(format!("the credential has no field {KEY:?}")))
}

fn unreadable(why: map::Strange) -> BrokerError {
    BrokerError::Unavailable(why.to_string())
}

/// An order that must be ours, since it was asked for by our id.
fn known(order: &wire::Order) -> Result<VenueOrder, BrokerError> {
    map::order(order)
        .map_err(unreadable)?
        .ok_or_else(|| BrokerError::Unavailable(format!("order {} carries no id of ours", order.id)))
}

/// The id is taken: by our own order sent before, or by something else.
fn adopt(request: &OrderRequest, refused: &wire::Refused) -> Sent {
    let Some(held) = &refused.order else {
        return Sent::Unknown("the id is taken, and the venue does not say by which order".to_owned());
    };
    match known(held) {
        Ok(order) if map::same(request, &order) => Sent::Accepted(order),
        Ok(_) => Sent::Rejected(error::refusal(ErrorKind::DuplicateClientId, refused)),
        Err(why) => Sent::Unknown(why.to_string()),
    }
}

fn legs(group: &wire::Group) -> Result<Vec<VenueOrder>, BrokerError> {
    group
        .legs
        .iter()
        .flat_map(|leg| [&leg.stop, &leg.target])
        .flatten()
        .map(known)
        .collect()
}

fn protected(no: No) -> Protected {
    match no {
        No::Refused(kind, refused) => Protected::Rejected(error::refusal(kind, &refused)),
        No::Limited(after, why) => Protected::NotSent(error::retry(after, why)),
        No::Waiting(after) => Protected::NotSent(error::wait(after)),
        No::Unauthorised(why) => Protected::NotSent(NotSent::Unauthorised(why)),
        No::Unclear(why) => Protected::Unknown(why),
    }
}

impl Broker for PaperBroker {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        Box::pin(async move {
            let account: wire::Account = self.read(access, self.url(access, &[])).await?;
            map::account(&account).map_err(unreadable)
        })
    }

    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        Box::pin(async move {
            let held: wire::Positions = self.read(access, self.url(access, &["positions"])).await?;
            held.positions
                .iter()
                .map(map::position)
                .collect::<Result<_, _>>()
                .map_err(unreadable)
        })
    }

    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        Box::pin(async move {
            let mut url = self.url(access, &["orders"]);
            url.query_pairs_mut()
                .append_pair("status", "open")
                .append_pair("limit", "1000");
            let open: wire::Orders = self.read(access, url).await?;
            let all: Result<Vec<ShownOrder>, _> = open.orders.iter().map(map::shown).collect();
            all.map_err(unreadable)
        })
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
        Box::pin(self.fills(access, cursor))
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
        Box::pin(self.put_group(access, group.get()))
    }

    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        Box::pin(self.cancel_order(access, id))
    }

    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        let (url, clock, random) = (
            self.client.url(&["v1", "stream"]),
            self.clock.clone(),
            self.random.clone(),
        );
        Box::pin(stream::listen(url, access, sink, clock, random))
    }

    fn open_account<'a>(
        &'a self,
        name: &'a str,
        cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        Box::pin(self.open(name, cash))
    }
}
