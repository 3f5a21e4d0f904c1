//! The venue as a server on loopback: one task moves the market, one answers requests. Refuses to decide anything itself.

pub mod account;
pub mod admin;
pub mod answer;
pub mod data;
pub mod door;
pub mod line;
pub mod stream;
pub mod wire;

use std::{net::SocketAddr, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use ordercast_model::time::Timestamp;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    market::board::QuoteBoard,
    venue::{
        config::{Now, VenueConfig},
        desk::{Desk, DeskError},
        refusal::{Code, Refusal},
        server::{
            door::House,
            line::{Cutter, Lines},
        },
    },
};

/// Wall time between two looks at the market.
const PACE: Duration = Duration::from_millis(50);
/// Time the open requests get at the end.
const FAREWELL: Duration = Duration::from_secs(3);
/// Largest body of a request.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Why the venue did not start.
#[derive(Debug, thiserror::Error)]
pub enum VenueError {
    /// All faults of the configuration.
    #[error("paper venue configuration: {}", .0.join("; "))]
    Config(Vec<String>),
    /// The address.
    #[error("paper venue cannot listen on {addr}: {source}")]
    Bind {
        /// Wanted.
        addr: SocketAddr,
        /// The system's answer.
        source: std::io::Error,
    },
    /// What its folder holds.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// A running paper venue.
pub struct Venue {
    addr: SocketAddr,
    board: QuoteBoard,
    house: House,
    tasks: TaskTracker,
}

impl Venue {
    /// Opens the folder, binds the address and starts; needs a tokio runtime. `now` gives microseconds since 1970.
    ///
    /// # Errors
    /// `VenueError`; nothing runs then.
    pub async fn start(config: VenueConfig, now: Now) -> Result<Self, VenueError> {
        let faults = config.faults();
        if !faults.is_empty() {
            return Err(VenueError::Config(faults));
        }
        let desk = Desk::open(&config, Timestamp::from_micros(now()))?;
        let bind = |source| VenueError::Bind {
            addr: config.bind,
            source,
        };
        let listener = TcpListener::bind(config.bind).await.map_err(bind)?;
        let addr = listener.local_addr().map_err(bind)?;
        let board = desk.board().clone();
        let token = CancellationToken::new();
        let house = House::new(desk, &config.admin_key, now, token.clone());
        let tasks = TaskTracker::new();
        let service = router(house.clone()).into_make_service_with_connect_info::<Cutter>();
        let server = axum::serve(Lines(listener), service).with_graceful_shutdown(token.cancelled_owned());
        tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "paper venue stopped serving");
            }
        });
        tasks.spawn(drive(house.clone()));
        tasks.close();
        Ok(Self {
            addr,
            board,
            house,
            tasks,
        })
    }
    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }
    /// The latest quotes, without HTTP.
    #[must_use]
    pub fn quotes(&self) -> QuoteBoard {
        self.board.clone()
    }
    /// From now on market time stands still and nothing fills; requests are answered as before. Safe to repeat.
    pub fn freeze(&self) {
        self.house.still.cancel();
    }
    /// Stops taking requests, closes the streams, saves the prices. Open requests get a few seconds.
    pub async fn shutdown(self) {
        self.house.token.cancel();
        if tokio::time::timeout(FAREWELL, self.tasks.wait()).await.is_err() {
            tracing::warn!("paper venue left requests unanswered");
        }
        self.house.desk().save_market();
    }
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
            () = house.still.cancelled() => return,
            _ = pace.tick() => {}
        }
        let now = house.now();
        let stepped = house.desk().step(now);
        if let Err(error) = stepped {
            tracing::error!(%error, "paper venue step");
        }
    }
}

fn router(house: House) -> Router {
    Router::new()
        .merge(account::routes())
        .merge(data::routes())
        .merge(admin::routes())
        .merge(stream::routes())
        .fallback(async || Refusal::new(Code::NotFound, "no such route"))
        .method_not_allowed_fallback(async || Refusal::new(Code::NotFound, "no such route"))
        .layer(middleware::from_fn_with_state(house.clone(), door::trouble))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(house)
}
