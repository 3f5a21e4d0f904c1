//! The three hosts on loopback, over one market: one task moves it, the rest answer. Refuses to decide anything itself.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use ordercast_model::time::Timestamp;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::{
    alpaca::{
        admin,
        config::{AlpacaConfig, Environment},
        data,
        door::{self, Host, House},
        floor::Floor,
        oauth::{self, Grants},
        problem::Problem,
        reference, stream, trading,
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
/// Largest body of a request.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum AlpacaError {
    /// All faults of the configuration.
    #[error("simulated Alpaca configuration: {}", .0.join("; "))]
    Config(Vec<String>),
    /// An address.
    #[error("simulated Alpaca cannot listen on {addr}: {source}")]
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

/// A running server with its three hosts.
pub struct Alpaca {
    paper: SocketAddr,
    live: SocketAddr,
    data: SocketAddr,
    board: QuoteBoard,
    house: House,
    tasks: TaskTracker,
}

impl Alpaca {
    /// Binds the addresses and starts; needs a tokio runtime. `now` gives microseconds since 1970.
    ///
    /// # Errors
    /// `AlpacaError`; nothing runs then.
    pub async fn start(config: AlpacaConfig, now: Now) -> Result<Self, AlpacaError> {
        let faults = config.faults();
        if !faults.is_empty() {
            return Err(AlpacaError::Config(faults));
        }
        let floor = Floor::open(&config, Timestamp::from_micros(now()))?;
        let (paper, paper_addr) = bind(config.paper_bind).await?;
        let (live, live_addr) = bind(config.live_bind).await?;
        let (data, data_addr) = bind(config.data_bind).await?;
        let board = floor.desk.board().clone();
        let grants = Grants::new(
            config.apps.clone(),
            format!("{}/{}", config.seed, config.admin_key),
        );
        let house = House::new(floor, grants, &config.admin_key, config.rate_per_minute, now);
        let tasks = TaskTracker::new();
        for (listener, environment) in [
            (paper, Some(Environment::Paper)),
            (live, Some(Environment::Live)),
            (data, None),
        ] {
            let host = Host {
                house: house.clone(),
                environment,
            };
            let service = router(host).into_make_service_with_connect_info::<Cutter>();
            let stop = house.token.clone().cancelled_owned();
            let server = axum::serve(Lines(listener), service).with_graceful_shutdown(stop);
            tasks.spawn(async move {
                if let Err(error) = server.await {
                    tracing::error!(%error, "simulated Alpaca stopped serving");
                }
            });
        }
        tasks.spawn(drive(house.clone()));
        tasks.close();
        Ok(Self {
            paper: paper_addr,
            live: live_addr,
            data: data_addr,
            board,
            house,
            tasks,
        })
    }
    /// Base of the paper host, `http://127.0.0.1:port`.
    #[must_use]
    pub fn paper_url(&self) -> String {
        format!("http://{}", self.paper)
    }
    /// Base of the live host; it also serves `/oauth/authorize` and `/oauth/token`.
    #[must_use]
    pub fn live_url(&self) -> String {
        format!("http://{}", self.live)
    }
    /// Base of the data host.
    #[must_use]
    pub fn data_url(&self) -> String {
        format!("http://{}", self.data)
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
            tracing::warn!("simulated Alpaca left requests unanswered");
        }
    }
}

async fn bind(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), AlpacaError> {
    let failed = |source| AlpacaError::Bind { addr, source };
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
        let moved = house.floor().tick(now);
        if let Err(error) = moved {
            tracing::error!(%error, "simulated Alpaca step");
        }
    }
}

fn router(host: Host) -> Router {
    let keyed = match host.environment {
        Some(_) => Router::new().merge(trading::routes()).merge(reference::routes()),
        None => data::routes(),
    };
    let keyed = keyed.layer(middleware::from_fn_with_state(host.clone(), door::enter));
    let open = match host.environment {
        Some(Environment::Live) => stream::routes().merge(oauth::routes()),
        Some(Environment::Paper) => stream::routes(),
        None => Router::new(),
    };
    keyed
        .merge(open)
        .merge(admin::routes())
        .fallback(async || Problem::not_found("endpoint not found"))
        .method_not_allowed_fallback(async || Problem::new(405, 40_510_000, "method not allowed"))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(host)
}
