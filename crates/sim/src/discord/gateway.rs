//! One gateway connection: the websocket, its compression, and the client's operations in order.
//! Sessions and what is sent to them live in `session`.

use super::intent;
use super::server::Shared;
use super::session::{Identity, OUTBOX_MAX, Out, Turned};
use super::snowflake::Snowflake;
use super::wire::Cut;
use super::zlib::ZlibStream;
use super::{permission, render, timer};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// Longest payload a client may send.
const PAYLOAD_MAX: usize = 4_096;
/// Longest frame read at all; beyond it the connection is simply closed.
const FRAME_MAX: usize = 1 << 20;
const SEND_WINDOW: Duration = Duration::from_secs(60);
/// How long a client may leave a frame unread before it is dropped.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the client's half of a close is awaited.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// The query of the gateway address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Address {
    v: Option<u32>,
    encoding: Option<String>,
    compress: Option<String>,
}

/// The close frame's code and words.
type Close = (u16, &'static str);

pub(super) async fn upgrade(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Query(address): Query<Address>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let compress = match address.compress.as_deref() {
        None | Some("") => false,
        Some("zlib-stream") => true,
        Some(_) => {
            let text = "compress: expected zlib-stream or nothing";
            return (StatusCode::BAD_REQUEST, text).into_response();
        }
    };
    let tracker = shared.tracker.clone();
    upgrade.max_message_size(FRAME_MAX).on_upgrade(move |socket| {
        tracker.track_future(Box::pin(serve(shared, socket, cut, address, compress)))
    })
}

async fn serve(shared: Arc<Shared>, socket: WebSocket, cut: Cut, address: Address, compress: bool) {
    let (sink, stream) = socket.split();
    let (outbox, inbox) = mpsc::channel(OUTBOX_MAX);
    let writer = Writer {
        sink,
        inbox,
        cut,
        zlib: compress.then(ZlibStream::new),
    };
    let entered = {
        let now = shared.now();
        let mut core = shared.core();
        let entered = core.hub.connect(outbox);
        core.diary.note("connect", now, entered.is_none());
        entered
    };
    let Some(connection) = entered else {
        return;
    };
    let mut reader = Reader {
        shared: shared.clone(),
        connection,
        stream,
        sends: VecDeque::new(),
        heard: timer::now(),
        ended: false,
    };
    let refusal = match (address.v, address.encoding.as_deref()) {
        (Some(v), _) if !(9..=10).contains(&v) => Some((4012, "Invalid API version.")),
        (_, Some(encoding)) if encoding != "json" => Some((4002, "Only JSON is spoken here.")),
        _ => None,
    };
    let reading = async {
        let close = match refusal {
            Some(close) => Some(close),
            None => reader.run().await,
        };
        // The writer sends the close frame after what waits before it, then ends the connection.
        if let Some((code, reason)) = close {
            shared.core().hub.close(connection, code, reason);
            std::future::pending::<()>().await;
        }
    };
    let sink = tokio::select! {
        biased;
        () = shared.token.cancelled() => None,
        sink = writer.run() => sink,
        () = reading => None,
    };
    let ended = reader.ended;
    shared.core().hub.disconnect(connection, ended, timer::now());
    if let Some(mut sink) = sink {
        let _client_may_be_gone = timeout(CLOSE_WAIT, sink.close()).await;
        let drain = async { while let Some(Ok(_)) = reader.stream.next().await {} };
        let _client_may_keep_silent = timeout(CLOSE_WAIT, drain).await;
    }
}

struct Writer {
    sink: SplitSink<WebSocket, Message>,
    inbox: mpsc::Receiver<Out>,
    cut: Cut,
    zlib: Option<ZlibStream>,
}

impl Writer {
    /// Sends until told to close (the sink comes back) or until the connection breaks.
    async fn run(mut self) -> Option<SplitSink<WebSocket, Message>> {
        while let Some(out) = self.inbox.recv().await {
            let (message, last) = match out {
                Out::Frame { text, delay, cut } => {
                    if !delay.is_zero() {
                        timer::pause(delay).await;
                    }
                    let message = self.pack(&text)?;
                    if cut {
                        self.cut.arm(message_length(&message) / 2);
                    }
                    (message, false)
                }
                Out::Close { code, reason } => {
                    let reason = reason.into();
                    (Message::Close(Some(CloseFrame { code, reason })), true)
                }
            };
            match timeout(WRITE_TIMEOUT, self.sink.send(message)).await {
                Ok(Ok(())) if last => return Some(self.sink),
                Ok(Ok(())) => {}
                _ => return None,
            }
        }
        None
    }

    fn pack(&mut self, text: &str) -> Option<Message> {
        match &mut self.zlib {
            None => Some(Message::text(text)),
            Some(zlib) => zlib.frame(text).ok().map(Message::binary),
        }
    }
}

fn message_length(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) => bytes.len(),
        _ => 0,
    }
}

