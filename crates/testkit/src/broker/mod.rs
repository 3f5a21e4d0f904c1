//! A venue in memory: it keeps orders and fills, deduplicates as its capabilities say, and answers a send as scripted.
//! It decides nothing about prices; a test says what fills.

mod book;
mod hand;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{
    connection::Mode,
    gate::Approved,
    ids::ConnectionId,
    instrument::AssetClass,
    money::{Currency, Price, Quantity},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
    },
    ports::{
        BoxFuture,
        broker::{
            Access, Broker, BrokerError, BrokerEvent, CancelOutcome, Capabilities, Dedupe, ErrorKind,
            EventSink, NotSent, Protected, Refusal, Sent, ShownOrder, VenueAccount, VenueFill, VenueOrder,
            VenuePosition, VenueState,
        },
        clock::Clock,
    },
    secret::Secret,
};
use rust_decimal::Decimal;
use tokio::sync::mpsc;

use self::book::Book;

/// Events a listener may be behind. When it is full the listener is cut off, as a venue does with a slow client.
const EVENTS_MAX: usize = 1_024;

/// How the next send goes. Without a script the venue takes the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Script {
    /// The venue takes the order and says so.
    Accept,
    /// The venue takes the order, fills all of it at a price, and says so.
    Fill(Price),
    /// The venue says no.
    Reject(Refusal),
    /// The request does not leave.
    NotSent(NotSent),
    /// The venue takes the order; its answer is lost.
    LoseAnswer,
    /// The request is lost on its way; nobody knows.
    LoseRequest,
    /// The venue takes and fills the order; its answer is lost.
    FillAndLoseAnswer(Price),
}

#[derive(Debug, Default)]
struct Venue {
    books: BTreeMap<ConnectionId, Book>,
    scripts: VecDeque<Script>,
    listeners: BTreeMap<ConnectionId, Vec<mpsc::Sender<BrokerEvent>>>,
    away: bool,
    sends: u32,
    /// What stands behind every credential.
    behind: Behind,
    /// Questions for an account.
    asked: u32,
}

/// What the venue says of a credential.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Behind {
    /// The account that was connected.
    #[default]
    Known,
    /// Another account.
    Another,
    /// The same account, but of this mode.
    Of(Mode),
    /// The credential is refused.
    Refused,
    /// What may be asked is used up.
    Busy(Duration),
}

/// A venue that does as it is told.
pub struct FakeBroker {
    capabilities: Capabilities,
    clock: Arc<dyn Clock>,
    venue: Arc<Mutex<Venue>>,
}

/// What a full-featured paper venue can do, with a way of treating repeated client ids.
#[must_use]
pub fn capabilities(client_id_dedupe: Dedupe) -> Capabilities {
    let classes = vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto];
    Capabilities {
        broker: "paper".to_owned(),
        name: "Fake".to_owned(),
        classes: classes.clone(),
        order_types: ["market", "limit", "stop", "stop_limit", "trailing"]
            .map(str::to_owned)
            .into(),
        modes: vec![Mode::Paper],
        credential_fields: vec![("token".to_owned(), true)],
        client_id_dedupe,
        visibility_window: Duration::ZERO,
        native_protection: classes,
        replace: false,
        requests_per_minute: None,
        allowances: Vec::new(),
        extended_hours: Vec::new(),
        reserves_working: false,
        withdraw_permission_readable: true,
    }
}

fn refusal(kind: ErrorKind) -> Refusal {
    Refusal {
        kind,
        code: kind.code().to_owned(),
        message: format!("the fake venue refuses: {}", kind.code()),
    }
}

