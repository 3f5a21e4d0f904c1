//! Order events of one account. Alpaca repeats nothing after a cut, so that every connection begins with a look at what was
//! missed; refuses to know what the events lead to.

use std::{sync::Arc, time::Duration};

use ordercast_model::ports::{
    broker::{Access, BrokerEvent, EventSink},
    clock::{Clock, Random},
};
use reqwest::Url;
use serde_json::json;

use super::{
    client::{ACCESS_TOKEN, KEY_ID, SECRET_KEY},
    fill, map,
    protect::Ended,
    tag, wire,
};
use crate::{
    backoff::Backoff,
    socket::{Lost, Socket},
};

/// Wait after a refused key: asking again at once would change nothing.
const REFUSED_WAIT: Duration = Duration::from_secs(60);

/// Runs until dropped.
pub(super) async fn listen(
    url: Url,
    (access, ended): (Access, Arc<Ended>),
    sink: Arc<dyn EventSink>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) {
    let mut backoff = Backoff::new(clock, random);
    let listener = Listener { access, ended, sink };
    loop {
        let lost = match Socket::open(&url, None).await {
            Ok(socket) => listener.follow(socket, &mut backoff).await,
            Err(lost) => lost,
        };
        listener.tell(BrokerEvent::Disconnected(lost.to_string())).await;
        if lost == Lost::Unauthorised {
            backoff.pause_for(REFUSED_WAIT).await;
        } else {
            backoff.pause().await;
        }
    }
}

struct Listener {
    access: Access,
    ended: Arc<Ended>,
    sink: Arc<dyn EventSink>,
}

impl Listener {
    async fn tell(&self, event: BrokerEvent) {
        self.sink.take(self.access.connection_id, event).await;
    }

    /// What shows who listens.
    fn hello(&self) -> String {
        let field = |name: &str| self.access.fields.get(name).map_or("", |s| s.expose().as_str());
        if self.access.fields.contains_key(ACCESS_TOKEN) {
            return json!({"action": "authenticate", "data": {"oauth_token": field(ACCESS_TOKEN)}})
                .to_string();
        }
        json!({"action": "auth", "key": field(KEY_ID), "secret": field(SECRET_KEY)}).to_string()
    }

    /// Shows the credential, asks for the updates, takes frames until the connection must go.
    async fn follow(&self, mut socket: Socket, backoff: &mut Backoff) -> Lost {
        if let Err(lost) = socket.send(self.hello()).await {
            return lost;
        }
        loop {
            let text = match socket.next().await {
                Ok(text) => text,
                Err(lost) => return lost,
            };
            let frame: wire::Frame = match serde_json::from_str(&text) {
                Ok(frame) => frame,
                Err(why) => {
                    tracing::warn!(%why, "a frame of Alpaca does not read");
                    self.tell(BrokerEvent::Connected).await;
                    continue;
                }
            };
            let step = match frame.stream.as_str() {
                "authorization" => self.authorised(&mut socket, &frame).await,
                "listening" => self.listening(&frame, backoff).await,
                "trade_updates" => {
                    self.update(&frame).await;
                    Ok(())
                }
                _ => Ok(()),
            };
            if let Err(lost) = step {
                return lost;
            }
        }
    }

    async fn authorised(&self, socket: &mut Socket, frame: &wire::Frame) -> Result<(), Lost> {
        let answer: wire::Authorization =
            serde_json::from_str(frame.data.get()).map_err(|e| Lost::Cut(e.to_string()))?;
        if answer.status != "authorized" {
            return Err(Lost::Unauthorised);
        }
        let wish = json!({"action": "listen", "data": {"streams": ["trade_updates"]}});
        socket.send(wish.to_string()).await
    }

    /// The updates flow from now on: what happened before is looked for.
    async fn listening(&self, frame: &wire::Frame, backoff: &mut Backoff) -> Result<(), Lost> {
        let answer: wire::Listening =
            serde_json::from_str(frame.data.get()).map_err(|e| Lost::Cut(e.to_string()))?;
        if !answer.streams.iter().any(|s| s == "trade_updates") {
            return Err(Lost::Cut("Alpaca does not stream trade updates".to_owned()));
        }
        backoff.reset();
        self.tell(BrokerEvent::Connected).await;
        Ok(())
    }

    async fn update(&self, frame: &wire::Frame) {
        let update: wire::Update = match serde_json::from_str(frame.data.get()) {
            Ok(update) => update,
            Err(why) => {
                tracing::warn!(%why, "an update of Alpaca does not read");
                return self.tell(BrokerEvent::Connected).await;
            }
        };
        // The leg that Alpaca named, or an order by hand: the account is looked at.
        let Some(id) = update.order.client_order_id.as_deref().and_then(tag::own) else {
            return self.tell(BrokerEvent::Connected).await;
        };
        let order = match map::order_as(id.clone(), &update.order) {
            Ok(order) => self.ended.explained(order),
            Err(why) => {
                tracing::warn!(%why, "an update of Alpaca is not understood");
                return self.tell(BrokerEvent::Connected).await;
            }
        };
        let filled = matches!(update.event.as_str(), "fill" | "partial_fill");
        match fill::streamed(&update, &id, &order.instrument) {
            Some(fill) if filled => self.tell(BrokerEvent::Fill { order, fill }).await,
            _ => self.tell(BrokerEvent::Order(order)).await,
        }
    }
}
