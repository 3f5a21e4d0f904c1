//! The fan-out's peer: a bare HTTP server on loopback, and a client loop that posts one order's bytes to it, so many at a
//! time. Decides nothing about orders; both sides live in this process, as our program and its venue do.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use futures::{StreamExt, stream};
use ordercast_adapters::paper::{PaperBroker, PaperConfig};
use ordercast_model::ports::broker::Broker;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    measure::now,
    scene::{Scene, http},
};

/// What the venue answers to an order, with the figures of one.
const ACCEPTED: &str = concat!(
    r#"{"id":"vo-1001","account":"PA100001","client_order_id":"oc-01m8394tcrw6snyjqq10qpjx11","symbol":"AAPL","side":"buy","#,
    r#""type":"limit","time_in_force":"gtc","quantity":"10","limit_price":"212.34","stop_price":null,"trail_percent":null,"#,
    r#""trail_amount":null,"reduce_only":false,"oco_group":null,"group":null,"status":"new","triggered":false,"#,
    r#""filled_quantity":"0","remaining_quantity":"10","average_price":null,"fees":"0","reason":null,"revision":0,"#,
    r#""created_at":"2026-01-02T15:04:05.000000Z","updated_at":"2026-01-02T15:04:05.000000Z"}"#
);

/// An order as it came over the wire.
#[derive(Debug, Clone)]
struct Request {
    key: String,
    body: Bytes,
}

#[derive(Default)]
struct Counter {
    taken: AtomicUsize,
    last: Mutex<Option<Request>>,
}

/// The bare server.
pub(crate) struct Crowd {
    base: String,
    counter: Arc<Counter>,
    server: JoinHandle<()>,
}

async fn take(State(counter): State<Arc<Counter>>, head: HeaderMap, body: Bytes) -> impl IntoResponse {
    if counter.taken.fetch_add(1, Ordering::Relaxed) == 0 {
        let key = head.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let mut last = counter.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Request {
            key: key.unwrap_or_default().to_owned(),
            body,
        });
    }
    (
        StatusCode::CREATED,
        [(header::CONTENT_TYPE, "application/json")],
        ACCEPTED,
    )
}

impl Crowd {
    /// Starts the server and has the production adapter send it the first order that the program sent, so that the
    /// bytes are the same.
    pub(crate) async fn open(scene: &Scene) -> Result<(Self, Orders)> {
        let counter = Arc::new(Counter::default());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(take).with_state(counter.clone());
        let server = tokio::spawn(async move {
            // It ends when it is aborted.
            let _ = axum::serve(listener, router).await;
        });
        let crowd = Self {
            base: base.clone(),
            counter,
            server,
        };
        let (connection, order) = scene.broker.first.get().context("no order was sent yet")?;
        let mut all = scene.people.followers.iter();
        let sender = all.find(|f| f.connection.id == *connection);
        let sender = sender.context("the first order is of nobody known")?;
        let access = scene.ctx.vault.open(&sender.connection).await?;
        let ctx = &scene.ctx;
        let adapter = PaperBroker::new(
            &PaperConfig::new(base),
            http()?,
            ctx.clock.clone(),
            ctx.random.clone(),
        )?;
        // The answer is about another order; only what was sent counts.
        let _ = adapter.place(&access, order).await;
        let last = crowd
            .counter
            .last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let request = last.context("the adapter sent nothing")?;
        let orders = Orders {
            url: format!("{}/v1/accounts/{}/orders", crowd.base, access.account_id),
            request,
        };
        Ok((crowd, orders))
    }

    /// Posts so many orders, so many at a time, and waits for every answer; each must arrive once.
    pub(crate) async fn post(&self, orders: &Orders, count: usize, abreast: usize) -> Result<Duration> {
        self.counter.taken.store(1, Ordering::Relaxed);
        // A client of its own for each round: connections are opened within what is measured, as ours are.
        let client = http()?;
        let start = now();
        let posting = (0..count).map(|_| orders.post(&client));
        let mut posting = stream::iter(posting).buffer_unordered(abreast.max(1));
        while let Some(answer) = posting.next().await {
            answer?;
        }
        let took = start.elapsed();
        let taken = self.counter.taken.load(Ordering::Relaxed) - 1;
        ensure!(taken == count, "the peer posted {count} orders, {taken} arrived");
        Ok(took)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The order that is posted over and over.
pub(crate) struct Orders {
    url: String,
    request: Request,
}

impl Orders {
    /// Bytes of one body.
    pub(crate) fn bytes(&self) -> usize {
        self.request.body.len()
    }
    async fn post(&self, client: &reqwest::Client) -> Result<()> {
        let request = client
            .post(&self.url)
            .header(header::AUTHORIZATION, &self.request.key)
            .header(header::CONTENT_TYPE, "application/json")
            .timeout(Duration::from_secs(60))
            .body(self.request.body.clone());
        let answer = request.send().await?;
        ensure!(
            answer.status() == StatusCode::CREATED,
            "the peer's server answers {}",
            answer.status()
        );
        let body = answer.bytes().await?;
        ensure!(
            body.len() == ACCEPTED.len(),
            "the peer's server cut its answer short"
        );
        Ok(())
    }
}
