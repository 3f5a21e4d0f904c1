//! Orders by Binance's protocol: signed, sent, looked up, cancelled, adopted, protected; and what is believed in trouble.

use std::{sync::Arc, time::Duration};

use ordercast_adapters::{
    binance::allowance,
    meter::{Budget, Metered},
};
use ordercast_model::{
    connection::Mode,
    ids::ConnectionId,
    order::{
        identity::Leg,
        shape::{OrderRequest, OrderType, ProtectionGroup, ProtectionSlice},
    },
    ports::{
        BoxFuture,
        allowance::Headroom,
        broker::{
            Access, Broker, BrokerError, BrokerEvent, CancelOutcome, ErrorKind, EventSink, NotSent,
            Protected, Sent, VenueFill, VenueState,
        },
        market::Market,
    },
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    approve::approved,
    binance_fixture::{Hall, LIVE, MUTE, RICH, SIGNED, TEST, access, buy, coin, leg},
    paper_fixture::{client_id, price},
    world,
};

#[tokio::test]
async fn an_order_is_filled_and_each_execution_is_told_once() {
    let hall = Hall::open().await;
    let end = hall.broker.fills_end(&hall.access).await.unwrap();
    let order = hall.bought(1, "0.02").await;
    assert_eq!((order.state, order.filled), (VenueState::Filled, order.quantity));
    let positions = hall.broker.positions(&hall.access).await.unwrap();
    assert_eq!((positions.len(), positions[0].quantity), (1, Decimal::new(2, 2)));
    let fills = hall
        .broker
        .fills_since(&hall.access, end.as_deref())
        .await
        .unwrap();
    let sum: Decimal = fills.iter().map(|f| f.quantity.value()).sum();
    assert_eq!(sum, Decimal::new(2, 2));
    let id = Some(&order.client_order_id);
    assert!(
        fills
            .iter()
            .all(|f| f.client_order_id.as_ref() == id && f.fee.currency.code() == "USDT")
    );
    let cursor = &fills.last().unwrap().cursor;
    let again = hall.broker.fills_since(&hall.access, Some(cursor)).await.unwrap();
    assert!(again.is_empty(), "{again:?}");
    hall.bought(2, "0.01").await;
    let next = hall.broker.fills_since(&hall.access, Some(cursor)).await.unwrap();
    assert!(
        !next.is_empty()
            && next
                .iter()
                .all(|f| f.client_order_id == Some(client_id(2, Leg::Entry)))
    );
    let past = hall.broker.fills_end(&hall.access).await.unwrap();
    world::nap(5).await;
    let none = hall
        .broker
        .fills_since(&hall.access, past.as_deref())
        .await
        .unwrap();
    assert!(
        none.is_empty(),
        "what came before a connection is not its own: {none:?}"
    );
    let account = hall.broker.account(&hall.access).await.unwrap();
    assert!(account.cash < Decimal::from(100_000) && account.equity > account.cash);
    assert_eq!((account.mode, account.currency.code()), (Mode::Paper, "USDT"));
    hall.server.shutdown().await;
}

