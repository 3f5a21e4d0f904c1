//! What lies between the program and the world of one seed, and outlives every process: the clock, the disk, the venue's
//! ledgers, the network, and what goes wrong there.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ordercast_model::{
    connection::Connection, ids::ConnectionId, instrument::Instrument, order::identity::ClientOrderId,
    ports::broker::BrokerEvent, time::Timestamp, user::User,
};
use ordercast_testkit::store::MemoryStore;
use tokio::sync::mpsc;

use crate::{
    agenda::Agenda,
    clock::SimClock,
    fault::{FaultKind, Mishap, StreamFault},
    market::{self, SimMarket},
    oracle::Watch,
    venue::Ledger,
};

/// Port calls at one instant, without anybody waiting for anything.
const CALLS_MAX: u32 = 100_000;
/// How long a stream stays cut.
const CUT: Duration = Duration::from_secs(5);

/// A user with an account at one of the venues.
#[derive(Debug, Clone)]
pub struct Person {
    pub user: User,
    pub connection: Connection,
    /// What stands in the credential; it must be seen nowhere.
    pub canary: String,
}

/// The stream of one account.
#[derive(Default)]
pub struct Stream {
    listeners: Vec<mpsc::Sender<BrokerEvent>>,
    /// Events arrive in order unless something goes wrong.
    last_due: Option<Timestamp>,
    cut_until: Option<Timestamp>,
}

