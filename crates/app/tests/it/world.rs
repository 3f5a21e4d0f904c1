//! One small world: a community with a channel and a provider, followers with paper accounts of 10,000 dollars, and the
//! whole program on a clock that only the test moves.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ordercast_app::{
    context::{Context, Ports},
    flatten,
    intake::Door,
    lane,
    pipeline::Pipeline,
    publish::Sequencer,
    timer, vigil,
};
use ordercast_model::{
    account::Account,
    community::Provider,
    connection::Connection,
    decision::{Approval, Decision},
    follow::{Follow, FollowMode, Sizing},
    ids::{ConnectionId, Id as _, JournalId},
    instrument::{AssetClass, Instrument},
    limits::{Caps, Limits},
    market::{Quote, Session},
    money::{Price, Quantity},
    order::{identity::Leg, intent::Order, state::OrderState},
    plan::Plan,
    ports::{
        broker::{Dedupe, VenueOrder},
        bus::{Bus, Hint, HintSink},
        clock::Clock,
        source::{Intake, Taken},
        store::{Batch, Page, Query, Scope, Stored, SystemQuery, commit, find, find_any},
    },
    position::{Lot, Position},
    signal::{
        raw::{Author, Content, RawMessage, RevisionKind},
        record::{Message, Signal},
    },
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::{Session as UserSession, User},
};
use ordercast_testkit::{
    broker::{FakeBroker, capabilities},
    bus::FakeBus,
    chat::FakeChat,
    clock::SteerableClock,
    market::FakeMarket,
    random::SeededRandom,
    sample::{at, person, tenant, trade},
    store::MemoryStore,
    vault::FakeVault,
};
use rust_decimal::Decimal;
use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::spy::{Mood, SpyBroker, SpyStore, Watch};

/// Turns that let everything that can happen at an instant happen.
const TURNS: usize = 400;
/// Time enough for the longest round of a background task.
pub const MOMENT: Duration = Duration::from_millis(600);

pub fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}
pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}
pub fn units(text: &str) -> Quantity {
    text.parse().unwrap()
}
pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// How a world begins.
#[derive(Clone)]
pub struct Setup {
    pub followers: u64,
    pub dedupe: Dedupe,
    pub window: Duration,
    pub seed: u64,
    pub cash: u32,
    pub mode: FollowMode,
    pub sizing: Sizing,
    pub limits: fn(u64) -> Limits,
    pub follow: fn(&mut Follow),
    pub start: Timestamp,
    /// Whether the venue holds protection itself.
    pub native: bool,
    /// Whether the venue trades shares before and after the session.
    pub around: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            followers: 1,
            dedupe: Dedupe::Always,
            window: seconds(60),
            seed: 7,
            cash: 10_000,
            mode: FollowMode::Auto,
            sizing: Sizing::default(),
            limits: |_| Limits::default(),
            follow: |_| {},
            start: at(60),
            native: true,
            around: false,
        }
    }
}

/// A fixed number of units.
pub fn fixed(n: u32) -> Sizing {
    Sizing::FixedQuantity {
        quantity: Decimal::from(n),
    }
}

struct Wakes(Arc<Notify>);
impl HintSink for Wakes {
    fn hint(&self, hint: &Hint) {
        if *hint == Hint::JournalPending {
            self.0.notify_one();
        }
    }
}

/// A running program; gone when dropped.
struct Process {
    ctx: Context,
    door: Arc<Door>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

pub struct World {
    pub setup: Setup,
    pub clock: SteerableClock,
    pub store: Arc<MemoryStore>,
    pub venue: Arc<FakeBroker>,
    pub market: Arc<FakeMarket>,
    pub watch: Arc<Watch>,
    pub mood: Arc<Mood>,
    pub chat: Arc<FakeChat>,
    random: Arc<SeededRandom>,
    prices: Arc<Mutex<BTreeMap<Instrument, (Price, Price)>>>,
    process: Option<Process>,
    posted: u64,
}

/// A session of a user, in which a second factor was shown just now.
pub fn stepped_up(world: &World, user: &User) -> UserSession {
    UserSession {
        stepped_up_at: Some(world.clock.now()),
        ..person::session(1, user.id)
    }
}

/// The key that entry 0 names.
pub const KEY: &str = "aa";
pub const SYSTEM: SystemScope = SystemScope::housekeeping("a test looks at everything");

impl World {
    pub async fn new(setup: Setup) -> Self {
        let clock = SteerableClock::at(setup.start);
        let mut what = capabilities(setup.dedupe);
        what.visibility_window = setup.window;
        if setup.around {
            what.extended_hours.push(AssetClass::Equity);
        }
        if !setup.native {
            what.native_protection.clear();
        }
        let venue = Arc::new(FakeBroker::new(what, Arc::new(clock.clone())));
        let mut world = Self {
            store: Arc::new(MemoryStore::new()),
            market: Arc::new(FakeMarket::new()),
            watch: Arc::default(),
            mood: Arc::default(),
            chat: Arc::default(),
            random: Arc::new(SeededRandom::new(setup.seed)),
            prices: Arc::default(),
            process: None,
            posted: 1_000,
            clock,
            venue,
            setup,
        };
        world.people().await;
        world.quote("AAPL", "180");
        world.start().await;
        world
    }

