//! Orders by Alpaca's protocol: sent, looked up, cancelled, adopted, protected; and what is believed in trouble.

use std::{sync::Arc, time::Duration};

use ordercast_model::{
    connection::Mode,
    ids::ConnectionId,
    order::{
        identity::Leg,
        shape::{OrderRequest, OrderType, ProtectionGroup, ProtectionSlice},
    },
    ports::{
        BoxFuture,
        broker::{
            Broker, BrokerError, BrokerEvent, CancelOutcome, ErrorKind, EventSink, NOTHING_HELD, NotSent,
            Protected, Sent, VenueState,
        },
        market::Market,
    },
    secret::Secret,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    alpaca_fixture::{PAPER, Pit, market},
    paper_fixture::{client_id, leg, price, resting},
    world::{self, http},
};

#[tokio::test]
async fn an_order_is_filled_and_each_execution_is_told_once() {
    let pit = Pit::open().await;
    let end = pit.broker.fills_end(&pit.access).await.unwrap();
    let order = pit.bought(1, 5).await;
    assert_eq!((order.state, order.filled), (VenueState::Filled, order.quantity));
    let positions = pit.broker.positions(&pit.access).await.unwrap();
    assert_eq!(positions[0].quantity, Decimal::from(5));
    let fills = pit.broker.fills_since(&pit.access, end.as_deref()).await.unwrap();
    let sum: Decimal = fills.iter().map(|f| f.quantity.value()).sum();
    assert_eq!(sum, Decimal::from(5));
    assert!(
        fills
            .iter()
            .all(|f| f.client_order_id.as_ref() == Some(&order.client_order_id))
    );
    let cursor = &fills.last().unwrap().cursor;
    let again = pit.broker.fills_since(&pit.access, Some(cursor)).await.unwrap();
    assert!(again.is_empty(), "{again:?}");
    pit.bought(2, 1).await;
    let next = pit.broker.fills_since(&pit.access, Some(cursor)).await.unwrap();
    assert_eq!(next.len(), 1, "{next:?}");
    let past = pit.broker.fills_end(&pit.access).await.unwrap();
    let none = pit
        .broker
        .fills_since(&pit.access, past.as_deref())
        .await
        .unwrap();
    assert!(
        none.is_empty(),
        "what came before a connection is not its own: {none:?}"
    );
    let account = pit.broker.account(&pit.access).await.unwrap();
    assert!(account.cash < Decimal::from(100_000));
    assert_eq!((account.mode, account.may_withdraw), (Mode::Paper, None));
    pit.server.shutdown().await;
}

#[tokio::test]
async fn a_key_of_the_other_host_is_refused_and_sends_nothing() {
    let pit = Pit::open().await;
    let mut crossed = pit.access.clone();
    crossed.mode = Mode::Live;
    let order = crate::approve::approved(&market(1, 1));
    let sent = pit.broker.place(&crossed, &order).await;
    assert!(
        matches!(sent, Sent::NotSent(NotSent::Unauthorised(_))),
        "{sent:?}"
    );
    let read = pit.broker.account(&crossed).await;
    assert!(matches!(read, Err(BrokerError::Unauthorised(_))), "{read:?}");
    let live = pit.broker.account(&pit.live()).await.unwrap();
    assert_eq!(live.mode, Mode::Live);
    let mut bare = pit.access.clone();
    bare.fields.remove("secret_key");
    let read = pit.broker.account(&bare).await;
    assert!(matches!(read, Err(BrokerError::Unauthorised(why)) if why.contains("secret_key")));
    bare.fields
        .insert("secret_key".to_owned(), Secret::new("two\nlines".to_owned()));
    let sent = pit.broker.place(&bare, &order).await;
    assert!(matches!(sent, Sent::NotSent(NotSent::Retry { .. })), "{sent:?}");
    pit.server.shutdown().await;
}

