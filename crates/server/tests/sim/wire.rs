//! The broker port of the simulated venues: every call is a request that travels, is carried out by the venue's ledger, and
//! an answer that travels back, unless something happens to one of them. Deadlines as an adapter has them.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_model::{
    connection::Mode,
    gate::Approved,
    money::Currency,
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
    },
    ports::{
        BoxFuture,
        broker::{
            Access, Broker, BrokerError, BrokerEvent, CancelOutcome, Capabilities, ErrorKind, EventSink,
            NotSent, Protected, Refusal, Sent, ShownOrder, VenueAccount, VenueFill, VenueOrder,
            VenuePosition, VenueState,
        },
    },
    secret::Secret,
};
use ordercast_testkit::broker::capabilities;
use rust_decimal::Decimal;
use tokio::sync::{mpsc, oneshot};

use crate::{
    fault::{FaultKind, WireFault},
    oracle::watch,
    sea::Sea,
    setting::Port,
    venue::{Held, Ledger},
};

/// Deadline of what changes something at a venue (PRODUCT BR-01).
const WRITE: Duration = Duration::from_secs(10);
/// Deadline of a read.
const READ: Duration = Duration::from_secs(5);
/// Events a listener may be behind.
const EVENTS_MAX: usize = 1_024;

/// What a call is, for the faults that may befall it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Place,
    Protect,
    Cancel,
    Read,
}

impl Call {
    const fn suffers(self, fault: WireFault) -> bool {
        match self {
            Self::Place => !matches!(fault, WireFault::FillFirst),
            Self::Protect => !matches!(fault, WireFault::FillFirst | WireFault::Hidden | WireFault::Late),
            Self::Cancel => matches!(
                fault,
                WireFault::FillFirst | WireFault::LoseRequest | WireFault::LoseAnswer | WireFault::Slow
            ),
            Self::Read => matches!(fault, WireFault::Slow),
        }
    }
    const fn deadline(self) -> Duration {
        match self {
            Self::Read => READ,
            _ => WRITE,
        }
    }
}

/// Why there is no answer.
enum Trouble {
    Busy,
    Refused,
    Nobody(&'static str),
}

/// One simulated venue.
pub struct SimBroker {
    capabilities: Capabilities,
    sea: Arc<Sea>,
}

impl SimBroker {
    pub fn new(sea: Arc<Sea>, port: Port) -> Self {
        let mut what = capabilities(port.dedupe);
        port.code.clone_into(&mut what.broker);
        if !port.native {
            what.native_protection.clear();
        }
        what.order_types.retain(|kind| {
            port.trails && kind == "trailing"
                || port.native && kind == "stop"
                || !["stop", "trailing"].contains(&kind.as_str())
        });
        what.visibility_window = sea.window;
        Self {
            capabilities: what,
            sea,
        }
    }

    async fn exchange<T: Send + 'static>(
        &self,
        access: &Access,
        call: Call,
        act: impl FnOnce(&Arc<Sea>, usize, Option<WireFault>) -> Option<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        let sea = &self.sea;
        sea.step().await;
        let account = sea.account_of(access.connection_id);
        let fate = sea.mishap().fate(account, |fault| call.suffers(fault));
        match fate.fault {
            Some(WireFault::Busy) => {
                sea.reach(FaultKind::Busy);
                sea.clock.wait(fate.there + fate.back).await;
                sea.step().await;
                return Err(Trouble::Busy);
            }
            Some(WireFault::Refuse) => {
                sea.reach(FaultKind::Refused);
                sea.clock.wait(fate.there + fate.back).await;
                sea.step().await;
                return Err(Trouble::Refused);
            }
            Some(WireFault::LoseRequest) => {
                sea.reach(FaultKind::LostRequest);
                let patience = Duration::from_millis(100 + sea.mishap().below(9_900));
                sea.clock.wait(patience).await;
                sea.step().await;
                return Err(Trouble::Nobody("the request was lost"));
            }
            _ => {}
        }
        let (tell, told) = oneshot::channel();
        let (there, back, fault) = (fate.there, fate.back, fate.fault);
        let world = Arc::clone(sea);
        sea.agenda.add(sea.clock.truth().plus(there), move || {
            if world.is_away(account) {
                return world.reach(FaultKind::VenueAway);
            }
            if fault == Some(WireFault::Late) {
                world.reach(FaultKind::LateAccept);
            }
            let answer = act(&world, account, fault);
            if fault == Some(WireFault::LoseAnswer) {
                return world.reach(FaultKind::LostAnswer);
            }
            if let Some(answer) = answer {
                let due = world.clock.truth().plus(back);
                world.agenda.add(due, move || drop(tell.send(answer)));
            } else {
                // The answer is lost with the ledger.
                drop(tell);
            }
        });
        let deadline = sea.clock.wait(call.deadline());
        let answer = tokio::select! {
            biased;
            answer = told => answer.ok(),
            () = deadline => None,
        };
        sea.step().await;
        answer.ok_or(Trouble::Nobody("no answer in time"))
    }