#[tokio::test]
async fn commissions_are_told_in_the_accounts_money_and_what_they_take_is_not_sold() {
    let hall = Hall::with(|c| c.commission_percent = Decimal::new(1, 1)).await;
    let end = hall.broker.fills_end(&hall.access).await.unwrap();
    hall.bought(1, "0.1").await;
    let fills = hall
        .broker
        .fills_since(&hall.access, end.as_deref())
        .await
        .unwrap();
    for fill in &fills {
        let expected = fill.quantity.value() * fill.price.value() / Decimal::from(1_000);
        assert!(
            (fill.fee.amount - expected).abs() < Decimal::new(1, 2),
            "{fill:?}"
        );
    }
    // 0.1 was bought and 0.0999 is there.
    let placed = hall.protect(&group(&hall, 1, &[(1, "0.1")]).await).await;
    let Protected::Placed(legs) = placed else {
        panic!("{placed:?}")
    };
    assert!(
        legs.iter().all(|l| l.quantity.value() == Decimal::new(999, 4)),
        "{legs:?}"
    );
    assert!(matches!(
        hall.protect(&group(&hall, 2, &[]).await).await,
        Protected::Placed(_)
    ));
    let close = leg(3, Leg::Flatten, "0.1", OrderType::Market);
    let sold = hall.accepted(&close).await;
    assert_eq!(sold.quantity.value(), Decimal::new(999, 4));
    // Much more than commissions took is not cut but refused.
    hall.bought(4, "0.1").await;
    let sent = hall.place(&leg(5, Leg::Flatten, "0.2", OrderType::Market)).await;
    assert!(
        matches!(&sent, Sent::Rejected(r) if r.kind == ErrorKind::InsufficientFunds),
        "{sent:?}"
    );
    hall.server.shutdown().await;
}

#[tokio::test]
async fn keys_of_both_kinds_open_their_own_host_only_and_show_their_rights() {
    let hall = Hall::open().await;
    let ask = async |mode, keys| hall.broker.account(&access(mode, keys)).await;
    assert_eq!(ask(Mode::Paper, TEST).await.unwrap().may_withdraw, None);
    assert!(ask(Mode::Paper, SIGNED).await.is_ok());
    assert_eq!(ask(Mode::Live, LIVE).await.unwrap().may_withdraw, Some(false));
    assert_eq!(ask(Mode::Live, RICH).await.unwrap().may_withdraw, Some(true));
    let why = ask(Mode::Live, MUTE).await.unwrap_err().to_string();
    assert!(why.contains("enable spot trading"), "{why}");
    for (mode, keys) in [
        (Mode::Live, TEST),
        (Mode::Paper, LIVE),
        (Mode::Paper, (TEST.0, LIVE.1)),
        (Mode::Paper, (SIGNED.0, TEST.1)),
        (Mode::Paper, (TEST.0, "-----BEGIN RSA PRIVATE KEY-----x")),
    ] {
        let refused = ask(mode, keys).await.unwrap_err();
        assert!(matches!(refused, BrokerError::Unauthorised(_)), "{refused:?}");
        let told = format!("{refused} {refused:?}");
        assert!(!told.contains(keys.1) && !told.contains("signature="), "{told}");
    }
    // Keys that do not say whether they may withdraw are refused where money is real.
    hall.fault(json!({"kind": "answer", "path": "apiRestrictions", "status": 404, "code": -1000, "message": "Not found."}))
        .await;
    assert!(ask(Mode::Live, LIVE).await.is_err());
    let sent = hall
        .broker
        .place(&access(Mode::Live, TEST), &approved(&buy(1, "0.01")))
        .await;
    assert!(
        matches!(sent, Sent::NotSent(NotSent::Unauthorised(_))),
        "{sent:?}"
    );
    assert!(hall.truth().await.is_empty());
    hall.server.shutdown().await;
}

#[tokio::test]
async fn a_clock_that_differs_is_measured_and_measured_again_when_it_was_set() {
    let hall = Hall::with(|c| c.clock_ahead_millis = 45_000).await;
    assert!(hall.broker.account(&hall.access).await.is_ok());
    hall.fault(json!({"kind": "clock", "ahead_millis": -3_600_000}))
        .await;
    assert!(hall.broker.account(&hall.access).await.is_ok(), "asked once more");
    hall.fault(json!({"kind": "clock", "ahead_millis": 20_000})).await;
    let order = hall.accepted(&hall.resting(1, "0.01").await).await;
    assert_eq!(order.state, VenueState::Working);
    assert_eq!(hall.truth().await.len(), 1);
    hall.server.shutdown().await;
}

