//! The live connection over a real socket: who gets in, what is sent, in which order, and how it ends.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use axum::http::{Method, StatusCode};
use futures::{SinkExt, StreamExt};
use ordercast_testkit::sample::{self, trade};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use tokio_util::sync::CancellationToken;

use crate::house::{Ask, Browser, House, ORIGIN};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// Long enough to see that nothing comes.
const QUIET: Duration = Duration::from_millis(150);

/// A house with an open door.
struct Open {
    house: House,
    address: SocketAddr,
    stop: CancellationToken,
}

impl Open {
    async fn new() -> Self {
        let mut house = House::new().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = house
            .router
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let stop = CancellationToken::new();
        for (_, task) in house.tasks.take().unwrap().start(&stop) {
            tokio::spawn(task);
        }
        Self { house, address, stop }
    }
    async fn token(&self, who: &Browser) -> String {
        let answer = self
            .house
            .ask(
                Some(who),
                Ask::new(Method::POST, "/api/v1/auth/socket-token", None),
            )
            .await;
        answer.json()["token"].as_str().unwrap().to_owned()
    }
    async fn connect(&self, who: &Browser) -> Client {
        let mut client = Client::open(self.address, Some(ORIGIN)).await;
        client.enter(&self.token(who).await).await.unwrap();
        client
    }
    /// Sets and lifts pauses, so that the user's feed grows by `count`.
    async fn grow(&self, who: &Browser, count: usize) {
        for n in 0..count {
            let verb = if n % 2 == 0 { "pause" } else { "resume" };
            let ask = Ask::post(
                if verb == "pause" {
                    "/api/v1/risk/pause"
                } else {
                    "/api/v1/risk/resume"
                },
                json!({}),
            );
            let answer = self.house.ask(Some(who), ask).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            self.house.chain().await;
        }
    }
}

/// A client that speaks the protocol by hand.
struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    waiting: VecDeque<(String, Value)>,
    asked: u32,
}

