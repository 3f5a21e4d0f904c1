//! Decides what `/stream` of a trading host tells: who a connection belongs to, what it listens to, the messages of its
//! account's orders. Frames are binary and hold JSON. Refuses to repeat what was told while nobody listened.

use std::time::Duration;

use axum::{
    Router,
    extract::{
        State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::Response,
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::alpaca::{
    door::{Caller, Host, bearer},
    floor::Told,
};

/// A reader that takes no frame for this long is cut.
const SEND_TIME_MAX: Duration = Duration::from_secs(5);
/// Largest frame a client may send.
const FRAME_BYTES_MAX: usize = 16 * 1024;
/// Try again later: more messages waited than are kept.
const CLOSE_BEHIND: u16 = 1013;
/// The server goes away.
const CLOSE_AWAY: u16 = 1001;

/// The stream's route.
pub fn routes() -> Router<Host> {
    Router::new().route("/stream", get(open))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    action: String,
    key: Option<String>,
    secret: Option<String>,
    oauth_token: Option<String>,
    data: WishData,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WishData {
    key_id: Option<String>,
    secret_key: Option<String>,
    oauth_token: Option<String>,
    streams: Vec<String>,
}

async fn open(State(host): State<Host>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    // Keys may also come with the handshake, as with any other request.
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let known = match (
        text("APCA-API-KEY-ID"),
        text("APCA-API-SECRET-KEY"),
        bearer(&headers),
    ) {
        (Some(key), Some(secret), _) => host.house.keys(key, secret, host.environment),
        (_, _, Some(token)) => host.house.bearer(token, host.environment),
        _ => None,
    };
    upgrade
        .max_message_size(FRAME_BYTES_MAX)
        .on_upgrade(move |mut socket| async move {
            if let Some((code, reason)) = run(&host, &mut socket, known).await {
                let frame = CloseFrame {
                    code,
                    reason: reason.into(),
                };
                // The reader may be gone already.
                let _ = send(&mut socket, Message::Close(Some(frame))).await;
            }
        })
}

/// Sends within a bounded time; `false` when the reader is gone or too slow.
async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(
        tokio::time::timeout(SEND_TIME_MAX, socket.send(message)).await,
        Ok(Ok(()))
    )
}

async fn run(host: &Host, socket: &mut WebSocket, known: Option<Caller>) -> Option<(u16, &'static str)> {
    let mut feed = host.house.floor().listen();
    let mut caller = known;
    let mut listening = false;
    loop {
        let good = tokio::select! {
            biased;
            () = host.house.token.cancelled() => return Some((CLOSE_AWAY, "the server stops")),
            told = feed.recv() => match told {
                Ok(Told::Update(account, text, copies)) => {
                    let mine = caller.as_ref().is_some_and(|c| c.account == *account);
                    !(mine && listening) || tell(socket, &text, copies).await
                }
                Ok(Told::HangUp(account)) if account.is_none() || account == caller.as_ref().map(|c| c.account.clone()) => {
                    return Some((CLOSE_AWAY, "disconnected"));
                }
                Ok(Told::HangUp(_)) => true,
                Err(RecvError::Lagged(_)) => return Some((CLOSE_BEHIND, "too far behind")),
                Err(RecvError::Closed) => return Some((CLOSE_AWAY, "the server stops")),
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => hear(host, socket, text.as_bytes(), &mut caller, &mut listening).await,
                Some(Ok(Message::Binary(bytes))) => hear(host, socket, &bytes, &mut caller, &mut listening).await,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => true,
            },
        };
        if !good {
            return None;
        }
    }
}

async fn tell(socket: &mut WebSocket, text: &str, copies: u8) -> bool {
    for _ in 0..copies {
        if !send(socket, Message::Binary(text.to_owned().into())).await {
            return false;
        }
    }
    true
}

async fn hear(
    host: &Host,
    socket: &mut WebSocket,
    bytes: &[u8],
    caller: &mut Option<Caller>,
    listening: &mut bool,
) -> bool {
    let answer = match serde_json::from_slice::<Wish>(bytes) {
        Ok(wish) => answered(host, wish, caller, listening),
        Err(_) => trouble("invalid message"),
    };
    send(socket, Message::Binary(answer.to_string().into())).await
}

fn trouble(text: &str) -> Value {
    json!({"action": "error", "data": {"error_message": text}})
}

fn answered(host: &Host, wish: Wish, caller: &mut Option<Caller>, listening: &mut bool) -> Value {
    match wish.action.as_str() {
        "auth" | "authenticate" => {
            let key = wish.key.or(wish.data.key_id);
            let secret = wish.secret.or(wish.data.secret_key);
            let token = wish.oauth_token.or(wish.data.oauth_token);
            let found = match (key.as_deref(), secret, token) {
                (Some("oauth"), Some(token), _) | (_, _, Some(token)) => {
                    host.house.bearer(&token, host.environment)
                }
                (Some(key), Some(secret), None) => host.house.keys(key, &secret, host.environment),
                _ => None,
            };
            let status = if found.is_some() {
                "authorized"
            } else {
                "unauthorized"
            };
            if found.is_some() {
                *caller = found;
            }
            json!({"stream": "authorization", "data": {"status": status, "action": "authenticate"}})
        }
        "listen" if caller.is_none() => {
            json!({"stream": "authorization", "data": {"status": "unauthorized", "action": "listen"}})
        }
        "listen" => {
            let streams: Vec<String> = wish
                .data
                .streams
                .into_iter()
                .filter(|s| s == "trade_updates")
                .collect();
            *listening = !streams.is_empty();
            json!({"stream": "listening", "data": {"streams": streams}})
        }
        other => trouble(&format!(
            "unknown action: {}",
            other.chars().take(40).collect::<String>()
        )),
    }
}
