//! From a message at the door to an order the venue has accepted, one follower, nothing left out: against as many bare
//! `fdatasync` of the same bytes as there are durable transactions on the way, and one bare round trip over loopback.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, bail, ensure};
use ordercast_model::ports::broker::Sent;
use rust_decimal::Decimal;

use crate::{
    floor::Floor,
    measure::{Samples, millis, now, pause},
    option::Options,
    post::QUANTITY,
    report::{Bar, Ratio, Report},
    scene::{PROVIDERS, Plan, Scene},
    stage,
    watch::{Call, Note, Placed},
};

const WARM_UP: usize = PROVIDERS;
/// Messages of each provider.
const ROUNDS: usize = 5;
/// Longest wait for one order.
const ORDER_MAX: Duration = Duration::from_secs(10);
/// What a message set off settles before the next one: the acceptance is recorded, the chain closed.
const SETTLE: Duration = Duration::from_millis(12);
/// Beside the disk and the wire there are three reads of state and the judging itself.
const BAR: Bar = ("<= 5.00", 500);

/// One message on its way.
struct Trip {
    start: Instant,
    taken: Instant,
    placed: Placed,
    notes: Vec<Note>,
}

async fn trip(scene: &mut Scene, n: usize) -> Result<Trip> {
    let posting = scene.mouth.message(n % PROVIDERS, n / PROVIDERS, n).await?;
    let text = posting.message.content.text.clone();
    scene.store.take();
    let start = now();
    scene.mouth.post(posting.message).await?;
    let taken = now();
    let waiting = tokio::time::timeout(ORDER_MAX, scene.placed.recv());
    let Ok(placed) = waiting.await else {
        bail!(
            "{text}: no order within {ORDER_MAX:?}: {}",
            scene.mouth.told().await?
        );
    };
    let placed = placed.ok_or_else(|| anyhow!("the venue is gone"))?;
    pause(SETTLE).await;
    let Some(Sent::Accepted(order)) = &placed.sent else {
        bail!("{text}: {:?}", placed.sent);
    };
    ensure!(
        order.instrument.underlying() == posting.symbol && order.quantity.value() == Decimal::from(QUANTITY),
        "{text}: became {} {}",
        order.quantity,
        order.instrument
    );
    ensure!(
        scene.placed.try_recv().is_err(),
        "{text}: became more than one order"
    );
    Ok(Trip {
        start,
        taken,
        placed,
        notes: scene.store.take(),
    })
}

impl Trip {
    fn whole(&self) -> Duration {
        self.placed.to - self.start
    }
    /// Until the order's request was handed to the venue's client, which writes it at once.
    fn first_byte(&self) -> Duration {
        self.placed.from - self.start
    }
    /// How long at least one call of a kind was under way: calls at the same time count once.
    fn busy_with(&self, call: Call) -> Duration {
        let mut spans: Vec<(Instant, Instant)> = self.before(call).map(|n| (n.from, n.to)).collect();
        spans.sort_unstable();
        let (mut busy, mut until) = (Duration::ZERO, self.start);
        for (from, to) in spans {
            busy += to.saturating_duration_since(from.max(until));
            until = until.max(to);
        }
        busy
    }
    /// Calls of one kind that ended before the order was handed to the venue.
    fn before(&self, call: Call) -> impl Iterator<Item = &Note> {
        let end = self.placed.from;
        self.notes.iter().filter(move |n| n.call == call && n.to <= end)
    }
}

#[derive(Default)]
struct Parts {
    whole: Samples,
    first_byte: Samples,
    intake: Samples,
    reads: Samples,
    commits: Samples,
    venue: Samples,
    rest: Samples,
}

impl Parts {
    fn add(&mut self, trip: &Trip) {
        let (reads, commits) = (trip.busy_with(Call::Read), trip.busy_with(Call::Commit));
        let venue = trip.placed.to - trip.placed.from;
        self.whole.add(trip.whole());
        self.first_byte.add(trip.first_byte());
        self.intake.add(trip.taken - trip.start);
        self.reads.add(reads);
        self.commits.add(commits);
        self.venue.add(venue);
        self.rest
            .add(trip.whole().saturating_sub(reads + commits + venue));
    }
    fn told(&self, reads: usize, commits: usize) -> String {
        format!(
            "medians, ms: {commits} commits {}, {reads} reads (some at once) {}, the venue's answer {}, the rest (parsing, judging, hand-overs) {}; \
             stored at the door after {}",
            millis(self.commits.median()),
            millis(self.reads.median()),
            millis(self.venue.median()),
            millis(self.rest.median()),
            millis(self.intake.median())
        )
    }
    fn ratios(&self, bare: &Samples) -> Vec<Ratio> {
        let ratio = |what: &str, ours: &Samples, percent: usize| {
            let what = format!("message to {what}, p{percent}");
            Ratio::of(what, ours.at(percent), bare.at(percent), Some(BAR))
        };
        vec![
            ratio("the order's first byte", &self.first_byte, 50),
            ratio("the order's first byte", &self.first_byte, 99),
            ratio("accepted order", &self.whole, 50),
            ratio("accepted order", &self.whole, 99),
        ]
    }
}

pub(crate) async fn measure(options: &Options) -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::start(folder.path(), &Plan::of(vec![1; PROVIDERS], folder.path())).await?;
    let mut floor = Floor::open(folder.path()).await?;
    let mut transactions: Vec<usize> = Vec::new();
    for n in 0..WARM_UP {
        let trip = trip(&mut scene, n).await?;
        transactions = trip.before(Call::Commit).map(|note| note.bytes).collect();
        floor.round(&transactions).await?;
    }
    ensure!(
        !transactions.is_empty(),
        "no durable transaction stands on the way"
    );
    scene.store.weighs.store(false, Ordering::Relaxed);
    let since = scene.ctx.now();
    let (mut parts, mut bare, mut reads, mut further) = (Parts::default(), Samples::default(), 0, 0);
    let messages = PROVIDERS * options.rounds_or(ROUNDS);
    for n in WARM_UP..WARM_UP + messages {
        let trip = trip(&mut scene, n).await?;
        let commits = trip.before(Call::Commit).count();
        ensure!(commits > 0, "no durable transaction stands on the way");
        further += commits.saturating_sub(transactions.len());
        // The floor syncs as often as this message did: what else the program writes meanwhile stands on the way, too.
        let synced: Vec<usize> = transactions.iter().copied().cycle().take(commits).collect();
        reads = trip.before(Call::Read).count();
        parts.add(&trip);
        bare.add(floor.round(&synced).await?);
    }
    scene.rest().await?;
    let stages = stage::table(&scene, since, messages).await?;
    scene.stop().await?;
    Ok(Report {
        name: "message",
        against: "bare fdatasync of the same bytes for each durable transaction, and one loopback round trip",
        ratios: parts.ratios(&bare),
        tables: vec![stages],
        notes: vec![
            format!(
                "{} messages, each became one accepted order of one follower; {} durable transactions of {transactions:?} bytes each, {further} more in all that the program wrote meanwhile",
                parts.whole.len(),
                transactions.len()
            ),
            parts.told(reads, transactions.len()),
        ],
    })
}
