//! Decides what `/ws-api/v3` tells: who a connection belongs to and the events of its account's orders. Refuses to repeat what
//! was told while nobody listened.

use std::time::Duration;

use axum::{
    extract::{
        State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::binance::{door::Host, floor::Told, no::No};

/// A reader that takes no frame for this long is cut.
const SEND_TIME_MAX: Duration = Duration::from_secs(5);
/// Largest frame a client may send.
const FRAME_BYTES_MAX: usize = 16 * 1024;

#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default)]
    id: Value,
    method: String,
    #[serde(default)]
    params: Map<String, Value>,
}

/// Opens a connection.
pub async fn open(State(host): State<Host>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(FRAME_BYTES_MAX)
        .on_upgrade(move |mut socket| async move {
            if let Some(reason) = run(&host, &mut socket).await {
                let frame = CloseFrame {
                    code: 1001,
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

async fn run(host: &Host, socket: &mut WebSocket) -> Option<&'static str> {
    let mut feed = host.house.floor().listen();
    let mut account: Option<String> = None;
    loop {
        let good = tokio::select! {
            biased;
            () = host.house.token.cancelled() => return Some("the server stops"),
            told = feed.recv() => match told {
                Ok(Told::Event(of, text, copies)) if account.as_deref() == Some(&*of) => {
                    let mut good = true;
                    for _ in 0..copies {
                        good = good && send(socket, Message::Text(text.to_string().into())).await;
                    }
                    good
                }
                Ok(Told::Event(..)) => true,
                Ok(Told::HangUp) => return Some("disconnected"),
                Err(RecvError::Lagged(_)) => return Some("too far behind"),
                Err(RecvError::Closed) => return Some("the server stops"),
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    let answer = answered(host, &text, &mut account);
                    send(socket, Message::Text(answer.to_string().into())).await
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => true,
            },
        };
        if !good {
            return None;
        }
    }
}

fn answered(host: &Host, text: &str, account: &mut Option<String>) -> Value {
    let wish: Wish = match serde_json::from_str(text) {
        Ok(wish) => wish,
        Err(_) => return refused(&Value::Null, &No::bad(-1135, "Invalid JSON Request")),
    };
    match (wish.method.as_str(), subscribe(host, &wish.params)) {
        ("userDataStream.subscribe.signature", Ok(of)) => {
            *account = Some(of);
            json!({"id": wish.id, "status": 200, "result": {"subscriptionId": 0}, "rateLimits": []})
        }
        ("userDataStream.subscribe.signature", Err(no)) => refused(&wish.id, &no),
        ("ping", _) => json!({"id": wish.id, "status": 200, "result": {}, "rateLimits": []}),
        _ => refused(&wish.id, &No::bad(-1020, "This operation is not supported.")),
    }
}

/// What is signed are the parameters in alphabetical order.
fn subscribe(host: &Host, params: &Map<String, Value>) -> Result<String, No> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let all: Vec<(String, String)> = params.iter().map(|(n, v)| (n.clone(), text(v))).collect();
    let mut signed: Vec<&(String, String)> = all.iter().filter(|(n, _)| n != "signature").collect();
    signed.sort();
    let parts: Vec<String> = signed.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let key = params.get("apiKey").and_then(Value::as_str);
    let (account, _) = host.house.signed(host.network, key, &parts.join("&"), &all)?;
    Ok(account)
}

fn refused(id: &Value, no: &No) -> Value {
    json!({"id": id, "status": no.status, "error": {"code": no.code, "msg": no.message}, "rateLimits": []})
}
