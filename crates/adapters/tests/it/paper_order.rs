//! Orders at the paper venue: sent, looked up, cancelled, adopted, protected.

use ordercast_model::{
    money::Quantity,
    order::{
        identity::Leg,
        shape::{OrderType, ProtectionGroup, ProtectionSlice},
    },
    ports::broker::{
        Broker, BrokerError, CancelOutcome, Dedupe, ErrorKind, NotSent, Protected, Sent, VenueState,
    },
    secret::Secret,
    signal::instruction::TrailBy,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    approve::protection,
    paper_fixture::{Floor, client_id, leg, market, price, resting},
    world::http,
};

#[tokio::test]
async fn an_order_is_filled_and_booked_at_the_venue() {
    let floor = Floor::open(Dedupe::Always).await;
    let order = floor.bought(1, 5).await;
    assert_eq!((order.state, order.filled), (VenueState::Filled, order.quantity));
    let positions = floor.broker.positions(&floor.access).await.unwrap();
    assert_eq!(positions.len(), 1);
    assert_eq!(positions[0].quantity, Decimal::from(5));
    let fills = floor.broker.fills_since(&floor.access, None).await.unwrap();
    let sum: Decimal = fills.iter().map(|f| f.quantity.value()).sum();
    assert_eq!(sum, Decimal::from(5));
    assert!(
        fills
            .iter()
            .all(|f| f.client_order_id.as_ref() == Some(&order.client_order_id))
    );
    let cursor = &fills.last().unwrap().cursor;
    assert!(
        floor
            .broker
            .fills_since(&floor.access, Some(cursor))
            .await
            .unwrap()
            .is_empty()
    );
    let account = floor.broker.account(&floor.access).await.unwrap();
    assert_eq!(account.account_id, floor.access.account_id);
    assert!(account.cash < Decimal::from(100_000));
    let rest = resting(2, 1);
    floor.accepted(&rest).await;
    let open = floor.broker.open_orders(&floor.access).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].client_order_id, Some(rest.client_order_id.clone()));
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn a_refused_key_and_an_absent_venue_send_nothing() {
    let floor = Floor::open(Dedupe::Always).await;
    let mut stranger = floor.access.clone();
    stranger
        .fields
        .insert("key".to_owned(), Secret::new("x".repeat(40)));
    let order = crate::approve::approved(&market(1, 1));
    let sent = floor.broker.place(&stranger, &order).await;
    assert!(
        matches!(sent, Sent::NotSent(NotSent::Unauthorised(_))),
        "{sent:?}"
    );
    let read = floor.broker.account(&stranger).await;
    assert!(matches!(read, Err(BrokerError::Unauthorised(_))), "{read:?}");
    let (broker, access) = (floor.broker.clone(), floor.access.clone());
    floor.venue.shutdown().await;
    let sent = broker.place(&access, &order).await;
    assert!(matches!(sent, Sent::NotSent(NotSent::Retry { .. })), "{sent:?}");
    let read = broker.account(&access).await;
    assert!(matches!(read, Err(BrokerError::Unavailable(_))), "{read:?}");
}

#[tokio::test]
async fn what_the_venue_cannot_do_is_refused_by_name() {
    let floor = Floor::open(Dedupe::Always).await;
    let mut request = market(1, 1);
    request.extended_hours = true;
    let sent = floor.place(&request).await;
    assert!(
        matches!(&sent, Sent::NotSent(NotSent::Unsupported(why)) if why.contains("outside regular hours")),
        "{sent:?}"
    );
    assert_eq!(floor.look_up(&request.client_order_id).await, None);
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn a_taken_id_is_adopted_only_when_it_is_the_same_order() {
    let floor = Floor::open(Dedupe::Always).await;
    let first = floor.accepted(&resting(1, 3)).await;
    let again = floor.accepted(&resting(1, 3)).await;
    assert_eq!(first.broker_order_id, again.broker_order_id);
    let sent = floor.place(&resting(1, 4)).await;
    assert!(
        matches!(&sent, Sent::Rejected(r) if r.kind == ErrorKind::DuplicateClientId && r.code == "duplicate_client_id"),
        "{sent:?}"
    );
    assert_eq!(floor.broker.open_orders(&floor.access).await.unwrap().len(), 1);
    floor.venue.shutdown().await;
}

/// Sends, cancels, and sends the same id again; how many orders stand then, and in which state the look-up finds it.
async fn check_dedupe(dedupe: Dedupe, second_is_new: bool, found: VenueState) {
    let floor = Floor::open(dedupe).await;
    assert_eq!(floor.broker.capabilities().client_id_dedupe, dedupe);
    let request = resting(1, 1);
    let first = floor.accepted(&request).await;
    let outcome = floor.broker.cancel(&floor.access, &request.client_order_id).await;
    assert!(matches!(outcome, CancelOutcome::Done(o) if o.state == VenueState::Cancelled));
    let second = floor.accepted(&request).await;
    assert_eq!(
        second.broker_order_id != first.broker_order_id,
        second_is_new,
        "{dedupe:?}"
    );
    let seen = floor.look_up(&request.client_order_id).await.unwrap();
    assert_eq!(
        (seen.state, seen.broker_order_id),
        (found, second.broker_order_id),
        "{dedupe:?}"
    );
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn the_three_ways_with_a_repeated_id_are_told_apart() {
    check_dedupe(Dedupe::Always, false, VenueState::Cancelled).await;
    check_dedupe(Dedupe::WhileOpen, true, VenueState::Working).await;
    check_dedupe(Dedupe::Never, true, VenueState::Working).await;
}

#[tokio::test]
async fn a_cancel_tells_how_the_order_stands() {
    let floor = Floor::open(Dedupe::Always).await;
    let cancel = async |number| {
        floor
            .broker
            .cancel(&floor.access, &client_id(number, Leg::Entry))
            .await
    };
    floor.accepted(&resting(1, 1)).await;
    for _ in 0..2 {
        assert!(matches!(cancel(1).await, CancelOutcome::Done(o) if o.state == VenueState::Cancelled));
    }
    floor.bought(2, 1).await;
    assert!(matches!(cancel(2).await, CancelOutcome::Done(o) if o.state == VenueState::Filled));
    assert_eq!(cancel(3).await, CancelOutcome::NotFound);
    floor.accepted(&resting(4, 1)).await;
    floor
        .fault(json!({"kind": "drop_answer", "route": "cancel"}))
        .await;
    assert!(matches!(cancel(4).await, CancelOutcome::Unknown(_)));
    assert!(matches!(cancel(4).await, CancelOutcome::Done(o) if o.state == VenueState::Cancelled));
    floor.venue.shutdown().await;
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
            OrderType::Limit {
                limit: price("90000"),
            },
        )),
    };
    ProtectionGroup {
        group_id: "lot_1".to_owned(),
        version,
        slices: slices.iter().map(slice).collect(),
    }
}