    async fn people(&self) {
        let community = tenant::community(1);
        let mut batch = Batch::new();
        let first = JournalId::new(self.setup.start, [0; 10]);
        batch.note(ordercast_rules::chain::genesis(
            first,
            self.setup.start,
            "test",
            KEY,
        ));
        batch.insert(person::user(1));
        batch.insert(community.clone());
        batch.insert(tenant::channel(1, community.id));
        batch.insert(tenant::provider(1, community.id, "Caller"));
        for n in 1..=self.setup.followers {
            let mut user = person::user(10 + n);
            user.plan = Plan::Premium;
            user.discord_id = Some((10 + n).to_string());
            let mut connection = trade::connection(n, user.id);
            connection.default_for = vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto];
            self.venue.set_cash(connection.id, Decimal::from(self.setup.cash));
            let mut account = trade::account(&connection);
            let cash = Decimal::from(self.setup.cash);
            (account.cash, account.equity, account.buying_power) = (cash, cash, cash);
            (account.day_start_equity, account.day_high_equity) = (cash, cash);
            account.synced_at = self.setup.start;
            let mut limits = person::limits(user.id);
            limits.limits = (self.setup.limits)(n);
            let mut follow = tenant::follow(n, user.id, self.provider().id);
            follow.mode = self.setup.mode;
            follow.sizing = self.setup.sizing;
            (self.setup.follow)(&mut follow);
            batch.insert(tenant::membership(community.id, user.id));
            batch.insert(user);
            batch.insert(account);
            batch.insert(connection);
            batch.insert(limits);
            batch.insert(follow);
        }
        self.write(batch).await;
    }

    /// Changes rows behind the program's back.
    pub async fn write(&self, batch: Batch) {
        commit(self.store.as_ref(), Scope::System(SYSTEM), batch)
            .await
            .unwrap();
    }

    /// Starts the program over what is stored, as `serve` does.
    pub async fn start(&mut self) {
        self.watch = Arc::default();
        let store = Arc::new(SpyStore::new(self.store.clone(), self.watch.clone()));
        let broker = SpyBroker::new(self.venue.clone(), self.watch.clone(), self.mood.clone());
        let bus = FakeBus::new();
        let (ctx, jobs) = Context::new(Ports {
            store,
            clock: Arc::new(self.clock.clone()),
            random: self.random.clone(),
            vault: Arc::new(FakeVault),
            brokers: BTreeMap::from([("paper".to_owned(), Arc::new(broker) as _)]),
            markets: BTreeMap::from([("paper".to_owned(), self.market.clone() as _)]),
            bus: Arc::new(bus.clone()),
            chat: self.chat.clone(),
            rules: ordercast_rules::risk::rule_set().unwrap(),
            platform_caps: Caps::default(),
            live_trading: true,
        });
        let stop = CancellationToken::new();
        ctx.switchboard.reload(ctx.store.as_ref()).await.unwrap();
        flatten::recall(&ctx).await.unwrap();
        let (wake, chained) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let listening = bus.listen(Arc::new(Wakes(chained.clone())));
        let mut tasks = vec![
            tokio::spawn(listening),
            tokio::spawn(Sequencer::new(ctx.clone(), chained).run(stop.clone())),
            tokio::spawn(lane::run(ctx.clone(), jobs, stop.clone(), seconds(10))),
        ];
        timer::sync_all(&ctx).await.unwrap();
        tasks.push(tokio::spawn(
            Pipeline::new(ctx.clone(), wake.clone()).run(stop.clone()),
        ));
        tasks.push(tokio::spawn(timer::run(ctx.clone(), stop.clone())));
        tasks.push(tokio::spawn(vigil::run(ctx.clone(), stop.clone())));
        tasks.push(tokio::spawn(timer::sync(ctx.clone(), seconds(60), stop.clone())));
        for n in 1..=self.setup.followers {
            let connection: Connection = self.connection(n).await;
            let broker = ctx.broker(&connection).unwrap();
            let access = ordercast_model::ports::vault::Vault::open(&FakeVault, &connection)
                .await
                .unwrap();
            tasks.push(tokio::spawn(broker.listen(access, ctx.lanes.sink(&connection))));
        }
        let door = Arc::new(Door::new(ctx.clone(), wake));
        self.process = Some(Process { ctx, door, tasks });
        self.settle().await;
    }

