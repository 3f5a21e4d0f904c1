//! The paper venue through its door: keys, orders, streams, trouble on purpose, and a memory that outlives it.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures::{SinkExt, StreamExt};
use ordercast_sim::{
    market::calendar::Calendar,
    venue::{
        config::{AccountSpec, VenueConfig},
        desk::{Desk, DeskError},
        ledger::{Ledger, LedgerError},
        server::{Venue, VenueError},
    },
};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

const ADMIN: &str = "admin-key-0123456789";
const ALICE: &str = "alice-key-0123456789";
const BOB: &str = "bobby-key-0123456789";

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

fn micros() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}
fn config(dir: Option<&Path>) -> VenueConfig {
    let account = |name: &str, key: &str| AccountSpec {
        name: name.into(),
        key: key.into(),
        cash: rust_decimal::Decimal::from(100_000),
        shorting: false,
    };
    VenueConfig {
        admin_key: ADMIN.into(),
        data_dir: dir.map(Path::to_owned),
        calendar: Calendar::ALWAYS,
        warm_up_seconds: 0,
        latency_millis: 0,
        speed: 5.0,
        accounts: vec![account("alice", ALICE), account("bob", BOB)],
        ..VenueConfig::default()
    }
}

struct Town {
    venue: Venue,
    client: Client,
}

impl Town {
    async fn new(config: VenueConfig) -> Self {
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let venue = Venue::start(config, Arc::new(micros)).await.unwrap();
        Self {
            venue,
            client: Client::new(),
        }
    }
    async fn try_call(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<(StatusCode, Value), reqwest::Error> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .client
            .request(method, format!("http://{}{path}", self.venue.addr()));
        if !key.is_empty() {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        Ok((answer.status(), answer.json().await?))
    }
    async fn call(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, value) = self.try_call(key, method, path, body).await.unwrap();
        (status.as_u16(), value)
    }
    async fn get(&self, key: &str, path: &str) -> Value {
        let (status, value) = self.call(key, "GET", path, None).await;
        assert_eq!(status, 200, "{path}: {value}");
        value
    }
    async fn order(&self, id: &str, extra: Value) -> (u16, Value) {
        self.call(
            ALICE,
            "POST",
            "/v1/accounts/PA100001/orders",
            Some(order(id, extra)),
        )
        .await
    }
    async fn fault(&self, fault: Value) {
        let (status, value) = self.call(ADMIN, "POST", "/sim/faults", Some(fault)).await;
        assert_eq!(status, 201, "{value}");
    }
    async fn stream(&self, key: &str, query: &str) -> Socket {
        let mut request = format!("ws://{}/v1/stream{query}", self.venue.addr())
            .into_client_request()
            .unwrap();
        if !key.is_empty() {
            request
                .headers_mut()
                .insert("authorization", format!("Bearer {key}").parse().unwrap());
        }
        connect_async(request).await.unwrap().0
    }
}

fn order(id: &str, extra: Value) -> Value {
    let mut body = json!({"client_order_id": id, "symbol": "AAPL", "side": "buy", "type": "market", "time_in_force": "day", "quantity": "5"});
    for (key, value) in extra.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}
