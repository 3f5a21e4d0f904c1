//! From a message at the door to an order the venue has accepted, one follower, nothing left out: against as many bare
//! `fdatasync` of the same bytes as there are durable transactions on the way, and one bare round trip over loopback.

use std::{
    fs::{File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, bail, ensure};
use ordercast_model::{
    instrument::Instrument,
    ports::{
        broker::Sent,
        market::Market,
        source::{Intake, Taken},
    },
    signal::raw::{Author, Content, RawMessage, RevisionKind},
};
use rust_decimal::Decimal;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    measure::{Samples, millis, now, pause},
    report::{Ratio, Report},
    scene::{PROVIDERS, QUANTITY, Scene, author, source},
    watch::{Call, Note, Placed},
};

const WARM_UP: usize = PROVIDERS;
const MESSAGES: usize = 5 * PROVIDERS;
const SYMBOLS: [&str; 12] = [
    "AAPL", "MSFT", "KO", "PEP", "XOM", "JPM", "WMT", "HD", "V", "MA", "GS", "DIS",
];
/// Longest wait for one order.
const ORDER_MAX: Duration = Duration::from_secs(10);
/// What a message set off settles before the next one: the acceptance is recorded, the chain closed.
const SETTLE: Duration = Duration::from_millis(12);
/// The file the floor writes into, over and over, so that its size never changes.
const FLOOR_BYTES: usize = 4 << 20;
/// Bytes of the floor's request and answer, as large as an order and its acceptance.
const WIRE_BYTES: usize = 600;
/// Beside the disk and the wire there are three reads of state and the judging itself.
const MEDIAN_BAR: (&str, u128) = ("<= 5.00", 500);
const TAIL_BAR: (&str, u128) = ("<= 5.00", 500);

/// One message on its way.
struct Trip {
    start: Instant,
    taken: Instant,
    placed: Placed,
    notes: Vec<Note>,
}

fn rounded(price: Decimal, thousandths: i64) -> Result<Decimal> {
    let moved = price.checked_mul(Decimal::new(thousandths, 3));
    Ok(moved
        .ok_or_else(|| anyhow!("{price} is beyond measure"))?
        .round_dp(2))
}

impl Scene {
    async fn message(&self, n: usize) -> Result<(RawMessage, String)> {
        let (provider, round) = (n % PROVIDERS, n / PROVIDERS);
        let symbol = SYMBOLS
            .get((provider + round) % SYMBOLS.len())
            .copied()
            .unwrap_or("AAPL");
        let instrument = Instrument::Equity {
            symbol: symbol.to_owned(),
        };
        let bid = self.market.quote(&instrument).await?.bid.value();
        // Below the market: it is accepted and waits, so that no fill follows into the next measurement.
        let (entry, stop, target) = (rounded(bid, 994)?, rounded(bid, 950)?, rounded(bid, 1_060)?);
        let now = self.ctx.now();
        let message = RawMessage {
            source: source(provider),
            source_id: (10_000_000 + n).to_string(),
            revision: RevisionKind::New,
            author: Author {
                id: author(provider),
                name: "Provider".to_owned(),
                ..Author::default()
            },
            content: Content {
                text: format!("BTO {QUANTITY} {symbol} @ {entry} limit. SL {stop} PT {target}"),
                ..Content::default()
            },
            reply_to: None,
            thread_of: None,
            posted_at: now,
            edited_at: None,
            received_at: now,
            backfilled: false,
        };
        Ok((message, symbol.to_owned()))
    }

    /// The last entries of the journal, in words.
    async fn told(&self) -> Result<String> {
        let length = self.ctx.store.head().await?.map_or(0, |link| link.seq);
        let last = self.ctx.store.chained(length.saturating_sub(5), 10).await?;
        let words: Vec<String> = last
            .iter()
            .map(|c| {
                let facts = c.entry.after.as_ref();
                let why = facts.and_then(|a| a.get("message").or_else(|| a.get("why")));
                format!("{} {:?} {why:?}", c.entry.kind.code(), c.entry.reason)
            })
            .collect();
        Ok(words.join("; "))
    }