#[tokio::test]
async fn rules_are_kept_before_anything_is_sent_and_the_broken_one_is_named() {
    let hall = Hall::open().await;
    let refused = async |request: OrderRequest| match hall.place(&request).await {
        Sent::Rejected(refusal) => (refusal.kind, refusal.message),
        other => panic!("not refused: {other:?}"),
    };
    let limit = |limit: &str, quantity: &str| OrderRequest {
        order_type: OrderType::Limit { limit: price(limit) },
        ..buy(1, quantity)
    };
    for (request, want) in [
        (buy(1, "0.0000001"), "LOT_SIZE: BTCUSDT expects at least 0.00001"),
        (
            buy(1, "0.010001"),
            "LOT_SIZE: BTCUSDT expects quantities in steps of 0.00001, got 0.010001",
        ),
        (
            buy(1, "100001"),
            "MARKET_LOT_SIZE: BTCUSDT expects at most 100000",
        ),
        (
            limit("50000.001", "0.01"),
            "PRICE_FILTER: BTCUSDT expects a limit price in steps of 0.01",
        ),
        (
            limit("50000", "0.00001"),
            "NOTIONAL: BTCUSDT expects a value of at least 5, got 0.5",
        ),
    ] {
        let (kind, words) = refused(request).await;
        assert_eq!(kind, ErrorKind::InvalidOrder, "{words}");
        assert!(words.contains(want), "{words}");
    }
    assert!(hall.truth().await.is_empty(), "nothing of it was sent");
    let (kind, words) = refused(limit("1", "10")).await;
    assert_eq!(
        (kind, words.contains("PERCENT_PRICE_BY_SIDE")),
        (ErrorKind::InvalidOrder, true),
        "{words}"
    );
    let half = hall.price("0.5").await.to_string();
    assert_eq!(refused(limit(&half, "80")).await.0, ErrorKind::InsufficientFunds);
    for unknown in ["XYZQ/USDT", "BTC/EUR", "AAPL"] {
        let request = OrderRequest {
            instrument: unknown.parse().unwrap(),
            ..buy(1, "1")
        };
        assert_eq!(refused(request).await.0, ErrorKind::InvalidSymbol, "{unknown}");
    }
    let trail = OrderType::Trailing {
        by: ordercast_model::signal::instruction::TrailBy::Percent(Decimal::TWO),
    };
    let sent = hall.place(&leg(2, Leg::Stop(1), "0.01", trail)).await;
    assert!(
        matches!(&sent, Sent::NotSent(NotSent::Unsupported(why)) if why.contains("trailing stops")),
        "{sent:?}"
    );
    hall.fault(json!({"kind": "halt", "symbol": "BTCUSDT"})).await;
    assert_eq!(refused(buy(3, "0.01")).await.0, ErrorKind::MarketClosed);
    hall.server.shutdown().await;
}

#[tokio::test]
async fn an_id_is_taken_while_its_order_is_open_and_adopted_only_by_the_same_order() {
    let hall = Hall::open().await;
    let first = hall.accepted(&hall.resting(1, "0.03").await).await;
    let again = hall.accepted(&hall.resting(1, "0.03").await).await;
    assert_eq!(first.broker_order_id, again.broker_order_id);
    let sent = hall.place(&hall.resting(1, "0.04").await).await;
    assert!(
        matches!(&sent, Sent::Rejected(r) if r.kind == ErrorKind::DuplicateClientId),
        "{sent:?}"
    );
    let id = client_id(1, Leg::Entry);
    let ended = hall.broker.cancel_of(&hall.access, &id, &coin()).await;
    assert!(matches!(ended, CancelOutcome::Done(o) if o.state == VenueState::Cancelled));
    let second = hall.accepted(&hall.resting(1, "0.03").await).await;
    assert_ne!(first.broker_order_id, second.broker_order_id, "free again");
    assert_eq!(hall.works().await.len(), 1);
    hall.server.shutdown().await;
}

