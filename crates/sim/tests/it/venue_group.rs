//! Protection groups: all or nothing, never more than is held, repeatable.

use ordercast_sim::venue::{
    group::{GroupRequest, GroupState, StopLeg, TargetLeg},
    order::{Reason, Side, Status, Trail},
    refusal::{Code, Refusal},
};
use rust_decimal::Decimal;

use crate::venue_fixture::{Room, Setting, check_books, d};

fn stop(id: &str, quantity: &str, price: &str) -> Option<StopLeg> {
    Some(StopLeg {
        client_order_id: id.into(),
        quantity: d(quantity),
        stop_price: Some(d(price)),
        trail: None,
        limit_price: None,
    })
}
fn target(id: &str, quantity: &str, price: &str) -> Option<TargetLeg> {
    Some(TargetLeg {
        client_order_id: id.into(),
        quantity: d(quantity),
        limit_price: d(price),
    })
}
fn put(
    room: &mut Room,
    version: u64,
    legs: Vec<(Option<StopLeg>, Option<TargetLeg>)>,
) -> Result<GroupState, Refusal> {
    let account = room.account.clone();
    let request = GroupRequest {
        version,
        symbol: "AAPL".parse().unwrap(),
        side: Side::Sell,
        legs,
    };
    room.engine.put_group(&account, "lot-1", request)
}
/// Ten seconds at 100, then up to 120 within twenty.
fn room() -> Room {
    let tape = std::iter::repeat_n(100.0, 20)
        .chain((1..=20).map(|i| 100.0 + f64::from(i)))
        .chain(std::iter::repeat_n(120.0, 60));
    let mut room = Room::new(Setting {
        tape: tape.collect(),
        ..Setting::default()
    });
    room.hold(30);
    room
}

#[test]
fn protection_follows_the_filled_quantity_in_one_step() {
    let mut room = room();
    let first = put(
        &mut room,
        1,
        vec![(stop("s1", "10", "95"), target("t1", "10", "110"))],
    )
    .unwrap();
    assert_eq!((first.covered, first.group.version), (d("10"), 1));
    let second = put(
        &mut room,
        2,
        vec![
            (stop("s2", "15", "96"), target("t2", "15", "110")),
            (stop("s3", "15", "96"), None),
        ],
    )
    .unwrap();
    assert_eq!(second.covered, d("30"));
    for (stop, target) in &first.legs {
        for order in [stop, target].into_iter().flatten() {
            assert_eq!(room.order(order.number).reason, Some(Reason::GroupReplaced));
        }
    }
    let before = room.engine.state().orders.len();
    let again = put(&mut room, 2, vec![]).unwrap();
    assert_eq!(
        (again, room.engine.state().orders.len()),
        (second, before),
        "the same version changes nothing"
    );
    assert_eq!(put(&mut room, 1, vec![]).unwrap_err().code, Code::StaleVersion);
    // The target fills on the way up, its stop goes, the runner stays.
    room.pass(320);
    let account = room.account.clone();
    let state = room.engine.group(&account, "lot-1").unwrap();
    let (stop, target) = &state.legs[0];
    assert_eq!(target.as_ref().unwrap().status, Status::Filled);
    assert_eq!(stop.as_ref().unwrap().reason, Some(Reason::OcoFilled));
    assert_eq!((state.covered, room.held("AAPL")), (d("15"), d("15")));
    let gone = room.engine.cancel_group(&account, "lot-1").unwrap();
    assert_eq!((gone.covered, room.engine.state().live.len()), (Decimal::ZERO, 0));
    assert_eq!(
        room.engine.cancel_group(&account, "lot-1").unwrap(),
        gone,
        "repeatable"
    );
    check_books(&room.engine);
}

#[test]
fn a_refused_version_leaves_the_former_one_in_force() {
    let mut room = room();
    put(&mut room, 1, vec![(stop("s1", "30", "95"), None)]).unwrap();
    let account = room.account.clone();
    let before = room.engine.state().snapshot();
    for (legs, code) in [
        (
            vec![(stop("a", "20", "95"), None), (stop("b", "11", "95"), None)],
            Code::ExceedsPosition,
        ),
        (vec![(stop("a", "30", "95.001"), None)], Code::InvalidOrder),
        (vec![(stop("a", "0", "95"), None)], Code::InvalidOrder),
        (vec![(None, None)], Code::InvalidOrder),
        (
            vec![(stop("a", "10", "95"), target("a", "10", "110"))],
            Code::InvalidOrder,
        ),
        (vec![(stop("s1", "10", "95"), None)], Code::DuplicateClientId),
    ] {
        assert_eq!(put(&mut room, 2, legs).unwrap_err().code, code);
    }
    assert_eq!(
        serde_json::to_value(room.engine.state().snapshot()).unwrap(),
        serde_json::to_value(before).unwrap()
    );
    assert_eq!(room.engine.group(&account, "lot-1").unwrap().covered, d("30"));
    assert_eq!(
        room.engine.group(&account, "lot-2").unwrap_err().code,
        Code::NotFound
    );
}

#[test]
fn a_trailing_leg_keeps_its_mark_over_versions() {
    let mut room = room();
    let trail = |id: &str| {
        Some(StopLeg {
            client_order_id: id.into(),
            quantity: d("30"),
            stop_price: None,
            trail: Some(Trail::Amount(d("5"))),
            limit_price: None,
        })
    };
    put(&mut room, 1, vec![(trail("a"), None)]).unwrap();
    room.pass(250);
    let account = room.account.clone();
    let level = |room: &Room| {
        room.engine.group(&account, "lot-1").unwrap().legs[0]
            .0
            .clone()
            .unwrap()
            .stop_price
            .unwrap()
    };
    let before = level(&room);
    assert!(before > d("99"));
    put(&mut room, 2, vec![(trail("b"), None)]).unwrap();
    assert!(level(&room) >= before);
    room.pass(200);
    assert!(level(&room) > d("114"));
}
