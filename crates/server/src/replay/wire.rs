//! Our words as the venue's and the venue's as ours, without a wire between them: pure, both ways.

use ordercast_model::{
    money::{Money, Price, Quantity},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, OrderSide, OrderType, ProtectionGroup},
    },
    ports::broker::{ErrorKind, Refusal, VenueFill, VenueOrder, VenueState},
    signal::instruction::{TimeInForce, TrailBy},
};
use ordercast_sim::venue::{
    group::{GroupRequest, StopLeg, TargetLeg},
    order::{self as theirs, Kind, Side, Status, Trail},
    refusal::{Code, Refusal as No},
};
use rust_decimal::Decimal;

fn side(side: OrderSide) -> Side {
    match side {
        OrderSide::Buy => Side::Buy,
        OrderSide::Sell => Side::Sell,
    }
}

fn ours(side: Side) -> OrderSide {
    match side {
        Side::Buy => OrderSide::Buy,
        Side::Sell => OrderSide::Sell,
    }
}

fn trail(by: TrailBy) -> Trail {
    match by {
        TrailBy::Percent(value) => Trail::Percent(value),
        TrailBy::Amount(value) => Trail::Amount(value),
    }
}

/// Kind, limit, stop and distance of an order.
type Shape = (Kind, Option<Decimal>, Option<Decimal>, Option<Trail>);

fn shape(order_type: OrderType) -> Shape {
    match order_type {
        OrderType::Market => (Kind::Market, None, None, None),
        OrderType::Limit { limit } => (Kind::Limit, Some(limit.value()), None, None),
        OrderType::Stop { stop } => (Kind::Stop, None, Some(stop.value()), None),
        OrderType::StopLimit { stop, limit } => {
            (Kind::StopLimit, Some(limit.value()), Some(stop.value()), None)
        }
        OrderType::Trailing { by } => (Kind::TrailingStop, None, None, Some(trail(by))),
    }
}

/// An order as the venue takes it.
pub fn place(order: &OrderRequest) -> theirs::OrderRequest {
    let (kind, limit_price, stop_price, trail) = shape(order.order_type);
    theirs::OrderRequest {
        client_order_id: order.client_order_id.to_string(),
        symbol: order.instrument.clone(),
        side: side(order.side),
        kind,
        time_in_force: match order.time_in_force {
            TimeInForce::Day => theirs::TimeInForce::Day,
            TimeInForce::Gtc => theirs::TimeInForce::Gtc,
            TimeInForce::Ioc => theirs::TimeInForce::Ioc,
            TimeInForce::Fok => theirs::TimeInForce::Fok,
        },
        quantity: order.quantity.value(),
        limit_price,
        stop_price,
        trail,
        reduce_only: order.reduce_only,
        oco_group: None,
    }
}

/// A protection group as the venue takes it; none when it covers nothing.
pub fn group(group: &ProtectionGroup) -> Option<GroupRequest> {
    let first = group
        .slices
        .iter()
        .flat_map(|s| [&s.stop, &s.target])
        .flatten()
        .next()?;
    let stop = |order: &OrderRequest| {
        let (_, limit_price, stop_price, trail) = shape(order.order_type);
        StopLeg {
            client_order_id: order.client_order_id.to_string(),
            quantity: order.quantity.value(),
            stop_price,
            trail,
            limit_price,
        }
    };
    let target = |order: &OrderRequest| {
        let (_, limit, ..) = shape(order.order_type);
        limit.map(|limit_price| TargetLeg {
            client_order_id: order.client_order_id.to_string(),
            quantity: order.quantity.value(),
            limit_price,
        })
    };
    let held = group
        .slices
        .iter()
        .filter(|s| s.stop.is_some() || s.target.is_some());
    Some(GroupRequest {
        version: u64::from(group.version),
        symbol: first.instrument.clone(),
        side: side(first.side),
        legs: held
            .map(|s| (s.stop.as_ref().map(stop), s.target.as_ref().and_then(target)))
            .collect(),
    })
}

/// An order as we know it; none when its id is not of ours or a figure does not fit.
pub fn order(order: &theirs::Order) -> Option<VenueOrder> {
    let client_order_id: ClientOrderId = order.client_order_id.parse().ok()?;
    let reason = order.reason.and_then(|r| serde_json::to_value(r).ok());
    Some(VenueOrder {
        client_order_id,
        broker_order_id: order.id(),
        instrument: order.symbol.clone(),
        side: ours(order.side),
        quantity: Quantity::new(order.quantity).ok()?,
        state: match order.status {
            Status::New => VenueState::Working,
            Status::PartiallyFilled => VenueState::PartiallyFilled,
            Status::Filled => VenueState::Filled,
            Status::Cancelled => VenueState::Cancelled,
            Status::Rejected => VenueState::Rejected,
            Status::Expired => VenueState::Expired,
        },
        filled: Quantity::new(order.filled_quantity).ok()?,
        average_price: order.average_price().and_then(|p| Price::new(p).ok()),
        reason: reason.as_ref().and_then(|r| r.as_str()).map(str::to_owned),
        at: order.updated_at,
    })
}

/// A fill as we know it.
pub fn fill(fill: &theirs::Fill) -> Option<VenueFill> {
    let id = format!("vf-{}", fill.number);
    Some(VenueFill {
        client_order_id: fill.client_order_id.as_deref().and_then(|id| id.parse().ok()),
        broker_order_id: fill
            .order
            .map_or_else(|| format!("settlement:{id}"), |n| format!("vo-{n}")),
        venue_fill_id: id,
        instrument: fill.symbol.clone(),
        side: ours(fill.side),
        quantity: Quantity::new(fill.quantity).ok()?,
        price: Price::new(fill.price).ok()?,
        fee: Money::usd(fill.fee),
        at: fill.at,
        cursor: fill.number.to_string(),
    })
}

/// A refusal in our kinds.
pub fn refusal(no: &No) -> Refusal {
    let kind = match no.code {
        Code::InsufficientFunds => ErrorKind::InsufficientFunds,
        Code::UnknownSymbol => ErrorKind::InvalidSymbol,
        Code::MarketClosed => ErrorKind::MarketClosed,
        Code::NotPermitted | Code::NotFound | Code::Unauthorised => ErrorKind::NotPermitted,
        Code::Halted => ErrorKind::Restricted,
        Code::DuplicateClientId => ErrorKind::DuplicateClientId,
        Code::OrderNotFound => ErrorKind::OrderNotFound,
        Code::AlreadyFinal => ErrorKind::AlreadyFinal,
        _ => ErrorKind::InvalidOrder,
    };
    let code = serde_json::to_value(no.code).ok();
    Refusal {
        kind,
        code: code
            .as_ref()
            .and_then(|c| c.as_str())
            .unwrap_or_default()
            .to_owned(),
        message: no.message.clone(),
    }
}
