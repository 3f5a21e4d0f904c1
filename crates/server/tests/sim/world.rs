//! One seed from its beginning to its end: the program over its world, one life after the other. Each process lives in a
//! runtime of its own; when it dies the runtime is dropped, and nothing of its memory is left.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::FutureExt;
use ordercast_app::{
    context::{Context, Ports},
    notice::Teller,
};
use ordercast_model::{
    ids::{Id, JournalId},
    limits::Caps,
    ports::{
        clock::Clock,
        source::{Intake, Taken},
        store::{Batch, JournalStore, Scope, commit},
    },
    signal::raw::RawMessage,
    time::Timestamp,
};
use ordercast_rules::chain;
use ordercast_testkit::{bus::FakeBus, chat::FakeChat, random::SeededRandom, vault::FakeVault};
use tokio::task::JoinHandle;

use crate::{
    act,
    ask::at_once,
    clock::SimClock,
    disk::SimStore,
    hint::SimBus,
    market,
    notary::SimNotary,
    oracle::{Violation, book, intent, record, stop},
    plan::{Begin, Plan},
    run::{Pace, Running},
    sea::Sea,
    setting,
    wire::SimBroker,
};

/// How long an accepted order may stay invisible at the simulated venues.
const WINDOW: Duration = Duration::from_secs(20);
/// Longer than the rest of a partly filled entry may work, than a venue needs to show an order, and than a retry waits.
const CALM: Duration = Duration::from_secs(420);
/// A program that was asked to stop has stopped by then (PRODUCT EX-24).
const SHUTDOWN_MAX: Duration = Duration::from_secs(25);
/// A seed that does not get on is stopped: so many wakes at one instant.
const WAKES_MAX: u32 = 200_000;

/// A message the provider posted, as it is to be delivered.
#[derive(Debug, Clone)]
pub struct Posted {
    pub message: RawMessage,
    /// It calls an entry by words that everybody understands.
    pub opens: bool,
    /// The door said it is stored.
    pub stored: bool,
    pub deleted: bool,
    pub edited: bool,
}

/// How a life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Killed, or it gave up.
    Died,
    /// Stopped in order.
    Stopped,
    /// The seed is over.
    Done,
}

/// What came of a seed.
#[derive(Default)]
pub struct Outcome {
    pub violations: Vec<Violation>,
    pub reached: crate::fault::Reached,
    /// Hash of all that was journaled and of all that the venue saw.
    pub trace: String,
    pub lives: u32,
    pub entries: usize,
}

/// A running process and what the world wants of it.
pub struct World {
    pub sea: Arc<Sea>,
    pub posted: Vec<Posted>,
    /// What is to be delivered: place in `posted`, message.
    pub undelivered: Vec<(usize, RawMessage)>,
    /// A message that waits to be overtaken.
    pub late: Vec<(usize, RawMessage)>,
    pub ctx: Option<Context>,
    pub chat: Arc<FakeChat>,
    random: Arc<SeededRandom>,
    notary: Arc<SimNotary>,
    running: Option<Running>,
    offers: Vec<(usize, RawMessage, JoinHandle<Taken>)>,
    next_step: usize,
    calm: u32,
    /// The machine stays off until then.
    night: Option<Timestamp>,
    lives: u32,
    pub number: u64,
    tells: bool,
}

fn before(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_seconds(at.seconds() - seconds)
}

/// Plays a plan.
pub fn play(plan: &Plan, tells: bool) -> Outcome {
    let clock = SimClock::at(match plan.begin {
        Begin::Session => market::first_open().plus(Duration::from_secs(60)),
        Begin::BeforeOpen => before(market::first_open(), 180),
        Begin::BeforeClose => before(market::holiday_close(), 240),
    });
    let people = at_once(setting::people(plan.accounts, plan.seed));
    let ledgers = setting::ledgers(plan.accounts, plan.seed);
    let sea = Arc::new(Sea::new(clock.clone(), people, ledgers, WINDOW, plan.seed));
    at_once(setting::settle(&sea, clock.now()));
    sea.keep_hours();
    let mut world = World {
        sea,
        posted: Vec::new(),
        undelivered: Vec::new(),
        late: Vec::new(),
        ctx: None,
        chat: Arc::default(),
        random: Arc::new(SeededRandom::new(plan.seed)),
        notary: Arc::default(),
        running: None,
        offers: Vec::new(),
        next_step: 0,
        calm: 0,
        night: None,
        lives: 0,
        number: 1_000,
        tells,
    };
    world.genesis();
    loop {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        world.sea.revive();
        world.lives += 1;
        world.tell(&format!("life {}", world.lives));
        let end = runtime.block_on(world.live(plan));
        world.take_back();
        drop(runtime);
        if let Some(morning) = world.night.take() {
            at_once(world.rest(morning.since(world.sea.clock.truth())));
        }
        if end == End::Done || world.is_broken() {
            break;
        }
    }
    world.judge()
}