#[tokio::test]
async fn a_cancel_tells_how_the_order_stands() {
    let hall = Hall::open().await;
    let cancel = async |number| {
        let id = client_id(number, Leg::Entry);
        hall.broker.cancel(&hall.access, &id).await
    };
    hall.accepted(&hall.resting(1, "0.01").await).await;
    assert!(matches!(cancel(1).await, CancelOutcome::Done(o) if o.state == VenueState::Cancelled));
    assert!(matches!(cancel(1).await, CancelOutcome::Done(o) if o.state == VenueState::Cancelled));
    hall.bought(2, "0.01").await;
    assert!(matches!(cancel(2).await, CancelOutcome::Done(o) if o.state == VenueState::Filled));
    assert_eq!(cancel(3).await, CancelOutcome::NotFound);
    hall.accepted(&hall.resting(4, "0.01").await).await;
    hall.fault(json!({"kind": "drop_answer", "method": "DELETE"}))
        .await;
    assert!(matches!(cancel(4).await, CancelOutcome::Unknown(_)));
    assert!(matches!(cancel(4).await, CancelOutcome::Done(_)));
    hall.server.shutdown().await;
}

/// One fault on a submit: what the broker says, and whether Binance holds the order all the same.
async fn check(hall: &Hall, number: u32, fault: Value, said: impl Fn(&Sent) -> bool, held: bool) {
    let request = hall.resting(number, "0.001").await;
    let mut wish = fault.clone();
    wish["method"] = json!("POST");
    hall.fault(wish).await;
    let sent = hall.place(&request).await;
    assert!(said(&sent), "{fault}: {sent:?}");
    hall.clear_faults().await;
    let id = &request.client_order_id;
    let found = hall.broker.order_of(&hall.access, id, &coin()).await.unwrap();
    assert_eq!(found.is_some(), held, "{fault}");
    // A process that knows nothing of it finds it as well.
    let fresh = Hall::broker_of(hall);
    let found = fresh.order_by_client_id(&hall.access, id).await.unwrap();
    assert_eq!(found.is_some(), held, "{fault}");
}

#[tokio::test]
async fn an_unclear_answer_is_unknown_and_a_clear_one_is_believed() {
    let hall = Hall::open().await;
    let unknown = |sent: &Sent| matches!(sent, Sent::Unknown(_));
    for (number, fault, held) in [
        (1, json!({"kind": "drop_answer"}), true),
        (2, json!({"kind": "error_after"}), true),
        (3, json!({"kind": "error_after", "status": 503}), true),
        (4, json!({"kind": "error_before", "status": 502}), false),
        (5, json!({"kind": "timeout_after"}), true),
        (6, json!({"kind": "delay_answer", "millis": 3_000}), true),
        (7, json!({"kind": "hang"}), false),
        (
            8,
            json!({"kind": "answer", "status": 400, "code": -1006, "message": "Execution status unknown."}),
            false,
        ),
        (
            9,
            json!({"kind": "answer", "status": 400, "code": -9999, "message": "new"}),
            false,
        ),
    ] {
        check(&hall, number, fault, unknown, held).await;
    }
    let waits = |seconds| move |sent: &Sent| matches!(sent, Sent::NotSent(NotSent::Retry { after, .. }) if *after == Duration::from_secs(seconds));
    check(
        &hall,
        10,
        json!({"kind": "rate_limit", "retry_after": 7}),
        waits(7),
        false,
    )
    .await;
    check(
        &hall,
        11,
        json!({"kind": "rate_limit", "status": 418, "retry_after": 7_200}),
        waits(7_200),
        false,
    )
    .await;
    let orders = json!({"kind": "answer", "status": 429, "code": -1015, "message": "Too many new orders."});
    check(&hall, 12, orders, waits(10), false).await;
    hall.server.shutdown().await;
}