impl Client {
    async fn open(address: SocketAddr, origin: Option<&str>) -> Self {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let mut request = url.into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let (socket, _) = connect_async(request).await.unwrap();
        let mut client = Self {
            socket,
            waiting: VecDeque::new(),
            asked: 0,
        };
        assert!(client.packet().await.unwrap().starts_with("0{"));
        client
    }
    /// The next packet; none when the connection is closed.
    async fn packet(&mut self) -> Option<String> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a packet in time");
            match next? {
                Ok(Message::Text(text)) if text.as_str() == "2" => self.say("3").await,
                Ok(Message::Text(text)) => return Some(text.to_string()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
    async fn say(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }
    /// Enters the namespace; gives the code of a refusal.
    async fn enter(&mut self, token: &str) -> Result<(), String> {
        self.say(&format!("40{}", json!({ "token": token }))).await;
        let answer = self.packet().await.unwrap();
        match answer.strip_prefix("44") {
            Some(refusal) => {
                let refusal: Value = serde_json::from_str(refusal).unwrap();
                Err(refusal["message"].as_str().unwrap().to_owned())
            }
            None => Ok(()),
        }
    }
    /// The next event, its name and envelope; none when the connection has ended.
    async fn event(&mut self) -> Option<(String, Value)> {
        if let Some(waiting) = self.waiting.pop_front() {
            return Some(waiting);
        }
        let packet = self.packet().await?;
        if packet.starts_with("41") {
            return None;
        }
        let list: Value =
            serde_json::from_str(packet.strip_prefix("42").unwrap_or_else(|| panic!("{packet}"))).unwrap();
        Some((list[0].as_str().unwrap().to_owned(), list[1].clone()))
    }
    /// The next event of a name; others are passed over.
    async fn expect(&mut self, name: &str) -> Value {
        loop {
            let (got, envelope) = self
                .event()
                .await
                .unwrap_or_else(|| panic!("{name}: the connection has ended"));
            if got == name {
                assert_eq!((&envelope["v"], &envelope["type"]), (&json!(1), &json!(name)));
                return envelope;
            }
        }
    }
    /// Sends an event and waits for its acknowledgement; events on the way are kept.
    async fn ask(&mut self, name: &str, data: Value) -> Value {
        self.asked += 1;
        let (id, body) = (
            self.asked,
            if data.is_null() {
                json!([name])
            } else {
                json!([name, data])
            },
        );
        self.say(&format!("42{id}{body}")).await;
        loop {
            let packet = self.packet().await.expect("an acknowledgement");
            if let Some(answer) = packet.strip_prefix(&format!("43{id}")) {
                return serde_json::from_str::<Value>(answer).unwrap()[0].clone();
            }
            let list: Value = serde_json::from_str(packet.strip_prefix("42").unwrap()).unwrap();
            self.waiting
                .push_back((list[0].as_str().unwrap().to_owned(), list[1].clone()));
        }
    }
    /// Nothing comes for a while, save the pings that keep the connection.
    async fn is_quiet(&mut self) -> bool {
        self.waiting.is_empty() && tokio::time::timeout(QUIET, self.event()).await.is_err()
    }
}

#[tokio::test]
async fn events_come_to_their_user_in_order_without_gaps() {
    let open = Open::new().await;
    let (own, other) = (open.house.login(1).await, open.house.login(2).await);
    open.grow(&own, 4).await;
    let mut client = open.connect(&own).await;
    let mut neighbour = open.connect(&other).await;
    let first = client.expect("connection.authorized").await;
    assert_eq!(first["data"]["last_seq"], 4);
    assert_eq!(first["data"]["user_id"], own.user.id.to_string());
    assert_eq!(first["seq"], Value::Null);
    assert_eq!(
        neighbour.expect("connection.authorized").await["data"]["last_seq"],
        0
    );
    open.grow(&own, 4).await;
    for seq in 5..=8 {
        let event = client.expect("kill.changed").await;
        assert_eq!(event["seq"], seq);
    }
    assert!(client.is_quiet().await);
    assert!(neighbour.is_quiet().await, "invariant 8: nothing of another user");
}

#[tokio::test]
async fn a_lost_hint_only_delays() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let mut client = open.connect(&own).await;
    client.expect("connection.authorized").await;
    open.house.bus.set_mute(true);
    open.grow(&own, 2).await;
    assert!(client.is_quiet().await);
    open.house.clock.advance(Duration::from_secs(2)).await;
    assert_eq!(client.expect("kill.changed").await["seq"], 1);
    assert_eq!(client.expect("kill.changed").await["seq"], 2);
}

#[tokio::test]
async fn only_a_good_token_from_our_pages_gets_in() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let token = open.token(&own).await;
    let mut forged = token.clone();
    forged.replace_range(token.len() - 4.., "AAAA");
    for (origin, given, code) in [
        (Some(ORIGIN), "", "AUTHENTICATION_FAILED"),
        (Some(ORIGIN), forged.as_str(), "AUTHENTICATION_FAILED"),
        (Some("https://evil.example"), token.as_str(), "ORIGIN_REFUSED"),
    ] {
        let mut client = Client::open(open.address, origin).await;
        assert_eq!(
            client.enter(given).await,
            Err(code.to_owned()),
            "{origin:?} {given}"
        );
    }
    let mut program = Client::open(open.address, None).await;
    assert_eq!(
        program.enter(&token).await,
        Ok(()),
        "a program that is no browser sends no origin"
    );
    open.house
        .ask(Some(&own), Ask::new(Method::POST, "/api/v1/auth/logout", None))
        .await;
    let mut late = Client::open(open.address, Some(ORIGIN)).await;
    assert_eq!(
        late.enter(&token).await,
        Err("AUTHENTICATION_FAILED".to_owned()),
        "its session has ended"
    );
    let fresh = open.house.login(1).await;
    let old = open.token(&fresh).await;
    open.house.clock.advance(Duration::from_secs(3_700)).await;
    let mut late = Client::open(open.address, Some(ORIGIN)).await;
    assert_eq!(late.enter(&old).await, Err("TOKEN_EXPIRED".to_owned()));
}

