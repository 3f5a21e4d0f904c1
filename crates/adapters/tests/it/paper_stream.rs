//! The stream of order events: over lost frames, doubled frames and cut connections each event arrives once.

use std::sync::{Arc, Mutex};

use ordercast_model::{
    ids::ConnectionId,
    ports::{
        BoxFuture,
        broker::{Broker, BrokerEvent, Dedupe, EventSink},
    },
};
use serde_json::json;

use crate::{
    paper_fixture::{Floor, market, resting},
    world::until,
};

#[derive(Default)]
struct Seen(Mutex<Vec<BrokerEvent>>);

impl EventSink for Seen {
    fn take(&self, _: ConnectionId, event: BrokerEvent) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(event);
        Box::pin(async {})
    }
}

impl Seen {
    fn count(&self, fits: impl Fn(&BrokerEvent) -> bool) -> usize {
        self.0.lock().unwrap().iter().filter(|e| fits(e)).count()
    }
    fn connects(&self) -> usize {
        self.count(|e| matches!(e, BrokerEvent::Connected))
    }
    /// Ids of the fills, in the order they came.
    fn fills(&self) -> Vec<String> {
        let events = self.0.lock().unwrap();
        let fills = events.iter().filter_map(|e| match e {
            BrokerEvent::Fill { fill, .. } => Some(fill.venue_fill_id.clone()),
            _ => None,
        });
        fills.collect()
    }
}

async fn check(fault: Option<serde_json::Value>) {
    let floor = Floor::open(Dedupe::Always).await;
    let seen = Arc::new(Seen::default());
    let listening = tokio::spawn(floor.broker.listen(floor.access.clone(), seen.clone()));
    until("the connection", async || (seen.connects() > 0).then_some(())).await;
    floor.bought(1, 3).await;
    if let Some(fault) = &fault {
        floor.fault(fault.clone()).await;
    }
    for number in 2..6 {
        floor.bought(number, 2).await;
    }
    floor.accepted(&resting(9, 1)).await;
    floor.accepted(&market(10, 1)).await;
    let wanted: Vec<String> = until("all fills at the venue", async || {
        let ours = floor.look_up(&market(10, 1).client_order_id).await?;
        let fills = floor.broker.fills_since(&floor.access, None).await.unwrap();
        let ids = fills.iter().map(|f| f.venue_fill_id.clone()).collect();
        ours.state.is_final().then_some(ids)
    })
    .await;
    let timed = tokio::time::timeout(crate::world::WAIT, async {
        while seen.fills().len() < wanted.len() {
            crate::world::nap(20).await;
        }
    });
    let _shown_below = timed.await;
    assert_eq!(seen.fills(), wanted, "{fault:?}");
    let news = seen
        .count(|e| matches!(e, BrokerEvent::Order(o) if o.client_order_id == resting(9, 1).client_order_id));
    assert_eq!(news, 1, "{fault:?}");
    listening.abort();
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn events_arrive_once_in_order() {
    check(None).await;
}

#[tokio::test]
async fn a_lost_event_is_fetched() {
    check(Some(json!({"kind": "suppress_events", "count": 2}))).await;
}

#[tokio::test]
async fn a_doubled_event_counts_once() {
    check(Some(json!({"kind": "duplicate_events", "count": 3}))).await;
}

#[tokio::test]
async fn a_cut_stream_goes_on_where_it_was() {
    check(Some(json!({"kind": "disconnect_streams"}))).await;
}

#[tokio::test]
async fn a_refused_key_is_told_and_not_hammered() {
    let floor = Floor::open(Dedupe::Always).await;
    let seen = Arc::new(Seen::default());
    let mut access = floor.access.clone();
    let wrong = ordercast_model::secret::Secret::new("x".repeat(40));
    access.fields.insert("key".to_owned(), wrong);
    let listening = tokio::spawn(floor.broker.listen(access, seen.clone()));
    crate::world::nap(1_500).await;
    let refused = seen.count(|e| matches!(e, BrokerEvent::Disconnected(why) if why.contains("credential")));
    assert_eq!((refused, seen.connects()), (1, 0));
    listening.abort();
    floor.venue.shutdown().await;
}