    async fn read<T: Send + 'static>(
        &self,
        access: &Access,
        read: impl FnOnce(&Ledger, ordercast_model::time::Timestamp) -> T + Send + 'static,
    ) -> Result<T, BrokerError> {
        let act = move |sea: &Arc<Sea>, account: usize, _: Option<WireFault>| {
            sea.at_venue(account, |ledger, now, _, _| read(ledger, now))
        };
        self.exchange(access, Call::Read, act)
            .await
            .map_err(|_| BrokerError::Unavailable("the venue does not answer".to_owned()))
    }

    async fn send(&self, access: &Access, request: OrderRequest) -> Sent {
        watch::sends(&self.sea, access, &request);
        let window = self.sea.window;
        let id = request.client_order_id.clone();
        self.sea.awaits(&id);
        let act = move |sea: &Arc<Sea>, account: usize, fault: Option<WireFault>| {
            let hidden = fault == Some(WireFault::Hidden);
            if hidden {
                sea.reach(FaultKind::HiddenOrder);
            }
            let lag = if hidden { window / 2 } else { Duration::ZERO };
            sea.at_venue(account, |ledger, now, touch, events| {
                let sent = ledger.place(&request, now, now.plus(lag), touch, events);
                if hidden {
                    Sent::Unknown("the venue answered with an error of its own".to_owned())
                } else {
                    sent
                }
            })
        };
        let answer = self.exchange(access, Call::Place, act).await;
        self.sea.is_answered(&id);
        match answer {
            Ok(sent) => sent,
            Err(Trouble::Busy) => Sent::NotSent(busy()),
            Err(Trouble::Refused) => Sent::Rejected(refused()),
            Err(Trouble::Nobody(why)) => Sent::Unknown(why.to_owned()),
        }
    }
}

fn busy() -> NotSent {
    NotSent::Retry {
        after: Duration::from_secs(1),
        why: "429: too many requests".to_owned(),
    }
}

fn refused() -> Refusal {
    Refusal {
        kind: ErrorKind::Restricted,
        code: "restricted".to_owned(),
        message: "not tradable now".to_owned(),
    }
}