#[tokio::test]
async fn a_taken_id_is_adopted_only_when_it_is_the_same_order() {
    let pit = Pit::open().await;
    let first = pit.accepted(&resting(1, 3)).await;
    let again = pit.accepted(&resting(1, 3)).await;
    assert_eq!(first.broker_order_id, again.broker_order_id);
    let sent = pit.place(&resting(1, 4)).await;
    assert!(
        matches!(&sent, Sent::Rejected(r) if r.kind == ErrorKind::DuplicateClientId),
        "{sent:?}"
    );
    assert_eq!(pit.works().await.len(), 1);
    pit.server.shutdown().await;
}

#[tokio::test]
async fn a_cancel_tells_how_the_order_stands() {
    let pit = Pit::open().await;
    let cancel = async |number| {
        let id = client_id(number, Leg::Entry);
        pit.broker.cancel(&pit.access, &id).await
    };
    pit.accepted(&resting(1, 1)).await;
    assert!(matches!(cancel(1).await, CancelOutcome::Done(_)));
    world::until("the cancel", async || {
        matches!(cancel(1).await, CancelOutcome::Done(o) if o.state == VenueState::Cancelled).then_some(())
    })
    .await;
    pit.bought(2, 1).await;
    assert!(matches!(cancel(2).await, CancelOutcome::Done(o) if o.state == VenueState::Filled));
    assert_eq!(cancel(3).await, CancelOutcome::NotFound);
    pit.accepted(&resting(4, 1)).await;
    pit.fault(json!({"kind": "drop_answer", "route": "cancel"})).await;
    assert!(matches!(cancel(4).await, CancelOutcome::Unknown(_)));
    assert!(matches!(cancel(4).await, CancelOutcome::Done(_)));
    pit.server.shutdown().await;
}

/// One fault on a submit: what the broker says, and whether Alpaca holds the order all the same.
async fn check(pit: &Pit, number: u32, fault: Value, said: impl Fn(&Sent) -> bool, held: bool) {
    let mut wish = fault.clone();
    wish["route"] = json!("submit");
    pit.fault(wish).await;
    let request = resting(number, 1);
    let sent = pit.place(&request).await;
    assert!(said(&sent), "{fault}: {sent:?}");
    pit.clear_faults().await;
    let id = &request.client_order_id;
    let found = pit.broker.order_by_client_id(&pit.access, id).await.unwrap();
    assert_eq!(found.is_some(), held, "{fault}");
}

#[tokio::test]
async fn an_unclear_answer_is_unknown_and_a_clear_one_is_believed() {
    let pit = Pit::open().await;
    let unknown = |sent: &Sent| matches!(sent, Sent::Unknown(_));
    check(&pit, 1, json!({"kind": "drop_answer"}), unknown, true).await;
    check(&pit, 2, json!({"kind": "error_after"}), unknown, true).await;
    check(
        &pit,
        3,
        json!({"kind": "error_before", "status": 502}),
        unknown,
        false,
    )
    .await;
    check(
        &pit,
        4,
        json!({"kind": "delay_answer", "millis": 3_000}),
        unknown,
        true,
    )
    .await;
    check(&pit, 5, json!({"kind": "hang"}), unknown, false).await;
    let accepted = |sent: &Sent| matches!(sent, Sent::Accepted(_));
    for (number, kind) in (6..).zip(["numbers", "nulls", "missing"]) {
        check(&pit, number, json!({"kind": kind}), accepted, true).await;
    }
    let waits = |seconds| move |sent: &Sent| matches!(sent, Sent::NotSent(NotSent::Retry { after, .. }) if *after == Duration::from_secs(seconds));
    check(
        &pit,
        10,
        json!({"kind": "rate_limit", "retry_after": 7}),
        waits(7),
        false,
    )
    .await;
    check(&pit, 11, json!({"kind": "maintenance"}), waits(1), false).await;
    let odd = json!({"kind": "answer", "status": 418, "code": 1, "message": "teapot"});
    check(&pit, 12, odd, unknown, false).await;
    pit.server.shutdown().await;
}

