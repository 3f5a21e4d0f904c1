//! Webhooks: made, rotated and removed by who may, and delivered to by who knows the secret; a stranger learns nothing.

use std::{
    io::Write,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
};
use hmac::{Hmac, KeyInit, Mac};
use ordercast_model::{
    community::{Membership, Provider, ProviderStatus, Role},
    ids::{HookId, ProviderId},
    plan::Plan,
    ports::store::{Batch, JournalStore, Page, Store, SystemQuery, Table, find_any},
    signal::record::Message,
    tenant::{SystemScope, TenantScope},
    user::User,
};
use ordercast_testkit::sample::{self, person, tenant};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::house::{Answer, Ask, Browser, House};

const SYSTEM: SystemScope = SystemScope::housekeeping("the ground of a test");
const BUY: &str = r#"{"ticker":"AAPL","action":"buy","price":"180.50","sl":"176"}"#;

/// One webhook of provider 1 and the browser of its owner.
struct Scene {
    house: House,
    own: Browser,
    provider: String,
    id: String,
    path: String,
    key: Option<String>,
}

/// User 1 becomes an admin on the plan.
async fn promoted(plan: Plan) -> (House, Browser) {
    let house = House::new().await;
    let mut batch = Batch::new();
    batch.update(User {
        demo: true,
        plan,
        version: 2,
        ..person::user(1)
    });
    batch.update(Membership {
        role: Role::Admin,
        version: 2,
        ..tenant::membership(sample::id(1), sample::id(1))
    });
    house.ctx.commit(SYSTEM, batch).await.unwrap();
    let own = house.login(1).await;
    (house, own)
}