#[tokio::test]
async fn a_protection_group_is_swapped_as_one_and_repeats_change_nothing() {
    let floor = Floor::open(Dedupe::Always).await;
    floor.bought(1, 4).await;
    let protect =
        async |group: &ProtectionGroup| floor.broker.protect(&floor.access, &protection(group, 9)).await;
    let open = async || -> Vec<String> {
        let open = floor.broker.open_orders(&floor.access).await.unwrap();
        let mut ids: Vec<String> = open
            .iter()
            .filter_map(|o| o.ours())
            .map(|o| o.client_order_id.to_string())
            .collect();
        ids.sort();
        ids
    };
    let placed = |outcome: Protected| match outcome {
        Protected::Placed(legs) => {
            let mut ids: Vec<String> = legs.iter().map(|o| o.client_order_id.to_string()).collect();
            ids.sort();
            ids
        }
        other => panic!("not placed: {other:?}"),
    };
    let nothing = ProtectionGroup {
        slices: Vec::new(),
        ..group(1, &[])
    };
    assert!(
        placed(protect(&nothing).await).is_empty(),
        "a group nobody knows is done"
    );
    let first = placed(protect(&group(1, &[(1, 2), (2, 2)])).await);
    assert_eq!((first.len(), &first), (4, &open().await));
    assert_eq!(
        placed(protect(&group(1, &[(1, 2), (2, 2)])).await),
        first,
        "the same version again"
    );
    let mut trailing = group(2, &[(1, 4)]);
    trailing.slices[0].stop.as_mut().unwrap().order_type = OrderType::Trailing {
        by: TrailBy::Percent(Decimal::from(50)),
    };
    // The answer is lost, the swap is not: the same version again finds it in force.
    floor
        .fault(json!({"kind": "drop_answer", "route": "group"}))
        .await;
    assert!(matches!(protect(&trailing).await, Protected::Unknown(_)));
    let second = placed(protect(&trailing).await);
    assert_eq!((second.len(), &second), (2, &open().await));
    assert!(second.iter().all(|id| !first.contains(id)));
    let stale = protect(&group(1, &[(1, 2)])).await;
    assert!(
        matches!(&stale, Protected::Rejected(r) if r.code == "stale_version"),
        "{stale:?}"
    );
    let much = protect(&group(3, &[(5, 9)])).await;
    assert!(
        matches!(&much, Protected::Rejected(r) if r.code == "exceeds_position"),
        "{much:?}"
    );
    assert_eq!(open().await, second, "a refusal changes nothing");
    let nothing = ProtectionGroup {
        version: 4,
        ..nothing
    };
    protect(&nothing).await;
    assert!(open().await.is_empty());
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn an_order_placed_there_by_hand_is_shown_and_found_again_when_it_ended() {
    let floor = Floor::open(Dedupe::Always).await;
    floor.accepted(&resting(1, 2)).await;
    let key = floor.access.fields["key"].expose().clone();
    let orders = format!(
        "http://{}/v1/accounts/{}/orders",
        floor.venue.addr(),
        floor.access.account_id
    );
    let body = json!({
        "client_order_id": "my-own-1", "symbol": "AAPL", "side": "buy", "type": "limit",
        "time_in_force": "gtc", "quantity": "3", "limit_price": "2.50",
    });
    let placed = http()
        .post(&orders)
        .bearer_auth(&key)
        .json(&body)
        .send()
        .await
        .unwrap();
    let id = placed.json::<Value>().await.unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let open = floor.broker.open_orders(&floor.access).await.unwrap();
    assert_eq!(open.len(), 2);
    let theirs = open.iter().find(|o| o.client_order_id.is_none()).unwrap();
    assert_eq!(theirs.terms.to_string(), "buy 3 AAPL limit 2.50");
    assert_eq!(
        (theirs.terms.broker_order_id.as_str(), theirs.state),
        (id.as_str(), VenueState::Working)
    );
    http()
        .delete(format!("{orders}/{id}"))
        .bearer_auth(&key)
        .send()
        .await
        .unwrap();
    assert_eq!(floor.broker.open_orders(&floor.access).await.unwrap().len(), 1);
    let ended = floor
        .broker
        .order_by_broker_id(&floor.access, &id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (ended.state, ended.terms.filled),
        (VenueState::Cancelled, Quantity::ZERO)
    );
    let unknown = floor
        .broker
        .order_by_broker_id(&floor.access, "vo-999999")
        .await
        .unwrap();
    assert!(unknown.is_none());
    floor.venue.shutdown().await;
}