#[tokio::test]
async fn what_was_missed_is_sent_again_or_the_state_as_it_is() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    open.grow(&own, 6).await;
    let mut client = open.connect(&own).await;
    client.expect("connection.authorized").await;
    assert_eq!(
        client.ask("state.requestSync", json!({ "last_seq": 2 })).await,
        json!({ "ok": true })
    );
    for seq in 3..=6 {
        assert_eq!(client.expect("kill.changed").await["seq"], seq);
    }
    for asked in [json!({}), json!({ "last_seq": 99 })] {
        client.ask("state.requestSync", asked).await;
        let sync = client.expect("state.sync").await;
        assert_eq!(sync["seq"], Value::Null);
        assert_eq!(sync["data"]["as_of_seq"], 6);
        let own_connection = sample::id::<ordercast_model::ids::ConnectionId>(1).to_string();
        assert_eq!(sync["data"]["connections"][0]["id"], own_connection);
        for part in ["portfolio", "positions", "open_orders", "approvals", "risk"] {
            assert!(!sync["data"][part].is_null(), "{part}");
        }
    }
    open.house.clock.advance(Duration::from_secs(300)).await;
    client.ask("state.requestSync", json!({ "last_seq": 6 })).await;
    assert_eq!(
        client.ask("ping", Value::Null).await,
        json!({ "ok": true }),
        "nothing was missed"
    );
}

#[tokio::test]
async fn only_the_types_asked_for_are_sent_again() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    open.grow(&own, 6).await;
    let mut client = open.connect(&own).await;
    client.expect("connection.authorized").await;
    for (types, sent) in [
        (json!(["kill.changed"]), 4),
        (json!(["kill"]), 4),
        (json!(["trade", "signal.decision"]), 0),
    ] {
        let asked = json!({ "last_seq": 2, "types": types });
        let answer = client.ask("state.requestSync", asked).await;
        assert_eq!(answer, json!({ "ok": true, "last_seq": 6 }), "{types}");
        for seq in 3..3 + sent {
            assert_eq!(client.expect("kill.changed").await["seq"], seq, "{types}");
        }
    }
    client
        .ask("state.requestSync", json!({ "types": ["positions", "kill"] }))
        .await;
    let sync = client.expect("state.sync").await;
    let parts: Vec<&String> = sync["data"].as_object().unwrap().keys().collect();
    assert_eq!(parts, ["as_of_seq", "positions", "risk"]);
    for types in [json!(["nonsense"]), json!([]), json!("kill"), json!([3])] {
        let answer = client.ask("state.requestSync", json!({ "types": types })).await;
        assert_eq!(answer, json!({ "ok": false, "code": "BAD_MESSAGE" }), "{types}");
        let told = client.expect("connection.error").await;
        assert_eq!(told["data"]["code"], "BAD_MESSAGE", "{types}");
    }
}

#[tokio::test]
async fn a_session_that_ends_takes_its_sockets_along() {
    let open = Open::new().await;
    let (first, second) = (open.house.login(1).await, open.house.login(1).await);
    let (mut one, mut two) = (open.connect(&first).await, open.connect(&second).await);
    one.expect("connection.authorized").await;
    two.expect("connection.authorized").await;
    open.house
        .ask(Some(&first), Ask::new(Method::POST, "/api/v1/auth/logout", None))
        .await;
    assert_eq!(one.expect("connection.closed").await["data"]["reason"], "revoked");
    assert!(one.event().await.is_none());
    assert!(two.is_quiet().await, "another session of the same user goes on");
    assert_eq!(open.house.sockets.open(), 1);
}

#[tokio::test]
async fn a_token_runs_out_unless_it_is_renewed() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let (mut lazy, mut keen) = (open.connect(&own).await, open.connect(&own).await);
    lazy.expect("connection.authorized").await;
    keen.expect("connection.authorized").await;
    let clock = &open.house.clock;
    clock.advance(Duration::from_secs(3_300)).await;
    assert_eq!(lazy.expect("token.expiring").await["data"]["expires_in"], 300);
    keen.expect("token.expiring").await;
    let foreign = open.house.login(2).await;
    let answer = keen
        .ask(
            "connection.reauth",
            json!({ "token": open.token(&foreign).await }),
        )
        .await;
    assert_eq!(answer, json!({ "ok": false, "code": "FORBIDDEN" }));
    let answer = keen
        .ask("connection.reauth", json!({ "token": open.token(&own).await }))
        .await;
    assert_eq!(answer, json!({ "ok": true }));
    keen.expect("connection.reauthorized").await;
    clock.advance(Duration::from_secs(300)).await;
    assert_eq!(
        lazy.expect("connection.closed").await["data"]["reason"],
        "token_expired"
    );
    assert_eq!(keen.ask("ping", Value::Null).await, json!({ "ok": true }));
}

