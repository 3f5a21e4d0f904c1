//! What the fake venue does, case by case.

use std::sync::Arc;

use ordercast_model::{
    gate,
    instrument::Instrument,
    order::shape::{OrderType, ProtectionSlice},
    signal::instruction::PositionSide,
};

use super::*;
use crate::{
    clock::SteerableClock,
    sample::{at, id, trade},
};

fn access() -> Access {
    Access {
        connection_id: id(1),
        account_id: "PA1".to_owned(),
        mode: Mode::Paper,
        fields: BTreeMap::new(),
    }
}

fn broker(dedupe: Dedupe) -> FakeBroker {
    FakeBroker::new(capabilities(dedupe), Arc::new(SteerableClock::at(at(0))))
}

fn request(n: u64) -> OrderRequest {
    trade::order(n, &trade::connection(1, id(1))).request
}

#[test]
fn each_outcome_leaves_what_it_says() {
    let price = trade::dollars(150);
    let retry = NotSent::Retry {
        after: Duration::from_secs(1),
        why: "busy".to_owned(),
    };
    for (script, held, filled) in [
        (Script::Accept, 1, false),
        (Script::Fill(price), 1, true),
        (Script::Reject(refusal(ErrorKind::InsufficientFunds)), 0, false),
        (Script::NotSent(retry), 0, false),
        (Script::LoseAnswer, 1, false),
        (Script::LoseRequest, 0, false),
        (Script::FillAndLoseAnswer(price), 1, true),
    ] {
        let broker = broker(Dedupe::Never);
        broker.script([script.clone()]);
        let sent = broker.take(&access(), &request(1));
        let as_scripted = match script {
            Script::Accept | Script::Fill(_) => matches!(sent, Sent::Accepted(_)),
            Script::Reject(_) => matches!(sent, Sent::Rejected(_)),
            Script::NotSent(_) => matches!(sent, Sent::NotSent(_)),
            Script::LoseAnswer | Script::LoseRequest | Script::FillAndLoseAnswer(_) => {
                matches!(sent, Sent::Unknown(_))
            }
        };
        assert!(as_scripted, "{script:?}: {sent:?}");
        let orders = broker.orders(id(1));
        assert_eq!(orders.len(), held, "{script:?}");
        assert_eq!(
            orders.iter().any(|o| o.state == VenueState::Filled),
            filled,
            "{script:?}"
        );
    }
}

#[test]
fn a_repeated_id_is_treated_as_the_venue_says() {
    for (dedupe, orders) in [(Dedupe::Always, 1), (Dedupe::WhileOpen, 1), (Dedupe::Never, 2)] {
        let broker = broker(dedupe);
        broker.take(&access(), &request(1));
        broker.take(&access(), &request(1));
        assert_eq!(broker.orders(id(1)).len(), orders, "{dedupe:?}");
    }
    let broker = broker(Dedupe::WhileOpen);
    broker.take(&access(), &request(1));
    assert!(broker.end(id(1), &request(1).client_order_id, VenueState::Cancelled, "done"));
    assert!(
        matches!(broker.take(&access(), &request(1)), Sent::Accepted(_)),
        "free again"
    );
}

#[tokio::test]
async fn fills_move_cash_and_positions_and_never_exceed_the_order() {
    let broker = broker(Dedupe::Always);
    let order = request(1);
    broker.take(&access(), &order);
    let first = broker.fill(
        id(1),
        &order.client_order_id,
        trade::units(4),
        trade::dollars(100),
    );
    assert_eq!(first.map(|f| f.quantity), Some(trade::units(4)));
    let rest = broker.fill(
        id(1),
        &order.client_order_id,
        trade::units(99),
        trade::dollars(200),
    );
    assert_eq!(rest.map(|f| f.quantity), Some(trade::units(6)));
    assert_eq!(
        broker.fill(id(1), &order.client_order_id, trade::units(1), trade::dollars(1)),
        None
    );
    let account = broker.account(&access()).await.unwrap();
    assert_eq!(
        (account.cash, account.equity),
        (Decimal::from(98_400), Decimal::from(100_000))
    );
    let positions = broker.positions(&access()).await.unwrap();
    assert_eq!(
        positions.first().map(|p| (p.quantity, p.average_price)),
        Some((Decimal::TEN, trade::dollars(160)))
    );
    assert_eq!(broker.fills_since(&access(), Some("1")).await.unwrap().len(), 1);
    broker.set_away(true);
    assert!(broker.account(&access()).await.is_err());
}

#[tokio::test]
async fn a_group_is_swapped_as_one() {
    let broker = broker(Dedupe::Always);
    let leg = |n, price| OrderRequest {
        side: ordercast_model::order::shape::OrderSide::Sell,
        order_type: OrderType::Stop {
            stop: trade::dollars(price),
        },
        reduce_only: true,
        ..request(n)
    };
    let seal = |version, stop| {
        let group = ProtectionGroup {
            group_id: "lot".to_owned(),
            version,
            slices: vec![ProtectionSlice {
                stop: Some(stop),
                target: None,
            }],
        };
        let apple: Instrument = trade::apple();
        gate::protect(group, &apple, PositionSide::Long, trade::units(10)).unwrap()
    };
    for (version, n, working) in [(1, 1, 1), (1, 2, 1), (2, 2, 2), (1, 3, 2)] {
        let placed = broker.protect(&access(), &seal(version, leg(n, 90))).await;
        assert!(
            matches!(&placed, Protected::Placed(legs) if legs.len() == 1),
            "{placed:?}"
        );
        let open = broker.open_orders(&access()).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!(
            open.first().and_then(|o| o.client_order_id.clone()),
            Some(request(working).client_order_id)
        );
    }
}
