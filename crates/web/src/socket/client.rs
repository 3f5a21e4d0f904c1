//! What a client may say: watch quotes, ask for what it missed, renew its token, ping. No order is placed here.

use std::{sync::Arc, time::Duration};

use ordercast_app::desk::{
    DeskError,
    market::{self, SYMBOLS_MAX},
};
use ordercast_model::plan::Plan;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use socketioxide::extract::{AckSender, SocketRef, TryData};

use super::{
    envelope::{Ack, Closing, Code, Envelope},
    handshake::{self, Guest},
    hub::{Hub, Room, Watch, close, send},
    state_sync,
    wanted::Wanted,
};
use crate::{rate::Class, state::App};

/// Refused messages within this time count together.
const REFUSALS_WITHIN: Duration = Duration::from_secs(60);
/// So many refusals close the connection.
const REFUSALS_MAX: usize = 3;

#[derive(Deserialize)]
struct Symbols {
    symbols: Vec<String>,
}
#[derive(Default, Deserialize)]
struct Sync {
    #[serde(default)]
    last_seq: Option<u64>,
    #[serde(default)]
    types: Option<Vec<String>>,
}
#[derive(Deserialize)]
struct Renewal {
    token: String,
}

/// One client's side of the conversation.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) app: App,
    pub(super) hub: Arc<Hub>,
    pub(super) room: Arc<Room>,
    pub(super) guest: Guest,
}

/// Puts the ears of one client in place.
pub(super) fn listen(socket: &SocketRef, client: &Client) {
    macro_rules! on {
        ($event:literal, $data:ty, $work:ident) => {{
            let client = client.clone();
            socket.on(
                $event,
                async move |socket: SocketRef, data: TryData<$data>, ack: AckSender| {
                    let answer = match client.hear(&socket, data) {
                        Ok(data) => client.$work(&socket, data).await.map(Into::into),
                        Err(code) => Err(code),
                    };
                    reply(ack, answer);
                },
            );
        }};
    }
    on!("market.subscribe", Symbols, subscribe);
    on!("market.unsubscribe", Symbols, unsubscribe);
    on!("state.requestSync", Sync, sync);
    on!("connection.reauth", Renewal, renew);
    let own = client.clone();
    socket.on("ping", async move |socket: SocketRef, ack: AckSender| {
        reply(ack, own.count(&socket).map(Into::into));
    });
    let own = client.clone();
    socket.on_fallback(async move |socket: SocketRef, ack: AckSender| {
        let answer = own.count(&socket).and(Err(Code::BadMessage));
        own.complain(&socket, Code::BadMessage, "this event is not known");
        reply(ack, answer);
    });
    let own = client.clone();
    socket.on_disconnect(async move |socket: SocketRef| own.hub.leave(own.guest.user.id, &socket));
}

fn reply(ack: AckSender, answer: Result<Ack, Code>) {
    let body = answer.unwrap_or_else(Ack::refused);
    // A client that asked for no acknowledgement gets none.
    drop(ack.send(&body));
}

impl Client {
    fn hear<T: DeserializeOwned>(&self, socket: &SocketRef, data: TryData<T>) -> Result<T, Code> {
        self.count(socket)?;
        data.0.map_err(|_| {
            self.complain(socket, Code::BadMessage, "the data of this event cannot be read");
            Code::BadMessage
        })
    }

    /// Counts a message against the user's limit.
    fn count(&self, socket: &SocketRef) -> Result<(), Code> {
        let quota = Class::Message.quota(Plan::Free);
        let key = self.guest.user.id.to_string();
        let now = self.app.ctx.clock.monotonic();
        let verdict = self.app.limiter.take(Class::Message, &key, quota, now);
        if verdict.allowed {
            if verdict.remaining == quota.burst / 5 {
                let used = verdict.limit - verdict.remaining;
                let data = json!({ "limit": verdict.limit, "current": used, "reset_in": verdict.reset });
                send(
                    socket,
                    &Envelope::plain("error.rateLimitWarning", self.app.ctx.now(), data),
                );
            }
            return Ok(());
        }
        let at = self.app.ctx.now();
        let refusals = self.room.with_peer(socket, |peer| {
            peer.refusals
                .retain(|earlier| at.since(*earlier) < REFUSALS_WITHIN);
            peer.refusals.push(at);
            peer.refusals.len()
        });
        if refusals.unwrap_or(0) >= REFUSALS_MAX {
            close(socket.clone(), Closing::RateLimited, at);
        }
        Err(Code::RateLimitExceeded)
    }

    fn complain(&self, socket: &SocketRef, code: Code, message: &str) {
        let data = json!({ "code": code.text(), "message": message });
        send(
            socket,
            &Envelope::plain("connection.error", self.app.ctx.now(), data),
        );
    }

    async fn subscribe(&self, socket: &SocketRef, asked: Symbols) -> Result<(), Code> {
        let held = self.room.with_peer(socket, |peer| {
            asked
                .symbols
                .iter()
                .filter(|s| !peer.watches.contains_key(*s))
                .count()
                + peer.watches.len()
        });
        if held.unwrap_or(0) > SYMBOLS_MAX {
            self.complain(socket, Code::Forbidden, "at most 50 symbols can be watched");
            return Err(Code::Forbidden);
        }
        let mut known = true;
        for symbol in asked.symbols {
            match market::watch(&self.app.ctx, &self.room.user, &symbol).await {
                Ok((venue, instrument)) => {
                    let watch = Watch {
                        venue,
                        instrument,
                        sent: None,
                    };
                    self.room
                        .with_peer(socket, |peer| peer.watches.insert(symbol, watch));
                }
                Err(DeskError::Invalid { message, .. }) => {
                    known = false;
                    self.complain(socket, Code::BadMessage, &message);
                }
                Err(error) => return Err(self.failed(&error)),
            }
        }
        if known { Ok(()) } else { Err(Code::BadMessage) }
    }

    async fn unsubscribe(&self, socket: &SocketRef, asked: Symbols) -> Result<(), Code> {
        self.room.with_peer(socket, |peer| {
            peer.watches.retain(|symbol, _| !asked.symbols.contains(symbol))
        });
        Ok(())
    }

    async fn sync(&self, socket: &SocketRef, asked: Sync) -> Result<Ack, Code> {
        let wanted = Wanted::read(asked.types).map_err(|expected| {
            self.complain(socket, Code::BadMessage, &expected);
            Code::BadMessage
        })?;
        let answer = state_sync::answer(&self.app, &self.room, socket, asked.last_seq, &wanted).await;
        let head = answer.map_err(|error| self.failed(&error))?;
        // Whoever asks for some types only must be told where it stands: the last event may not be among them.
        Ok(if wanted == Wanted::All {
            Ack::OK
        } else {
            Ack::at(head)
        })
    }

    async fn renew(&self, socket: &SocketRef, renewal: Renewal) -> Result<(), Code> {
        let fresh = handshake::read(&self.app, &renewal.token).await?;
        if fresh.user.id != self.guest.user.id || fresh.session.id != self.guest.session.id {
            return Err(Code::Forbidden);
        }
        self.room.with_peer(socket, |peer| {
            peer.expires_at = fresh.expires_at;
            peer.warned = false;
        });
        let data = json!({ "expires_at": fresh.expires_at });
        let event = Envelope::plain("connection.reauthorized", self.app.ctx.now(), data);
        send(socket, &event);
        Ok(())
    }

    fn failed(&self, error: &DeskError) -> Code {
        tracing::error!(%error, user = %self.guest.user.id, "socket: a request failed");
        Code::InternalError
    }
}
