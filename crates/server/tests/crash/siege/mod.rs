//! Killed again and again under load, the program is held to the ledger of a venue and to the posts of a Discord that
//! were never killed: nothing is lost, nothing is done twice. `ORDERCAST_KILLS` says how many kills over all databases.

mod books;
mod call;
mod draw;
mod load;
mod pair;
mod scene;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use ordercast_model::{
    ids::OrderId,
    order::{intent::Order, state::OrderState},
    ports::store::{Page, SystemQuery, find_any},
    tenant::SystemScope,
};
use ordercast_store::inspect;

use self::{
    books::Books,
    draw::Draw,
    load::{Load, Posted},
    world::{Backend, World},
};
use crate::{
    program::{Program, pause},
    snapshot::Snapshot,
};

const LOOKING: SystemScope = SystemScope::housekeeping("a test waits for an order that is under way");
/// Kills without being asked for more.
const KILLS: usize = 6;
/// Kills of one world: a journal that grows for ever would be read again at each of them.
const KILLS_OF_WORLD: usize = 25;
/// Longest wait for an order that is under way; a busy machine needs a good part of it.
const UNDER_WAY_MAX: Duration = Duration::from_secs(12);
/// Longest wait until the books agree with the ledger after the last kill; a question that nobody answers needs 120 s.
const SETTLE_MAX: Duration = Duration::from_secs(240);
const STOP_MAX: Duration = Duration::from_secs(60);

/// Whether it is an entry or a close on its way: what protects stands at the venue as long as the position.
fn is_under_way(order: &Order) -> bool {
    let sent = [OrderState::Pending, OrderState::Submitted, OrderState::Unknown];
    sent.contains(&order.state) && !order.leg.protects()
}

/// What stood when the program was killed.
struct Killed {
    /// Orders by state, those that protect apart.
    states: BTreeMap<String, usize>,
    under_way: bool,
    /// Pending or unknown: nobody knew what the venue had.
    open_question: bool,
    /// One of those under way was made in this very life.
    fresh: bool,
}

impl Killed {
    fn of(snapshot: &Snapshot, before: &Snapshot) -> Self {
        let known: BTreeSet<OrderId> = before.orders.iter().map(|o| o.id).collect();
        let mut states = BTreeMap::new();
        for order in snapshot.orders.iter().filter(|o| !o.state.is_final()) {
            let kind = if order.leg.protects() { "protecting " } else { "" };
            *states.entry(format!("{kind}{}", order.state.code())).or_default() += 1;
        }
        let open = [OrderState::Pending, OrderState::Unknown];
        Self {
            states,
            under_way: snapshot.orders.iter().any(is_under_way),
            open_question: snapshot.orders.iter().any(|o| open.contains(&o.state)),
            fresh: snapshot
                .orders
                .iter()
                .any(|o| is_under_way(o) && !known.contains(&o.id)),
        }
    }
    fn words(&self) -> String {
        let states: Vec<String> = self
            .states
            .iter()
            .map(|(state, n)| format!("{n} {state}"))
            .collect();
        if states.is_empty() {
            "nothing under way".to_owned()
        } else {
            states.join(", ")
        }
    }
}

/// What a siege came to.
#[derive(Default)]
struct Tally {
    kills: usize,
    under_way: usize,
    open_question: usize,
    fresh: usize,
    orders: usize,
    fills: usize,
    decisions: usize,
    posted: usize,
}

/// One world with its load.
struct Siege {
    world: World,
    load: Load,
    draw: Draw,
    before: Snapshot,
    tally: Tally,
}

impl Siege {
    async fn lay(seed: u64, backend: Backend) -> Option<Self> {
        let world = World::new(seed, backend).await?;
        let load = Load::start(world.stranger(), seed);
        Some(Self {
            world,
            load,
            draw: Draw(seed),
            before: Snapshot::default(),
            tally: Tally::default(),
        })
    }

    /// Orders that have not ended, as the running program has them; none while it has no tables.
    async fn open_orders(&self) -> Vec<Order> {
        let Ok(inspected) = inspect(&self.world.database).await else {
            return Vec::new();
        };
        let query = SystemQuery::OrdersOpen(Page::first(1_000));
        find_any(inspected.store.as_ref(), LOOKING, query)
            .await
            .unwrap_or_default()
    }

    /// Waits until an order is under way that was not open before; gives whether one came.
    async fn under_way(&self, program: &mut Program, before: &[Order]) -> bool {
        let known: BTreeSet<OrderId> = before.iter().map(|o| o.id).collect();
        let (step, mut waited) = (Duration::from_millis(20), Duration::ZERO);
        while waited < UNDER_WAY_MAX {
            assert!(program.is_alive(), "it ended by itself: {}", program.said());
            let open = self.open_orders().await;
            if open.iter().any(|o| !known.contains(&o.id) && is_under_way(o)) {
                return true;
            }
            pause(step).await;
            waited += step;
        }
        false
    }

    /// One life and its end: two of three when an order is on its way, one of these after some seconds of work; the
    /// others at any moment after the start.
    async fn kill(&mut self, n: usize) {
        self.world.trouble(&mut self.draw).await;
        let (mut program, _) = self.world.serve(&[]);
        let mut known = self.before.orders.clone();
        if n % 3 == 1 {
            // Long enough to answer for what the lives before have left, and to fill, protect and close.
            self.under_way(&mut program, &self.before.orders).await;
            pause(self.draw.millis(2_000, 6_000)).await;
            known = self.open_orders().await;
        }
        let (moment, wait) = if n % 3 == 2 {
            ("the start", self.draw.millis(50, 2_500))
        } else if self.under_way(&mut program, &known).await {
            ("an order was under way", self.draw.millis(0, 50))
        } else {
            ("12 s without an order", Duration::ZERO)
        };
        pause(wait).await;
        assert!(program.is_alive(), "it ended by itself: {}", program.said());
        program.kill().await;
        self.killed(n, &format!("{} ms after {moment}", wait.as_millis()))
            .await;
    }