impl Broker for SimBroker {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        let (account_id, mode) = (access.account_id.clone(), access.mode);
        let market = self.sea.market.clone();
        Box::pin(self.read(access, move |ledger, at| {
            let touch = |i: &_| (market.bid(i), market.ask(i));
            VenueAccount {
                account_id,
                mode,
                currency: Currency::USD,
                cash: ledger.cash,
                equity: ledger.equity(&touch),
                buying_power: ledger.cash,
                may_withdraw: Some(false),
                at,
            }
        }))
    }
    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        Box::pin(self.read(access, |ledger, _| ledger.positions()))
    }
    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        let shown = |ledger: &Ledger, now| {
            ledger
                .open_orders(now)
                .into_iter()
                .map(ShownOrder::from)
                .collect()
        };
        Box::pin(self.read(access, shown))
    }
    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>> {
        let after: usize = cursor.and_then(|c| c.parse().ok()).unwrap_or(0);
        Box::pin(async move {
            if self.sea.is_blind(self.sea.account_of(access.connection_id)) {
                self.sea.reach(FaultKind::BlindFills);
                return Err(BrokerError::Unavailable("fills are not listed now".to_owned()));
            }
            self.read(access, move |ledger, _| {
                ledger.fills.iter().skip(after).cloned().collect()
            })
            .await
        })
    }
    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        let id = id.clone();
        Box::pin(self.read(access, move |ledger, now| {
            let found = ledger.find(&id).filter(|o| o.visible_at <= now);
            found.and_then(Held::shown)
        }))
    }
    fn place<'a>(&'a self, access: &'a Access, order: &'a Approved<OrderRequest>) -> BoxFuture<'a, Sent> {
        Box::pin(self.send(access, order.get().clone()))
    }
    fn protect<'a>(
        &'a self,
        access: &'a Access,
        group: &'a Approved<ProtectionGroup>,
    ) -> BoxFuture<'a, Protected> {
        let group = group.get().clone();
        Box::pin(async move {
            watch::protects(&self.sea, access, &group);
            let act = move |sea: &Arc<Sea>, account: usize, _: Option<WireFault>| {
                sea.at_venue(account, |ledger, now, touch, events| {
                    ledger.protect(&group, now, touch, events)
                })
            };
            match self.exchange(access, Call::Protect, act).await {
                Ok(protected) => protected,
                Err(Trouble::Busy) => Protected::NotSent(busy()),
                Err(Trouble::Refused) => Protected::Rejected(refused()),
                Err(Trouble::Nobody(why)) => Protected::Unknown(why.to_owned()),
            }
        })
    }
    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        let id = id.clone();
        Box::pin(async move {
            let act = move |sea: &Arc<Sea>, account: usize, fault: Option<WireFault>| {
                sea.at_venue(account, |ledger, now, touch, events| {
                    if fault == Some(WireFault::FillFirst) && fill_first(ledger, &id, now, touch, events) {
                        sea.reach(FaultKind::CancelFillRace);
                    }
                    ledger.cancel(&id, now, events)
                })
            };
            match self.exchange(access, Call::Cancel, act).await {
                Ok(outcome) => outcome,
                Err(_) => CancelOutcome::Unknown("no definite answer".to_owned()),
            }
        })
    }
    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        let sea = Arc::clone(&self.sea);
        Box::pin(async move {
            sea.step().await;
            let (tell, mut told) = mpsc::channel(EVENTS_MAX);
            sea.listen(sea.account_of(access.connection_id), tell);
            sink.take(access.connection_id, BrokerEvent::Connected).await;
            while let Some(event) = told.recv().await {
                sea.step().await;
                sink.take(access.connection_id, event).await;
            }
        })
    }
    fn open_account<'a>(
        &'a self,
        _: &'a str,
        _: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        let no = BrokerError::Unsupported("accounts are given".to_owned());
        Box::pin(std::future::ready(Err(no)))
    }
}

/// A cancel that comes a moment too late.
fn fill_first(
    ledger: &mut Ledger,
    id: &ClientOrderId,
    now: ordercast_model::time::Timestamp,
    touch: &dyn Fn(
        &ordercast_model::instrument::Instrument,
    ) -> (ordercast_model::money::Price, ordercast_model::money::Price),
    events: &mut Vec<BrokerEvent>,
) -> bool {
    let works = |o: &Held| o.client.as_ref() == Some(id) && o.state == VenueState::Working && !o.reduce_only;
    let Some(place) = ledger.orders.iter().rposition(works) else {
        return false;
    };
    let Some(order) = ledger.orders.get(place) else {
        return false;
    };
    let (_, ask) = touch(&order.instrument);
    let price = order.kind.price().map_or(ask, |limit| limit.min(ask));
    let left = order.left();
    ledger.fill(place, left, price, now, events);
    true
}

/// Connections are to paper accounts throughout.
pub const MODE: Mode = Mode::Paper;