/// Everything of one seed that is not the program.
pub struct Sea {
    pub clock: SimClock,
    pub market: Arc<SimMarket>,
    pub store: Arc<MemoryStore>,
    pub agenda: Agenda,
    pub people: Vec<Person>,
    /// How long an accepted order may stay invisible.
    pub window: Duration,
    ledgers: Mutex<Vec<Ledger>>,
    streams: Mutex<Vec<Stream>>,
    mishap: Mutex<Mishap>,
    watch: Mutex<Watch>,
    /// Venues that do not answer until then.
    away: Mutex<Vec<Option<Timestamp>>>,
    /// Accounts whose fills cannot be listed until then.
    blind: Mutex<Vec<Option<Timestamp>>>,
    /// Orders whose answer is on its way.
    unanswered: Mutex<BTreeSet<ClientOrderId>>,
    dead: AtomicBool,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sea {
    pub fn new(
        clock: SimClock,
        people: Vec<Person>,
        ledgers: Vec<Ledger>,
        window: Duration,
        seed: u64,
    ) -> Self {
        let count = people.len();
        Self {
            market: Arc::new(SimMarket::new(clock.clone())),
            store: Arc::new(MemoryStore::new()),
            agenda: Agenda::default(),
            window,
            ledgers: Mutex::new(ledgers),
            streams: Mutex::new((0..count).map(|_| Stream::default()).collect()),
            mishap: Mutex::new(Mishap::new(seed)),
            watch: Mutex::new(Watch::new(&people)),
            away: Mutex::new(vec![None; count]),
            blind: Mutex::new(vec![None; count]),
            unanswered: Mutex::default(),
            dead: AtomicBool::new(false),
            people,
            clock,
        }
    }
    pub fn mishap(&self) -> MutexGuard<'_, Mishap> {
        lock(&self.mishap)
    }
    pub fn watch(&self) -> MutexGuard<'_, Watch> {
        lock(&self.watch)
    }
    pub fn ledgers(&self) -> MutexGuard<'_, Vec<Ledger>> {
        lock(&self.ledgers)
    }
    pub fn reach(&self, kind: FaultKind) {
        self.mishap().reached.fault(kind);
    }
    pub fn account_of(&self, connection: ConnectionId) -> usize {
        let place = self.people.iter().position(|p| p.connection.id == connection);
        place.unwrap_or(usize::MAX)
    }
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
    pub fn die(&self) {
        self.dead.store(true, Ordering::SeqCst);
    }
    /// A new process begins: nobody listens, nobody sleeps.
    pub fn revive(&self) {
        self.dead.store(false, Ordering::SeqCst);
        self.clock.forget_sleepers();
        lock(&self.unanswered).clear();
        self.watch().stops.forget_lifts();
        for stream in lock(&self.streams).iter_mut() {
            stream.listeners.clear();
        }
    }
    /// Stands before every port call: the process may die here; a dead one never goes on.
    pub async fn step(&self) {
        if !self.is_dead() && self.mishap().steps_into_death() {
            self.die();
        }
        if self.mishap().calls > CALLS_MAX && !self.is_dead() {
            let text = "the program asks its ports without end, at one instant";
            self.watch().breach(10, text.to_owned());
            self.die();
        }
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
    }

    pub fn set_away(&self, account: usize, until: Option<Timestamp>) {
        if let Some(slot) = lock(&self.away).get_mut(account) {
            *slot = until;
        }
    }
    pub fn is_away(&self, account: usize) -> bool {
        let now = self.clock.truth();
        let until = lock(&self.away).get(account).copied().flatten();
        until.is_some_and(|until| now < until)
    }
    pub fn set_blind(&self, account: usize, until: Option<Timestamp>) {
        if let Some(slot) = lock(&self.blind).get_mut(account) {
            *slot = until;
        }
    }
    pub fn is_blind(&self, account: usize) -> bool {
        let now = self.clock.truth();
        let until = lock(&self.blind).get(account).copied().flatten();
        until.is_some_and(|until| now < until)
    }
    /// Nothing more goes wrong in the world.
    pub fn calm(self: &Arc<Self>) {
        self.mishap().calm();
        for account in 0..self.people.len() {
            self.set_away(account, None);
            self.set_blind(account, None);
        }
        self.market.set_away(false);
        self.market.freeze(false);
        self.market.close_until(None);
        self.clock.skew(0);
        for ledger in self.ledgers().iter_mut() {
            ledger.depth = None;
        }
        // Whatever a venue held back until now trades.
        self.match_all();
    }

    /// Does something at the venue and sends out what its stream says of it.
    pub fn at_venue<T>(
        self: &Arc<Self>,
        account: usize,
        act: impl FnOnce(
            &mut Ledger,
            Timestamp,
            &dyn Fn(&Instrument) -> (ordercast_model::money::Price, ordercast_model::money::Price),
            &mut Vec<BrokerEvent>,
        ) -> T,
    ) -> Option<T> {
        let now = self.clock.truth();
        let touch = |i: &Instrument| (self.market.bid(i), self.market.ask(i));
        let mut events = Vec::new();
        let answer = {
            let mut ledgers = self.ledgers();
            let ledger = ledgers.get_mut(account)?;
            ledger.open = self.market.is_open();
            act(ledger, now, &touch, &mut events)
        };
        for event in events {
            self.announce(account, event);
        }
        Some(answer)
    }
    /// Prices moved: whatever they touch fills.
    pub fn match_all(self: &Arc<Self>) {
        if !self.market.is_open() {
            return;
        }
        for account in 0..self.people.len() {
            self.at_venue(account, |ledger, now, touch, events| {
                ledger.work_all(now, touch, events);
            });
        }
    }

    /// The hours of the exchange, as far as they lie ahead.
    pub fn keep_hours(self: &Arc<Self>) {
        let now = self.clock.truth();
        for open in market::opens().filter(|at| *at > now) {
            let sea = Arc::clone(self);
            self.agenda.add(open, move || sea.match_all());
        }
        for close in market::closes().filter(|at| *at > now) {
            let sea = Arc::clone(self);
            self.agenda.add(close, move || {
                for account in 0..sea.people.len() {
                    sea.at_venue(account, |ledger, now, _, events| ledger.close(now, events));
                }
            });
        }
    }
    /// Trading halts for so long.
    pub fn halt(self: &Arc<Self>, span: Duration) {
        let open = self.clock.truth().plus(span);
        self.market.close_until(Some(open));
        let sea = Arc::clone(self);
        self.agenda.add(open, move || sea.match_all());
    }

    /// Puts an event on its way to whoever listens.
    fn announce(self: &Arc<Self>, account: usize, event: BrokerEvent) {
        let now = self.clock.truth();
        let (fault, delay) = {
            let mut mishap = self.mishap();
            let delay = Duration::from_millis(1 + mishap.below(40));
            (mishap.next_stream(account), delay)
        };
        let mut streams = lock(&self.streams);
        let Some(stream) = streams.get_mut(account) else {
            return;
        };
        if stream.cut_until.is_some_and(|until| now < until) {
            return;
        }
        let due = now.plus(delay);
        let due = stream.last_due.map_or(due, |last| last.max(due));
        match fault {
            Some(StreamFault::Lose) => return self.reach(FaultKind::LostEvent),
            Some(StreamFault::Swap) => {
                self.reach(FaultKind::ReorderedEvent);
                let late = due.plus(Duration::from_millis(400));
                return self.deliver_at(account, late, event);
            }
            Some(StreamFault::Double) => {
                self.reach(FaultKind::DuplicateEvent);
                self.deliver_at(account, due.plus(Duration::from_millis(300)), event.clone());
            }
            Some(StreamFault::Cut) => {
                self.reach(FaultKind::CutStream);
                stream.cut_until = Some(now.plus(CUT));
                let cut = BrokerEvent::Disconnected("the stream was cut".to_owned());
                self.deliver_at(account, due, cut);
                return self.deliver_at(account, now.plus(CUT), BrokerEvent::Connected);
            }
            None => {}
        }
        stream.last_due = Some(due);
        self.deliver_at(account, due, event);
    }
    fn deliver_at(self: &Arc<Self>, account: usize, at: Timestamp, event: BrokerEvent) {
        let sea = Arc::clone(self);
        self.agenda.add(at, move || {
            if let BrokerEvent::Fill { fill, .. } = &event
                && let Some(id) = &fill.client_order_id
                && lock(&sea.unanswered).contains(id)
            {
                sea.reach(FaultKind::FillBeforeAck);
            }
            if let Some(stream) = lock(&sea.streams).get_mut(account) {
                stream.listeners.retain(|l| l.try_send(event.clone()).is_ok());
            }
        });
    }
    pub fn listen(&self, account: usize, listener: mpsc::Sender<BrokerEvent>) {
        if let Some(stream) = lock(&self.streams).get_mut(account) {
            stream.listeners.push(listener);
        }
    }
    pub fn awaits(&self, id: &ClientOrderId) {
        lock(&self.unanswered).insert(id.clone());
    }
    pub fn is_answered(&self, id: &ClientOrderId) {
        lock(&self.unanswered).remove(id);
    }
}