#[tokio::test]
async fn a_read_that_fails_is_never_an_empty_answer() {
    let hall = Hall::open().await;
    hall.bought(1, "0.01").await;
    for kind in [
        "error_before",
        "error_after",
        "drop_answer",
        "rate_limit",
        "timeout_after",
    ] {
        hall.fault(json!({"kind": kind, "count": 0})).await;
        let failed = |failed: bool, what: &str| assert!(failed, "{kind}: {what}");
        let broker = &hall.broker;
        let positions = broker.positions(&hall.access).await;
        failed(matches!(positions, Err(BrokerError::Unavailable(_))), "positions");
        let fills = broker.fills_since(&hall.access, None).await;
        failed(matches!(fills, Err(BrokerError::Unavailable(_))), "fills");
        let id = client_id(99, Leg::Entry);
        let order = broker.order_of(&hall.access, &id, &coin()).await;
        failed(matches!(order, Err(BrokerError::Unavailable(_))), "order");
        let open = broker.open_orders(&hall.access).await;
        failed(matches!(open, Err(BrokerError::Unavailable(_))), "open orders");
        hall.clear_faults().await;
    }
    hall.server.shutdown().await;
}

/// Slices of protection, their stops far below the market and their targets far above.
async fn group(hall: &Hall, version: u32, slices: &[(u32, &str)]) -> ProtectionGroup {
    let (stop, limit) = (hall.price("0.6").await, hall.price("2").await);
    let slice = |(number, units): &(u32, &str)| ProtectionSlice {
        stop: Some(leg(*number, Leg::Stop(version), units, OrderType::Stop { stop })),
        target: Some(leg(
            *number,
            Leg::Target(version),
            units,
            OrderType::Limit { limit },
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
async fn protection_is_order_lists_that_are_swapped_and_repeats_change_nothing() {
    let hall = Hall::open().await;
    hall.bought(1, "0.04").await;
    let nothing = placed(hall.protect(&group(&hall, 1, &[]).await).await);
    assert!(nothing.is_empty(), "a group nobody knows is done");
    let wanted = group(&hall, 1, &[(1, "0.02"), (2, "0.02")]).await;
    let first = placed(hall.protect(&wanted).await);
    assert_eq!((first.len(), &first), (4, &hall.works().await));
    assert_eq!(
        placed(hall.protect(&wanted).await),
        first,
        "the same version again"
    );
    let rows = hall.truth().await;
    let pairs = rows.iter().filter(|o| o["orderListId"].as_i64() > Some(0));
    assert_eq!(pairs.count(), 4, "two lists of two");
    // The answer is lost, the list is not: the same version again finds it in force.
    let whole = group(&hall, 2, &[(1, "0.04")]).await;
    hall.fault(json!({"kind": "drop_answer", "path": "orderList/oco"}))
        .await;
    let lost = hall.protect(&whole).await;
    assert!(matches!(lost, Protected::Unknown(_)), "{lost:?}");
    let second = placed(hall.protect(&whole).await);
    assert_eq!((second.len(), &second), (2, &hall.works().await));
    assert!(second.iter().all(|id| !first.contains(id)));
    let much = hall.protect(&group(&hall, 3, &[(5, "0.09")]).await).await;
    assert!(
        matches!(&much, Protected::Rejected(r) if r.kind == ErrorKind::InsufficientFunds),
        "{much:?}"
    );
    assert!(hall.works().await.is_empty(), "half a version is never left");
    // A stop alone, with a limit of its own.
    let mut alone = group(&hall, 4, &[(1, "0.04")]).await;
    let (stop, limit) = (hall.price("0.6").await, hall.price("0.59").await);
    alone.slices[0].target = None;
    alone.slices[0].stop.as_mut().unwrap().order_type = OrderType::StopLimit { stop, limit };
    assert_eq!(placed(hall.protect(&alone).await), hall.works().await);
    assert!(placed(hall.protect(&group(&hall, 5, &[]).await).await).is_empty());
    assert!(hall.works().await.is_empty());
    hall.server.shutdown().await;
}

/// A pair of which one leg lies just beside the market. Gives the executions of it once the market came there; the levels
/// follow a market that goes the other way.
async fn filled_beside(hall: &Hall, target: bool, end: Option<&str>) -> (u32, Vec<VenueFill>) {
    for version in 1..60 {
        let mut near = group(hall, version, &[(1, "0.04")]).await;
        let slice = &mut near.slices[0];
        if target {
            let limit = hall.price("1.0004").await;
            slice.target.as_mut().unwrap().order_type = OrderType::Limit { limit };
        } else {
            let stop = hall.price("0.9996").await;
            slice.stop.as_mut().unwrap().order_type = OrderType::Stop { stop };
        }
        let outcome = hall.protect(&near).await;
        // A refusal: the price went past the level in between, or the version before was filled.
        let put = match &outcome {
            Protected::Placed(_) => version,
            Protected::Rejected(why)
                if matches!(why.kind, ErrorKind::InvalidOrder | ErrorKind::InsufficientFunds) =>
            {
                version - 1
            }
            other => panic!("{other:?}"),
        };
        for _ in 0..20 {
            let fills = hall.broker.fills_since(&hall.access, end).await.unwrap();
            let sum: Decimal = fills.iter().map(|f| f.quantity.value()).sum();
            if sum == Decimal::new(4, 2) {
                return (put, fills);
            }
            if fills.is_empty() && put != version {
                break;
            }
            world::nap(50).await;
        }
    }
    panic!("the market never came there");
}

#[tokio::test]
async fn the_leg_that_fills_ends_the_other_and_both_are_told_under_our_ids() {
    for target in [true, false] {
        let hall = Hall::open().await;
        hall.bought(1, "0.04").await;
        let end = hall.broker.fills_end(&hall.access).await.unwrap();
        let (version, fills) = filled_beside(&hall, target, end.as_deref()).await;
        let (filled, other) = match target {
            true => (Leg::Target(version), Leg::Stop(version)),
            false => (Leg::Stop(version), Leg::Target(version)),
        };
        let id = client_id(1, filled);
        let ours = |f: &VenueFill| f.client_order_id.as_ref() == Some(&id);
        assert!(fills.iter().all(ours), "{fills:?}");
        let other = client_id(1, other);
        let other = hall
            .broker
            .order_of(&hall.access, &other, &coin())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (other.state, other.reason.as_deref()),
            (VenueState::Cancelled, Some("oco_filled"))
        );
        hall.server.shutdown().await;
    }
}

#[tokio::test]
async fn an_order_larger_than_what_is_offered_is_filled_in_part_and_says_so() {
    let hall = Hall::open().await;
    let end = hall.broker.fills_end(&hall.access).await.unwrap();
    let limit = hall.market.quote(&coin()).await.unwrap().ask;
    let order = OrderRequest {
        order_type: OrderType::Limit { limit },
        ..buy(1, "0.9")
    };
    hall.accepted(&order).await;
    let id = &order.client_order_id;
    let part = world::until("a part of it", async || {
        let found = hall.broker.order_of(&hall.access, id, &coin()).await.unwrap();
        found.filter(|o| !o.filled.is_zero())
    })
    .await;
    let ended = hall.broker.cancel_of(&hall.access, id, &coin()).await;
    let CancelOutcome::Done(ended) = ended else {
        panic!("{ended:?}")
    };
    assert!(
        ended.filled >= part.filled && ended.average_price.is_some(),
        "{ended:?}"
    );
    if part.state == VenueState::PartiallyFilled && ended.filled < ended.quantity {
        assert_eq!(ended.state, VenueState::Cancelled);
    }
    let fills = hall
        .broker
        .fills_since(&hall.access, end.as_deref())
        .await
        .unwrap();
    let sum: Decimal = fills.iter().map(|f| f.quantity.value()).sum();
    assert_eq!(sum, ended.filled.value(), "the list tells what the order tells");
    hall.server.shutdown().await;
}

struct Heard(mpsc::Sender<BrokerEvent>);
impl EventSink for Heard {
    fn take(&self, _: ConnectionId, event: BrokerEvent) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let _full = self.0.send(event).await;
        })
    }
}