async fn heard(socket: &mut Socket) -> Option<Value> {
    loop {
        match tokio::time::timeout(Duration::from_secs(5), socket.next())
            .await
            .expect("a frame in time")
        {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

#[tokio::test]
async fn an_order_is_placed_filled_and_found_again() {
    let town = Town::new(config(None)).await;
    let (status, made) = town.order("a-1", json!({})).await;
    assert_eq!(
        (status, &made["status"], &made["filled_quantity"]),
        (201, &json!("filled"), &json!("5")),
        "{made}"
    );
    let id = made["id"].as_str().unwrap();
    for path in [format!("orders/{id}"), "orders/by-client-id/a-1".into()] {
        assert_eq!(
            town.get(ALICE, &format!("/v1/accounts/PA100001/{path}")).await,
            made
        );
    }
    let fills = town.get(ALICE, "/v1/accounts/PA100001/fills?after=0").await;
    assert_eq!(fills["fills"][0]["order_id"], made["id"]);
    let next = fills["next"].as_u64().unwrap();
    assert_eq!(
        town.get(ALICE, &format!("/v1/accounts/PA100001/fills?after={next}"))
            .await,
        json!({"fills": [], "next": next})
    );
    let positions = town.get(ALICE, "/v1/accounts/PA100001/positions").await;
    assert_eq!(
        (
            &positions["positions"][0]["symbol"],
            &positions["positions"][0]["quantity"]
        ),
        (&json!("AAPL"), &json!("5"))
    );
    let account = town.get(ALICE, "/v1/accounts/PA100001").await;
    let cost: rust_decimal::Decimal = positions["positions"][0]["cost"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let cash: rust_decimal::Decimal = account["cash"].as_str().unwrap().parse().unwrap();
    assert_eq!(cash + cost, rust_decimal::Decimal::from(100_000));
    // Change and cancel.
    let (_, resting) = town
        .order(
            "a-2",
            json!({"type": "limit", "limit_price": "100", "time_in_force": "gtc"}),
        )
        .await;
    let path = format!("/v1/accounts/PA100001/orders/{}", resting["id"].as_str().unwrap());
    let (status, changed) = town
        .call(ALICE, "PATCH", &path, Some(json!({"limit_price": "101.5"})))
        .await;
    assert_eq!(
        (status, &changed["limit_price"], &changed["revision"]),
        (200, &json!("101.5"), &json!(1))
    );
    assert_eq!(
        town.get(ALICE, "/v1/accounts/PA100001/orders?status=open").await["orders"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for _ in 0..2 {
        let (status, gone) = town
            .call(
                ALICE,
                "DELETE",
                "/v1/accounts/PA100001/orders/by-client-id/a-2",
                None,
            )
            .await;
        assert_eq!(
            (status, &gone["status"], &gone["reason"]),
            (200, &json!("cancelled"), &json!("user_cancelled"))
        );
    }
    let (status, refusal) = town
        .call(
            ALICE,
            "DELETE",
            &format!("/v1/accounts/PA100001/orders/{id}"),
            None,
        )
        .await;
    assert_eq!(
        (status, &refusal["code"], &refusal["order"]["status"]),
        (409, &json!("already_final"), &json!("filled"))
    );
    // Protection.
    let group = |version: u32, quantity: &str| {
        json!({"version": version, "symbol": "AAPL", "side": "sell", "legs": [
        {"stop": {"client_order_id": format!("s{version}"), "quantity": quantity, "stop_price": "100"}, "target": {"client_order_id": format!("t{version}"), "quantity": quantity, "limit_price": "900"}}]})
    };
    let path = "/v1/accounts/PA100001/groups/lot-1";
    assert_eq!(
        town.call(ALICE, "PUT", path, Some(group(1, "6"))).await.1["code"],
        "exceeds_position"
    );
    let (status, put) = town.call(ALICE, "PUT", path, Some(group(1, "5"))).await;
    assert_eq!(
        (status, &put["covered"], &put["legs"][0]["stop"]["group"]),
        (200, &json!("5"), &json!("lot-1")),
        "{put}"
    );
    assert_eq!(
        town.call(ALICE, "PUT", path, Some(group(1, "3"))).await.1,
        put,
        "the same version again"
    );
    assert_eq!(
        town.call(ALICE, "PUT", path, Some(group(0, "3"))).await.1["code"],
        "stale_version"
    );
    let (_, gone) = town.call(ALICE, "DELETE", path, None).await;
    assert_eq!((&gone["status"], &gone["covered"]), (&json!("done"), &json!("0")));
    town.venue.shutdown().await;
}

#[tokio::test]
async fn strangers_and_neighbours_see_nothing() {
    let town = Town::new(config(None)).await;
    town.order("a-1", json!({})).await;
    for (key, method, path, status, code) in [
        ("", "GET", "/v1/accounts/PA100001", 401, "unauthorised"),
        (
            "wrong-key-0123456789",
            "GET",
            "/v1/accounts/PA100001",
            401,
            "unauthorised",
        ),
        (ADMIN, "GET", "/v1/accounts/PA100001", 401, "unauthorised"),
        (BOB, "GET", "/v1/accounts/PA100001", 404, "not_found"),
        (BOB, "GET", "/v1/accounts/PA999999", 404, "not_found"),
        (BOB, "GET", "/v1/accounts/PA100001/orders/vo-1", 404, "not_found"),
        (
            BOB,
            "GET",
            "/v1/accounts/PA100002/orders/vo-1",
            404,
            "order_not_found",
        ),
        (
            BOB,
            "GET",
            "/v1/accounts/PA100002/orders/by-client-id/a-1",
            404,
            "order_not_found",
        ),
        (
            BOB,
            "DELETE",
            "/v1/accounts/PA100002/orders/vo-1",
            404,
            "order_not_found",
        ),
        (
            BOB,
            "GET",
            "/v1/accounts/PA100002/orders/nonsense",
            404,
            "order_not_found",
        ),
        (ALICE, "GET", "/v1/ledger", 401, "unauthorised"),
        (ALICE, "GET", "/sim/faults", 401, "unauthorised"),
        (ALICE, "GET", "/v1/nonsense", 404, "not_found"),
        (ALICE, "PUT", "/v1/clock", 404, "not_found"),
    ] {
        let (got, body) = town.call(key, method, path, None).await;
        assert_eq!(
            (got, body["code"].as_str()),
            (status, Some(code)),
            "{key} {method} {path}"
        );
    }
    let bob = town.get(BOB, "/v1/accounts/PA100002/fills").await;
    assert_eq!(bob, json!({"fills": [], "next": 0}));
}

#[tokio::test]
async fn a_bad_order_is_refused_with_code_and_field() {
    let town = Town::new(config(None)).await;
    for (extra, status, code, field) in [
        (json!({"symbol": "XYZQ"}), 404, "unknown_symbol", Some("symbol")),
        (
            json!({"symbol": "AAPL 2020-01-17 100 C"}),
            404,
            "unknown_symbol",
            Some("symbol"),
        ),
        (json!({"quantity": 5}), 422, "invalid_order", Some("quantity")),
        (json!({"quantity": "5e3"}), 422, "invalid_order", Some("quantity")),
        (json!({"quantity": "NaN"}), 422, "invalid_order", Some("quantity")),
        (
            json!({"type": "limit"}),
            422,
            "invalid_order",
            Some("limit_price"),
        ),
        (
            json!({"trail_percent": "1", "trail_amount": "1"}),
            422,
            "invalid_order",
            Some("trail_percent"),
        ),
        (json!({"side": "short"}), 400, "malformed", None),
        (json!({"colour": "red"}), 400, "malformed", None),
        (json!({"quantity": "9000000"}), 422, "insufficient_funds", None),
        (json!({"side": "sell"}), 422, "exceeds_position", Some("quantity")),
        (json!({"symbol": "SPX"}), 422, "not_permitted", Some("symbol")),
    ] {
        let (got, body) = town.order("bad", extra.clone()).await;
        assert_eq!(
            (got, body["code"].as_str(), body["field"].as_str()),
            (status, Some(code), field),
            "{extra}: {body}"
        );
    }
    let (_, unknown) = town.order("bad", json!({"symbol": "XYZQ"})).await;
    assert_eq!(unknown["message"], "unknown symbol XYZQ");
    assert_eq!(
        town.order("bad", json!({})).await.0,
        201,
        "refused orders take no id"
    );
    let (status, taken) = town.order("bad", json!({})).await;
    assert_eq!(
        (status, &taken["code"], &taken["order"]["client_order_id"]),
        (409, &json!("duplicate_client_id"), &json!("bad"))
    );
}

#[tokio::test]
async fn market_data_needs_no_key() {
    let town = Town::new(config(None)).await;
    let quotes = town
        .get(
            "",
            "/v1/quotes?symbols=AAPL,BTCUSDT,AAPL%202027-01-15%20270%20C,XYZQ",
        )
        .await;
    let names: Vec<&str> = quotes["quotes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|q| q["symbol"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["AAPL", "BTC/USD", "AAPL 2027-01-15 270 C"]);
    assert_eq!(
        quotes["unknown"][0],
        json!({"symbol": "XYZQ", "message": "unknown symbol XYZQ"})
    );
    assert!(
        town.get("", "/v1/quotes").await["quotes"]
            .as_array()
            .unwrap()
            .len()
            > 60
    );
    let coin = town.get("", "/v1/instruments/BTC%2FUSD").await;
    assert_eq!(
        (&coin["class"], &coin["lot"], &coin["session"]),
        (&json!("crypto"), &json!("0.000001"), &json!("always"))
    );
    assert_eq!(town.get("", "/v1/instruments/spx").await["tradable"], false);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let bars = town.get("", "/v1/bars?symbol=AAPL&limit=5").await;
    assert!(!bars["bars"].as_array().unwrap().is_empty());
    let clock = town.get("", "/v1/clock").await;
    assert_eq!(
        clock["classes"]["crypto"],
        json!({"open": true, "next_open": null, "next_close": null})
    );
    assert_eq!(
        town.call("", "GET", "/v1/bars?symbol=AAPL&limit=0", None).await.1["code"],
        "malformed"
    );
}

#[tokio::test]
async fn a_stream_tells_events_without_gaps_and_resumes() {
    let town = Town::new(config(None)).await;
    let mut socket = town.stream(ALICE, "").await;
    assert_eq!(heard(&mut socket).await.unwrap()["type"], "hello");
    town.order("a-1", json!({})).await;
    town.call(
        BOB,
        "POST",
        "/v1/accounts/PA100002/orders",
        Some(order("b-1", json!({}))),
    )
    .await;
    let mut events = Vec::new();
    while events.last().is_none_or(|e: &Value| e["kind"] != "fill") {
        events.push(heard(&mut socket).await.unwrap());
    }
    assert_eq!(events[0]["kind"], "new");
    assert!(
        events
            .iter()
            .enumerate()
            .all(|(i, e)| e["event"] == i + 1 && e["order"]["account"] == "PA100001")
    );
    assert!(events.last().unwrap()["fill"]["fill_id"].is_string());
    // Hung up on, it goes on from where it was.
    town.fault(json!({"kind": "disconnect_streams", "account": "PA100001"}))
        .await;
    assert!(heard(&mut socket).await.is_none());
    town.order(
        "a-2",
        json!({"type": "limit", "limit_price": "50", "time_in_force": "gtc"}),
    )
    .await;
    let last = events.len();
    let mut socket = town.stream(ALICE, &format!("?after={last}")).await;
    assert_eq!(heard(&mut socket).await.unwrap()["event"], last + 1);
    assert_eq!(
        heard(&mut socket).await.unwrap()["order"]["client_order_id"],
        "a-2"
    );
    // Told twice, then not at all.
    town.fault(json!({"kind": "duplicate_events"})).await;
    town.call(
        ALICE,
        "DELETE",
        "/v1/accounts/PA100001/orders/by-client-id/a-2",
        None,
    )
    .await;
    let (one, two) = (
        heard(&mut socket).await.unwrap(),
        heard(&mut socket).await.unwrap(),
    );
    assert_eq!((&one, one["kind"].as_str()), (&two, Some("cancelled")));
    town.fault(json!({"kind": "suppress_events"})).await;
    let resting = json!({"type": "limit", "limit_price": "50", "time_in_force": "gtc"});
    town.order("a-3", resting.clone()).await;
    town.order("a-4", resting).await;
    let jump = heard(&mut socket).await.unwrap();
    assert_eq!(
        (jump["event"].as_u64(), jump["order"]["client_order_id"].as_str()),
        (Some(last as u64 + 4), Some("a-4"))
    );
    town.venue.shutdown().await;
    assert!(heard(&mut socket).await.is_none(), "a stream ends with the venue");
}

#[tokio::test]
async fn a_stream_without_a_key_tells_quotes_only() {
    let town = Town::new(config(None)).await;
    let mut socket = town.stream("", "").await;
    assert_eq!(heard(&mut socket).await.unwrap()["account"], Value::Null);
    socket
        .send(Message::text(
            r#"{"op":"subscribe","symbols":["btc","AAPL 2027-01-15 270 C"]}"#,
        ))
        .await
        .unwrap();
    let quotes = heard(&mut socket).await.unwrap();
    assert_eq!(
        (&quotes["type"], quotes["quotes"].as_array().unwrap().len()),
        (&json!("quotes"), 2)
    );
    assert_eq!(heard(&mut socket).await.unwrap()["type"], "quotes");
    for (text, code) in [
        ("nonsense", "malformed"),
        (r#"{"op":"subscribe","symbols":["XYZQ"]}"#, "unknown_symbol"),
    ] {
        socket.send(Message::text(text)).await.unwrap();
        let mut answer = heard(&mut socket).await.unwrap();
        while answer["type"] == "quotes" {
            answer = heard(&mut socket).await.unwrap();
        }
        assert_eq!(
            (answer["type"].as_str(), answer["code"].as_str()),
            (Some("error"), Some(code))
        );
    }
    let mut request = format!("ws://{}/v1/stream", town.venue.addr())
        .into_client_request()
        .unwrap();
    request
        .headers_mut()
        .insert("authorization", "Bearer wrong-key-0123456789".parse().unwrap());
    assert!(
        connect_async(request).await.is_err(),
        "a wrong key is no stranger"
    );
}

#[tokio::test]
async fn trouble_is_made_as_asked() {
    let town = Town::new(config(None)).await;
    let by = |id: &str| format!("/v1/accounts/PA100001/orders/by-client-id/{id}");
    // Done, but the line was cut.
    town.fault(json!({"kind": "drop_answer", "route": "submit", "account": "PA100001"}))
        .await;
    let lost = town
        .try_call(
            ALICE,
            "POST",
            "/v1/accounts/PA100001/orders",
            Some(order("lost", json!({}))),
        )
        .await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(town.get(ALICE, &by("lost")).await["status"], "filled");
    // Done or not, by kind.
    for (fault, status, code, there) in [
        (
            json!({"kind": "error_after", "route": "submit"}),
            500,
            "internal",
            true,
        ),
        (
            json!({"kind": "error_before", "route": "submit"}),
            503,
            "unavailable",
            false,
        ),
        (
            json!({"kind": "rate_limit", "route": "submit", "retry_after": 2}),
            429,
            "rate_limited",
            false,
        ),
        (
            json!({"kind": "refuse", "route": "submit", "code": "not_permitted"}),
            422,
            "not_permitted",
            false,
        ),
        (json!({"kind": "halt", "symbol": "AAPL"}), 422, "halted", false),
    ] {
        town.fault(fault).await;
        let (got, body) = town.order(code, json!({})).await;
        assert_eq!((got, body["code"].as_str()), (status, Some(code)));
        assert_eq!(
            town.call(ALICE, "GET", &by(code), None).await.0 == 200,
            there,
            "{code}"
        );
    }
    town.fault(json!({"kind": "resume", "symbol": "AAPL"})).await;
    town.fault(json!({"kind": "reject"})).await;
    let (status, rejected) = town.order("no", json!({})).await;
    assert_eq!(
        (status, &rejected["status"], &rejected["reason"]),
        (201, &json!("rejected"), &json!("venue_rejected"))
    );
    // Late and hanging, until cleared.
    town.fault(json!({"kind": "delay", "millis": 300, "route": "read"}))
        .await;
    let begun = micros();
    town.get(ALICE, "/v1/accounts/PA100001").await;
    assert!(micros() - begun >= 300_000);
    town.fault(json!({"kind": "hang", "count": 0, "account": "PA100001"}))
        .await;
    assert_eq!(
        town.get(ADMIN, "/sim/faults").await["faults"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let hanging = town.call(ALICE, "GET", "/v1/accounts/PA100001", None);
    let clear = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        town.call(ADMIN, "DELETE", "/sim/faults", None).await
    };
    let ((status, _), _) = tokio::join!(hanging, clear);
    assert_eq!(status, 503);
    assert_eq!(
        town.call(ADMIN, "POST", "/sim/faults", Some(json!({"kind": "nonsense"})))
            .await
            .1["code"],
        "malformed"
    );
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let town = Town::new(config(Some(dir.path()))).await;
    let (status, opened) = town
        .call(
            ADMIN,
            "POST",
            "/v1/accounts",
            Some(json!({"name": "carol", "cash": "5000.5"})),
        )
        .await;
    assert_eq!(status, 201);
    let (key, carol) = (
        opened["key"].as_str().unwrap().to_owned(),
        opened["account"].as_str().unwrap().to_owned(),
    );
    assert_eq!(
        town.call(ADMIN, "POST", "/v1/accounts", Some(json!({"name": "carol"})))
            .await
            .1["code"],
        "duplicate_name"
    );
    let again = json!({"name": "carol", "key": key});
    assert_eq!(town.call(ADMIN, "POST", "/v1/accounts", Some(again)).await.0, 200);
    town.order("a-1", json!({})).await;
    town.order(
        "a-2",
        json!({"type": "limit", "limit_price": "50", "time_in_force": "gtc"}),
    )
    .await;
    let truth = |ledger: &Value| {
        let of = |a: &Value| {
            (
                a["account"]["cash"].clone(),
                a["orders"].clone(),
                a["fills"].clone(),
            )
        };
        ledger["accounts"]
            .as_array()
            .unwrap()
            .iter()
            .map(of)
            .collect::<Vec<_>>()
    };
    let before = town.get(ADMIN, "/v1/ledger").await;
    let prices = town.venue.quotes();
    town.venue.shutdown().await;
    let last = prices.quote(&"BTC/USD".parse().unwrap()).unwrap();
    let text = fs::read_to_string(dir.path().join("ledger.jsonl")).unwrap();
    assert!(!text.contains(&key) && !text.contains(ALICE), "a key on disk");
    // Another seed: the prices must come from the folder.
    let town = Town::new(VenueConfig {
        seed: 999,
        ..config(Some(dir.path()))
    })
    .await;
    let bid = town.get("", "/v1/quotes?symbols=BTC").await["quotes"][0]["bid"]
        .as_str()
        .unwrap()
        .parse::<f64>()
        .unwrap();
    assert!((bid / last.bid.to_string().parse::<f64>().unwrap() - 1.0).abs() < 0.02);
    assert_eq!(truth(&town.get(ADMIN, "/v1/ledger").await), truth(&before));
    let account = town.get(&key, &format!("/v1/accounts/{carol}")).await;
    assert_eq!(account["cash"], "5000.5");
    let mut socket = town.stream(ALICE, "?after=0").await;
    heard(&mut socket).await;
    assert_eq!(heard(&mut socket).await.unwrap()["event"], 1, "events survive");
    assert_eq!(town.order("a-1", json!({})).await.0, 409, "ids survive");
    drop(socket);
    town.venue.shutdown().await;
}

#[test]
fn a_torn_line_is_dropped_and_any_other_damage_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.jsonl");
    let open = || {
        Desk::open(
            &config(Some(dir.path())),
            ordercast_model::time::Timestamp::from_micros(micros()),
        )
    };
    drop(open().unwrap());
    let whole = fs::read_to_string(&file).unwrap();
    assert!(matches!(
        (open().unwrap(), open()),
        (_, Err(DeskError::Ledger(LedgerError::Locked(_))))
    ));
    for cut in 1..whole.lines().last().unwrap().len() {
        fs::write(&file, &whole[..whole.len() - 1 - cut]).unwrap();
        let (ledger, state) = Ledger::open(dir.path(), false).unwrap();
        assert_eq!(
            state.accounts.len(),
            1,
            "the torn line's account is not there, the first is"
        );
        drop(ledger);
    }
    let lines: Vec<&str> = whole.lines().collect();
    for (text, word) in [
        (whole.replacen("100000", "900000", 1), "line 2: the sum"),
        (format!("{}\n{}\n", lines[0], lines[2]), "line 2: expected a line"),
        (
            format!("{}\ngarbage\n{}\n", lines[0], lines[2]),
            "line 2: expected",
        ),
        ("{}\n".to_owned(), "line 1: expected"),
    ] {
        fs::write(&file, text).unwrap();
        let error = Ledger::open(dir.path(), false).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    fs::write(&file, &whole).unwrap();
    let (small, before) = Ledger::open_compacting(dir.path(), false, 10).unwrap();
    drop(small);
    assert_eq!(
        fs::read_to_string(&file).unwrap().lines().count(),
        2,
        "rewritten as one snapshot"
    );
    let (_, after) = Ledger::open(dir.path(), false).unwrap();
    assert_eq!(
        serde_json::to_value(before.snapshot()).unwrap(),
        serde_json::to_value(after.snapshot()).unwrap()
    );
}

#[tokio::test]
async fn a_wrong_configuration_is_refused_whole() {
    let wrong = VenueConfig {
        bind: "0.0.0.0:0".parse().unwrap(),
        admin_key: "short".into(),
        speed: 0.0,
        ..VenueConfig::default()
    };
    let Err(VenueError::Config(faults)) = Venue::start(wrong, Arc::new(micros)).await else {
        panic!("started")
    };
    assert_eq!(faults.len(), 3, "{faults:?}");
    let busy = Town::new(config(None)).await;
    let taken = Venue::start(
        VenueConfig {
            bind: busy.venue.addr(),
            ..config(None)
        },
        Arc::new(micros),
    )
    .await;
    assert!(matches!(taken, Err(VenueError::Bind { .. })));
    let file = tempfile::NamedTempFile::new().unwrap();
    let unwritable = Venue::start(config(Some(file.path())), Arc::new(micros)).await;
    let Err(VenueError::Desk(DeskError::Ledger(error))) = unwritable else {
        panic!("started in a file")
    };
    assert!(
        error.to_string().contains(file.path().to_str().unwrap()),
        "{error}"
    );
    let text = serde_json::to_string(&config(None)).unwrap();
    assert!(serde_json::from_str::<VenueConfig>(&text).unwrap() == config(None));
    assert!(serde_json::from_str::<VenueConfig>(r#"{"colour": 1}"#).is_err());
}
