//! Order events of one account. Decides that no event is lost and none is handed on twice, over any number of
//! connections; refuses to know what the events lead to.

use std::{sync::Arc, time::Duration};

use ordercast_model::{
    ports::{
        broker::{Access, BrokerEvent, EventSink},
        clock::{Clock, Random},
    },
    secret::Secret,
};
use reqwest::Url;

use super::{
    client::bearer,
    map,
    wire::{Frame, Numbered, OrderFrame},
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
    access: Access,
    sink: Arc<dyn EventSink>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) {
    let key = access
        .fields
        .get("key")
        .cloned()
        .unwrap_or_else(|| Secret::new(String::new()));
    let mut backoff = Backoff::new(clock, random);
    let mut listener = Listener {
        access,
        sink,
        last: None,
    };
    loop {
        let lost = match open(&url, listener.last, &key).await {
            Ok(socket) => listener.follow(socket, &mut backoff).await,
            Err(lost) => lost,
        };
        if lost == Lost::Gone {
            listener.last = None;
        }
        listener.tell(BrokerEvent::Disconnected(lost.to_string())).await;
        if lost == Lost::Unauthorised {
            backoff.pause_for(REFUSED_WAIT).await;
        } else {
            backoff.pause().await;
        }
    }
}

/// Connects. `after` asks for the events that follow it.
async fn open(url: &Url, after: Option<u64>, key: &Secret<String>) -> Result<Socket, Lost> {
    let mut url = url.clone();
    if let Some(after) = after {
        url.query_pairs_mut().append_pair("after", &after.to_string());
    }
    let key = bearer(key).map_err(|_| Lost::Unauthorised)?;
    Socket::open(&url, Some(key)).await
}

struct Listener {
    access: Access,
    sink: Arc<dyn EventSink>,
    /// Number of the last event dealt with; none until the venue has said where it stands.
    last: Option<u64>,
}

impl Listener {
    async fn tell(&self, event: BrokerEvent) {
        self.sink.take(self.access.connection_id, event).await;
    }

    /// Takes frames until the connection must go.
    async fn follow(&mut self, mut socket: Socket, backoff: &mut Backoff) -> Lost {
        loop {
            let text = match socket.next().await {
                Ok(text) => text,
                Err(lost) => return lost,
            };
            let frame = match serde_json::from_str::<Frame>(&text) {
                Ok(frame) => frame,
                Err(why) => {
                    if let Err(lost) = self.pass_over(&text, &why).await {
                        return lost;
                    }
                    continue;
                }
            };
            match frame {
                Frame::Hello { event } => {
                    backoff.reset();
                    self.greet(event.unwrap_or(0)).await;
                }
                Frame::Order(frame) => match self.step(frame.event) {
                    Ok(true) => self.hand_on(&frame).await,
                    Ok(false) => {}
                    Err(lost) => return lost,
                },
                Frame::Quotes { .. } => {}
                Frame::Error { code, message } => return Lost::Cut(format!("{code}: {message}")),
            }
        }
    }

    /// The venue says where the account stands. A number below ours is another history: begin there.
    async fn greet(&mut self, newest: u64) {
        if self.last.is_none_or(|last| last > newest) {
            self.last = Some(newest);
        }
        self.tell(BrokerEvent::Connected).await;
    }

    /// Moves on to an event when it is the next one; false for an event seen before.
    fn step(&mut self, event: u64) -> Result<bool, Lost> {
        let next = self.last.map_or(event, |last| last + 1);
        if event > next {
            return Err(Lost::Cut(format!("event {next} is missing, {event} came")));
        }
        if event == next {
            self.last = Some(event);
        }
        Ok(event == next)
    }

    async fn hand_on(&self, frame: &OrderFrame) {
        let Some(order) = &frame.order else {
            // An option that was paid out: no order of ours, found by the next look at the fills.
            return self.tell(BrokerEvent::Connected).await;
        };
        let fill = frame.fill.as_ref().map(map::fill).transpose();
        match (map::order(order), fill) {
            (Ok(Some(order)), Ok(Some(fill))) => self.tell(BrokerEvent::Fill { order, fill }).await,
            (Ok(Some(order)), Ok(None)) => self.tell(BrokerEvent::Order(order)).await,
            // Placed or ended there past us: the account is looked at.
            (Ok(None), _) => self.tell(BrokerEvent::Connected).await,
            (Err(why), _) | (_, Err(why)) => {
                tracing::warn!(event = frame.event, %why, "an event of the paper venue is not understood");
                self.tell(BrokerEvent::Connected).await;
            }
        }
    }

    /// An unreadable frame: counted when it has a number, and the caller is told that something may be missing.
    async fn pass_over(&mut self, text: &str, why: &serde_json::Error) -> Result<(), Lost> {
        tracing::warn!(%why, "a frame of the paper venue does not read");
        if let Ok(Numbered { event }) = serde_json::from_str(text)
            && self.step(event)?
        {
            self.tell(BrokerEvent::Connected).await;
        }
        Ok(())
    }
}