#[tokio::test]
async fn each_refusal_has_its_kind_and_keeps_the_venues_words() {
    let pit = Pit::open().await;
    let kind_of = async |request: &OrderRequest| match pit.place(request).await {
        Sent::Rejected(refusal) => (refusal.kind, refusal.message),
        other => panic!("not refused: {other:?}"),
    };
    let mut unknown = resting(1, 1);
    unknown.instrument = "XYZQ".parse().unwrap();
    let (kind, words) = kind_of(&unknown).await;
    assert_eq!(kind, ErrorKind::InvalidSymbol);
    assert!(words.contains("XYZQ"), "{words}");
    let mut large = resting(2, 1_000_000);
    large.order_type = OrderType::Limit { limit: price("100") };
    assert_eq!(kind_of(&large).await.0, ErrorKind::InsufficientFunds);
    // What closes never opens the other way (PRODUCT EX-17).
    let nothing_held = leg(3, Leg::Flatten, 1, OrderType::Limit { limit: price("9000") });
    let sent = pit.place(&nothing_held).await;
    assert!(
        matches!(&sent, Sent::Rejected(refusal) if refusal.code == NOTHING_HELD),
        "{sent:?}"
    );
    let mut option = market(4, 1);
    option.instrument = "AAPL 2026-12-18 150 C".parse().unwrap();
    option.order_type = OrderType::Stop { stop: price("1") };
    let sent = pit.place(&option).await;
    assert!(
        matches!(&sent, Sent::NotSent(NotSent::Unsupported(why)) if why.contains("stop orders of options")),
        "{sent:?}"
    );
    pit.server.shutdown().await;
}

#[tokio::test]
async fn a_read_that_fails_is_never_an_empty_answer() {
    let pit = Pit::open().await;
    pit.bought(1, 1).await;
    for kind in [
        "error_before",
        "error_after",
        "drop_answer",
        "rate_limit",
        "maintenance",
    ] {
        pit.fault(json!({"kind": kind, "route": "any", "count": 50}))
            .await;
        let failed = |failed: bool, what: &str| assert!(failed, "{kind}: {what}");
        let broker = &pit.broker;
        let positions = broker.positions(&pit.access).await;
        failed(matches!(positions, Err(BrokerError::Unavailable(_))), "positions");
        let fills = broker.fills_since(&pit.access, None).await;
        failed(matches!(fills, Err(BrokerError::Unavailable(_))), "fills");
        let id = resting(99, 1).client_order_id;
        let order = broker.order_by_client_id(&pit.access, &id).await;
        failed(matches!(order, Err(BrokerError::Unavailable(_))), "order");
        pit.clear_faults().await;
    }
    pit.server.shutdown().await;
}

fn group(version: u32, slices: &[(u32, u32)]) -> ProtectionGroup {
    let slice = |(number, units): &(u32, u32)| ProtectionSlice {
        stop: Some(leg(
            *number,
            Leg::Stop(version),
            *units,
            OrderType::Stop { stop: price("1.5") },
        )),
        target: Some(leg(
            *number,
            Leg::Target(version),
            *units,
            OrderType::Limit { limit: price("9000") },
        )),
    };
    ProtectionGroup {
        group_id: "lot_1".to_owned(),
        version,
        slices: slices.iter().map(slice).collect(),
    }
}

fn placed(outcome: Protected) -> Vec<String> {
    match outcome {
        Protected::Placed(legs) => {
            let mut ids: Vec<String> = legs.iter().map(|o| o.client_order_id.to_string()).collect();
            ids.sort();
            ids
        }
        other => panic!("not placed: {other:?}"),
    }
}

