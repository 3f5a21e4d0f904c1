//! What the broker makes of a venue in trouble: nothing is believed that was not said.

use std::time::Duration;

use ordercast_model::ports::broker::{Broker, BrokerError, Dedupe, ErrorKind, NotSent, Sent, VenueState};
use serde_json::{Value, json};

use crate::paper_fixture::{Floor, resting};

/// One fault on a submit: what the broker says, and whether the venue holds the order all the same.
async fn check(floor: &Floor, number: u32, fault: Value, said: impl Fn(&Sent) -> bool, held: bool) {
    let mut wish = fault.clone();
    wish["route"] = json!("submit");
    floor.fault(wish).await;
    let request = resting(number, 1);
    let sent = floor.place(&request).await;
    assert!(said(&sent), "{fault}: {sent:?}");
    floor.clear_faults().await;
    assert_eq!(
        floor.look_up(&request.client_order_id).await.is_some(),
        held,
        "{fault}"
    );
}

#[tokio::test]
async fn an_unclear_answer_is_unknown_and_a_clear_one_is_believed() {
    let floor = Floor::open(Dedupe::Always).await;
    let unknown = |sent: &Sent| matches!(sent, Sent::Unknown(_));
    check(&floor, 1, json!({"kind": "drop_answer"}), unknown, true).await;
    check(&floor, 2, json!({"kind": "error_after"}), unknown, true).await;
    check(&floor, 3, json!({"kind": "error_before"}), unknown, false).await;
    check(
        &floor,
        4,
        json!({"kind": "delay_answer", "millis": 3_000}),
        unknown,
        true,
    )
    .await;
    check(&floor, 5, json!({"kind": "hang"}), unknown, false).await;
    check(
        &floor,
        6,
        json!({"kind": "delay", "millis": 100}),
        |s| matches!(s, Sent::Accepted(_)),
        true,
    )
    .await;
    let limited = |sent: &Sent| matches!(sent, Sent::NotSent(NotSent::Retry { after, .. }) if *after == Duration::from_secs(7));
    check(
        &floor,
        7,
        json!({"kind": "rate_limit", "retry_after": 7}),
        limited,
        false,
    )
    .await;
    let rejected = |sent: &Sent| matches!(sent, Sent::Accepted(o) if matches!(o.state, VenueState::Rejected | VenueState::Working));
    check(&floor, 8, json!({"kind": "reject"}), rejected, true).await;
    let late = floor.look_up(&resting(8, 1).client_order_id).await.unwrap();
    assert_eq!(late.state, VenueState::Rejected);
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn each_refusal_has_its_kind_and_keeps_the_venues_words() {
    let floor = Floor::open(Dedupe::Always).await;
    let codes = [
        ("insufficient_funds", ErrorKind::InsufficientFunds),
        ("unknown_symbol", ErrorKind::InvalidSymbol),
        ("invalid_order", ErrorKind::InvalidOrder),
        ("exceeds_position", ErrorKind::InvalidOrder),
        ("not_permitted", ErrorKind::NotPermitted),
        ("market_closed", ErrorKind::MarketClosed),
        ("halted", ErrorKind::Restricted),
    ];
    for (number, (code, kind)) in (1_u32..).zip(codes) {
        let said = |sent: &Sent| matches!(sent, Sent::Rejected(r) if r.kind == kind && r.code == code && r.message.contains("no, thanks"));
        let fault = json!({"kind": "refuse", "code": code, "message": "no, thanks"});
        check(&floor, number, fault, said, false).await;
    }
    // Not a fault but the venue's own refusal.
    let mut large = resting(50, 1_000_000);
    large.order_type = ordercast_model::order::shape::OrderType::Limit {
        limit: crate::paper_fixture::price("100"),
    };
    let sent = floor.place(&large).await;
    assert!(
        matches!(&sent, Sent::Rejected(r) if r.kind == ErrorKind::InsufficientFunds),
        "{sent:?}"
    );
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn a_read_that_fails_is_never_an_empty_answer() {
    let floor = Floor::open(Dedupe::Always).await;
    floor.bought(1, 1).await;
    for kind in ["error_before", "error_after", "drop_answer", "rate_limit"] {
        floor
            .fault(json!({"kind": kind, "route": "read", "count": 0}))
            .await;
        let unavailable = |failed: bool, what: &str| assert!(failed, "{kind}: {what}");
        let broker = &floor.broker;
        let positions = broker.positions(&floor.access).await;
        unavailable(matches!(positions, Err(BrokerError::Unavailable(_))), "positions");
        let fills = broker.fills_since(&floor.access, None).await;
        unavailable(matches!(fills, Err(BrokerError::Unavailable(_))), "fills");
        let id = resting(99, 1).client_order_id;
        let order = broker.order_by_client_id(&floor.access, &id).await;
        unavailable(matches!(order, Err(BrokerError::Unavailable(_))), "order");
        floor.clear_faults().await;
    }
    floor.venue.shutdown().await;
}
