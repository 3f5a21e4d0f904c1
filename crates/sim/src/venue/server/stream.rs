//! Decides what a stream tells and when it hangs up: events in order from where the reader stood, quotes at most four
//! times a second. Refuses to wait for slow readers.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{
        Query, State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::get,
};
use ordercast_model::instrument::Instrument;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::{
    market::board::QuoteBoard,
    venue::{
        desk::Told,
        order::Event,
        refusal::{Code, Refusal},
        server::{
            door::{House, bearer},
            wire,
        },
    },
};

/// Time between two frames of quotes.
const QUOTE_PACE: Duration = Duration::from_millis(250);
/// A reader that takes no frame for this long is cut.
const SEND_TIME_MAX: Duration = Duration::from_secs(5);
/// Largest frame a client may send.
const FRAME_BYTES_MAX: usize = 16 * 1024;
/// Symbols one stream may watch beside `*`.
const WATCH_COUNT_MAX: usize = 500;
/// Try again later.
const CLOSE_BEHIND: u16 = 1013;
/// The server goes away.
const CLOSE_AWAY: u16 = 1001;

/// The stream's route.
pub fn routes() -> Router<House> {
    Router::new().route("/v1/stream", get(open))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamQuery {
    after: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
enum Wish {
    Subscribe { symbols: Vec<String> },
    Unsubscribe { symbols: Vec<String> },
}

struct Reader {
    account: Option<String>,
    told: u64,
    watched: BTreeMap<Instrument, Option<(Decimal, Decimal, Decimal)>>,
    all: bool,
    board: QuoteBoard,
}

async fn open(
    State(house): State<House>,
    headers: HeaderMap,
    query: Result<Query<StreamQuery>, axum::extract::rejection::QueryRejection>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let Query(query) = query.map_err(|e| Refusal::new(Code::Malformed, e.body_text()))?;
    let account = if bearer(&headers).is_some() {
        Some(house.account(&headers)?)
    } else {
        None
    };
    let (feed, missed, reader, hello) = {
        let desk = house.desk();
        let feed = desk.feed().subscribe();
        let state = desk.engine().state();
        let last = account
            .as_ref()
            .and_then(|a| state.accounts.get(a))
            .map(|a| a.event);
        let from = query.after.or(last).unwrap_or(0);
        let missed = account
            .as_ref()
            .map_or(Some(Vec::new()), |a| state.events_after(a, from, usize::MAX));
        let gone = || Refusal::new(Code::Gone, format!("events after {from} are no longer kept"));
        let missed = missed.ok_or_else(gone)?;
        let hello = json!({"type": "hello", "account": account, "event": last, "at": house.now()});
        let board = desk.board().clone();
        (
            feed,
            missed,
            Reader {
                account,
                told: from,
                watched: BTreeMap::new(),
                all: false,
                board,
            },
            hello,
        )
    };
    let served = upgrade
        .max_message_size(FRAME_BYTES_MAX)
        .on_upgrade(move |mut socket| async move {
            let ended = run(&house, &mut socket, feed, missed, reader, hello).await;
            if let Some((code, reason)) = ended {
                let frame = CloseFrame {
                    code,
                    reason: reason.into(),
                };
                // The reader may be gone already.
                let _ = send(&mut socket, Message::Close(Some(frame))).await;
            }
        });
    Ok(served.into_response())
}

/// Sends within a bounded time; `false` when the reader is gone or too slow.
async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(
        tokio::time::timeout(SEND_TIME_MAX, socket.send(message)).await,
        Ok(Ok(()))
    )
}
async fn say(socket: &mut WebSocket, value: &Value) -> bool {
    send(socket, Message::Text(value.to_string().into())).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "quotes on a real socket are paced by the wall clock"
)]
async fn run(
    house: &House,
    socket: &mut WebSocket,
    mut feed: broadcast::Receiver<Told>,
    missed: Vec<Event>,
    mut reader: Reader,
    hello: Value,
) -> Option<(u16, &'static str)> {
    if !say(socket, &hello).await {
        return None;
    }
    for event in missed {
        reader.told = event.number;
        if !say(socket, &wire::event(&event)).await {
            return None;
        }
    }
    let mut pace = tokio::time::interval(QUOTE_PACE);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let good = tokio::select! {
            biased;
            () = house.token.cancelled() => return Some((CLOSE_AWAY, "the venue stops")),
            told = feed.recv() => match told {
                Ok(Told::Event(event, copies)) => tell(socket, &mut reader, &event, copies).await,
                Ok(Told::HangUp(account)) if account.is_none() || account == reader.account => return Some((CLOSE_AWAY, "disconnected")),
                Ok(Told::HangUp(_)) => true,
                Err(RecvError::Lagged(_)) => return Some((CLOSE_BEHIND, "too far behind: reconnect with after")),
                Err(RecvError::Closed) => return Some((CLOSE_AWAY, "the venue stops")),
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => match reader.hear(text.as_str()) {
                    Ok(()) => true,
                    Err(e) => say(socket, &json!({"type": "error", "code": e.code, "message": e.message})).await,
                },
                Some(Ok(Message::Close(_))) | Some(Err(_)) | None => return None,
                Some(Ok(_)) => true,
            },
            _ = pace.tick() => match reader.news() {
                Some(quotes) => say(socket, &quotes).await,
                None => true,
            },
        };
        if !good {
            return None;
        }
    }
}

async fn tell(socket: &mut WebSocket, reader: &mut Reader, event: &Arc<Event>, copies: u8) -> bool {
    if reader.account.as_ref() != Some(&event.account) || event.number <= reader.told {
        return true;
    }
    reader.told = event.number;
    let value = wire::event(event);
    for _ in 0..copies {
        if !say(socket, &value).await {
            return false;
        }
    }
    true
}

impl Reader {
    /// Takes a client's message in.
    fn hear(&mut self, text: &str) -> Result<(), Refusal> {
        let malformed = |e: serde_json::Error| Refusal::new(Code::Malformed, e.to_string());
        match serde_json::from_str(text).map_err(malformed)? {
            Wish::Subscribe { symbols } => {
                for symbol in symbols {
                    if symbol == "*" {
                        self.all = true;
                    } else if self.watched.len() >= WATCH_COUNT_MAX {
                        return Err(Refusal::new(
                            Code::Malformed,
                            format!("at most {WATCH_COUNT_MAX} symbols"),
                        ));
                    } else {
                        self.watched.entry(self.board.resolve(&symbol)?).or_default();
                    }
                }
                if self.all {
                    for symbol in self.board.instruments() {
                        self.watched.entry(symbol).or_default();
                    }
                }
            }
            Wish::Unsubscribe { symbols } => {
                for symbol in symbols {
                    if symbol == "*" {
                        self.all = false;
                        self.watched.clear();
                    } else {
                        self.watched.remove(&self.board.resolve(&symbol)?);
                    }
                }
            }
        }
        Ok(())
    }
    /// Quotes that changed since they were last told.
    fn news(&mut self) -> Option<Value> {
        let mut changed = Vec::new();
        for (symbol, last) in &mut self.watched {
            let Some(quote) = self.board.quote(symbol) else {
                continue;
            };
            let now = Some((quote.bid, quote.ask, quote.last));
            if *last != now {
                *last = now;
                changed.push(quote);
            }
        }
        (!changed.is_empty()).then(|| json!({"type": "quotes", "quotes": changed}))
    }
}
