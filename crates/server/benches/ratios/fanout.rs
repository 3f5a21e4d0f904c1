//! One message of one provider to all its followers: from the door to the first order's first byte and to the last
//! accepted order, against a bare HTTP client loop that posts as many orders. Fails when a follower got none, or two.

use std::{
    collections::BTreeMap,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use ordercast_model::{ids::ConnectionId, ports::broker::Sent};

use crate::{
    crowd::{Crowd, Orders},
    machine::Memory,
    measure::{Samples, millis, now, pause},
    option::Options,
    report::{Ratio, Report, Table, progress},
    scene::{Plan, Scene},
    setting,
    watch::Placed,
};

/// The provider with the one follower whose message warms the way up.
const LONELY: usize = 0;
/// The provider with the crowd.
const LOVED: usize = 1;
/// Orders to be measured of each size at least, and rounds at most.
const ORDERS: usize = 3_000;
const ROUNDS_MAX: usize = 5;
/// Longest silence of the venue while orders are missing.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// What might still come after the last order came.
const AFTER: Duration = Duration::from_millis(500);

/// One message to everybody.
struct Wave {
    first_byte: Duration,
    last_byte: Duration,
    accepted: Duration,
    /// Orders under way at the same time at most.
    abreast: usize,
}

/// What was measured of one size.
struct Size {
    accounts: usize,
    first_byte: Duration,
    last_byte: Duration,
    accepted: Duration,
    bare: Duration,
    abreast: usize,
    order_bytes: usize,
    rounds: usize,
    streams: usize,
    memory: Option<(u64, u64)>,
}

/// How many sends were under way at the same time at most.
fn abreast(placed: &[Placed]) -> usize {
    let ends = placed.iter().map(|p| (p.to, false));
    let mut all: Vec<(Instant, bool)> = placed.iter().map(|p| (p.from, true)).chain(ends).collect();
    all.sort_unstable();
    let (mut under_way, mut most) = (0_usize, 0);
    for (_, begins) in all {
        under_way = if begins { under_way + 1 } else { under_way - 1 };
        most = most.max(under_way);
    }
    most
}

/// Every follower of the provider has exactly one accepted order, and nobody else has any.
fn once_each(scene: &Scene, provider: usize, placed: &[Placed]) -> Result<()> {
    let mut orders: BTreeMap<ConnectionId, usize> = BTreeMap::new();
    for one in placed {
        match &one.sent {
            Some(Sent::Accepted(_)) => *orders.entry(one.connection).or_default() += 1,
            other => bail!("{}: {other:?}", one.connection),
        }
    }
    let (mut none, mut more) = (0, 0);
    for follower in scene.people.followers.iter().filter(|f| f.provider == provider) {
        match orders.remove(&follower.connection.id) {
            None => none += 1,
            Some(1) => {}
            Some(_) => more += 1,
        }
    }
    let strangers = orders.len();
    ensure!(
        none + more + strangers == 0,
        "{none} followers got no order, {more} more than one, and {strangers} got one who do not follow"
    );
    Ok(())
}

/// Posts one message and takes in every order it becomes.
async fn wave(scene: &mut Scene, provider: usize, round: usize, n: usize) -> Result<Wave> {
    let followed = scene.people.followers.iter().filter(|f| f.provider == provider);
    let (expected, mut placed) = (followed.count(), Vec::new());
    let posting = scene.mouth.message(provider, round, n).await?;
    let start = now();
    scene.mouth.post(posting.message).await?;
    while placed.len() < expected {
        match tokio::time::timeout(SILENCE_MAX, scene.placed.recv()).await {
            Ok(one) => placed.push(one.context("the venue is gone")?),
            Err(_) => bail!(
                "{} of {expected} orders, then none for {SILENCE_MAX:?}: {}",
                placed.len(),
                scene.mouth.told().await?
            ),
        }
    }
    progress(&format!(
        "{expected} orders came within {} ms",
        millis(start.elapsed())
    ));
    pause(AFTER).await;
    scene.rest().await?;
    while let Ok(late) = scene.placed.try_recv() {
        placed.push(late);
    }
    once_each(scene, provider, &placed)?;
    scene.store.take();
    let since = |at: Option<Instant>| at.map_or(Duration::ZERO, |at| at - start);
    Ok(Wave {
        first_byte: since(placed.iter().map(|p| p.from).min()),
        last_byte: since(placed.iter().map(|p| p.from).max()),
        accepted: since(placed.iter().map(|p| p.to).max()),
        abreast: abreast(&placed),
    })
}

async fn one_size(accounts: usize, rounds: usize) -> Result<Size> {
    let folder = tempfile::tempdir()?;
    let plan = Plan {
        limits: setting::unhurried(),
        ..Plan::of(vec![1, accounts], folder.path())
    };
    let start = now();
    let mut scene = Scene::start(folder.path(), &plan).await?;
    progress(&format!(
        "{accounts} accounts stand after {} ms",
        millis(start.elapsed())
    ));
    scene.store.weighs.store(false, Ordering::Relaxed);
    wave(&mut scene, LONELY, 0, 0).await?;
    let memory = Memory::watch();
    let (mut first, mut last, mut accepted) = (Samples::default(), Samples::default(), Samples::default());
    let mut most = 0;
    for round in 0..rounds {
        let wave = wave(&mut scene, LOVED, round, 1 + round).await?;
        first.add(wave.first_byte);
        last.add(wave.last_byte);
        accepted.add(wave.accepted);
        most = most.max(wave.abreast);
    }
    let memory = memory.and_then(Memory::grown);
    progress(&format!(
        "{accounts} accounts were served {rounds} times, after {} ms",
        millis(start.elapsed())
    ));
    let (crowd, orders) = Crowd::open(&scene).await?;
    let bare = peer(&crowd, &orders, (accounts, most, rounds)).await?;
    let streams = scene.streams;
    scene.stop().await?;
    Ok(Size {
        accounts,
        first_byte: first.median(),
        last_byte: last.median(),
        accepted: accepted.median(),
        bare: bare.median(),
        abreast: most,
        order_bytes: orders.bytes(),
        rounds,
        streams,
        memory,
    })
}

async fn peer(
    crowd: &Crowd,
    orders: &Orders,
    (accounts, abreast, rounds): (usize, usize, usize),
) -> Result<Samples> {
    crowd.post(orders, 1, 1).await?;
    let mut bare = Samples::default();
    for _ in 0..rounds {
        bare.add(crowd.post(orders, accounts, abreast).await?);
    }
    Ok(bare)
}

/// Slope of the logarithm of time over the logarithm of size: 1 is in proportion.
fn exponent(small: (usize, Duration), large: (usize, Duration)) -> String {
    let size = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX)).ln();
    let time = |span: Duration| span.as_secs_f64().max(1e-9).ln();
    let slope = (time(large.1) - time(small.1)) / (size(large.0) - size(small.0));
    format!("{slope:.2}")
}

