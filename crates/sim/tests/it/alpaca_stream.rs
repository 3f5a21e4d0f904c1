//! The stream, the faults and OAuth of the server that speaks Alpaca's protocol.

use futures::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use crate::alpaca_fixture::{ADMIN, Alp, LIVE, PAPER, REDIRECT};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(base: &str) -> Socket {
    let url = format!("{}/stream", base.replace("http", "ws"));
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

async fn say(socket: &mut Socket, value: Value) {
    socket.send(Message::text(value.to_string())).await.unwrap();
}

/// The next message; `None` when the server hangs up. Every frame is binary.
async fn hear(socket: &mut Socket) -> Option<Value> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => return Some(serde_json::from_slice(&bytes).unwrap()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(other)) => panic!("not binary: {other:?}"),
        }
    }
}

async fn listening(base: &str, auth: Value) -> Socket {
    let mut socket = connect(base).await;
    say(&mut socket, auth).await;
    assert_eq!(hear(&mut socket).await.unwrap()["data"]["status"], "authorized");
    say(
        &mut socket,
        json!({"action": "listen", "data": {"streams": ["trade_updates", "quotes"]}}),
    )
    .await;
    let answer = hear(&mut socket).await.unwrap();
    assert_eq!(
        answer,
        json!({"stream": "listening", "data": {"streams": ["trade_updates"]}})
    );
    socket
}

fn keys(pair: (&str, &str)) -> Value {
    json!({"action": "auth", "key": pair.0, "secret": pair.1})
}