    async fn trip(&mut self, n: usize) -> Result<Trip> {
        let (message, symbol) = self.message(n).await?;
        let text = message.content.text.clone();
        self.store.take();
        let start = now();
        let answer = self.door.take(message).await;
        let taken = now();
        ensure!(answer == Taken::Stored, "{text}: {answer:?}");
        let waiting = tokio::time::timeout(ORDER_MAX, self.placed.recv());
        let Ok(placed) = waiting.await else {
            bail!("{text}: no order within {ORDER_MAX:?}: {}", self.told().await?);
        };
        let placed = placed.ok_or_else(|| anyhow!("the venue is gone"))?;
        pause(SETTLE).await;
        let Sent::Accepted(order) = &placed.sent else {
            bail!("{text}: {:?}", placed.sent);
        };
        ensure!(
            order.instrument.underlying() == symbol && order.quantity.value() == Decimal::from(QUANTITY),
            "{text}: became {} {}",
            order.quantity,
            order.instrument
        );
        ensure!(
            self.placed.try_recv().is_err(),
            "{text}: became more than one order"
        );
        Ok(Trip {
            start,
            taken,
            placed,
            notes: self.store.take(),
        })
    }
}

impl Trip {
    fn whole(&self) -> Duration {
        self.placed.to - self.start
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

/// The bare disk and the bare wire.
struct Floor {
    file: File,
    at: usize,
    wire: TcpStream,
}

impl Floor {
    async fn open(folder: &Path) -> Result<Self> {
        let mut file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .open(folder.join("floor"))?;
        file.write_all(&vec![0; FLOOR_BYTES])?;
        file.sync_all()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let wire = TcpStream::connect(listener.local_addr()?).await?;
        wire.set_nodelay(true)?;
        let (mut other, _) = listener.accept().await?;
        other.set_nodelay(true)?;
        tokio::spawn(async move {
            let mut request = vec![0; WIRE_BYTES];
            while other.read_exact(&mut request).await.is_ok() {
                if other.write_all(&answer()).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { file, at: 0, wire })
    }

    /// Writes and waits for the disk once for each transaction, then asks and waits for the answer once.
    async fn round(&mut self, transactions: &[usize]) -> Result<Duration> {
        let start = now();
        for bytes in transactions {
            if self.at + bytes > FLOOR_BYTES {
                self.at = 0;
            }
            self.file.seek(SeekFrom::Start(self.at as u64))?;
            self.file.write_all(&vec![7; *bytes])?;
            self.file.sync_data()?;
            self.at += bytes;
        }
        self.wire.write_all(&request()).await?;
        let mut answer = vec![0; WIRE_BYTES];
        self.wire.read_exact(&mut answer).await?;
        ensure!(
            answer.starts_with(b"HTTP/1.1 201"),
            "the floor's server answers otherwise"
        );
        Ok(start.elapsed())
    }
}

/// A head and a body that fill the wire's bytes.
fn padded(head: &str) -> Vec<u8> {
    let mut bytes = head.as_bytes().to_vec();
    bytes.resize(WIRE_BYTES, b' ');
    bytes
}
fn request() -> Vec<u8> {
    padded(
        "POST /v1/accounts/PA100001/orders HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\r\n{}",
    )
}
fn answer() -> Vec<u8> {
    padded("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n\r\n{}")
}

#[derive(Default)]
struct Parts {
    whole: Samples,
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
}

pub(crate) async fn measure() -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::start(folder.path()).await?;
    let mut floor = Floor::open(folder.path()).await?;
    let mut transactions: Vec<usize> = Vec::new();
    for n in 0..WARM_UP {
        let trip = scene.trip(n).await?;
        transactions = trip.before(Call::Commit).map(|note| note.bytes).collect();
        floor.round(&transactions).await?;
    }
    ensure!(
        !transactions.is_empty(),
        "no durable transaction stands on the way"
    );
    scene
        .store
        .weighs
        .store(false, std::sync::atomic::Ordering::Relaxed);
    let (mut parts, mut bare, mut reads, mut further) = (Parts::default(), Samples::default(), 0, 0);
    for n in WARM_UP..WARM_UP + MESSAGES {
        let trip = scene.trip(n).await?;
        let commits = trip.before(Call::Commit).count();
        ensure!(commits > 0, "no durable transaction stands on the way");
        further += commits.saturating_sub(transactions.len());
        // The floor syncs as often as this message did: what else the program writes meanwhile stands on the way, too.
        let synced: Vec<usize> = transactions.iter().copied().cycle().take(commits).collect();
        reads = trip.before(Call::Read).count();
        parts.add(&trip);
        bare.add(floor.round(&synced).await?);
    }
    scene.stop().await?;
    Ok(Report {
        name: "message",
        against: "bare fdatasync of the same bytes for each durable transaction, and one loopback round trip",
        ratios: vec![
            Ratio::of(
                "message to accepted order, p50",
                parts.whole.median(),
                bare.median(),
                MEDIAN_BAR,
            ),
            Ratio::of(
                "message to accepted order, p99",
                parts.whole.at(99),
                bare.at(99),
                TAIL_BAR,
            ),
        ],
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