struct Reader {
    shared: Arc<Shared>,
    connection: u64,
    stream: SplitStream<WebSocket>,
    /// Moments of the client's messages in the last minute.
    sends: VecDeque<Instant>,
    /// The last heartbeat.
    heard: Instant,
    /// The client closed with a code that ends the session.
    ended: bool,
}

impl Reader {
    /// Speaks with the client until it goes (`None`) or must be closed.
    async fn run(&mut self) -> Option<Close> {
        let interval = self.shared.limits.heartbeat_interval_ms;
        let hello = json!({"heartbeat_interval": interval, "_trace": ["simulated"]});
        self.send(&format!(r#"{{"t":null,"s":null,"op":10,"d":{hello}}}"#));
        let patience = Duration::from_millis(interval + interval / 2);
        loop {
            let silence = timer::until(self.heard + patience);
            let received = tokio::select! {
                received = self.stream.next() => received,
                () = silence => return Some((4009, "Session timed out.")),
            };
            let text = match received {
                Some(Ok(Message::Text(text))) => text.to_string(),
                Some(Ok(Message::Binary(bytes))) => match String::from_utf8(bytes.to_vec()) {
                    Ok(text) => text,
                    Err(_) => return Some((4002, "Error while decoding payload.")),
                },
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or(1_005, |frame| frame.code);
                    self.ended = matches!(code, 1_000 | 1_001);
                    return None;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Err(_)) | None => return None,
            };
            if let Err(close) = self.take(&text) {
                return Some(close);
            }
        }
    }

    fn send(&self, text: &str) {
        self.shared.core().hub.plain(self.connection, text);
    }

    /// Counts one payload against the limits and acts on it.
    fn take(&mut self, text: &str) -> Result<(), Close> {
        let now = timer::now();
        while let Some(first) = self.sends.front()
            && now.duration_since(*first) >= SEND_WINDOW
        {
            self.sends.pop_front();
        }
        if self.sends.len() >= usize::try_from(self.shared.limits.gateway_sends_max).unwrap_or(120) {
            return Err((4008, "Rate limited."));
        }
        self.sends.push_back(now);
        if text.len() > PAYLOAD_MAX {
            return Err((4002, "Payload exceeds 4096 bytes."));
        }
        let undecodable = (4002, "Error while decoding payload.");
        let payload: Value = serde_json::from_str(text).map_err(|_| undecodable)?;
        let op = payload.get("op").and_then(Value::as_u64);
        let data = payload.get("d").unwrap_or(&Value::Null);
        match op.ok_or(undecodable)? {
            1 => {
                self.heard = now;
                if !self.shared.core().hub.trouble.mute_heartbeats {
                    self.send(r#"{"t":null,"s":null,"op":11,"d":null}"#);
                }
                Ok(())
            }
            2 => self.identify(data, now),
            6 => self.resume(data, now),
            3 | 4 | 31 | 43 => self.identified().map(|_| ()),
            8 => self.members(data),
            _ => Err((4001, "Unknown opcode.")),
        }
    }

    fn identified(&self) -> Result<Identity, Close> {
        let identity = self.shared.core().hub.identity(self.connection);
        identity.ok_or((4003, "Not authenticated."))
    }

    fn bot(&self, data: &Value) -> Result<(Snowflake, u64), Close> {
        let token = data.get("token").and_then(Value::as_str);
        let token = token.ok_or((4002, "Error while decoding payload."))?;
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        let core = self.shared.core();
        let bot = core.state.world.bot_by_token(token);
        bot.map(|bot| (bot.user_id, bot.privileged_intents))
            .ok_or((4004, "Authentication failed."))
    }

    fn identify(&mut self, data: &Value, now: Instant) -> Result<(), Close> {
        if self.identified().is_ok() {
            return Err((4005, "Already authenticated."));
        }
        let (bot, privileged) = self.bot(data)?;
        let undecodable = (4002, "Error while decoding payload.");
        let intents = data.get("intents").and_then(Value::as_u64);
        let intents = intents.ok_or(undecodable)?;
        if !data.get("properties").is_some_and(Value::is_object) {
            return Err(undecodable);
        }
        let shard = match data.get("shard") {
            None | Some(Value::Null) => (0, 1),
            Some(pair) => {
                let pair: (u64, u64) = serde_json::from_value(pair.clone()).map_err(|_| undecodable)?;
                if pair.0 >= pair.1 {
                    return Err((4010, "Invalid shard."));
                }
                pair
            }
        };
        if intent::has_unknown(intents) {
            return Err((4013, "Invalid intent(s)."));
        }
        if intent::has_disallowed(intents, privileged) {
            return Err((4014, "Disallowed intent(s)."));
        }
        let identity = Identity { bot, intents, shard };
        self.shared
            .identify(self.connection, identity, now)
            .or_else(|turned| self.turned(turned))
    }

    fn resume(&mut self, data: &Value, now: Instant) -> Result<(), Close> {
        if self.identified().is_ok() {
            return Err((4005, "Already authenticated."));
        }
        let (bot, _) = self.bot(data)?;
        let undecodable = (4002, "Error while decoding payload.");
        let id = data.get("session_id").and_then(Value::as_str);
        let sequence = match data.get("seq") {
            Some(Value::Null) => Some(0),
            other => other.and_then(Value::as_u64),
        };
        let (id, sequence) = id.zip(sequence).ok_or(undecodable)?;
        let limits = &self.shared.limits;
        let resumed = self
            .shared
            .core()
            .hub
            .resume(limits, self.connection, bot, id, sequence, now);
        resumed.or_else(|turned| self.turned(turned))
    }

    fn turned(&self, turned: Turned) -> Result<(), Close> {
        match turned {
            Turned::Invalid => {
                self.send(r#"{"t":null,"s":null,"op":9,"d":false}"#);
                Ok(())
            }
            Turned::SequenceAhead => Err((4007, "Invalid seq.")),
            Turned::StartsUsed => Err((4004, "Session starts used up; the token was reset.")),
        }
    }

    /// Op 8: answers with the members of a guild, all in one chunk.
    fn members(&mut self, data: &Value) -> Result<(), Close> {
        let identity = self.identified()?;
        let undecodable = (4002, "Error while decoding payload.");
        let guild = data.get("guild_id").cloned().unwrap_or_default();
        let guild: Snowflake = serde_json::from_value(guild).map_err(|_| undecodable)?;
        let users: Option<Vec<Snowflake>> = match data.get("user_ids") {
            None | Some(Value::Null) => None,
            Some(one @ Value::String(_)) => serde_json::from_value(one.clone()).ok().map(|id| vec![id]),
            Some(list) => serde_json::from_value(list.clone()).ok(),
        };
        let prefix = data.get("query").and_then(Value::as_str).unwrap_or_default();
        let everybody = prefix.is_empty() && users.is_none();
        if everybody && identity.intents & intent::GUILD_MEMBERS == 0 {
            return Ok(());
        }
        let mut core = self.shared.core();
        let Some(known) = core.state.world.guild(guild) else {
            return Ok(());
        };
        if permission::in_guild(known, identity.bot) == 0 {
            return Ok(());
        }
        let prefix = prefix.to_lowercase();
        let listed: Vec<Value> = known
            .members
            .iter()
            .filter(|m| users.as_ref().is_none_or(|list| list.contains(&m.user_id)))
            .filter(|m| {
                let account = core.state.world.user(m.user_id);
                account.is_some_and(|user| user.username.starts_with(&prefix))
            })
            .map(|m| render::member(&core.state, m))
            .collect();
        let chunk = json!({
            "guild_id": guild, "members": listed, "chunk_index": 0, "chunk_count": 1,
            "not_found": [], "nonce": data.get("nonce"),
        });
        let limits = &self.shared.limits;
        let chunk = chunk.to_string();
        core.hub
            .tell_connection(limits, self.connection, "GUILD_MEMBERS_CHUNK", &chunk);
        Ok(())
    }
}