    /// The process is gone at this instant; nothing of its memory is left.
    pub async fn kill_process(&mut self) {
        self.process = None;
        self.turns().await;
    }
    pub async fn crash_and_restart(&mut self) {
        self.kill_process().await;
        self.start().await;
    }

    /// Far later: the program was not running meanwhile.
    pub async fn leap(&mut self, span: Duration) {
        self.kill_process().await;
        self.clock.jump_to(self.clock.now().plus(span));
        self.requote();
        self.start().await;
    }
    /// Each order's state follows from its journal entries by the table of PRODUCT 4.1.
    pub async fn audit(&self) {
        self.pass(MOMENT).await;
        let chained = ordercast_model::ports::store::JournalStore::chained(self.store.as_ref(), 0, 10_000)
            .await
            .unwrap();
        let mut lives = ordercast_rules::chain::lifecycle::Lifecycles::default();
        chained.iter().for_each(|c| lives.observe_chained(c));
        assert!(lives.faults().is_empty(), "{:?}", lives.faults());
        for n in 1..=self.setup.followers {
            for order in self.orders(n).await {
                let told = lives.orders().get(&order.id).map(|f| f.state);
                assert_eq!(told, Some(order.state), "{}", order.leg);
            }
        }
    }

    pub fn door(&self) -> Arc<Door> {
        self.process.as_ref().unwrap().door.clone()
    }
    pub fn ctx(&self) -> &Context {
        &self.process.as_ref().unwrap().ctx
    }
    async fn turns(&self) {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
    }
    /// Lets everything that can happen now happen.
    pub async fn settle(&self) {
        self.turns().await;
        self.pass(Duration::from_millis(1)).await;
    }
    /// Time goes on; prices are quoted anew every second.
    pub async fn pass(&self, span: Duration) {
        let mut left = span;
        while !left.is_zero() {
            let step = left.min(seconds(1));
            self.clock.advance(step).await;
            self.requote();
            self.turns().await;
            left -= step;
        }
    }

    pub fn stock(symbol: &str) -> Instrument {
        symbol.parse().unwrap()
    }
    /// One price for both sides.
    pub fn quote(&self, symbol: &str, at: &str) {
        self.quote_at(symbol, at, at);
    }
    pub fn quote_at(&self, symbol: &str, bid: &str, ask: &str) {
        let instrument = Self::stock(symbol);
        self.prices
            .lock()
            .unwrap()
            .insert(instrument, (price(bid), price(ask)));
        self.requote();
    }
    /// The quotes of a symbol stop here, at this price.
    pub fn freeze(&self, symbol: &str, at: &str) {
        self.quote(symbol, at);
        self.prices.lock().unwrap().remove(&Self::stock(symbol));
    }
    /// A quote that nobody has traded at; the last trade stays where it was.
    pub fn quote_untraded(&self, symbol: &str, at: &str, last: &str) {
        self.freeze(symbol, at);
        let mut quote =
            ordercast_model::ports::market::Market::latest(self.market.as_ref(), &Self::stock(symbol))
                .unwrap();
        quote.last = price(last);
        quote.at = self.clock.now().plus(seconds(60));
        self.market.set_quote(quote);
    }
    fn requote(&self) {
        for (instrument, (bid, ask)) in self.prices.lock().unwrap().iter() {
            self.market.set_quote(Quote {
                instrument: instrument.clone(),
                bid: *bid,
                ask: *ask,
                last: *ask,
                volume: dec("1000"),
                change_pct: Decimal::ZERO,
                at: self.clock.now(),
            });
        }
    }
    pub fn close_until(&self, symbol: &str, next_open: Timestamp) {
        self.market.set_session(
            &Self::stock(symbol),
            Session {
                open: false,
                next_open: Some(next_open),
                next_close: None,
            },
        );
    }
    pub fn open_session(&self, symbol: &str) {
        let open = Session {
            open: true,
            next_open: None,
            next_close: None,
        };
        self.market.set_session(&Self::stock(symbol), open);
    }