fn buy(changes: Value) -> Value {
    let mut order =
        json!({"symbol": "AAPL", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"});
    order
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    order
}

#[tokio::test]
async fn the_stream_tells_an_orders_life_and_nobody_elses() {
    let alp = Alp::open().await;
    let old = json!({"action": "authenticate", "data": {"key_id": PAPER.0, "secret_key": PAPER.1}});
    let mut socket = listening(&alp.server.paper_url(), old).await;
    let mut stranger = connect(&alp.server.paper_url()).await;
    say(&mut stranger, keys(LIVE)).await;
    assert_eq!(
        hear(&mut stranger).await.unwrap()["data"]["status"],
        "unauthorized"
    );
    let sent = alp.placed(buy(json!({}))).await;
    let mut told = Vec::new();
    loop {
        let message = hear(&mut socket).await.unwrap();
        assert_eq!(
            (&message["stream"], &message["data"]["order"]["id"]),
            (&json!("trade_updates"), &sent["id"])
        );
        told.push(message["data"].clone());
        if message["data"]["event"] == "fill" {
            break;
        }
    }
    let events: Vec<&str> = told.iter().map(|m| m["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["pending_new", "new", "fill"]);
    let fill = told.last().unwrap();
    assert_eq!((&fill["qty"], &fill["position_qty"]), (&json!("1"), &json!("1")));
    assert!(fill["execution_id"].is_string() && fill["timestamp"].is_string());
    assert_eq!(fill["order"]["status"], "filled");
}

#[tokio::test]
async fn a_cancel_and_a_replacement_are_told_in_their_steps() {
    let alp = Alp::open().await;
    let mut socket = listening(&alp.server.paper_url(), keys(PAPER)).await;
    let sent = alp
        .placed(buy(json!({"type": "limit", "limit_price": "1"})))
        .await;
    alp.reaches(&sent, "new").await;
    let path = format!("/v2/orders/{}", sent["id"].as_str().unwrap());
    let (_, new) = alp
        .paper(Method::PATCH, &path, Some(json!({"limit_price": "2"})))
        .await;
    alp.reaches(&new, "new").await;
    let path = format!("/v2/orders/{}", new["id"].as_str().unwrap());
    assert_eq!(alp.paper(Method::DELETE, &path, None).await.0, 204);
    let mut told = Vec::new();
    for _ in 0..7 {
        let message = hear(&mut socket).await.unwrap();
        let which = if message["data"]["order"]["id"] == sent["id"] {
            "old"
        } else {
            "new"
        };
        told.push(format!("{which} {}", message["data"]["event"].as_str().unwrap()));
    }
    let expected = [
        "old pending_new",
        "old new",
        "old pending_replace",
        "old replaced",
        "new new",
        "new pending_cancel",
        "new canceled",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_is_told_while_nobody_listens_is_lost() {
    let alp = Alp::open().await;
    let base = alp.server.paper_url();
    let mut socket = listening(&base, keys(PAPER)).await;
    alp.fault(json!({"kind": "disconnect_streams"})).await;
    assert_eq!(hear(&mut socket).await, None);
    let missed = alp
        .placed(buy(json!({"type": "limit", "limit_price": "1"})))
        .await;
    alp.reaches(&missed, "new").await;
    let mut socket = listening(&base, keys(PAPER)).await;
    let next = alp
        .placed(buy(json!({"type": "limit", "limit_price": "2"})))
        .await;
    assert_eq!(
        hear(&mut socket).await.unwrap()["data"]["order"]["id"],
        next["id"]
    );
}

#[tokio::test]
async fn trouble_comes_as_asked() {
    let alp = Alp::open().await;
    let url = alp.server.paper_url();
    // Accepted, but the answer is lost: the id tells.
    for (number, fault) in [json!({"kind": "drop_answer"}), json!({"kind": "error_after"})]
        .into_iter()
        .enumerate()
    {
        let mut fault = fault;
        fault["route"] = json!("submit");
        alp.fault(fault).await;
        let id = format!("lost-{number}");
        let order = buy(json!({"type": "limit", "limit_price": "1", "client_order_id": id}));
        let answer = alp
            .request(Method::POST, &url, "/v2/orders")
            .json(&order)
            .send()
            .await;
        assert!(answer.is_err() || answer.unwrap().status() == 500);
        let found = alp
            .get(&format!("/v2/orders:by_client_order_id?client_order_id={id}"))
            .await;
        assert_eq!(found["client_order_id"], json!(id));
    }
    for (fault, status) in [
        (json!({"kind": "error_before"}), 503),
        (json!({"kind": "rate_limit", "retry_after": 2}), 429),
        (json!({"kind": "maintenance"}), 503),
        (
            json!({"kind": "answer", "status": 403, "code": 40_310_000, "message": "no"}),
            403,
        ),
    ] {
        alp.fault(fault.clone()).await;
        let order = buy(json!({"client_order_id": "never"}));
        let (got, _) = alp.post(order).await;
        assert_eq!(got, status, "{fault}");
    }
    let (status, _) = alp
        .paper(
            Method::GET,
            "/v2/orders:by_client_order_id?client_order_id=never",
            None,
        )
        .await;
    assert_eq!(status, 404);
    alp.fault(json!({"kind": "numbers"})).await;
    assert!(alp.get("/v2/account").await["cash"].is_number());
    alp.fault(json!({"kind": "missing"})).await;
    assert!(alp.get("/v2/orders").await[0].get("filled_at").is_none());
    alp.fault(json!({"kind": "nulls"})).await;
    assert!(alp.get("/v2/orders").await[0]["submitted_at"].is_null());
    alp.fault(json!({"kind": "reject", "route": "submit"})).await;
    let rejected = alp.placed(buy(json!({"symbol": "F"}))).await;
    alp.reaches(&rejected, "rejected").await;
}

#[tokio::test]
async fn a_person_allows_a_program_once_and_takes_it_back() {
    let alp = Alp::open().await;
    let live = alp.server.live_url();
    let query = [
        ("response_type", "code"),
        ("client_id", "client"),
        ("redirect_uri", REDIRECT),
        ("state", "s t"),
        ("scope", "trading data"),
        ("env", "paper"),
    ];
    let page = alp
        .http
        .get(format!("{live}/oauth/authorize"))
        .query(&query)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("id=\"allow\""));
    let mut wrong = query;
    wrong[2].1 = "http://127.0.0.1:9/elsewhere";
    let page = alp
        .http
        .get(format!("{live}/oauth/authorize"))
        .query(&wrong)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 400);
    let mut form = query.to_vec();
    form.extend([("name", "alice"), ("decision", "allow")]);
    let sent_back = alp
        .http
        .post(format!("{live}/oauth/authorize"))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(sent_back.status(), 302);
    let target = sent_back.headers()["location"].to_str().unwrap().to_owned();
    let rest = target.strip_prefix(&format!("{REDIRECT}?code=")).unwrap();
    let (code, state) = rest.split_once('&').unwrap();
    assert_eq!(state, "state=s%20t");
    let body = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", "client"),
        ("client_secret", "secret-of-the-program"),
        ("redirect_uri", REDIRECT),
    ];
    let answer = alp
        .http
        .post(format!("{live}/oauth/token"))
        .form(&body)
        .send()
        .await
        .unwrap();
    let token: Value = answer.json().await.unwrap();
    assert_eq!(
        (&token["token_type"], &token["scope"]),
        (&json!("bearer"), &json!("trading data"))
    );
    let token = token["access_token"].as_str().unwrap().to_owned();
    let again = alp
        .http
        .post(format!("{live}/oauth/token"))
        .form(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 400);
    let mut socket = listening(
        &alp.server.paper_url(),
        json!({"action": "authenticate", "data": {"oauth_token": token}}),
    )
    .await;
    let ask = async |base: String| {
        let url = format!("{base}/v2/account");
        alp.http
            .get(url)
            .bearer_auth(&token)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(
        (ask(alp.server.paper_url()).await, ask(live.clone()).await),
        (200, 401)
    );
    alp.placed(buy(json!({"type": "limit", "limit_price": "1"})))
        .await;
    assert_eq!(hear(&mut socket).await.unwrap()["data"]["event"], "pending_new");
    let revoke = alp
        .http
        .post(format!("{live}/sim/oauth/revoke"))
        .bearer_auth(ADMIN);
    let revoked: Value = revoke
        .json(&json!({"name": "alice"}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(revoked["revoked"], 1);
    assert_eq!(ask(alp.server.paper_url()).await, 401);
}