impl Scene {
    async fn with(body: Value) -> Self {
        let (house, own) = promoted(Plan::Pro).await;
        let provider = sample::id::<ProviderId>(1).to_string();
        let path = format!("/api/v1/providers/{provider}/hooks");
        let made = house.ask(Some(&own), Ask::post(&path, body)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let made = made.json();
        let url = made["url"].as_str().unwrap();
        Self {
            id: made["hook"]["id"].as_str().unwrap().to_owned(),
            path: url.strip_prefix(crate::house::ORIGIN).unwrap().to_owned(),
            key: made["signing_key"].as_str().map(str::to_owned),
            house,
            own,
            provider,
        }
    }
    async fn new() -> Self {
        Self::with(json!({ "name": "Breakouts" })).await
    }
    fn secret(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }
    async fn post(&self, body: impl Into<Vec<u8>>) -> Answer {
        self.send(&self.path, body, &[], None).await
    }
    async fn send(
        &self,
        path: &str,
        body: impl Into<Vec<u8>>,
        headers: &[(&str, &str)],
        from: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(Method::POST).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request
            .header("x-request-id", "req-1")
            .body(Body::from(body.into()))
            .unwrap();
        if let Some(from) = from {
            let peer: SocketAddr = format!("{from}:4000").parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        self.house.send(request).await
    }
    async fn log(&self) -> Vec<Value> {
        let path = format!("/api/v1/hooks/{}/deliveries?limit=200", self.id);
        let answer = self.house.get(&self.own, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["items"].as_array().unwrap().clone()
    }
    async fn newest(&self) -> Value {
        self.log().await.into_iter().next().unwrap()
    }
    async fn messages(&self) -> Vec<Message> {
        let query = SystemQuery::MessagesUnprocessed(Page::first(100));
        find_any::<Message>(self.house.store.as_ref(), SYSTEM, query)
            .await
            .unwrap()
    }
    async fn change(&self, version: u64, body: Value) -> Answer {
        let (path, version) = (format!("/api/v1/hooks/{}", self.id), version.to_string());
        let ask = Ask::new(Method::PATCH, &path, Some(body)).with("if-match", &version);
        self.house.ask(Some(&self.own), ask).await
    }
    async fn replay(&self, number: u64) -> Answer {
        let path = format!("/api/v1/hooks/{}/deliveries/{number}/replay", self.id);
        self.house.ask(Some(&self.own), Ask::post(&path, json!({}))).await
    }
    /// The header of a body signed so many seconds ago.
    fn signed(&self, key: &str, ago: i64, body: &str) -> String {
        let stamp = self.house.ctx.now().seconds() - ago;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(format!("{stamp}.{body}").as_bytes());
        format!("t={stamp},v1={}", hex::encode(mac.finalize().into_bytes()))
    }
}

#[tokio::test]
async fn a_delivery_becomes_one_message_and_stands_in_the_log() {
    let scene = Scene::new().await;
    let answer = scene.send(&scene.path, BUY, &[], Some("192.0.2.7")).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let told = answer.json();
    assert_eq!(
        (&told["outcome"], &told["delivery"]),
        (&json!("accepted"), &json!(1))
    );
    assert!(told["signal_id"].as_str().unwrap().starts_with("sig_"));
    let messages = scene.messages().await;
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].content.text, BUY);
    assert_eq!(messages[0].source.key(), format!("webhook:{}", scene.id));
    let newest = scene.newest().await;
    assert_eq!(newest["body"], BUY);
    assert_eq!(newest["address"], "192.0.2.7");
    assert_eq!(newest["outcome"], "accepted");
}

#[tokio::test]
async fn invariant_13_a_delivery_counts_once() {
    let scene = Scene::new().await;
    let by_id = |price: &str| format!(r#"{{"id":"a-1","ticker":"AAPL","action":"buy","price":"{price}"}}"#);
    let mut taken = Vec::new();
    for (body, wait, outcome) in [
        (BUY.to_owned(), 0, "accepted"),
        (BUY.to_owned(), 0, "duplicate"),
        (BUY.to_owned(), 59, "duplicate"),
        (BUY.to_owned(), 1, "accepted"),
        (by_id("180"), 0, "accepted"),
        (by_id("180"), 0, "duplicate"),
        (by_id("181"), 86_400, "duplicate"),
        (by_id("180").replace("a-1", &"long ".repeat(50)), 0, "accepted"),
        (by_id("180").replace("a-1", &"long ".repeat(50)), 0, "duplicate"),
    ] {
        scene.house.clock.advance(Duration::from_secs(wait)).await;
        let answer = scene.post(body.clone()).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{body}: {}", answer.text);
        assert_eq!(answer.json()["outcome"], outcome, "{body}");
        taken.push(answer.json()["signal_id"].clone());
    }
    assert_eq!(scene.messages().await.len(), 4);
    assert_eq!(taken[0], taken[1], "a duplicate names the first one's signal");
    assert_eq!(taken[4], taken[6]);
    assert_ne!(taken[0], taken[3]);
}

#[tokio::test]
async fn what_cannot_be_a_signal_is_refused_with_its_field() {
    let scene = Scene::new().await;
    let deep = |n: usize| format!(r#"{{"symbol":{}1{}}}"#, "[".repeat(n), "]".repeat(n));
    let wide = format!(
        r#"{{"symbol":"AAPL","action":"fly",{}"z":1}}"#,
        (0..4_000).map(|n| format!("\"k{n}\":{n},")).collect::<String>()
    );
    let future = scene.house.ctx.now().seconds() + 90_000;
    for (body, status, code, field) in [
        (
            br#"{"ticker":"AAPL","action":"buy","price":"{{close}}"}"#.to_vec(),
            422,
            "validation",
            "placeholder",
        ),
        (
            b"BUY {{ticker}} @ {{close}}".to_vec(),
            422,
            "validation",
            "placeholder",
        ),
        (
            br#"{"ticker":"AAPL","action":"buy","price":"180","sl":"190"}"#.to_vec(),
            422,
            "validation",
            "stop",
        ),
        (
            br#"{"ticker":"AAPL","action":"fly"}"#.to_vec(),
            422,
            "validation",
            "action",
        ),
        (br#"{"action":"buy"}"#.to_vec(), 422, "validation", "symbol"),
        (
            br#"{"ticker":"AAPL","action":"buy","time":"soon"}"#.to_vec(),
            422,
            "validation",
            "timestamp",
        ),
        (
            format!(r#"{{"ticker":"AAPL","action":"buy","time":{future}}}"#).into_bytes(),
            422,
            "validation",
            "timestamp",
        ),
        (b"{\"ticker\":".to_vec(), 422, "validation", "body"),
        (b"good morning all".to_vec(), 422, "validation", "body"),
        (Vec::new(), 422, "validation", "body"),
        (vec![0xff, 0xfe, b'B'], 422, "validation", "body"),
        (deep(100).into_bytes(), 422, "validation", "action"),
        (deep(10_000).into_bytes(), 422, "validation", "body"),
        (wide.into_bytes(), 422, "validation", "action"),
        (vec![b' '; (64 << 10) + 1], 413, "too_large", ""),
        (vec![b' '; 300 << 10], 413, "too_large", ""),
    ] {
        let what = String::from_utf8_lossy(&body)
            .chars()
            .take(60)
            .collect::<String>();
        let answer = scene.post(body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{what}: {}",
            answer.text
        );
        if !field.is_empty() {
            assert_eq!(
                answer.json()["errors"][0]["field"],
                field,
                "{what}: {}",
                answer.text
            );
        }
        assert_eq!(answer.headers["x-request-id"], "req-1");
    }
    let preview = format!("/api/v1/hooks/{}/preview", scene.id);
    for time in [format!("\"{future}\""), "\"soon\"".to_owned()] {
        // The preview refuses what a delivery refuses, and for the same field.
        let body = format!(r#"{{"ticker":"AAPL","action":"buy","time":{time}}}"#);
        let ask = Ask::post(&preview, json!({ "body": body }));
        let shown = scene.house.ask(Some(&scene.own), ask).await.json();
        assert_eq!(
            (&shown["verdict"], &shown["reason"]),
            (&json!("invalid"), &json!("timestamp")),
            "{shown}"
        );
    }
    assert!(scene.messages().await.is_empty());
    let log = scene.log().await;
    assert_eq!(log.len(), 16, "each stands in the log");
    assert_eq!(log[0]["outcome"], "too_large");
    assert_eq!(log[15]["field"], "placeholder");
    assert!(
        log[15]["detail"]
            .as_str()
            .unwrap()
            .contains("price was not rendered"),
        "{}",
        log[15]
    );
    let whole = format!("{BUY}{}", " ".repeat((64 << 10) - BUY.len()));
    assert_eq!(
        scene.post(whole).await.status,
        StatusCode::ACCEPTED,
        "exactly 64 KiB"
    );
    let tested = scene.post(BUY.replace('{', r#"{"test":true,"#)).await;
    assert_eq!(
        (tested.status, &tested.json()["outcome"]),
        (StatusCode::ACCEPTED, &json!("test"))
    );
    assert_eq!(scene.messages().await.len(), 1);
}

#[tokio::test]
async fn a_stranger_gets_one_answer_whatever_was_wrong() {
    let body = json!({ "name": "Closed", "signed": true, "passphrase": "swordfish-9", "addresses": ["192.0.2.0/24"] });
    let scene = Scene::with(body).await;
    let key = scene.key.clone().unwrap();
    let full = BUY.replace('{', r#"{"passphrase":"swordfish-9","#);
    let good = scene.signed(&key, 0, &full);
    let inside = Some("192.0.2.7");
    let none = "0".repeat(64);
    let unknown = format!("/api/v1/hooks/{}/{}", sample::id::<HookId>(9), scene.secret());
    let wrong = format!("/api/v1/hooks/{}/{none}", scene.id);
    let odd = format!("/api/v1/hooks/nonsense/{none}");
    let old = scene.signed(&key, 301, &full);
    let forged = scene.signed(&none, 0, &full);
    let other = full.replace("swordfish-9", "swordfish-8");
    let other_signed = scene.signed(&key, 0, &other);
    let bare_signed = scene.signed(&key, 0, BUY);
    let header = |value: &str| vec![("x-ordercast-signature".to_owned(), value.to_owned())];
    let mut answers = Vec::new();
    for (what, path, body, headers, from) in [
        (
            "unknown hook",
            unknown.as_str(),
            full.as_str(),
            header(&good),
            inside,
        ),
        ("wrong secret", &wrong, &full, header(&good), inside),
        ("no id", &odd, &full, header(&good), inside),
        (
            "another address",
            &scene.path,
            &full,
            header(&good),
            Some("203.0.113.9"),
        ),
        ("no address", &scene.path, &full, header(&good), None),
        ("no signature", &scene.path, &full, vec![], inside),
        ("old signature", &scene.path, &full, header(&old), inside),
        ("another key", &scene.path, &full, header(&forged), inside),
        ("another body", &scene.path, BUY, header(&good), inside),
        (
            "wrong pass phrase",
            &scene.path,
            &other,
            header(&other_signed),
            inside,
        ),
        ("no pass phrase", &scene.path, BUY, header(&bare_signed), inside),
    ] {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = scene.send(path, body, &headers, from).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {}", answer.text);
        answers.push((answer.text, format!("{:?}", answer.headers)));
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
    assert!(scene.messages().await.is_empty());
    let outcomes: Vec<String> = scene
        .log()
        .await
        .iter()
        .map(|d| d["outcome"].as_str().unwrap().to_owned())
        .collect();
    let told = [
        "passphrase",
        "passphrase",
        "signature",
        "signature",
        "signature",
        "signature",
        "address",
        "address",
    ];
    assert_eq!(outcomes, told, "the owner sees what was wrong; newest first");
    let at = [("x-ordercast-signature", good.as_str())];
    let taken = scene.send(&scene.path, full.clone(), &at, inside).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text);
    assert!(
        scene.messages().await[0]
            .content
            .text
            .contains(r#""passphrase":"***""#)
    );
}

#[tokio::test]
async fn strangers_and_senders_have_quotas_of_their_own() {
    let scene = Scene::new().await;
    let unknown = format!("/api/v1/hooks/{}/{}", sample::id::<HookId>(9), "0".repeat(64));
    let wrong = format!("/api/v1/hooks/{}/{}", scene.id, "0".repeat(64));
    for path in [&unknown, &wrong] {
        for _ in 0..30 {
            let answer = scene.send(path, BUY, &[], Some("203.0.113.9")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
    }
    let mut texts = Vec::new();
    for path in [&unknown, &wrong] {
        let answer = scene.send(path, BUY, &[], Some("203.0.113.9")).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text);
        assert!(answer.headers.contains_key(header::RETRY_AFTER));
        texts.push(answer.text);
    }
    assert_eq!(texts[0], texts[1], "unknown and known look alike");
    for n in 0..60 {
        let body = format!(r#"{{"ticker":"AAPL","action":"buy","id":"{n}"}}"#);
        let answer = scene.send(&scene.path, body, &[], Some("203.0.113.9")).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{n}: {}", answer.text);
    }
    let more = scene.post(BUY).await;
    assert_eq!(more.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(more.headers[header::RETRY_AFTER], "1");
    for _ in 0..20 {
        assert_eq!(scene.post(BUY).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    // What came over the quota is one line, and a stranger adds none.
    scene.send(&wrong, BUY, &[], Some("203.0.113.9")).await;
    let log = scene.log().await;
    assert_eq!(log[0]["outcome"], "quota", "{}", log[0]);
    assert!(
        log[0]["detail"]
            .as_str()
            .unwrap()
            .starts_with("1 delivery refused")
    );
    assert_eq!(log[1]["outcome"], "accepted");
    scene.house.clock.advance(Duration::from_secs(1)).await;
    assert_eq!(scene.post(BUY).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_rotated_secret_works_for_a_day_more() {
    let scene = Scene::new().await;
    let path = format!("/api/v1/hooks/{}/rotate", scene.id);
    let rotate = || {
        scene
            .house
            .ask(Some(&scene.own), Ask::post(&path, json!({ "signed": true })))
    };
    let made = rotate().await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let made = made.json();
    let second = made["url"]
        .as_str()
        .unwrap()
        .strip_prefix(crate::house::ORIGIN)
        .unwrap()
        .to_owned();
    let key = made["signing_key"].as_str().unwrap().to_owned();
    assert_ne!(second, scene.path);
    assert_eq!(made["hook"]["generation"], 2);
    let day = Duration::from_secs(24 * 3_600);
    scene.house.clock.advance(day - Duration::from_secs(1)).await;
    assert_eq!(
        scene.post(BUY).await.status,
        StatusCode::ACCEPTED,
        "the first, unsigned as ever"
    );
    scene.house.clock.advance(Duration::from_secs(1)).await;
    assert_eq!(
        scene.post(BUY).await.status,
        StatusCode::UNAUTHORIZED,
        "its day is over"
    );
    let header = scene.signed(&key, 300, BUY);
    let at = [("x-ordercast-signature", header.as_str())];
    scene.house.clock.advance(Duration::from_secs(60)).await;
    let late = scene.send(&second, BUY, &at, None).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "360 s old");
    let header = scene.signed(&key, 300, BUY);
    let taken = scene
        .send(&second, BUY, &[("x-ordercast-signature", &header)], None)
        .await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text);
    rotate().await;
    let third = rotate().await;
    assert_eq!(third.json()["hook"]["generation"], 4);
    let header = scene.signed(&key, 0, BUY);
    let gone = scene
        .send(&second, BUY, &[("x-ordercast-signature", &header)], None)
        .await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED, "at most two are live");
}

#[tokio::test]
async fn disabled_removed_unpaid_and_paused() {
    let scene = Scene::new().await;
    let off = scene.change(1, json!({ "enabled": false })).await;
    assert_eq!(
        (off.status, &off.json()["status"]),
        (StatusCode::OK, &json!("disabled"))
    );
    let refused = scene.post(BUY).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::FORBIDDEN, "forbidden")
    );
    assert_eq!(scene.newest().await["outcome"], "disabled");
    assert_eq!(
        scene.change(1, json!({ "enabled": true })).await.code(),
        "version_mismatch"
    );
    assert_eq!(
        scene.change(2, json!({ "enabled": true })).await.status,
        StatusCode::OK
    );
    let mut batch = Batch::new();
    batch.update(User {
        demo: true,
        plan: Plan::Free,
        version: 3,
        ..person::user(1)
    });
    let provider = scene
        .house
        .store
        .get(
            &TenantScope::of_community(&tenant::community(1)),
            Table::Provider,
            &scene.provider,
        )
        .await
        .unwrap();
    let ordercast_model::ports::store::Row::Provider(provider) = provider.unwrap() else {
        panic!("a provider");
    };
    batch.update(Provider {
        version: provider.version + 1,
        status: ProviderStatus::Paused,
        ..*provider
    });
    scene.house.ctx.commit(SYSTEM, batch).await.unwrap();
    let refused = scene.post(BUY).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::FORBIDDEN, "plan_required")
    );
    let mut batch = Batch::new();
    batch.update(User {
        demo: true,
        plan: Plan::Premium,
        version: 4,
        ..person::user(1)
    });
    scene.house.ctx.commit(SYSTEM, batch).await.unwrap();
    let taken = scene.post(BUY).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED);
    assert!(
        taken.json()["detail"].as_str().unwrap().contains("not active"),
        "{}",
        taken.text
    );
    let path = format!("/api/v1/hooks/{}", scene.id);
    let gone = scene
        .house
        .ask(Some(&scene.own), Ask::new(Method::DELETE, &path, None))
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    assert_eq!(scene.post(BUY).await.status, StatusCode::UNAUTHORIZED);
    let log = scene
        .house
        .get(&scene.own, &format!("{path}/deliveries?limit=200"))
        .await;
    assert_eq!(log.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_who_may_manages_webhooks() {
    let scene = Scene::new().await;
    let path = format!("/api/v1/providers/{}/hooks", scene.provider);
    let body = || json!({ "name": "Second" });
    let stranger = scene.house.login(2).await;
    for (what, ask) in [("list", Ask::get(&path)), ("create", Ask::post(&path, body()))] {
        let answer = scene.house.ask(Some(&stranger), ask).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}: {}", answer.text);
    }
    let own = format!("/api/v1/hooks/{}", scene.id);
    for (method, rest, body) in [
        (Method::PATCH, "", Some(json!({}))),
        (Method::DELETE, "", None),
        (Method::POST, "/rotate", Some(json!({}))),
        (Method::POST, "/preview", Some(json!({ "body": BUY }))),
        (Method::GET, "/deliveries?limit=200", None),
        (Method::POST, "/deliveries/1/replay", Some(json!({}))),
    ] {
        let path = format!("{own}{rest}");
        let ask = Ask::new(method, &path, body).with("if-match", "1");
        let answer = scene.house.ask(Some(&stranger), ask).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text);
    }
    for (field, body) in [
        ("name", json!({ "name": " " })),
        ("name", json!({ "name": "x".repeat(61) })),
        ("passphrase", json!({ "name": "x", "passphrase": "short" })),
        ("passphrase", json!({ "name": "x", "passphrase": "with, comma" })),
        ("addresses", json!({ "name": "x", "addresses": ["example.com"] })),
        ("speed", json!({ "name": "x", "speed": 1 })),
    ] {
        let answer = scene.house.ask(Some(&scene.own), Ask::post(&path, body)).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}: {}",
            answer.text
        );
        assert_eq!(answer.json()["errors"][0]["field"], field, "{}", answer.text);
    }
    for n in 2..10 {
        let answer = scene.house.ask(Some(&scene.own), Ask::post(&path, body())).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{n}: {}", answer.text);
    }
    let more = scene.house.ask(Some(&scene.own), Ask::post(&path, body())).await;
    assert_eq!(
        (more.status, more.code().as_str()),
        (StatusCode::CONFLICT, "conflict")
    );
    let (house, free) = promoted(Plan::Basic).await;
    let refused = house.ask(Some(&free), Ask::post(&path, body())).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::FORBIDDEN, "plan_required")
    );
    let plain = House::new().await;
    let mut batch = Batch::new();
    batch.update(User {
        demo: true,
        plan: Plan::Pro,
        version: 2,
        ..person::user(1)
    });
    plain.ctx.commit(SYSTEM, batch).await.unwrap();
    let trader = plain.login(1).await;
    let refused = plain.ask(Some(&trader), Ask::post(&path, body())).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::FORBIDDEN, "forbidden")
    );
}

#[tokio::test]
async fn a_replay_passes_the_same_rules_and_says_so() {
    let scene = Scene::new().await;
    assert_eq!(scene.post(BUY).await.status, StatusCode::ACCEPTED);
    assert_eq!(
        scene.change(1, json!({ "enabled": false })).await.status,
        StatusCode::OK
    );
    let other = BUY.replace("AAPL", "MSFT");
    assert_eq!(scene.post(other.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.post("hello there").await.status, StatusCode::FORBIDDEN);
    let still = scene.replay(2).await;
    assert_eq!(
        (still.status, &still.json()["outcome"]),
        (StatusCode::OK, &json!("disabled"))
    );
    assert_eq!(
        scene.change(2, json!({ "enabled": true })).await.status,
        StatusCode::OK
    );
    scene.house.clock.advance(Duration::from_secs(120)).await;
    for (number, outcome, words) in [
        (1, "duplicate", "counts once"),
        (2, "accepted", "120 s old"),
        (2, "duplicate", "taken before"),
        (4, "duplicate", "taken before"),
        (3, "not_a_trade", "expected an order"),
    ] {
        let answer = scene.replay(number).await;
        assert_eq!(answer.status, StatusCode::OK, "{number}: {}", answer.text);
        let told = answer.json();
        assert_eq!(told["outcome"], outcome, "{number}: {told}");
        assert!(
            told["detail"].as_str().unwrap().contains(words),
            "{number}: {told}"
        );
    }
    let messages = scene.messages().await;
    assert_eq!(messages.len(), 2);
    let age = messages[1].received_at.since(messages[1].posted_at);
    assert_eq!(
        age,
        Duration::from_secs(120),
        "its age counts from the first time"
    );
    assert_eq!(scene.replay(99).await.status, StatusCode::NOT_FOUND);
    assert_eq!(scene.newest().await["replay_of"], 3);
}

#[tokio::test]
async fn the_log_keeps_the_last_hundred() {
    let scene = Scene::new().await;
    for n in 0..120_u32 {
        scene.house.clock.advance(Duration::from_secs(1)).await;
        assert_eq!(scene.post(format!("hello {n}")).await.status.as_u16(), 422);
    }
    let log = scene.log().await;
    assert_eq!(log.len(), 100);
    assert_eq!((&log[0]["number"], &log[99]["number"]), (&json!(120), &json!(21)));
    assert_eq!(scene.replay(20).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn invariant_14_what_cannot_be_stored_is_to_be_sent_again() {
    let scene = Scene::new().await;
    scene.house.store.set_away(true);
    let away = scene.post(BUY).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(away.headers.contains_key(header::RETRY_AFTER));
    scene.house.store.set_away(false);
    scene.house.ctx.backlog.add(ordercast_app::backlog::WAITING_MAX);
    let full = scene.post(BUY).await;
    assert_eq!(
        (full.status, full.code().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "degraded")
    );
    assert!(full.headers.contains_key(header::RETRY_AFTER));
    assert!(scene.messages().await.is_empty());
    scene.house.ctx.backlog.remove(0, true);
    assert_eq!(scene.post(BUY).await.status, StatusCode::ACCEPTED);
}

/// What is written to the log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn invariant_09_secrets_are_in_no_log_no_journal_and_no_row() {
    let lines = Lines::default();
    let writer = lines.clone();
    // For every thread: what other tests log is held to the same.
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let scene = Scene::with(json!({ "name": "Quiet", "signed": true, "passphrase": "swordfish-9" })).await;
    let key = scene.key.clone().unwrap();
    let full = BUY.replace('{', r#"{"passphrase":"swordfish-9","api_key":"tv-secret-key","#);
    let header = scene.signed(&key, 0, &full);
    let at = [("x-ordercast-signature", header.as_str())];
    let mut seen = Vec::new();
    for path in [
        scene.path.clone(),
        format!("{}/more", scene.path),
        format!("{}x", scene.path),
        scene.path.replace("/api/", "/apl/"),
    ] {
        seen.push(scene.send(&path, full.clone(), &at, None).await);
    }
    assert_eq!(seen[0].status, StatusCode::ACCEPTED, "{}", seen[0].text);
    seen.push(scene.house.get(&scene.own, &scene.path).await);
    seen.push(
        scene
            .send(&scene.path, full.replace("180.50", "{{close}}"), &at, None)
            .await,
    );
    seen.push(
        scene
            .house
            .get(
                &scene.own,
                &format!("/api/v1/hooks/{}/deliveries?limit=200", scene.id),
            )
            .await,
    );
    let list = format!("/api/v1/providers/{}/hooks", scene.provider);
    seen.push(scene.house.get(&scene.own, &list).await);
    scene.house.chain().await;
    seen.push(scene.house.get(&scene.own, "/api/v1/journal").await);
    let journal = scene.house.store.chained(0, 1_000).await.unwrap();
    let kinds: Vec<&str> = journal.iter().map(|c| c.entry.kind.code()).collect();
    assert!(
        kinds.contains(&"hook.created") && kinds.contains(&"signal.received"),
        "{kinds:?}"
    );
    let mut places: Vec<(&str, String)> = seen.into_iter().map(|a| ("an answer", a.text)).collect();
    places.push(("the journal", serde_json::to_string(&journal).unwrap()));
    places.push(("a message", format!("{:?}", scene.messages().await)));
    places.push(("a row", format!("{:?}", scene.house.store)));
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains(&format!("/api/v1/hooks/{}/***", scene.id)),
        "requests are logged: {log}"
    );
    places.push(("the log", log));
    for (place, text) in places {
        for secret in [scene.secret(), &key, "swordfish-9", "tv-secret-key", &header] {
            assert!(!text.contains(secret), "{secret} in {place}");
        }
    }
}