    /// A message of the provider as Discord delivers it.
    pub fn message(&self, id: &str, revision: RevisionKind, text: &str) -> RawMessage {
        RawMessage {
            source: tenant::source(1),
            source_id: id.to_owned(),
            revision,
            author: Author {
                id: "1".to_owned(),
                name: "Caller".to_owned(),
                ..Author::default()
            },
            content: Content {
                text: text.to_owned(),
                ..Content::default()
            },
            reply_to: None,
            thread_of: None,
            posted_at: self.clock.now(),
            edited_at: None,
            received_at: self.clock.now(),
            backfilled: false,
        }
    }
    pub async fn take(&self, message: RawMessage) -> Taken {
        self.process.as_ref().unwrap().door.take(message).await
    }
    /// Posts and lets it have its effect; gives the message, to be edited or replied to.
    pub async fn post(&mut self, text: &str) -> RawMessage {
        self.posted += 1;
        let message = self.message(&self.posted.to_string(), RevisionKind::New, text);
        assert_eq!(self.take(message.clone()).await, Taken::Stored);
        self.settle().await;
        message
    }
    pub async fn reply(&mut self, to: &RawMessage, text: &str) -> RawMessage {
        self.posted += 1;
        let mut message = self.message(&self.posted.to_string(), RevisionKind::New, text);
        message.reply_to = Some(to.source_id.clone());
        assert_eq!(self.take(message.clone()).await, Taken::Stored);
        self.settle().await;
        message
    }
    pub fn edited(&self, original: &RawMessage, text: &str) -> RawMessage {
        RawMessage {
            revision: RevisionKind::Edited,
            content: Content {
                text: text.to_owned(),
                ..Content::default()
            },
            edited_at: Some(self.clock.now()),
            received_at: self.clock.now(),
            ..original.clone()
        }
    }
    pub async fn edit(&self, original: &RawMessage, text: &str) {
        assert_eq!(self.take(self.edited(original, text)).await, Taken::Stored);
        self.settle().await;
        self.pass(MOMENT).await;
    }
    pub async fn delete(&self, original: &RawMessage) {
        let gone = RawMessage {
            revision: RevisionKind::Deleted,
            content: Content::default(),
            received_at: self.clock.now(),
            ..original.clone()
        };
        assert_eq!(self.take(gone).await, Taken::Stored);
        self.settle().await;
        self.pass(MOMENT).await;
    }

    pub fn provider(&self) -> Provider {
        tenant::provider(1, tenant::community(1).id, "Caller")
    }
    pub fn user(&self, n: u64) -> User {
        let mut user = person::user(10 + n);
        user.plan = Plan::Premium;
        user.discord_id = Some((10 + n).to_string());
        user
    }
    pub fn connection_id(n: u64) -> ConnectionId {
        ordercast_testkit::sample::id(n)
    }
    pub async fn find<T: Stored>(&self, n: u64, query: Query) -> Vec<T> {
        let scope = TenantScope::of_user(&self.user(n));
        find(self.store.as_ref(), &scope, query).await.unwrap()
    }
    pub async fn connection(&self, n: u64) -> Connection {
        self.find(n, Query::Connections).await.remove(0)
    }
    pub async fn account(&self, n: u64) -> Account {
        self.find(n, Query::Accounts).await.remove(0)
    }
    pub async fn follow(&self, n: u64) -> Follow {
        self.find(n, Query::Follows).await.remove(0)
    }
    /// Oldest first.
    pub async fn orders(&self, n: u64) -> Vec<Order> {
        let mut rows: Vec<Order> = self.find(n, Query::Orders(None, Page::first(1_000))).await;
        rows.sort_by_key(|o| (o.created_at, o.id));
        rows
    }
    pub async fn entries(&self, n: u64) -> Vec<Order> {
        let all = self.orders(n).await;
        all.into_iter().filter(|o| o.leg.opens()).collect()
    }
    pub async fn decisions(&self, n: u64) -> Vec<Decision> {
        let mut rows: Vec<Decision> = self.find(n, Query::Decisions(Page::first(1_000))).await;
        rows.sort_by_key(|d| (d.created_at, d.id));
        rows
    }
    /// Decisions in words: status, or the reason of a skip.
    pub async fn verdicts(&self, n: u64) -> Vec<String> {
        let decisions = self.decisions(n).await;
        decisions.iter().map(Self::word).collect()
    }
    pub fn word(decision: &Decision) -> String {
        match decision.status {
            ordercast_model::decision::DecisionStatus::Skipped(reason) => reason.code().to_owned(),
            ordercast_model::decision::DecisionStatus::Denied => decision
                .breaches
                .first()
                .map_or("denied", |b| b.rule.code())
                .to_owned(),
            status => status.code().to_owned(),
        }
    }
    pub async fn lots(&self, n: u64) -> Vec<Lot> {
        self.find(n, Query::LotsOpen(None)).await
    }
    pub async fn cards(&self, n: u64) -> Vec<Approval> {
        self.find(n, Query::ApprovalsPending).await
    }
    pub async fn positions(&self, n: u64) -> Vec<Position> {
        self.find(n, Query::Positions(true, Page::first(100))).await
    }
    pub async fn signals(&self) -> Vec<Signal> {
        let scope = TenantScope::of_community(&tenant::community(1));
        find(self.store.as_ref(), &scope, Query::Signals(Page::first(100)))
            .await
            .unwrap()
    }
    pub async fn revisions(&self, id: &str) -> Vec<Message> {
        let scope = TenantScope::of_community(&tenant::community(1));
        let query = Query::MessageRevisions(tenant::source(1).key(), id.to_owned());
        find(self.store.as_ref(), &scope, query).await.unwrap()
    }
    pub async fn open_orders(&self) -> Vec<Order> {
        let query = SystemQuery::OrdersOpen(Page::first(1_000));
        find_any(self.store.as_ref(), SYSTEM, query).await.unwrap()
    }
    /// Kinds of journal entries so far, in order.
    pub async fn kinds(&self) -> Vec<String> {
        let chained = ordercast_model::ports::store::JournalStore::chained(self.store.as_ref(), 0, 10_000)
            .await
            .unwrap();
        chained.iter().map(|c| c.entry.kind.code().to_owned()).collect()
    }

