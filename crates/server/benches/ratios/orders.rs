//! Orders a second with their journal: every provider posts its next message once the order before was accepted, until all
//! is chained. Against a bare group commit of as many transactions of the same bytes by as many callers, on each database.

use std::{collections::BTreeMap, sync::atomic::Ordering, time::Duration};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use futures::{StreamExt, stream::FuturesUnordered};
use ordercast_model::{
    ids::{ConnectionId, OrderId},
    journal::kind::Kind,
    ports::{BoxFuture, broker::Sent},
    time::Timestamp,
};
use ordercast_rules::chain;

use crate::{
    bare::Bare,
    database::{Database, SERVER},
    measure::{millis, now},
    option::Options,
    report::{Ratio, Report},
    scene::{PROVIDERS, Plan, Scene},
    setting, stage,
    watch::{Call, Note},
};

/// Orders of each provider: few, so that the accounts stay small.
const ROUNDS: usize = 10;
/// Orders of each provider before that, which are weighed.
const WARM_UP: usize = 2;
/// Longest wait for any order.
const ORDER_MAX: Duration = Duration::from_secs(30);
/// Entries read at once.
const PAGE: u32 = 5_000;

/// What our side did.
struct Ours {
    took: Duration,
    orders: usize,
    notes: Vec<Note>,
}

impl Ours {
    /// Bytes of each write of one kind.
    fn bytes(&self, call: Call) -> Vec<usize> {
        let of = self.notes.iter().filter(|note| note.call == call);
        of.map(|note| note.bytes).collect()
    }
}

/// Lets every provider post so many messages, one after the other, all of them at once.
async fn run(scene: &mut Scene, first: usize, rounds: usize) -> Result<Ours> {
    let places = scene
        .people
        .followers
        .iter()
        .map(|f| (f.connection.id, f.provider));
    let providers: BTreeMap<ConnectionId, usize> = places.collect();
    let mouth = scene.mouth.clone();
    let mouth = mouth.as_ref();
    let post = |provider: usize, round: usize| -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let posting = mouth
                .message(provider, round, round * PROVIDERS + provider)
                .await?;
            mouth.post(posting.message).await
        })
    };
    scene.store.take();
    let mut done: BTreeMap<usize, usize> = BTreeMap::new();
    let mut orders = 0;
    let start = now();
    let mut posting: FuturesUnordered<_> = (0..PROVIDERS).map(|p| post(p, first)).collect();
    while orders < PROVIDERS * rounds {
        let placed = tokio::select! {
            Some(posted) = posting.next(), if !posting.is_empty() => {
                posted?;
                continue;
            }
            placed = tokio::time::timeout(ORDER_MAX, scene.placed.recv()) => placed,
        };
        let Ok(placed) = placed else {
            bail!(
                "{orders} orders, then none for {ORDER_MAX:?}: {}",
                scene.mouth.told().await?
            );
        };
        let placed = placed.context("the venue is gone")?;
        ensure!(
            matches!(placed.sent, Some(Sent::Accepted(_))),
            "{:?}",
            placed.sent
        );
        orders += 1;
        let provider = *providers
            .get(&placed.connection)
            .ok_or_else(|| anyhow!("an order of nobody known"))?;
        let own = done.entry(provider).or_default();
        *own += 1;
        if *own < rounds {
            posting.push(post(provider, first + *own));
        }
    }
    scene.rest().await?;
    let notes = scene.store.take();
    let last = notes
        .iter()
        .filter(|note| note.call == Call::Chain)
        .map(|note| note.to)
        .max();
    let took = last.context("nothing was chained")? - start;
    ensure!(
        scene.placed.try_recv().is_err(),
        "a message became more than one order"
    );
    Ok(Ours { took, orders, notes })
}

/// The whole journal verifies, and tells of each of so many entries once that it was accepted. Gives its length.
async fn audited(scene: &Scene, expected: usize) -> Result<u64> {
    let (mut told, mut previous, mut from) = (BTreeMap::<OrderId, usize>::new(), None, 0);
    loop {
        let some = scene.store.inner.chained(from, PAGE).await?;
        if some.is_empty() {
            break;
        }
        let verified =
            chain::verify(previous.as_ref(), &some).map_err(|fault| anyhow!("our journal: {fault}"))?;
        for chained in some.iter().filter(|c| c.entry.kind == Kind::OrderAccepted) {
            if let Some(order) = chained.entry.links.order {
                *told.entry(order).or_default() += 1;
            }
        }
        from += verified.entries;
        previous = verified.head;
    }
    let entries = stage::entries(scene, Timestamp::from_micros(0)).await?;
    let once = entries
        .iter()
        .filter(|order| told.get(&order.id) == Some(&1))
        .count();
    ensure!(
        entries.len() == expected && once == expected,
        "{expected} orders were accepted: {} stand in the store, of {once} the journal tells once",
        entries.len()
    );
    Ok(from)
}