#[tokio::test]
async fn protection_is_pairs_that_are_swapped_and_repeats_change_nothing() {
    let pit = Pit::open().await;
    pit.bought(1, 4).await;
    let nothing = group(1, &[]);
    assert!(
        placed(pit.protect(&nothing, 4).await).is_empty(),
        "a group nobody knows is done"
    );
    let first = placed(pit.protect(&group(1, &[(1, 2), (2, 2)]), 4).await);
    assert_eq!((first.len(), &first), (4, &pit.works().await));
    let again = placed(pit.protect(&group(1, &[(1, 2), (2, 2)]), 4).await);
    assert_eq!(again, first, "the same version again");
    // Each leg is found by the id that is ours, also the one that Alpaca named.
    for number in [1, 2] {
        for kind in [Leg::Stop(1), Leg::Target(1)] {
            let id = client_id(number, kind);
            let found = pit.broker.order_by_client_id(&pit.access, &id).await.unwrap();
            assert!(found.is_some_and(|o| o.state == VenueState::Working), "{id}");
        }
    }
    // The answer is lost, the order is not: the same version again finds it in force.
    pit.fault(json!({"kind": "drop_answer", "route": "submit"})).await;
    let lost = pit.protect(&group(2, &[(1, 4)]), 4).await;
    assert!(matches!(lost, Protected::Unknown(_)), "{lost:?}");
    let second = placed(pit.protect(&group(2, &[(1, 4)]), 4).await);
    assert_eq!((second.len(), &second), (2, &pit.works().await));
    assert!(second.iter().all(|id| !first.contains(id)));
    let much = pit.protect(&group(3, &[(5, 9)]), 9).await;
    assert!(
        matches!(&much, Protected::Rejected(r) if r.kind == ErrorKind::InvalidOrder),
        "{much:?}"
    );
    assert!(pit.works().await.is_empty(), "half a version is never left");
    placed(pit.protect(&group(4, &[(1, 2), (2, 2)]), 4).await);
    assert!(placed(pit.protect(&group(5, &[]), 4).await).is_empty());
    assert!(pit.works().await.is_empty());
    // Its end is ours, not somebody's at the broker.
    let stop = client_id(1, Leg::Stop(4));
    let stop = pit.broker.order_by_client_id(&pit.access, &stop).await.unwrap();
    assert_eq!(stop.unwrap().reason.as_deref(), Some("group_replaced"));
    pit.server.shutdown().await;
}

#[tokio::test]
async fn a_version_whose_orders_ended_is_never_taken_for_one_in_force() {
    let pit = Pit::open().await;
    pit.bought(1, 4).await;
    placed(pit.protect(&group(1, &[(1, 4)]), 4).await);
    placed(pit.protect(&group(2, &[]), 4).await);
    let again = pit.protect(&group(1, &[(1, 4)]), 4).await;
    assert!(
        matches!(&again, Protected::Rejected(refusal) if refusal.code == "ended_before"),
        "{again:?}"
    );
    assert!(pit.works().await.is_empty());
    placed(pit.protect(&group(3, &[(1, 4)]), 4).await);
    pit.server.shutdown().await;
}

#[tokio::test]
async fn protection_that_went_and_cannot_be_followed_now_is_told_as_gone() {
    let pit = Pit::open().await;
    pit.bought(1, 4).await;
    placed(pit.protect(&group(1, &[(1, 4)]), 4).await);
    pit.fault(json!({"kind": "rate_limit", "route": "submit", "retry_after": 60}))
        .await;
    let gone = pit.protect(&group(2, &[(1, 4)]), 4).await;
    assert!(
        matches!(&gone, Protected::Rejected(refusal) if refusal.code == "not_replaced"),
        "whoever can watch must: {gone:?}"
    );
    assert!(pit.works().await.is_empty());
    pit.server.shutdown().await;
}

