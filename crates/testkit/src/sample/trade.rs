//! Connections, accounts, decisions, orders and holdings.

use std::collections::BTreeMap;

use ordercast_model::{
    account::{Account, EquityPoint},
    connection::{Connection, Health, Mode},
    decision::{Approval, ApprovalState, Decision, DecisionStatus},
    ids::{DecisionId, ProviderId, SignalId, UserId},
    instrument::Instrument,
    money::{Currency, Money, Price, Quantity},
    order::{
        identity::{ClientOrderId, Leg, Origin},
        intent::{Fill, Intent, Order, ProtectionPlan, Stages},
        shape::{OrderRequest, OrderSide, OrderType},
        state::OrderState,
    },
    position::{Lot, Position},
    signal::instruction::{PositionSide, TimeInForce},
    time::{SessionZone, Timestamp},
};
use rust_decimal::Decimal;

use super::{at, id};

/// AAPL shares.
#[must_use]
pub fn apple() -> Instrument {
    Instrument::Equity {
        symbol: "AAPL".to_owned(),
    }
}

/// A whole number of units.
#[must_use]
pub fn units(n: u32) -> Quantity {
    Quantity::new(Decimal::from(n)).unwrap_or(Quantity::ZERO)
}

/// A price in whole dollars; one dollar when zero is asked for.
#[must_use]
pub fn dollars(n: u32) -> Price {
    #[expect(clippy::expect_used, reason = "one or more is a price")]
    Price::new(Decimal::from(n.max(1))).expect("above zero")
}

/// The n-th connection, to the paper venue.
#[must_use]
pub fn connection(n: u64, user_id: UserId) -> Connection {
    Connection {
        id: id(n),
        user_id,
        version: 1,
        broker: "paper".to_owned(),
        mode: Mode::Paper,
        label: format!("Paper {n}"),
        account_id: format!("PA{n}"),
        credential: Vec::new(),
        default_for: Vec::new(),
        zone: SessionZone::NewYork,
        health: Health::Ok,
        health_reason: None,
        fills_cursor: None,
        created_at: at(n),
    }
}

/// The account of a connection with 100,000 dollars.
#[must_use]
pub fn account(connection: &Connection) -> Account {
    let cash = Decimal::from(100_000);
    Account {
        key: Account::key_of(&connection.broker, connection.mode, &connection.account_id),
        version: 1,
        user_id: connection.user_id,
        connection_id: connection.id,
        zone: connection.zone,
        currency: Currency::USD,
        cash,
        equity: cash,
        buying_power: cash,
        synced_at: at(0),
        day: connection.zone.day_of(at(0)),
        day_start_equity: cash,
        day_high_equity: cash,
        daily_loss_tripped: false,
        daily_loss_cap: None,
        holdings: BTreeMap::new(),
        reservations: BTreeMap::new(),
        recent_opens: Vec::new(),
        recent_orders: Vec::new(),
        orders_today: 0,
        flatten: None,
        breaker_trips: 0,
        rate_hits: Vec::new(),
        unexplained: BTreeMap::new(),
        outside: BTreeMap::new(),
    }
}

/// The n-th decision: placed, for instruction 0 of revision 1.
#[must_use]
pub fn decision(n: u64, signal_id: SignalId, user_id: UserId, provider_id: ProviderId) -> Decision {
    Decision {
        id: id::<DecisionId>(n),
        version: 1,
        signal_id,
        revision: 1,
        instruction: 0,
        user_id,
        follow_id: None,
        provider_id,
        connection_id: None,
        status: DecisionStatus::Placed,
        breaches: Vec::new(),
        message: "Placed as called.".to_owned(),
        orders: Vec::new(),
        created_at: at(n),
        updated_at: at(n),
    }
}

/// The n-th card, pending, that ends 120 seconds after it was made.
#[must_use]
pub fn approval(n: u64, decision: &Decision) -> Approval {
    Approval {
        id: id(n),
        version: 1,
        user_id: decision.user_id,
        signal_id: decision.signal_id,
        revision: decision.revision,
        instruction: decision.instruction,
        decision_id: decision.id,
        follow_id: id(n),
        state: ApprovalState::Pending,
        question: ordercast_model::decision::Question::Order,
        choice: None,
        preview: serde_json::json!({"symbol": "AAPL", "quantity": "10"}),
        expires_at: at(n + 120),
        created_at: at(n),
        answered_at: None,
    }
}