impl World {
    /// Entry 0 of the journal.
    fn genesis(&self) {
        let mut batch = Batch::new();
        let key = ordercast_model::ports::notary::Notary::key(self.notary.as_ref());
        let id = JournalId::new(self.sea.clock.now(), [0; 10]);
        batch.note(chain::genesis(id, self.sea.clock.now(), "dep-simulation", &key));
        let write = commit(self.sea.store.as_ref(), Scope::System(setting::SYSTEM), batch);
        at_once(write).unwrap();
    }
    pub fn is_broken(&self) -> bool {
        !self.sea.watch().violations.is_empty()
    }
    fn tell(&self, what: &str) {
        if self.tells {
            let clock = &self.sea.clock;
            println!("{} {what}", clock.truth());
        }
    }
    /// What the process had in hand is to be offered again.
    fn take_back(&mut self) {
        self.running = None;
        self.ctx = None;
        for (place, message, _) in self.offers.drain(..) {
            self.undelivered.push((place, message));
        }
        self.undelivered.sort_by_key(|(place, m)| (*place, m.received_at));
    }

    /// One life of the program.
    async fn live(&mut self, plan: &Plan) -> End {
        if !self.start().await {
            self.rest(Duration::from_secs(1)).await;
            return End::Died;
        }
        while let Some(step) = plan.steps.get(self.next_step) {
            self.next_step += 1;
            self.tell(&format!("{:?} then {} ms", step.event, step.gap));
            *self
                .sea
                .mishap()
                .reached
                .events
                .entry(step.event.name())
                .or_default() += 1;
            if act::apply(self, step.event) {
                return self.stop().await;
            }
            self.offer();
            if !self.pass(Duration::from_millis(u64::from(step.gap))).await {
                return End::Died;
            }
            if self.is_broken() {
                return End::Done;
            }
        }
        self.ends(plan).await
    }
    /// Faults stop. Twice the program may go on by itself; then what still rests at the venue comes to its end.
    async fn ends(&mut self, plan: &Plan) -> End {
        while self.calm < 4 {
            let phase = self.calm;
            self.calm += 1;
            if phase == 0 {
                self.sea.calm();
                self.undelivered.append(&mut self.late);
                let now = self.sea.clock.truth();
                if plan.begin == Begin::BeforeClose || !self.sea.market.is_open() {
                    // The machine stays off until shortly before the next session.
                    self.night = market::opens()
                        .find(|open| *open > now)
                        .map(|open| before(open, 20));
                    return End::Died;
                }
                // Some seeds begin the calm with a fresh start, as after an outage.
                if plan.seed.is_multiple_of(2) {
                    return End::Died;
                }
                continue;
            }
            match phase {
                // In some seeds a kill that closes stands until it must have closed.
                1 => act::lift_all(self, !plan.seed.is_multiple_of(3)),
                2 => act::lift_all(self, true),
                3 if plan.seed % 4 == 1 => act::fall(self),
                _ => {}
            }
            self.offer();
            let span = if phase == 1 {
                CALM
            } else {
                Duration::from_secs(100)
            };
            if !self.pass(span).await {
                return End::Died;
            }
            if phase == 1 {
                stop::check(self);
            }
            if phase < 3 {
                act::end_entries(self, plan.seed + u64::from(phase));
            }
        }
        End::Done
    }
    async fn start(&mut self) -> bool {
        let sea = &self.sea;
        let bus = SimBus::new(sea.clone(), FakeBus::new());
        let broker = |port: setting::Port| {
            let broker = SimBroker::new(sea.clone(), port);
            (port.code.to_owned(), Arc::new(broker) as _)
        };
        let market = |port: setting::Port| (port.code.to_owned(), sea.market.clone() as _);
        let (ctx, jobs) = Context::new(Ports {
            store: Arc::new(SimStore(sea.clone())),
            clock: Arc::new(sea.clock.clone()),
            random: self.random.clone(),
            vault: Arc::new(FakeVault),
            brokers: setting::VENUES
                .into_iter()
                .map(broker)
                .collect::<BTreeMap<_, _>>(),
            markets: setting::VENUES.into_iter().map(market).collect(),
            bus: Arc::new(bus),
            chat: self.chat.clone(),
            rules: ordercast_rules::risk::rule_set().unwrap(),
            platform_caps: Caps::default(),
            live_trading: false,
        });
        let pace = Pace {
            sync: Duration::from_secs(60),
            health: Duration::from_secs(300),
            mark: Duration::from_secs(5),
        };
        let starting = Running::start(ctx.clone(), jobs, pace, None, self.notary.clone());
        let starting = tokio::spawn(starting);
        while !starting.is_finished() {
            if !self.pass(Duration::from_millis(50)).await {
                return false;
            }
        }
        let Ok(Ok(running)) = starting.await else {
            return false;
        };
        let stop = running.stop.clone();
        running.own(Teller::new(ctx.clone()).run(stop));
        (self.running, self.ctx) = (Some(running), Some(ctx));
        self.offer();
        true
    }
    async fn stop(&mut self) -> End {
        let Some(running) = self.running.take() else {
            return End::Died;
        };
        let stopping = tokio::spawn(running.stop());
        let end = self.sea.clock.truth().plus(SHUTDOWN_MAX);
        while !stopping.is_finished() {
            if !self.pass(Duration::from_millis(100)).await {
                return End::Died;
            }
            if self.sea.clock.truth() > end {
                self.sea
                    .watch()
                    .breach(10, "the program does not stop".to_owned());
                return End::Done;
            }
        }
        End::Stopped
    }

