//! The two hosts on loopback, over one market: one task moves it, the rest answer. Refuses to decide anything itself.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, routing::get};
use ordercast_model::time::Timestamp;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::{
    binance::{
        admin,
        config::{BinanceConfig, Network},
        door::{self, Host, House},
        floor::Floor,
        stream,
    },
    market::board::QuoteBoard,
    venue::{
        config::Now,
        desk::DeskError,
        server::line::{Cutter, Lines},
    },
};

/// Wall time between two looks at the market.
const PACE: Duration = Duration::from_millis(20);
/// Time the open requests get at the end.
const FAREWELL: Duration = Duration::from_secs(3);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum BinanceError {
    /// All faults of the configuration.
    #[error("simulated Binance configuration: {}", .0.join("; "))]
    Config(Vec<String>),
    /// An address.
    #[error("simulated Binance cannot listen on {addr}: {source}")]
    Bind {
        /// Wanted.
        addr: SocketAddr,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The market or an account.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// A running server with its two hosts.
pub struct Binance {
    paper: SocketAddr,
    live: SocketAddr,
    board: QuoteBoard,
    house: House,
    tasks: TaskTracker,
}

impl Binance {
    /// Binds the addresses and starts; needs a tokio runtime. `now` gives microseconds since 1970.
    ///
    /// # Errors
    /// `BinanceError`; nothing runs then.
    pub async fn start(config: BinanceConfig, now: Now) -> Result<Self, BinanceError> {
        let faults = config.faults();
        if !faults.is_empty() {
            return Err(BinanceError::Config(faults));
        }
        let floor = Floor::open(&config, Timestamp::from_micros(now()))?;
        let (paper, paper_addr) = bind(config.paper_bind).await?;
        let (live, live_addr) = bind(config.live_bind).await?;
        let board = floor.desk.board().clone();
        let house = House::new(floor, &config, now);
        let tasks = TaskTracker::new();
        for (listener, network) in [(paper, Network::Test), (live, Network::Live)] {
            let host = Host {
                house: house.clone(),
                network,
            };
            let service = router(host).into_make_service_with_connect_info::<Cutter>();
            let stop = house.token.clone().cancelled_owned();
            let server = axum::serve(Lines(listener), service).with_graceful_shutdown(stop);
            tasks.spawn(async move {
                if let Err(error) = server.await {
                    tracing::error!(%error, "simulated Binance stopped serving");
                }
            });
        }
        tasks.spawn(drive(house.clone()));
        tasks.close();
        Ok(Self {
            paper: paper_addr,
            live: live_addr,
            board,
            house,
            tasks,
        })
    }
    /// Base of the test network: requests, market data, and events at `/ws-api/v3`.
    #[must_use]
    pub fn paper_url(&self) -> String {
        format!("http://{}", self.paper)
    }
    /// The same of the exchange.
    #[must_use]
    pub fn live_url(&self) -> String {
        format!("http://{}", self.live)
    }
    /// The latest quotes, without HTTP.
    #[must_use]
    pub fn quotes(&self) -> QuoteBoard {
        self.board.clone()
    }
    /// Stops taking requests and closes the streams. Open requests get a few seconds.
    pub async fn shutdown(self) {
        self.house.token.cancel();
        if tokio::time::timeout(FAREWELL, self.tasks.wait()).await.is_err() {
            tracing::warn!("simulated Binance left requests unanswered");
        }
    }
}

async fn bind(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), BinanceError> {
    let failed = |source| BinanceError::Bind { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is what makes simulated time pass beside the wall clock"
)]
async fn drive(house: House) {
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = house.token.cancelled() => return,
            _ = pace.tick() => {}
        }
        let now = house.now();
        house.floor().tick(now);
    }
}

fn router(host: Host) -> Router {
    Router::new()
        .route("/ws-api/v3", get(stream::open))
        .merge(admin::routes())
        .fallback(door::enter)
        .with_state(host)
}