    /// Everything that was told so far, in order.
    pub async fn journal(&self) -> Vec<ordercast_model::journal::entry::Entry> {
        let chained = ordercast_model::ports::store::JournalStore::chained(self.store.as_ref(), 0, 10_000)
            .await
            .unwrap();
        chained.into_iter().map(|c| c.entry).collect()
    }

    /// What the venue holds of follower `n`, oldest first.
    pub fn at_venue(&self, n: u64) -> Vec<VenueOrder> {
        self.venue.orders(Self::connection_id(n))
    }
    pub fn working(&self, n: u64) -> Vec<VenueOrder> {
        let all = self.at_venue(n);
        all.into_iter().filter(|o| !o.state.is_final()).collect()
    }
    /// Fills some of the newest order of a leg and lets it have its effect.
    pub async fn fill(&self, n: u64, leg: Leg, quantity: &str, at: &str) {
        let orders = self.orders(n).await;
        let order = orders
            .iter()
            .rev()
            .find(|o| o.leg == leg && !matches!(o.state, OrderState::Cancelled | OrderState::Rejected))
            .unwrap_or_else(|| panic!("no {leg} to fill: {orders:?}"));
        self.venue
            .fill(
                Self::connection_id(n),
                order.client_order_id(),
                units(quantity),
                price(at),
            )
            .unwrap_or_else(|| panic!("{leg} does not work at the venue"));
        self.settle().await;
    }
    /// The working stop of follower 1 at this price fills.
    pub async fn venue_stops_out(&self, at: &str) {
        let orders = self.orders(1).await;
        let stop = orders.iter().rev().find(|o| {
            matches!(o.leg, Leg::Stop(_))
                && o.request.order_type.price().map(|p| p.to_string()).as_deref() == Some(at)
        });
        let stop = stop.unwrap_or_else(|| panic!("no stop at {at}: {orders:?}"));
        let id = Self::connection_id(1);
        self.venue
            .fill(id, stop.client_order_id(), stop.request.quantity, price(at))
            .unwrap_or_else(|| panic!("the stop at {at} does not work at the venue"));
        self.settle().await;
        self.pass(MOMENT).await;
    }
    /// What works to close, per leg: `stop 7 @ 2.13`, in order.
    pub async fn guards(&self, n: u64) -> Vec<String> {
        let working = self.working(n);
        let mut texts: Vec<String> = self
            .orders(n)
            .await
            .iter()
            .filter(|o| !o.leg.opens())
            .filter(|o| working.iter().any(|w| &w.client_order_id == o.client_order_id()))
            .map(|o| {
                let at = o
                    .request
                    .order_type
                    .price()
                    .map_or(String::new(), |p| format!(" @ {p}"));
                let name = match o.leg {
                    Leg::Stop(_) => "stop",
                    Leg::Target(_) => "target",
                    Leg::StopExit => "stop exit",
                    Leg::TargetExit(_) => "target exit",
                    _ => "close",
                };
                format!("{name} {}{at}", o.request.quantity)
            })
            .collect();
        texts.sort();
        texts
    }
}