impl FakeBroker {
    /// A venue with these capabilities.
    #[must_use]
    pub fn new(capabilities: Capabilities, clock: Arc<dyn Clock>) -> Self {
        Self {
            capabilities,
            clock,
            venue: Arc::default(),
        }
    }
    fn venue(&self) -> MutexGuard<'_, Venue> {
        self.venue.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Says how the next sends go, in order.
    pub fn script(&self, scripts: impl IntoIterator<Item = Script>) {
        self.venue().scripts.extend(scripts);
    }
    /// Takes back what the next sends would have met.
    pub fn forget_scripts(&self) {
        self.venue().scripts.clear();
    }
    /// Cash of an account and what it holds.
    #[must_use]
    pub fn holdings(&self, connection: ConnectionId) -> (Decimal, Vec<VenuePosition>) {
        self.venue()
            .books
            .get(&connection)
            .map(|book| (book.cash, book.positions()))
            .unwrap_or_default()
    }
    /// Whether every read fails and every send is lost, until switched back.
    pub fn set_away(&self, away: bool) {
        self.venue().away = away;
    }
    /// What the venue says of credentials from now on.
    pub fn set_behind(&self, behind: Behind) {
        self.venue().behind = behind;
    }
    /// How often an account was asked for.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.venue().asked
    }
    /// Requests to place an order that reached the venue or were lost on the way.
    #[must_use]
    pub fn sends(&self) -> u32 {
        self.venue().sends
    }
    /// Every order of an account, oldest first.
    #[must_use]
    pub fn orders(&self, connection: ConnectionId) -> Vec<VenueOrder> {
        self.venue()
            .books
            .get(&connection)
            .map(|book| book.orders.clone())
            .unwrap_or_default()
    }
    /// Says what cash an account holds; a new account holds 100,000 dollars.
    pub fn set_cash(&self, connection: ConnectionId, cash: Decimal) {
        self.venue().books.entry(connection).or_default().cash = cash;
    }
    /// Fills some of a working order at a price and tells the listeners; none when no such order works.
    pub fn fill(
        &self,
        connection: ConnectionId,
        id: &ClientOrderId,
        quantity: Quantity,
        price: Price,
    ) -> Option<VenueFill> {
        let at = self.clock.now();
        let mut venue = self.venue();
        let book = venue.books.get_mut(&connection)?;
        let (order, fill) = book.fill(id, quantity, price, at)?;
        let relieved = book.relieve(id, fill.quantity, at);
        venue.tell(
            connection,
            &BrokerEvent::Fill {
                order,
                fill: fill.clone(),
            },
        );
        for order in relieved {
            venue.tell(connection, &BrokerEvent::Order(order));
        }
        Some(fill)
    }
    /// Ends a working order by the venue's own decision and tells the listeners; false when none works.
    pub fn end(&self, connection: ConnectionId, id: &ClientOrderId, state: VenueState, reason: &str) -> bool {
        let at = self.clock.now();
        let mut venue = self.venue();
        let ended = venue
            .books
            .get_mut(&connection)
            .and_then(|book| book.end(id, state, Some(reason), at));
        let Some(order) = ended else {
            return false;
        };
        venue.tell(connection, &BrokerEvent::Order(order));
        true
    }
    /// Tells the listeners of an account anything: a cut stream, a repeated event, one out of order.
    pub fn tell(&self, connection: ConnectionId, event: &BrokerEvent) {
        self.venue().tell(connection, event);
    }
    fn take(&self, access: &Access, order: &OrderRequest) -> Sent {
        let at = self.clock.now();
        let dedupe = self.capabilities.client_id_dedupe;
        let mut venue = self.venue();
        venue.sends += 1;
        if venue.away {
            return Sent::Unknown("the fake venue is away".to_owned());
        }
        let script = venue.scripts.pop_front().unwrap_or(Script::Accept);
        match script {
            Script::Reject(refusal) => return Sent::Rejected(refusal),
            Script::NotSent(why) => return Sent::NotSent(why),
            Script::LoseRequest => return Sent::Unknown("the request was lost".to_owned()),
            _ => {}
        }
        let book = venue.books.entry(access.connection_id).or_default();
        let known = book.find(&order.client_order_id).cloned();
        match (dedupe, known) {
            (Dedupe::Always, Some(known)) => return Sent::Accepted(known),
            (Dedupe::WhileOpen, Some(known)) if !known.state.is_final() => {
                return Sent::Rejected(refusal(ErrorKind::DuplicateClientId));
            }
            _ => {}
        }
        let mut taken = book.open(order, at);
        let mut events = vec![BrokerEvent::Order(taken.clone())];
        if let Script::Fill(price) | Script::FillAndLoseAnswer(price) = script
            && let Some((order, fill)) = book.fill(&order.client_order_id, order.quantity, price, at)
        {
            taken = order.clone();
            events.push(BrokerEvent::Fill { order, fill });
        }
        for event in &events {
            venue.tell(access.connection_id, event);
        }
        match script {
            Script::LoseAnswer | Script::FillAndLoseAnswer(_) => {
                Sent::Unknown("the answer was lost".to_owned())
            }
            _ => Sent::Accepted(taken),
        }
    }
    fn read<T>(
        &self,
        access: &Access,
        read: impl FnOnce(&Book) -> T,
    ) -> BoxFuture<'static, Result<T, BrokerError>>
    where
        T: Send + 'static,
    {
        let mut venue = self.venue();
        let result = if venue.away {
            Err(BrokerError::Unavailable("the fake venue is away".to_owned()))
        } else {
            Ok(read(venue.books.entry(access.connection_id).or_default()))
        };
        Box::pin(std::future::ready(result))
    }
}

