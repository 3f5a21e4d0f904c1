//! Two programs over one PostgreSQL, with data folders of their own as on two machines: orders through both, a kill
//! acknowledged by the one that does not send, SIGKILL and SIGSTOP for the one that does.
#![cfg(unix)]

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use ordercast_app::identity::token_hash;
use ordercast_model::{
    ids::UserId,
    order::intent::Order,
    ports::store::{Batch, Page, Query, Scope, commit, find},
    tenant::{OwnedByUser, SystemScope, TenantScope},
    time::Timestamp,
    user::Session,
};
use ordercast_store::{Options, inspect, open};
use ordercast_testkit::sample::{id, person};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sqlx::Connection as _;
use tokio_util::sync::CancellationToken;

use super::{
    STOP_MAX,
    books::Books,
    is_under_way,
    load::{self, Load, Posted},
    world::{Backend, World},
};
use crate::{
    program::{Program, pause},
    stranger::client,
};

/// Longest wait until another process decides and sends: six seconds of silence, and the comparison with the venue.
const TAKEN_OVER_MAX: Duration = Duration::from_secs(40);
/// Longest wait for an order that was placed by hand to be at the venue; a busy machine needs a good part of it.
const SENT_MAX: Duration = Duration::from_secs(30);
/// What a request needs from the program's socket into the venue's ledger, which takes 120 ms for it by itself.
const ON_THE_WIRE: Duration = Duration::from_millis(900);
/// Longest wait until the books agree with the ledger.
const AGREE_MAX: Duration = Duration::from_secs(120);

/// The cookie of a follower.
fn cookie(n: u64) -> String {
    format!("a-cookie-of-follower-{n}")
}

fn now() -> Timestamp {
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    Timestamp::from_micros(i64::try_from(since.as_micros()).expect("before 290000"))
}

/// Every follower is logged in.
async fn log_in(world: &World) {
    let opened = open(&world.database, &Options::default()).await.expect("opens");
    let stop = CancellationToken::new();
    let worker = tokio::spawn(opened.worker.run(stop.clone()));
    let mut batch = Batch::new();
    for n in 2..=6 {
        batch.insert(Session {
            token_hash: token_hash(&cookie(n)),
            agent: "a test".to_owned(),
            created_at: now(),
            seen_at: now(),
            expires_at: now().plus(Duration::from_secs(86_400)),
            ..person::session(n, id(n))
        });
    }
    let system = SystemScope::housekeeping("a test logs its people in");
    commit(opened.store.as_ref(), Scope::System(system), batch)
        .await
        .expect("sessions are written");
    stop.cancel();
    worker.await.expect("the store's worker ends");
}

/// Somebody in front of the dashboard of one of the programs.
struct Person {
    http: Client,
    base: String,
    cookie: String,
    csrf: String,
}

impl Person {
    async fn at(port: u16, n: u64) -> Self {
        let (http, base) = (client(), format!("http://127.0.0.1:{port}/api/v1"));
        let cookie = format!("oc_session={}", cookie(n));
        let asked = http
            .get(format!("{base}/auth/csrf"))
            .header("cookie", &cookie)
            .send()
            .await
            .expect("it answers");
        let csrf: Value = asked.json().await.expect("a token");
        let csrf = csrf["csrf_token"].as_str().or(csrf["token"].as_str());
        Self {
            csrf: csrf.unwrap_or_else(|| panic!("no token")).to_owned(),
            http,
            base,
            cookie,
        }
    }
    async fn post(&self, path: &str, key: &str, body: Value) -> (StatusCode, Value) {
        let answer = self
            .http
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("x-csrf-token", &self.csrf)
            .header("idempotency-key", key)
            .json(&body)
            .send()
            .await
            .expect("it answers");
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }
}

struct Owner(UserId);
impl OwnedByUser for Owner {
    fn owner(&self) -> UserId {
        self.0
    }
}