    /// Offers what is to be delivered; what the door does not take is offered again with the next event.
    pub fn offer(&mut self) {
        self.gather();
        let Some(running) = &self.running else { return };
        for (place, mut message) in std::mem::take(&mut self.undelivered) {
            message.received_at = self.sea.clock.now();
            let (door, copy) = (running.door.clone(), message.clone());
            let offer = tokio::spawn(async move { door.take(copy).await });
            self.offers.push((place, message, offer));
        }
    }
    fn gather(&mut self) {
        for (place, message, offer) in std::mem::take(&mut self.offers) {
            if !offer.is_finished() {
                self.offers.push((place, message, offer));
                continue;
            }
            match offer.now_or_never() {
                Some(Ok(Taken::Stored)) => {
                    if let Some(posted) = self.posted.get_mut(place) {
                        posted.stored = true;
                    }
                }
                Some(Ok(Taken::Ignored)) => {}
                _ => self.undelivered.push((place, message)),
            }
        }
    }

    /// Lets time pass; false when the process died meanwhile.
    pub async fn pass(&mut self, span: Duration) -> bool {
        let end = self.sea.clock.truth().plus(span);
        self.until(end).await
    }
    async fn until(&mut self, end: Timestamp) -> bool {
        let mut wakes = 0;
        loop {
            self.sea.mishap().calls = 0;
            idle().await;
            if self.sea.is_dead() {
                return false;
            }
            wakes += 1;
            if wakes > WAKES_MAX {
                self.sea
                    .watch()
                    .breach(10, "the program does not come to rest".to_owned());
                return false;
            }
            let (deed, sleeper) = (self.sea.agenda.next_due(), self.sea.clock.next_due());
            let next = deed.into_iter().chain(sleeper).min().filter(|next| *next <= end);
            let Some(next) = next else {
                self.sea.clock.go(end);
                return true;
            };
            self.sea.clock.go(next);
            if deed == Some(next) {
                self.sea.agenda.run_next(next);
            } else {
                self.sea.clock.wake_next(next);
            }
        }
    }
    /// The world goes on without the program.
    async fn rest(&mut self, span: Duration) {
        let end = self.sea.clock.truth().plus(span);
        while self.sea.agenda.next_due().is_some_and(|due| due <= end) {
            if let Some(due) = self.sea.agenda.next_due() {
                self.sea.clock.go(due);
                self.sea.agenda.run_next(due);
            }
        }
        self.sea.clock.go(end);
    }

    /// Compares the end with the venue's ledger and with what was posted.
    fn judge(self) -> Outcome {
        let chained = self.sea.store.chained(0, 1_000_000);
        let chained = at_once(chained).unwrap_or_default();
        if !self.is_broken() {
            let judged = async {
                record::check(&self, &chained).await;
                book::check(&self).await;
                intent::check(&self).await;
            };
            at_once(judged);
        }
        if self.tells {
            record::print(&self.sea, &chained);
        }
        let trace = record::trace(&self.sea, &chained);
        let mishap = self.sea.mishap();
        Outcome {
            violations: self.sea.watch().violations.clone(),
            reached: mishap.reached.clone(),
            trace,
            lives: self.lives,
            entries: chained.len(),
        }
    }
}

/// Comes back when everything that can happen at this instant has happened: the runtime's own paused clock moves only when
/// no task can go on.
#[expect(
    clippy::disallowed_methods,
    reason = "the runtime's paused clock tells that every task waits"
)]
async fn idle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}