#[tokio::test]
async fn a_target_that_fills_is_told_under_its_id_and_ends_its_stop() {
    let pit = Pit::open().await;
    pit.bought(1, 4).await;
    let end = pit.broker.fills_end(&pit.access).await.unwrap();
    let mut near = group(1, &[(1, 4)]);
    near.slices[0].target.as_mut().unwrap().order_type = OrderType::Limit { limit: price("5") };
    placed(pit.protect(&near, 4).await);
    let fills = world::until("the target's fill", async || {
        let fills = pit.broker.fills_since(&pit.access, end.as_deref()).await.unwrap();
        let sum: Decimal = fills.iter().map(|f| f.quantity.value()).sum();
        (sum == Decimal::from(4)).then_some(fills)
    })
    .await;
    let id = client_id(1, Leg::Target(1));
    assert!(
        fills.iter().all(|f| f.client_order_id.as_ref() == Some(&id)),
        "{fills:?}"
    );
    let stop = client_id(1, Leg::Stop(1));
    let stop = pit.broker.order_by_client_id(&pit.access, &stop).await.unwrap();
    let stop = stop.unwrap();
    assert_eq!(
        (stop.state, stop.reason.as_deref()),
        (VenueState::Cancelled, Some("oco_filled"))
    );
    pit.server.shutdown().await;
}

#[tokio::test]
async fn a_stop_that_fills_is_told_under_the_id_that_is_ours() {
    let pit = Pit::open().await;
    pit.bought(1, 4).await;
    let end = pit.broker.fills_end(&pit.access).await.unwrap();
    let mut near = group(1, &[(1, 4)]);
    near.slices[0].stop.as_mut().unwrap().order_type = OrderType::Stop { stop: price("8000") };
    let outcome = pit.protect(&near, 4).await;
    assert!(!matches!(outcome, Protected::NotSent(_)), "{outcome:?}");
    let fills = world::until("the stop's fill", async || {
        let fills = pit.broker.fills_since(&pit.access, end.as_deref()).await.unwrap();
        let sum: Decimal = fills.iter().map(|f| f.quantity.value()).sum();
        (sum == Decimal::from(4)).then_some(fills)
    })
    .await;
    let id = client_id(1, Leg::Stop(1));
    assert!(
        fills.iter().all(|f| f.client_order_id.as_ref() == Some(&id)),
        "{fills:?}"
    );
    pit.server.shutdown().await;
}

struct Heard(mpsc::Sender<BrokerEvent>);
impl EventSink for Heard {
    fn take(&self, _: ConnectionId, event: BrokerEvent) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let _full = self.0.send(event).await;
        })
    }
}

#[tokio::test]
async fn the_stream_tells_the_executions_that_the_list_tells_and_begins_with_a_look() {
    let pit = Pit::open().await;
    let (sender, mut heard) = mpsc::channel(64);
    let listening = tokio::spawn(pit.broker.listen(pit.access.clone(), Arc::new(Heard(sender))));
    let mut next = async || {
        tokio::time::timeout(Duration::from_secs(10), heard.recv())
            .await
            .expect("an event")
            .expect("the stream lives")
    };
    assert_eq!(next().await, BrokerEvent::Connected);
    let end = pit.broker.fills_end(&pit.access).await.unwrap();
    let order = pit.bought(1, 3).await;
    let mut told = Vec::new();
    while told.is_empty() {
        if let BrokerEvent::Fill { order: shown, fill } = next().await {
            assert_eq!(shown.client_order_id, order.client_order_id);
            told.push(fill.venue_fill_id);
        }
    }
    let listed = pit.broker.fills_since(&pit.access, end.as_deref()).await.unwrap();
    assert_eq!(listed[0].venue_fill_id, told[0]);
    pit.fault(json!({"kind": "disconnect_streams"})).await;
    loop {
        if matches!(next().await, BrokerEvent::Disconnected(_)) {
            break;
        }
    }
    assert_eq!(next().await, BrokerEvent::Connected);
    listening.abort();
    pit.server.shutdown().await;
}

