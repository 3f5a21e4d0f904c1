//! Hints over a Redis that comes and goes. Uses the Redis of ORDERCAST_TEST_REDIS_URL, and a private one where
//! `redis-server` is installed.

use std::{
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use ordercast_adapters::bus::RedisBus;
use ordercast_model::{
    ports::bus::{Bus, Hint, HintSink},
    secret::Secret,
};

use crate::world::{clock, micros, random, until};

#[derive(Default)]
struct Seen(Mutex<Vec<Hint>>);

impl HintSink for Seen {
    fn hint(&self, hint: &Hint) {
        self.0.lock().unwrap().push(hint.clone());
    }
}

impl Seen {
    fn has(&self, length: u64) -> usize {
        let hints = self.0.lock().unwrap();
        hints.iter().filter(|h| **h == grew(length)).count()
    }
}

fn grew(length: u64) -> Hint {
    Hint::JournalGrew {
        length,
        users: Vec::new(),
    }
}

/// One process: a bus with a listener.
struct Node {
    bus: Arc<RedisBus>,
    seen: Arc<Seen>,
    tasks: [tokio::task::JoinHandle<()>; 2],
}

impl Node {
    fn start(url: &str, channel: &str) -> Self {
        let url = Secret::new(url.to_owned());
        let (bus, carry) = RedisBus::connect(&url, channel, clock(), random()).unwrap();
        let seen = Arc::new(Seen::default());
        let tasks = [tokio::spawn(carry), tokio::spawn(bus.listen(seen.clone()))];
        Self { bus, seen, tasks }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// A hint of one node reaches the other and itself, once each.
async fn check_reach(from: &Node, to: &Node, length: u64) {
    until("both nodes up", async || {
        (from.bus.is_up() && to.bus.is_up()).then_some(())
    })
    .await;
    from.bus.tell(grew(length));
    until("the hint at the other node", async || {
        (to.seen.has(length) > 0).then_some(())
    })
    .await;
    crate::world::nap(50).await;
    assert_eq!((from.seen.has(length), to.seen.has(length)), (1, 1));
}

#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn given() -> Option<String> {
    std::env::var("ORDERCAST_TEST_REDIS_URL").ok()
}

#[tokio::test]
async fn hints_reach_every_process_once() {
    let Some(url) = given() else {
        println!("skipped: ORDERCAST_TEST_REDIS_URL is not set");
        return;
    };
    let channel = format!("ordercast-test-{}", micros());
    let (one, two) = (Node::start(&url, &channel), Node::start(&url, &channel));
    let stranger = Node::start(&url, &format!("{channel}-other"));
    check_reach(&one, &two, 1).await;
    check_reach(&two, &one, 2).await;
    assert_eq!(stranger.seen.has(1), 0, "another deployment");
}

struct Server(Child);

impl Server {
    fn start(port: u16) -> Option<Self> {
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
        command.spawn().ok().map(Self)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[tokio::test]
async fn local_hints_never_wait_for_redis_and_remote_ones_return_with_it() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("redis://127.0.0.1:{port}");
    let (one, two) = (Node::start(&url, "ordercast"), Node::start(&url, "ordercast"));
    one.bus.tell(grew(1));
    until("the local hint without Redis", async || {
        (one.seen.has(1) > 0).then_some(())
    })
    .await;
    assert!(!one.bus.is_up());
    let Some(server) = Server::start(port) else {
        println!("skipped: redis-server is not installed");
        return;
    };
    check_reach(&one, &two, 2).await;
    drop(server);
    until("both nodes down", async || {
        (!one.bus.is_up() && !two.bus.is_up()).then_some(())
    })
    .await;
    let looks = |seen: &Seen| {
        seen.0
            .lock()
            .unwrap()
            .iter()
            .filter(|h| **h == Hint::JournalPending)
            .count()
    };
    let before = looks(&two.seen);
    one.bus.tell(grew(3));
    until("the local hint meanwhile", async || {
        (one.seen.has(3) > 0).then_some(())
    })
    .await;
    let _server = Server::start(port).unwrap();
    check_reach(&one, &two, 4).await;
    check_reach(&two, &one, 5).await;
    assert!(
        looks(&two.seen) > before,
        "listeners are told to look once Redis is back"
    );
}

#[tokio::test]
async fn an_address_that_does_not_read_is_refused_without_being_repeated() {
    let url = Secret::new("postgres://user:hunter2@x".to_owned());
    let Err(refused) = RedisBus::connect(&url, "c", clock(), random()) else {
        panic!("taken");
    };
    let text = refused.to_string();
    assert!(text.contains("redis://") && !text.contains("hunter2"), "{text}");
}