    /// Looks at what is left and says what it was.
    async fn killed(&mut self, n: usize, moment: &str) {
        let now = self.world.left().await;
        let killed = Killed::of(&now, &self.before);
        let backend = self.world.backend;
        let when = format!("{backend:?} seed {}, kill {n}, {moment}", self.world.seed);
        println!(
            "{when}: {}; {} messages unread, {} entries + {} waiting",
            killed.words(),
            now.unread,
            now.chained.len(),
            now.pending.len()
        );
        now.check_lawful(&when);
        now.check_goes_on(&self.before, &when);
        self.before = now;
        self.tally.kills += 1;
        self.tally.under_way += usize::from(killed.under_way);
        self.tally.open_question += usize::from(killed.open_question);
        self.tally.fresh += usize::from(killed.fresh);
    }

    /// The load ends, the last life settles, the books are held to the ledger.
    async fn lift(self) -> Tally {
        let Self {
            world,
            load,
            before,
            mut tally,
            ..
        } = self;
        let mut posted = load.stop().await;
        world.calm().await;
        let (mut program, port) = world.serve(&[]);
        world.ready(&mut program, port).await;
        let faults = settle(&world, &mut posted, &mut program, &mut tally).await;
        let log = program.said();
        assert!(faults.is_empty(), "seed {}: {faults:#?}\n{log}", world.seed);
        let ended = program.terminate(STOP_MAX).await;
        assert!(ended.status.success(), "{}: {}", ended.status, ended.err);
        let after = world.left().await;
        after.check_lawful("in the end");
        after.check_goes_on(&before, "in the end");
        assert!(after.pending.is_empty(), "a clean stop leaves nothing unchained");
        tally.posted = posted.len();
        tally
    }
}

/// Waits until books, ledger and posts agree; what still does not is told.
async fn settle(
    world: &World,
    posted: &mut BTreeMap<String, Posted>,
    program: &mut Program,
    tally: &mut Tally,
) -> Vec<String> {
    let stranger = world.stranger();
    let (step, mut waited) = (Duration::from_millis(500), Duration::ZERO);
    loop {
        assert!(program.is_alive(), "it ended by itself: {}", program.said());
        let inspected = inspect(&world.database)
            .await
            .expect("the running program's database reads");
        let ledger = world.ledger().await;
        let books = Books::read(inspected.store.as_ref(), posted).await;
        let mut faults = books.against(&ledger);
        faults.extend(books.unkept(posted, &world.followers));
        (tally.orders, tally.fills, tally.decisions) = books.counts();
        if faults.is_empty() || waited >= SETTLE_MAX {
            return faults;
        }
        if waited.as_millis() % 10_000 == 5_000 {
            let first = faults.first().map_or("", String::as_str);
            println!(
                "seed {}, settling: {} to go, such as: {first}",
                world.seed,
                faults.len()
            );
        }
        // What is called and not filled is called off: every entry must come to its end.
        if waited >= Duration::from_secs(4) {
            for id in books.working() {
                if let Some(posted) = posted.get_mut(&id).filter(|p| !p.deleted) {
                    posted.deleted = true;
                    load::delete(&stranger, posted.channel, &id).await;
                }
            }
        }
        pause(step).await;
        waited += step;
    }
}

/// Kills asked for over all databases.
fn kills() -> usize {
    #[expect(clippy::disallowed_methods, reason = "how many comes from outside")]
    let asked = std::env::var("ORDERCAST_KILLS").ok().and_then(|n| n.parse().ok());
    asked.unwrap_or(KILLS)
}

/// As many worlds as it takes, one after the other.
async fn check(backend: Backend, from: u64) {
    let (mut left, mut seed, mut all) = (kills().div_ceil(2), from, Tally::default());
    while left > 0 {
        let Some(mut siege) = Siege::lay(seed, backend).await else {
            return;
        };
        let now = left.min(KILLS_OF_WORLD);
        for n in 1..=now {
            siege.kill(n).await;
        }
        let tally = siege.lift().await;
        println!(
            "{backend:?} seed {seed}, client ids taken {}: {} kills; {} posts, {} decisions, {} orders, {} fills: books and \
             ledger agree",
            world::dedupe(seed),
            tally.kills,
            tally.posted,
            tally.decisions,
            tally.orders,
            tally.fills
        );
        all.kills += tally.kills;
        all.under_way += tally.under_way;
        all.open_question += tally.open_question;
        all.fresh += tally.fresh;
        left -= now;
        seed += 1;
    }
    println!(
        "{backend:?}: {} kills, {} with an entry or close pending, submitted or unknown ({} of them with one made in that \
         very life), {} with one pending or unknown",
        all.kills, all.under_way, all.fresh, all.open_question
    );
    assert!(
        all.under_way * 2 >= all.kills,
        "only {} of {} kills met an order under way",
        all.under_way,
        all.kills
    );
}

#[tokio::test]
async fn a_siege_on_sqlite_loses_and_doubles_nothing() {
    check(Backend::Sqlite, 41).await;
}

#[tokio::test]
async fn a_siege_on_postgresql_loses_and_doubles_nothing() {
    check(Backend::Postgres, 141).await;
}