/// The n-th order: a manual market buy of 10 AAPL, pending.
#[must_use]
pub fn order(n: u64, connection: &Connection) -> Order {
    let origin = Origin::Manual(id(n));
    Order {
        id: id(n),
        version: 1,
        intent_id: id(n),
        user_id: connection.user_id,
        connection_id: connection.id,
        signal_id: None,
        provider_id: None,
        origin,
        instruction: 0,
        leg: Leg::Entry,
        lot_id: None,
        position_side: PositionSide::Long,
        request: OrderRequest {
            client_order_id: ClientOrderId::derive(origin, 0, connection.id, Leg::Entry, 0),
            instrument: apple(),
            side: OrderSide::Buy,
            quantity: units(10),
            order_type: OrderType::Market,
            time_in_force: TimeInForce::Day,
            extended_hours: false,
            reduce_only: false,
        },
        state: OrderState::Pending,
        broker_order_id: None,
        filled: Quantity::ZERO,
        average_price: None,
        fees: Money::zero(Currency::USD),
        reason: None,
        message: None,
        note: None,
        cancelled_by: None,
        cancel_requested: false,
        late_fill: false,
        attempts: 0,
        due_at: None,
        stages: Stages::default(),
        created_at: at(n),
        updated_at: at(n),
    }
}

/// The intent that leads to an order.
#[must_use]
pub fn intent(order: &Order) -> Intent {
    Intent {
        id: order.intent_id,
        user_id: order.user_id,
        connection_id: order.connection_id,
        order_id: order.id,
        decision_id: None,
        origin: order.origin,
        instruction: order.instruction,
        leg: order.leg,
        lot_id: order.lot_id,
        provider_id: order.provider_id,
        follow_id: None,
        request: order.request.clone(),
        protection: ProtectionPlan::default(),
        reserved_price: Some(dollars(150)),
        alert_price: None,
        marketable: true,
        stop_price: None,
        works_seconds: None,
        send_before: None,
        created_at: order.created_at,
    }
}

/// The n-th fill: one share of an order at 150 dollars.
#[must_use]
pub fn fill(n: u64, order: &Order) -> Fill {
    Fill {
        id: id(n),
        venue_fill_id: format!("fill {n}"),
        order_id: order.id,
        user_id: order.user_id,
        connection_id: order.connection_id,
        instrument: order.request.instrument.clone(),
        side: order.request.side,
        quantity: units(1),
        price: dollars(150),
        fee: Money::zero(Currency::USD),
        realised: Decimal::ZERO,
        at: at(n),
        booked_at: at(n),
    }
}

/// The n-th lot: manual, long AAPL, nothing filled.
#[must_use]
pub fn lot(n: u64, connection: &Connection) -> Lot {
    Lot {
        id: id(n),
        version: 1,
        position_id: None,
        user_id: connection.user_id,
        connection_id: connection.id,
        origin: Origin::Manual(id(n)),
        signal_id: None,
        provider_id: None,
        instrument: apple(),
        side: PositionSide::Long,
        entered: Quantity::ZERO,
        open: Quantity::ZERO,
        average_price: None,
        entries: Vec::new(),
        realised: Decimal::ZERO,
        protection: ProtectionPlan::default(),
        group_version: 0,
        covered: Quantity::ZERO,
        replanned: false,
        stop_price: None,
        target_prices: Vec::new(),
        targets_filled: 0,
        watch: None,
        closed: false,
        created_at: at(n),
        updated_at: at(n),
    }
}

/// The n-th position: open, long 10 AAPL.
#[must_use]
pub fn position(n: u64, connection: &Connection) -> Position {
    Position {
        id: id(n),
        version: 1,
        user_id: connection.user_id,
        connection_id: connection.id,
        instrument: apple(),
        side: PositionSide::Long,
        managed: true,
        quantity: units(10),
        quantity_max: units(10),
        exited: Quantity::ZERO,
        average_price: dollars(150),
        exit_price: None,
        realised: Decimal::ZERO,
        fees: Decimal::ZERO,
        opened_at: at(n),
        closed_at: None,
    }
}

/// A point of a connection's equity curve.
#[must_use]
pub fn equity(connection: &Connection, at: Timestamp) -> EquityPoint {
    EquityPoint {
        user_id: connection.user_id,
        connection_id: connection.id,
        at,
        equity: Decimal::new(10_000_050, 2),
        cash: Decimal::from(100_000),
    }
}