impl Venue {
    fn tell(&mut self, connection: ConnectionId, event: &BrokerEvent) {
        if let Some(listeners) = self.listeners.get_mut(&connection) {
            listeners.retain(|listener| listener.try_send(event.clone()).is_ok());
        }
    }
}

impl Broker for FakeBroker {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        let at = self.clock.now();
        let behind = {
            let mut venue = self.venue();
            venue.asked += 1;
            venue.behind.clone()
        };
        let (account_id, mode) = match behind {
            Behind::Known => (access.account_id.clone(), access.mode),
            Behind::Another => ("another".to_owned(), access.mode),
            Behind::Of(mode) => (access.account_id.clone(), mode),
            Behind::Refused => {
                let refused = BrokerError::Unauthorised("the key is unknown".to_owned());
                return Box::pin(std::future::ready(Err(refused)));
            }
            Behind::Busy(after) => {
                return Box::pin(std::future::ready(Err(BrokerError::Busy { after })));
            }
        };
        self.read(access, move |book| VenueAccount {
            account_id,
            mode,
            currency: Currency::USD,
            cash: book.cash,
            equity: book.equity(),
            buying_power: book.cash,
            may_withdraw: Some(false),
            at,
        })
    }
    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        self.read(access, Book::positions)
    }
    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        self.read(access, Book::working_now)
    }
    fn order_by_broker_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<ShownOrder>, BrokerError>> {
        self.read(access, |book| {
            let found = book.outside.iter().find(|o| o.terms.broker_order_id == id);
            found.cloned()
        })
    }
    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>> {
        let after: usize = cursor.and_then(|c| c.parse().ok()).unwrap_or(0);
        self.read(access, move |book| {
            book.fills.iter().skip(after).cloned().collect()
        })
    }
    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        self.read(access, |book| book.find(id).cloned())
    }
    fn place<'a>(&'a self, access: &'a Access, order: &'a Approved<OrderRequest>) -> BoxFuture<'a, Sent> {
        Box::pin(std::future::ready(self.take(access, order.get())))
    }
    fn protect<'a>(
        &'a self,
        access: &'a Access,
        group: &'a Approved<ProtectionGroup>,
    ) -> BoxFuture<'a, Protected> {
        let at = self.clock.now();
        let mut venue = self.venue();
        let protected = if venue.away {
            Protected::Unknown("the fake venue is away".to_owned())
        } else {
            let book = venue.books.entry(access.connection_id).or_default();
            Protected::Placed(book.protect(group.get(), at))
        };
        Box::pin(std::future::ready(protected))
    }
    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        let at = self.clock.now();
        let mut venue = self.venue();
        let outcome = if venue.away {
            CancelOutcome::Unknown("the fake venue is away".to_owned())
        } else {
            let book = venue.books.entry(access.connection_id).or_default();
            let ended = book.end(id, VenueState::Cancelled, None, at);
            match ended.clone().or_else(|| book.find(id).cloned()) {
                Some(order) => {
                    if ended.is_some() {
                        venue.tell(access.connection_id, &BrokerEvent::Order(order.clone()));
                    }
                    CancelOutcome::Done(order)
                }
                None => CancelOutcome::NotFound,
            }
        };
        Box::pin(std::future::ready(outcome))
    }
    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        let venue = Arc::clone(&self.venue);
        Box::pin(async move {
            loop {
                let (tell, mut told) = mpsc::channel(EVENTS_MAX);
                {
                    let mut venue = venue.lock().unwrap_or_else(PoisonError::into_inner);
                    venue
                        .listeners
                        .entry(access.connection_id)
                        .or_default()
                        .push(tell);
                }
                sink.take(access.connection_id, BrokerEvent::Connected).await;
                while let Some(event) = told.recv().await {
                    sink.take(access.connection_id, event).await;
                }
                let cut = BrokerEvent::Disconnected("the fake venue cut a slow listener off".to_owned());
                sink.take(access.connection_id, cut).await;
            }
        })
    }
    fn open_account<'a>(
        &'a self,
        name: &'a str,
        _cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        let token = Secret::new(format!("token of {name}"));
        Box::pin(std::future::ready(Ok(BTreeMap::from([(
            "token".to_owned(),
            token,
        )]))))
    }
}

#[cfg(test)]
mod tests;