#[tokio::test]
async fn quotes_come_once_a_second_the_newest_only() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let mut client = open.connect(&own).await;
    client.expect("connection.authorized").await;
    let answer = client
        .ask("market.subscribe", json!({ "symbols": ["AAPL"] }))
        .await;
    assert_eq!(answer, json!({ "ok": true }));
    let unknown = client
        .ask("market.subscribe", json!({ "symbols": ["NOPE"] }))
        .await;
    assert_eq!(unknown["ok"], false);
    for price in [201, 202, 203] {
        open.house
            .market
            .quote_at(&trade::apple(), trade::dollars(price), sample::at(1));
    }
    open.house.clock.advance(Duration::from_secs(1)).await;
    let quote = client.expect("market.quote").await;
    assert_eq!(
        (&quote["data"]["last"], &quote["seq"]),
        (&json!("203"), &Value::Null)
    );
    client.expect("portfolio.equity").await;
    open.house.clock.advance(Duration::from_secs(3)).await;
    assert!(client.is_quiet().await, "nothing changed, nothing is sent");
    let answer = client
        .ask("market.unsubscribe", json!({ "symbols": ["AAPL"] }))
        .await;
    assert_eq!(answer, json!({ "ok": true }));
    open.house
        .market
        .quote_at(&trade::apple(), trade::dollars(204), sample::at(5));
    open.house.clock.advance(Duration::from_secs(1)).await;
    assert!(client.is_quiet().await);
}

#[tokio::test]
async fn messages_that_cannot_be_read_are_said_to_be_so() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let mut client = open.connect(&own).await;
    client.expect("connection.authorized").await;
    for (name, data) in [
        ("market.subscribe", json!({ "symbols": 5 })),
        ("trade.place", json!({})),
    ] {
        let answer = client.ask(name, data).await;
        assert_eq!(answer, json!({ "ok": false, "code": "BAD_MESSAGE" }), "{name}");
        assert_eq!(
            client.expect("connection.error").await["data"]["code"],
            "BAD_MESSAGE"
        );
    }
}

#[tokio::test]
async fn too_many_messages_are_warned_about_then_refused_then_end_it() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let mut client = open.connect(&own).await;
    client.expect("connection.authorized").await;
    for _ in 0..20 {
        assert_eq!(client.ask("ping", Value::Null).await["ok"], true);
    }
    client.expect("error.rateLimitWarning").await;
    for _ in 0..2 {
        let refused = client.ask("ping", Value::Null).await;
        assert_eq!(refused["code"], "RATE_LIMIT_EXCEEDED");
    }
    client.say(r#"42["ping"]"#).await;
    assert_eq!(
        client.expect("connection.closed").await["data"]["reason"],
        "rate_limited"
    );
}

#[tokio::test]
async fn the_oldest_socket_of_a_user_gives_way() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let mut clients = Vec::new();
    for _ in 0..21 {
        let mut client = open.connect(&own).await;
        client.expect("connection.authorized").await;
        clients.push(client);
    }
    assert_eq!(
        clients[0].expect("connection.closed").await["data"]["reason"],
        "too_many"
    );
    assert!(clients[1].is_quiet().await);
    assert_eq!(open.house.sockets.open(), 20);
}

#[tokio::test]
async fn a_shutdown_is_announced() {
    let open = Open::new().await;
    let own = open.house.login(1).await;
    let mut client = open.connect(&own).await;
    client.expect("connection.authorized").await;
    open.stop.cancel();
    open.house.sockets.close().await;
    let closed = client.expect("connection.closed").await;
    assert_eq!(closed["data"]["reason"], "server_shutdown");
    assert!(closed["data"]["retry_after"].is_number());
}