/// Orders of one follower, as the running programs have them.
async fn orders(world: &World, user: UserId) -> Vec<Order> {
    let inspected = inspect(&world.database).await.expect("reads");
    let scope = TenantScope::of_user(&Owner(user));
    let query = Query::Orders(None, Page::first(10_000));
    find(inspected.store.as_ref(), &scope, query)
        .await
        .expect("orders")
}

/// How often the helm changed hands.
async fn fence(world: &World) -> i64 {
    let mut connection = sqlx::PgConnection::connect(&world.database)
        .await
        .expect("connects");
    sqlx::query_scalar("SELECT fence FROM helm WHERE id = 1")
        .fetch_one(&mut connection)
        .await
        .expect("a helm")
}

/// Client ids the venue holds.
async fn at_venue(world: &World) -> BTreeSet<String> {
    let ledger = world.ledger().await;
    let accounts = ledger["accounts"].as_array().into_iter().flatten();
    let orders = accounts.flat_map(|a| a["orders"].as_array().into_iter().flatten());
    orders
        .filter_map(|o| Some(o["client_order_id"].as_str()?.to_owned()))
        .collect()
}

/// Waits until something is so; gives how long it took.
async fn until<F: Future<Output = bool>>(what: &str, most: Duration, so: impl Fn() -> F) -> Duration {
    let began = began();
    while !so().await {
        assert!(began.elapsed() < most, "{what}: not within {most:?}");
        pause(Duration::from_millis(50)).await;
    }
    began.elapsed()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the programs under test live in real time"
)]
fn began() -> Instant {
    Instant::now()
}

/// An order by hand through a program that does not send, and its way to the venue.
async fn by_hand(world: &World, port: u16, n: u64) {
    let person = Person::at(port, n).await;
    let body = json!({ "symbol": "SOL/USD", "side": "buy", "order_type": "market", "notional": "900" });
    let (status, answer) = person.post("/orders", &format!("by-hand-{n}"), body).await;
    assert!(status.is_success(), "an order by hand: {status} {answer}");
    let made = orders(world, id(n)).await;
    let own = made
        .iter()
        .filter(|o| o.signal_id.is_none() && o.leg.opens())
        .max_by_key(|o| o.id);
    let client = own.expect("it is in the store").client_order_id().to_string();
    let took = until("an order by hand at the venue", SENT_MAX, || async {
        at_venue(world).await.contains(&client)
    })
    .await;
    println!("an order by hand through the process that does not send: at the venue after {took:?}");
}

/// A kill through a program that does not send: nothing of this follower opens after the answer.
async fn kill(world: &World, port: u16, n: u64) {
    let person = Person::at(port, n).await;
    let began = began();
    let (status, answer) = person.post("/risk/kill", &format!("kill-{n}"), json!({})).await;
    let (acknowledged, took) = (now(), began.elapsed());
    assert!(status.is_success(), "a kill: {status} {answer}");
    println!(
        "a kill through the process that does not send: acknowledged after {took:?}, {} cancelling",
        answer["cancelling"]
    );
    pause(ON_THE_WIRE).await;
    let before = at_venue(world).await;
    pause(Duration::from_secs(4)).await;
    let after = at_venue(world).await;
    let opened: Vec<Order> = orders(world, id(n))
        .await
        .into_iter()
        .filter(|o| o.leg.opens())
        .collect();
    for order in &opened {
        let client = order.client_order_id().to_string();
        assert!(
            before.contains(&client) || !after.contains(&client),
            "{client} came to the venue after the kill was acknowledged"
        );
        let sent = order.stages.sent.filter(|sent| *sent > acknowledged);
        assert_eq!(sent, None, "{client} was sent after the kill was acknowledged");
    }
}

/// Waits until an entry or a close is on its way, so that whoever holds the helm ends in the middle of it.
async fn under_way(world: &World) {
    until("an order on its way", Duration::from_secs(20), || async {
        let mut all = Vec::new();
        for n in 2..=6 {
            all.extend(orders(world, id(n)).await);
        }
        all.iter().any(is_under_way)
    })
    .await;
}