fn growth(sizes: &[Size]) -> Table {
    let pairs = sizes.iter().zip(sizes.iter().skip(1));
    Table {
        title: "growth exponent to the last accepted order (1.00 is in proportion)".to_owned(),
        columns: vec!["from", "to", "ours", "other"],
        rows: pairs
            .map(|(a, b)| {
                vec![
                    a.accounts.to_string(),
                    b.accounts.to_string(),
                    exponent((a.accounts, a.accepted), (b.accounts, b.accepted)),
                    exponent((a.accounts, a.bare), (b.accounts, b.bare)),
                ]
            })
            .collect(),
    }
}

fn figures(sizes: &[Size]) -> Table {
    let row = |size: &Size| {
        let megabytes = |kb: u64| (kb / 1_024).to_string();
        let unknown = || "unknown".to_owned();
        vec![
            size.accounts.to_string(),
            millis(size.first_byte),
            millis(size.last_byte),
            millis(size.accepted),
            millis(size.bare),
            size.abreast.to_string(),
            size.rounds.to_string(),
            size.streams.to_string(),
            size.memory.map_or_else(unknown, |(before, _)| megabytes(before)),
            size.memory.map_or_else(unknown, |(_, grown)| megabytes(grown)),
        ]
    };
    Table {
        title: "from the door, ms, medians; memory of this process with its venue, MB".to_owned(),
        columns: vec![
            "accounts",
            "first byte",
            "last first byte",
            "last accepted",
            "other",
            "abreast",
            "rounds",
            "streams",
            "memory before",
            "peak above it",
        ],
        rows: sizes.iter().map(row).collect(),
    }
}

pub(crate) async fn measure(options: &Options) -> Result<Report> {
    let mut sizes = Vec::new();
    for accounts in &options.accounts {
        let own = (ORDERS / accounts).clamp(1, ROUNDS_MAX);
        sizes.push(
            one_size(*accounts, options.rounds_or(own))
                .await
                .with_context(|| format!("{accounts} accounts"))?,
        );
    }
    let bytes = sizes.first().map_or(0, |size| size.order_bytes);
    let mut tables = vec![figures(&sizes)];
    if sizes.len() > 1 {
        tables.push(growth(&sizes));
    }
    let ratio = |size: &Size| {
        let what = format!("{} accounts, to the last accepted", size.accounts);
        Ratio::of(what, size.accepted, size.bare, None)
    };
    Ok(Report {
        name: "fanout",
        against: "a bare HTTP client loop that posts as many orders of the same bytes, as many at a time as ours had at most",
        ratios: sizes.iter().map(ratio).collect(),
        tables,
        notes: vec![
            "every follower got exactly one accepted order in every round, and nobody else any".to_owned(),
            format!(
                "a body of {bytes} bytes is posted; the peer's server does nothing but answer with an acceptance, ours is the paper venue with its books; both live in this process"
            ),
            "where `streams` is 0 the venue's streams are not listened to: it takes no 10,000; the answers alone say what was accepted".to_owned(),
        ],
    })
}
