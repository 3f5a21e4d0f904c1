//! Order events of one account over the WebSocket API. Binance repeats nothing after a cut, so that every connection begins with
//! a look at what was missed; refuses to know what the events lead to.

use std::{sync::Arc, time::Duration};

use ordercast_model::ports::{
    broker::{Access, BrokerEvent, EventSink},
    clock::{Clock, Random},
};
use serde_json::json;

use super::{
    client::{Client, Who},
    error::{self, No, Says},
    fill,
    listing::Desk,
    map,
    memory::Memory,
    wire,
};
use crate::{
    backoff::Backoff,
    http,
    socket::{Lost, Socket},
};

/// Wait after a refused key: asking again at once would change nothing.
const REFUSED_WAIT: Duration = Duration::from_secs(60);

/// What a listener needs.
pub(super) struct Listener {
    pub(super) client: Client,
    pub(super) memory: Arc<Memory>,
    pub(super) access: Access,
    pub(super) sink: Arc<dyn EventSink>,
    pub(super) clock: Arc<dyn Clock>,
}

/// Runs until dropped.
pub(super) async fn listen(listener: Listener, random: Arc<dyn Random>) {
    let mut backoff = Backoff::new(listener.clock.clone(), random);
    loop {
        let lost = match listener.connect().await {
            Ok((socket, who)) => listener.follow(socket, who, &mut backoff).await,
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

fn lost(no: &No) -> Lost {
    match no {
        No::Unauthorised(_) => Lost::Unauthorised,
        no => Lost::Cut(error::words(no)),
    }
}

impl Listener {
    async fn tell(&self, event: BrokerEvent) {
        self.sink.take(self.access.connection_id, event).await;
    }

    /// Connects and asks for the account's events.
    async fn connect(&self) -> Result<(Socket, Who), Lost> {
        let who = Who::of(&self.access).map_err(|no| lost(&no))?;
        let hello = self.client.hello(&who).await.map_err(|no| lost(&no))?;
        let url = http::under(self.client.hosts.socket(self.access.mode), &["ws-api", "v3"]);
        let mut socket = Socket::open(&url, None).await?;
        let wish = json!({"id": "events", "method": "userDataStream.subscribe.signature", "params": hello});
        socket.send(wish.to_string()).await?;
        Ok((socket, who))
    }

    /// Takes frames until the connection must go.
    async fn follow(&self, mut socket: Socket, who: Who, backoff: &mut Backoff) -> Lost {
        let desk = Desk {
            client: self.client.clone(),
            memory: &self.memory,
            clock: &self.clock,
            access: &self.access,
            who,
        };
        loop {
            let text = match socket.next().await {
                Ok(text) => text,
                Err(lost) => return lost,
            };
            let frame: wire::Frame = match serde_json::from_str(&text) {
                Ok(frame) => frame,
                Err(why) => {
                    tracing::warn!(%why, "a frame of Binance does not read");
                    self.tell(BrokerEvent::Connected).await;
                    continue;
                }
            };
            let step = match (frame.status, &frame.event) {
                (_, Some(event)) => self.heard(&desk, event.get()).await,
                (Some(200), None) => {
                    // The events flow from now on: what happened before is looked for.
                    backoff.reset();
                    self.tell(BrokerEvent::Connected).await;
                    Ok(())
                }
                (Some(status), None) => Err(self.refused(status, frame.error.unwrap_or_default())),
                (None, None) => Ok(()),
            };
            if let Err(lost) = step {
                return lost;
            }
        }
    }

    /// The subscription is refused.
    fn refused(&self, status: u16, error: wire::Refused) -> Lost {
        let code = error.code.unwrap_or_default();
        let message = error.msg.unwrap_or_default();
        let message: String = message.chars().take(200).collect();
        match error::says(code, &message) {
            Some(Says::Unauthorised) => Lost::Unauthorised,
            says => {
                if says == Some(Says::Clock) {
                    self.client.forget_offset(self.access.mode);
                }
                Lost::Cut(format!("Binance answers {status} {code}: {message}"))
            }
        }
    }

    async fn heard(&self, desk: &Desk<'_>, event: &str) -> Result<(), Lost> {
        let kind: wire::Kind = serde_json::from_str(event).map_err(|e| Lost::Cut(e.to_string()))?;
        match kind.e.as_str() {
            "executionReport" => {
                self.report(desk, event).await;
                Ok(())
            }
            // Deposits, withdrawals and transfers: the account is looked at.
            "balanceUpdate" => {
                self.tell(BrokerEvent::Connected).await;
                Ok(())
            }
            "eventStreamTerminated" | "listenKeyExpired" | "serverShutdown" => {
                Err(Lost::Cut(format!("Binance ends the events: {}", kind.e)))
            }
            _ => Ok(()),
        }
    }

    async fn report(&self, desk: &Desk<'_>, event: &str) {
        let report: wire::Report = match serde_json::from_str(event) {
            Ok(report) => report,
            Err(why) => {
                tracing::warn!(%why, "an event of Binance does not read");
                return self.tell(BrokerEvent::Connected).await;
            }
        };
        // A cancel has an id of its own and names the order's beside it.
        let named = report.original.as_deref().filter(|c| !c.is_empty());
        let Ok(id) = named
            .unwrap_or(&report.c)
            .parse::<ordercast_model::order::identity::ClientOrderId>()
        else {
            return self.tell(BrokerEvent::Connected).await;
        };
        desk.memory.learn(&report.s, report.i, id.as_str());
        desk.touch(&id, &report.s);
        let known = map::instrument(&report.s, desk.quote())
            .and_then(|instrument| map::report(id.clone(), &report, &instrument).map(|o| (o, instrument)));
        let (order, instrument) = match known {
            Ok(known) => known,
            Err(why) => {
                tracing::warn!(%why, "an event of Binance is not understood");
                return self.tell(BrokerEvent::Connected).await;
            }
        };
        if report.x != "TRADE" {
            return self.tell(BrokerEvent::Order(order)).await;
        }
        let paid = (report.n, report.asset.as_deref());
        let fee = fill::fee(desk, &instrument, paid, report.price.unwrap_or_default()).await;
        let told = fee
            .ok()
            .and_then(|fee| fill::streamed(&report, &id, &instrument, fee));
        match told {
            Some(fill) => self.tell(BrokerEvent::Fill { order, fill }).await,
            // The list of executions tells it.
            None => self.tell(BrokerEvent::Connected).await,
        }
    }
}