async fn hears(access: Access, signed: bool) {
    let hall = Hall::open().await;
    let (sender, mut heard) = mpsc::channel(64);
    let listening = tokio::spawn(hall.broker.listen(access.clone(), Arc::new(Heard(sender))));
    let mut next = async || {
        tokio::time::timeout(Duration::from_secs(10), heard.recv())
            .await
            .expect("an event")
            .expect("the stream lives")
    };
    assert_eq!(
        next().await,
        BrokerEvent::Connected,
        "signed with a private key: {signed}"
    );
    let end = hall.broker.fills_end(&access).await.unwrap();
    let order = buy(1, "0.03");
    let sent = hall.broker.place(&access, &approved(&order)).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    let mut told = Vec::new();
    while told.is_empty() {
        if let BrokerEvent::Fill { order: shown, fill } = next().await {
            assert_eq!(shown.client_order_id, order.client_order_id);
            told.push(fill);
        }
    }
    let listed = hall.broker.fills_since(&access, end.as_deref()).await.unwrap();
    assert_eq!(listed[0].venue_fill_id, told[0].venue_fill_id);
    assert_eq!(
        (listed[0].fee, listed[0].quantity),
        (told[0].fee, told[0].quantity)
    );
    hall.fault(json!({"kind": "disconnect_streams"})).await;
    loop {
        if matches!(next().await, BrokerEvent::Disconnected(_)) {
            break;
        }
    }
    // What happens meanwhile is told by the lists, which are looked at first.
    assert_eq!(next().await, BrokerEvent::Connected);
    listening.abort();
    hall.server.shutdown().await;
}