/// Waits until the helm changed hands and a new order is at the venue.
async fn taken_over(world: &World, before: i64, how: &str) {
    let hands = until(how, TAKEN_OVER_MAX, || async { fence(world).await > before }).await;
    let seen = at_venue(world).await;
    let again = until(&format!("{how}: a new order"), TAKEN_OVER_MAX, || async {
        !at_venue(world).await.is_subset(&seen)
    })
    .await;
    println!("{how}: the helm changed hands after {hands:?}, a new order was at the venue {again:?} later");
}

/// What differs between books, ledger and posts once everything had its time. Questions to people are not waited for.
async fn differ(world: &World, mut posted: BTreeMap<String, Posted>) -> Vec<String> {
    let (stranger, began) = (world.stranger(), began());
    loop {
        let inspected = inspect(&world.database).await.expect("reads");
        let ledger = world.ledger().await;
        let books = Books::read(inspected.store.as_ref(), &posted).await;
        let mut faults = books.against(&ledger);
        faults.extend(books.unkept(&posted, &world.followers));
        faults.retain(|fault| !fault.contains("a decision waits") && !fault.contains("pending_approval"));
        if faults.is_empty() || began.elapsed() >= AGREE_MAX {
            let (orders, fills, decisions) = books.counts();
            println!(
                "two processes: {} posts, {decisions} decisions, {orders} orders, {fills} fills, {} differences after {:?}",
                posted.len(),
                faults.len(),
                began.elapsed()
            );
            return faults;
        }
        for id in books.working() {
            if let Some(posted) = posted.get_mut(&id).filter(|p| !p.deleted) {
                posted.deleted = true;
                load::delete(&stranger, posted.channel, &id).await;
            }
        }
        pause(Duration::from_millis(500)).await;
    }
}

async fn ends(program: Program) {
    let ended = program.terminate(STOP_MAX).await;
    assert!(ended.status.success(), "{}: {}", ended.status, ended.err);
}

#[tokio::test]
async fn two_processes_share_a_postgresql_and_one_of_them_sends() {
    let Some(world) = World::new(541, Backend::Postgres).await else {
        return;
    };
    log_in(&world).await;
    // Over Redis where there is one, else by looking.
    #[expect(
        clippy::disallowed_methods,
        reason = "where the test server is comes from outside"
    )]
    let redis = std::env::var("ORDERCAST_TEST_REDIS_URL")
        .ok()
        .filter(|url| !url.is_empty());
    let more: Vec<(&str, String)> = redis.map(|url| ("REDIS_URL", url)).into_iter().collect();
    let (mut first, port) = world.serve_apart("first", &more);
    world.ready(&mut first, port).await;
    let (mut second, other) = world.serve_apart("second", &more);
    world.ready(&mut second, other).await;
    let held = fence(&world).await;
    let load = Load::start(world.stranger(), 541);
    under_way(&world).await;
    by_hand(&world, other, 2).await;
    kill(&world, other, 3).await;
    assert_eq!(
        fence(&world).await,
        held,
        "nobody took the helm from one that lives"
    );

    world.trouble(&mut super::draw::Draw(541)).await;
    under_way(&world).await;
    first.kill().await;
    taken_over(&world, held, "SIGKILL").await;
    let (mut third, port) = world.serve_apart("third", &more);
    world.ready(&mut third, port).await;

    let held = fence(&world).await;
    under_way(&world).await;
    second.signal("STOP").await;
    taken_over(&world, held, "SIGSTOP").await;
    kill(&world, port, 5).await;
    second.signal("CONT").await;
    until("the one that was stopped knows", SENT_MAX, || async {
        second.said().contains("the helm is lost")
    })
    .await;
    by_hand(&world, other, 4).await;

    let posted = load.stop().await;
    world.calm().await;
    let faults = differ(&world, posted).await;
    assert!(
        faults.is_empty(),
        "{faults:#?}\n{}\n{}",
        second.said(),
        third.said()
    );
    ends(second).await;
    ends(third).await;
    world.left().await.check_lawful("in the end");
}
