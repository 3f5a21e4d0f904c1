//! Requests of the Alpaca adapter against a vendor that counts them and refuses what is too much.
#![allow(clippy::disallowed_methods, reason = "sockets live in real time")]

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ordercast_adapters::{
    alpaca::{AlpacaBroker, AlpacaConfig},
    meter::{Budget, Metered, RedisLog},
};
use ordercast_model::{
    connection::Mode,
    ports::{
        allowance::{Allowance, Headroom, Shared, Unit},
        broker::{Access, Broker, BrokerError, CancelOutcome},
    },
    secret::Secret,
};
use ordercast_testkit::sample;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::world::{clock, http, random};

/// What the vendor allows within a second.
const VENDOR: u32 = 80;

#[derive(Default)]
struct Vendor {
    /// When each request came, and the status it got.
    seen: Mutex<Vec<(Instant, u16)>>,
    /// The next answer is a refusal that asks for this rest.
    refuse: Mutex<Option<u64>>,
}

impl Vendor {
    async fn start() -> (Arc<Self>, String) {
        let vendor = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let serving = vendor.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let vendor = serving.clone();
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let answer = vendor.answer();
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        (vendor, base)
    }

    #[expect(clippy::disallowed_methods, reason = "a vendor counts in real time")]
    fn answer(&self) -> String {
        let now = Instant::now();
        let refuse = self.refuse.lock().unwrap().take();
        let mut seen = self.seen.lock().unwrap();
        let lately = seen
            .iter()
            .rev()
            .take_while(|(at, _)| now - *at < Duration::from_secs(1));
        let full = lately.count() >= VENDOR as usize;
        let (status, more) = match (full, refuse) {
            (_, Some(rest)) => (429, format!("Retry-After: {rest}\r\n")),
            (true, None) => (429, String::new()),
            (false, None) => (404, String::new()),
        };
        seen.push((now, status));
        let body = r#"{"code":40410000,"message":"order not found"}"#;
        let length = body.len();
        format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n{body}"
        )
    }

    fn seen(&self) -> Vec<(Instant, u16)> {
        self.seen.lock().unwrap().clone()
    }
}

fn broker(base: &str, percent: u32, shared: Option<Arc<RedisLog>>) -> AlpacaBroker {
    let (budget, _told) = Budget::new(clock(), Headroom::percent(percent).unwrap(), shared);
    let allowance = Allowance::of(Unit::Request, Shared::Account, (VENDOR, 1), budget.headroom());
    let meter = budget.meter("vendor", "Vendor", vec![allowance]);
    let config = AlpacaConfig {
        paper_base: base.to_owned(),
        ..AlpacaConfig::default()
    };
    AlpacaBroker::new(&config, Metered::new(http(), meter, None), clock(), random()).unwrap()
}

fn access() -> Access {
    let field = |name: &str| (name.to_owned(), Secret::new("K".to_owned()));
    Access {
        connection_id: sample::id(1),
        account_id: "A1".to_owned(),
        mode: Mode::Paper,
        fields: BTreeMap::from([field("key_id"), field("secret_key")]),
    }
}

/// Reads and cancels as fast as they are let, until the vendor has seen so many.
#[expect(clippy::disallowed_methods, reason = "the vendor counts in real time")]
async fn load(broker: &AlpacaBroker, vendor: &Vendor, until: usize) {
    let access = access();
    let id = "oc-00000000000000000000000001".parse().unwrap();
    let read = async {
        while vendor.seen().len() < until {
            if let Err(BrokerError::Busy { after }) = broker.positions(&access).await {
                tokio::time::sleep(after).await;
            }
        }
    };
    let cancel = async {
        while vendor.seen().len() < until {
            let cancelled = broker.cancel(&access, &id).await;
            assert!(!matches!(cancelled, CancelOutcome::Done(_)), "{cancelled:?}");
        }
    };
    futures::join!(read, cancel);
}

/// The most within a second.
fn busiest(seen: &[(Instant, u16)]) -> usize {
    let within = |from: &Instant| {
        seen.iter()
            .filter(|(at, _)| at >= from && *at - *from < Duration::from_secs(1))
            .count()
    };
    seen.iter().map(|(at, _)| within(at)).max().unwrap_or(0)
}

#[tokio::test]
async fn a_vendor_that_counts_refuses_nothing_and_its_refusal_is_obeyed() {
    let (vendor, base) = Vendor::start().await;
    let broker = broker(&base, 50, None);
    load(&broker, &vendor, 200).await;
    let seen = vendor.seen();
    assert!(
        seen.iter().all(|(_, status)| *status != 429),
        "{} refused",
        seen.len()
    );
    println!(
        "{} requests, {} in the busiest second of {VENDOR} allowed",
        seen.len(),
        busiest(&seen)
    );
    *vendor.refuse.lock().unwrap() = Some(2);
    load(&broker, &vendor, 220).await;
    let seen = vendor.seen();
    let refused = seen.iter().position(|(_, status)| *status == 429).unwrap();
    let on_their_way = 2;
    let next = seen[refused + on_their_way].0 - seen[refused].0;
    assert!(next >= Duration::from_secs(2), "asked again after {next:?}");
}

struct Redis(Child);

impl Drop for Redis {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

fn redis(port: u16) -> Option<Redis> {
    let mut command = Command::new("redis-server");
    command.args([
        "--save",
        "",
        "--appendonly",
        "no",
        "--bind",
        "127.0.0.1",
        "--port",
    ]);
    let command = command
        .arg(port.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().ok().map(Redis)
}

#[tokio::test]
async fn processes_count_together_and_take_little_each_while_they_cannot() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let Some(server) = redis(port) else {
        println!("skipped: redis-server is not installed");
        return;
    };
    crate::world::until("Redis listens", async || {
        std::net::TcpStream::connect(("127.0.0.1", port))
            .is_ok()
            .then_some(())
    })
    .await;
    let url = Secret::new(format!("redis://127.0.0.1:{port}"));
    let log = || Some(RedisLog::new(&url, "test", clock(), random().as_ref()).unwrap());
    let (vendor, base) = Vendor::start().await;
    // Each alone would be within the vendor's allowance; both together only because they count together.
    let (one, two) = (broker(&base, 90, log()), broker(&base, 90, log()));
    futures::join!(load(&one, &vendor, 250), load(&two, &vendor, 250));
    let seen = vendor.seen();
    println!(
        "two processes: {} in the busiest second of {VENDOR} allowed",
        busiest(&seen)
    );
    assert!(seen.iter().all(|(_, status)| *status != 429));
    drop(server);
    let (vendor, base) = Vendor::start().await;
    let (one, two) = (broker(&base, 90, log()), broker(&base, 90, log()));
    futures::join!(load(&one, &vendor, 60), load(&two, &vendor, 60));
    let seen = vendor.seen();
    println!("without Redis: {} in the busiest second", busiest(&seen));
    assert!(busiest(&seen) <= 2 * 72 / 4 + 4, "{}", busiest(&seen));
}