#[tokio::test]
async fn the_events_tell_the_executions_that_the_list_tells_and_begin_with_a_look() {
    hears(access(Mode::Paper, TEST), false).await;
    hears(access(Mode::Paper, SIGNED), true).await;
}

#[tokio::test]
async fn a_refused_key_is_told_and_a_cancel_is_told_under_the_orders_own_id() {
    let hall = Hall::open().await;
    let (sender, mut heard) = mpsc::channel(64);
    let bad = tokio::spawn(
        hall.broker
            .listen(access(Mode::Paper, (TEST.0, LIVE.1)), Arc::new(Heard(sender))),
    );
    let told = heard.recv().await.unwrap();
    assert!(
        matches!(&told, BrokerEvent::Disconnected(why) if why.contains("refuses the credential") && !why.contains(LIVE.1)),
        "{told:?}"
    );
    bad.abort();
    let (sender, mut heard) = mpsc::channel(64);
    let good = tokio::spawn(hall.broker.listen(hall.access.clone(), Arc::new(Heard(sender))));
    assert_eq!(heard.recv().await.unwrap(), BrokerEvent::Connected);
    hall.accepted(&hall.resting(1, "0.01").await).await;
    let id = client_id(1, Leg::Entry);
    hall.broker.cancel_of(&hall.access, &id, &coin()).await;
    let ended = world::until("the cancel", async || match heard.recv().await.unwrap() {
        BrokerEvent::Order(order) if order.state == VenueState::Cancelled => Some(order),
        _ => None,
    })
    .await;
    assert_eq!(ended.client_order_id, id);
    good.abort();
    hall.server.shutdown().await;
}