#[tokio::test]
async fn quotes_rules_and_sessions_are_alpacas() {
    let pit = Pit::open().await;
    let market = pit.market();
    for symbol in ["AAPL", "BTC", "BTCUSDT", "AAPL 2026-12-18 150 C"] {
        let rules = market.rules(symbol).await.unwrap();
        let quote = market.quote(&rules.instrument).await.unwrap();
        assert!(quote.bid < quote.ask, "{symbol}: {quote:?}");
        assert_eq!(
            market.latest(&rules.instrument).unwrap().instrument,
            rules.instrument
        );
        let session = market.session(&rules.instrument).await.unwrap();
        assert!(session.open, "{symbol}");
    }
    let shares = market.rules("AAPL").await.unwrap();
    assert_eq!((shares.lot, shares.tick), (Decimal::ONE, Decimal::new(1, 2)));
    assert_eq!(
        market.rules("btc-usd").await.unwrap().instrument.to_string(),
        "BTC/USD"
    );
    let unknown = market.rules("XYZQ").await.unwrap_err();
    assert!(unknown.to_string().contains("XYZQ"), "{unknown}");
    let all = market.list().await.unwrap();
    assert!(all.iter().any(|r| r.instrument.to_string() == "AAPL"));
    let bars = market.bars(&"AAPL".parse().unwrap(), 5).await.unwrap();
    assert!(bars.windows(2).all(|two| two[0].at < two[1].at), "{bars:?}");
    pit.server.shutdown().await;
}

/// What the account's owner places at Alpaca: for an amount, as a bracket, and one that trails; each shown as a trader says it,
/// legs only once they work.
#[tokio::test]
async fn orders_placed_there_by_hand_are_shown_in_their_own_terms() {
    let pit = Pit::open().await;
    pit.accepted(&resting(1, 2)).await;
    let orders = format!("{}/v2/orders", pit.server.paper_url());
    let place = async |body: Value| {
        let request = http().post(&orders).header("APCA-API-KEY-ID", PAPER.0);
        let answer = request
            .header("APCA-API-SECRET-KEY", PAPER.1)
            .json(&body)
            .send()
            .await
            .unwrap();
        let told = answer.json::<Value>().await.unwrap();
        told["id"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    };
    let bracket = place(json!({
        "symbol": "AAPL", "side": "buy", "type": "limit", "time_in_force": "gtc", "qty": "3", "limit_price": "2.50",
        "order_class": "bracket", "take_profit": {"limit_price": "9.50"}, "stop_loss": {"stop_price": "1.50"},
    }))
    .await;
    let open = pit.broker.open_orders(&pit.access).await.unwrap();
    let words: Vec<String> = open
        .iter()
        .filter(|o| o.client_order_id.is_none())
        .map(|o| o.terms.to_string())
        .collect();
    assert_eq!(words, ["buy 3 AAPL limit 2.50"], "its legs are held back");
    assert_eq!(open.len(), 2);
    let url = format!("{orders}/{bracket}");
    let request = http().delete(url).header("APCA-API-KEY-ID", PAPER.0);
    request
        .header("APCA-API-SECRET-KEY", PAPER.1)
        .send()
        .await
        .unwrap();
    let ended = world::until("the end of the bracket", async || {
        let found = pit.broker.order_by_broker_id(&pit.access, &bracket).await;
        found.unwrap().filter(|o| o.state.is_final())
    })
    .await;
    assert_eq!(ended.state, VenueState::Cancelled);
    // A purchase that rests would be a wash trade with what is sold next.
    let rests = resting(1, 2).client_order_id;
    pit.broker.cancel(&pit.access, &rests).await;
    world::until("the end of what rested", async || {
        let found = pit.broker.order_by_client_id(&pit.access, &rests).await;
        found.unwrap().filter(|o| o.state.is_final())
    })
    .await;
    pit.bought(2, 4).await;
    place(json!({
        "symbol": "AAPL", "side": "sell", "type": "trailing_stop", "time_in_force": "gtc", "qty": "4", "trail_percent": "5",
    }))
    .await;
    let open = pit.broker.open_orders(&pit.access).await.unwrap();
    let theirs = open.iter().find(|o| o.client_order_id.is_none()).unwrap();
    assert_eq!(
        (theirs.terms.to_string().as_str(), theirs.terms.stop),
        ("sell 4 AAPL trailing stop", None)
    );
    let nobody = pit
        .broker
        .order_by_broker_id(&pit.access, "00000000-0000-0000-0000-000000000000")
        .await;
    assert_eq!(nobody.unwrap(), None);
}