/// As many transactions of these bytes, shared out among as many callers as there are providers, the chain's by one more.
async fn bare(bare: &Bare, commits: &[usize], chains: &[usize]) -> Result<Duration> {
    let caller = |first: usize, step: usize, of: &'_ [usize], base: usize| -> BoxFuture<'_, Result<()>> {
        let own: Vec<(i64, usize)> = of
            .iter()
            .enumerate()
            .skip(first)
            .step_by(step)
            .filter_map(|(n, bytes)| Some((i64::try_from(base + n).ok()?, *bytes)))
            .collect();
        Box::pin(async move {
            for (id, bytes) in own {
                bare.commit(id, bytes).await?;
            }
            Ok(())
        })
    };
    let mut callers: FuturesUnordered<_> = (0..PROVIDERS).map(|n| caller(n, PROVIDERS, commits, 0)).collect();
    callers.push(caller(0, 1, chains, commits.len()));
    let start = now();
    while let Some(done) = callers.next().await {
        done?;
    }
    Ok(start.elapsed())
}

/// The sizes of the warm-up, over and over, for as many writes as were measured.
fn sizes(weighed: &[usize], count: usize) -> Result<Vec<usize>> {
    ensure!(!weighed.is_empty() || count == 0, "nothing was weighed");
    Ok(weighed.iter().copied().cycle().take(count).collect())
}

async fn on(database: &Database, folder: &std::path::Path, rounds: usize) -> Result<(Ratio, String)> {
    let plan = Plan {
        limits: setting::unhurried(),
        database: database.clone(),
        ..Plan::of(vec![1; PROVIDERS], folder)
    };
    let mut scene = Scene::start(folder, &plan).await?;
    let weighed = run(&mut scene, 0, WARM_UP).await?;
    scene.store.weighs.store(false, Ordering::Relaxed);
    let ours = run(&mut scene, WARM_UP, rounds).await?;
    let entries = audited(&scene, weighed.orders + ours.orders).await?;
    scene.stop().await?;
    let commits = sizes(&weighed.bytes(Call::Commit), ours.bytes(Call::Commit).len())?;
    let chains = sizes(&weighed.bytes(Call::Chain), ours.bytes(Call::Chain).len())?;
    let peer = Bare::open(folder, database).await?;
    let theirs = bare(&peer, &commits, &chains).await?;
    let rows = commits.len() + chains.len();
    let bytes: usize = commits.iter().chain(&chains).sum();
    peer.close(i64::try_from(rows)?, i64::try_from(bytes)?).await?;
    let title = database.title();
    let a_second = |took: Duration| ours.orders as u128 * 1_000_000_000 / took.as_nanos().max(1);
    let each = |took: Duration| took / u32::try_from(ours.orders).unwrap_or(u32::MAX);
    let note = format!(
        "{title}: {} orders of {PROVIDERS} providers at once in {} ms, {} a second; bare {} ms, {} a second; {} commits and {} writes of the chain, {bytes} bytes on each side; {entries} entries of the journal verified",
        ours.orders,
        millis(ours.took),
        a_second(ours.took),
        millis(theirs),
        a_second(theirs),
        commits.len(),
        chains.len()
    );
    let what = format!("one order, chained, on {title}");
    Ok((Ratio::of(what, each(ours.took), each(theirs), None), note))
}

pub(crate) async fn measure(options: &Options) -> Result<Report> {
    let rounds = options.rounds_or(ROUNDS);
    let folder = tempfile::tempdir()?;
    let (ratio, note) = on(&Database::file(folder.path()), folder.path(), rounds).await?;
    let (mut ratios, mut notes) = (vec![ratio], vec![note]);
    if let Some(database) = Database::schema().await? {
        let folder = tempfile::tempdir()?;
        let measured = on(&database, folder.path(), rounds).await;
        database.drop().await?;
        let (ratio, note) = measured?;
        ratios.push(ratio);
        notes.push(note);
    } else {
        notes.push(format!("PostgreSQL: not run, {SERVER} is not set"));
    }
    Ok(Report {
        name: "orders",
        against: "bare group commit: one row for each of our transactions, of the same bytes, by as many callers",
        ratios,
        tables: Vec::new(),
        notes,
    })
}