#[tokio::test]
async fn what_the_venue_counts_is_obeyed_and_nothing_is_refused_for_asking_too_much() {
    let allowed = || {
        let mut all = allowance(Headroom::percent(50).unwrap());
        // A minute of weight would take the test a minute: three hundred of six hundred.
        (all[0].vendor, all[0].ours) = (600, 300);
        all
    };
    let (budget, _told) = Budget::new(world::clock(), Headroom::percent(50).unwrap(), None);
    let hall = Hall::metered(
        |c| c.weight_per_minute = 600,
        |http| Metered::new(http, budget.meter("binance", "Binance", allowed()), None),
    )
    .await;
    let mut asked = 0;
    let busy = loop {
        match hall.broker.positions(&hall.access).await {
            Ok(_) => asked += 1,
            Err(why) => break why,
        }
        assert!(asked < 100, "nothing holds it back");
    };
    assert!(matches!(busy, BrokerError::Busy { .. }), "{busy:?}");
    // One of time, then 24 each, of the 270 that are not kept for exits.
    assert_eq!(asked, 11);
    // Exits still go.
    let close = leg(1, Leg::Flatten, "0.01", OrderType::Market);
    let sent = hall.place(&close).await;
    assert!(
        matches!(&sent, Sent::Rejected(r) if r.kind == ErrorKind::InsufficientFunds),
        "{sent:?}"
    );
    hall.server.shutdown().await;
}

#[tokio::test]
async fn what_others_behind_the_same_address_use_is_left_to_them() {
    let allowed = || {
        let mut all = allowance(Headroom::percent(50).unwrap());
        (all[0].vendor, all[0].ours) = (600, 300);
        all
    };
    let (budget, _told) = Budget::new(world::clock(), Headroom::percent(50).unwrap(), None);
    let hall = Hall::metered(
        |c| c.weight_per_minute = 600,
        |http| Metered::new(http, budget.meter("binance", "Binance", allowed()), None),
    )
    .await;
    // Another program uses 500 of the 600.
    for _ in 0..25 {
        let url = format!("{}/api/v3/exchangeInfo", hall.server.paper_url());
        let answer = world::http().get(url).send().await.unwrap();
        assert!(answer.headers().contains_key("x-mbx-used-weight-1m"));
    }
    let mut asked = 0;
    while hall.broker.positions(&hall.access).await.is_ok() {
        asked += 1;
        assert!(asked < 100, "nothing holds it back");
    }
    assert!(asked <= 4, "{asked} times 24 beside 500 of 600");
    hall.server.shutdown().await;
}

#[tokio::test]
async fn quotes_rules_and_bars_are_binances() {
    let hall = Hall::open().await;
    for symbol in ["BTC", "BTCUSDT", "btc-usd", "$ETH", "xbt"] {
        let rules = hall.market.rules(symbol).await.unwrap();
        assert!(rules.tradable && !rules.shortable, "{symbol}");
        let quote = hall.market.quote(&rules.instrument).await.unwrap();
        assert!(quote.bid < quote.ask, "{symbol}: {quote:?}");
        assert_eq!(
            hall.market.latest(&rules.instrument).unwrap().instrument,
            rules.instrument
        );
    }
    let rules = hall.market.rules("BTC").await.unwrap();
    assert_eq!(
        (rules.notional_min, rules.lot),
        (Decimal::from(5), Decimal::new(1, 5))
    );
    for unknown in ["XYZQ", "AAPL", "BRK.B", "ETH/BTC"] {
        let why = hall.market.rules(unknown).await.unwrap_err();
        assert!(why.to_string().contains(unknown), "{why}");
    }
    let all = hall.market.list().await.unwrap();
    assert!(all.iter().any(|r| r.instrument == coin()));
    let bars = hall.market.bars(&coin(), 5).await.unwrap();
    assert!(bars.windows(2).all(|two| two[0].at < two[1].at), "{bars:?}");
    hall.fault(json!({"kind": "halt", "symbol": "SOLUSDT"})).await;
    assert!(!hall.market.rules("SOL").await.unwrap().tradable);
    hall.server.shutdown().await;
}
