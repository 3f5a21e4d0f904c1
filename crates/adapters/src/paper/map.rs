//! The paper venue's words as ours and ours as theirs: pure, both ways. Refuses to guess: what does not map is an error.

use ordercast_model::{
    connection::Mode,
    instrument::Instrument,
    market::{InstrumentRules, Quote, Session},
    money::Money,
    order::shape::{OrderRequest, OrderSide, OrderType, ProtectionGroup, ProtectionSlice},
    outside::{Size, Terms},
    ports::{
        broker::{ShownOrder, VenueAccount, VenueFill, VenueOrder, VenuePosition, VenueState},
        market::Bar,
    },
    signal::instruction::{TimeInForce, TrailBy},
};
use rust_decimal::Decimal;

use super::wire;

/// Something of the venue that has no word here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the venue's {field} {got:?} is not understood")]
pub(super) struct Strange {
    field: &'static str,
    got: String,
}

fn strange(field: &'static str, got: &str) -> Strange {
    Strange {
        field,
        got: got.chars().take(60).collect(),
    }
}

fn instrument(text: &str) -> Result<Instrument, Strange> {
    text.parse().map_err(|_| strange("symbol", text))
}

fn side(text: &str) -> Result<OrderSide, Strange> {
    match text {
        "buy" => Ok(OrderSide::Buy),
        "sell" => Ok(OrderSide::Sell),
        _ => Err(strange("side", text)),
    }
}

fn state(status: &str) -> Result<VenueState, Strange> {
    Ok(match status {
        "new" => VenueState::Working,
        "partially_filled" => VenueState::PartiallyFilled,
        "filled" => VenueState::Filled,
        "cancelled" => VenueState::Cancelled,
        "expired" => VenueState::Expired,
        "rejected" => VenueState::Rejected,
        _ => return Err(strange("status", status)),
    })
}

/// An order, whoever placed it.
pub(super) fn shown(order: &wire::Order) -> Result<ShownOrder, Strange> {
    Ok(ShownOrder {
        client_order_id: order.client_order_id.as_deref().and_then(|id| id.parse().ok()),
        terms: Terms {
            broker_order_id: order.id.clone(),
            instrument: instrument(&order.symbol)?,
            side: side(&order.side)?,
            size: Size::Units(order.quantity),
            filled: order.filled_quantity,
            order_type: order.kind.as_deref().map(|kind| match kind {
                "trailing_stop" => "trailing".to_owned(),
                other => other.to_owned(),
            }),
            limit: order.limit_price,
            // The level of one that trails moves with the price.
            stop: order
                .stop_price
                .filter(|_| order.kind.as_deref() != Some("trailing_stop")),
        },
        state: state(&order.status)?,
        average_price: order.average_price,
        reason: order.reason.clone(),
        at: order.updated_at,
    })
}

/// An order; none when its client order id is not of ours, so somebody else placed it.
pub(super) fn order(order: &wire::Order) -> Result<Option<VenueOrder>, Strange> {
    Ok(shown(order)?.ours())
}

/// A fill. An expired option that was paid out has no order: the fill's own id stands in, as `settlement:<fill>`.
pub(super) fn fill(fill: &wire::Fill) -> Result<VenueFill, Strange> {
    Ok(VenueFill {
        venue_fill_id: fill.fill_id.clone(),
        client_order_id: fill.client_order_id.as_deref().and_then(|id| id.parse().ok()),
        broker_order_id: fill
            .order_id
            .clone()
            .unwrap_or_else(|| format!("settlement:{}", fill.fill_id)),
        instrument: instrument(&fill.symbol)?,
        side: side(&fill.side)?,
        quantity: fill.quantity,
        price: fill.price,
        fee: Money::usd(fill.fee),
        at: fill.at,
        cursor: fill.cursor.to_string(),
    })
}

/// An account. Always paper; a key of this venue can move nothing out.
pub(super) fn account(account: &wire::Account) -> Result<VenueAccount, Strange> {
    Ok(VenueAccount {
        account_id: account.account.clone(),
        mode: Mode::Paper,
        currency: account
            .currency
            .parse()
            .map_err(|_| strange("currency", &account.currency))?,
        cash: account.cash,
        equity: account.equity,
        buying_power: account.buying_power,
        may_withdraw: Some(false),
        at: account.at,
    })
}

/// A position, short ones below zero.
pub(super) fn position(position: &wire::Position) -> Result<VenuePosition, Strange> {
    let held = position.quantity.value().abs();
    Ok(VenuePosition {
        instrument: instrument(&position.symbol)?,
        quantity: match position.side.as_str() {
            "long" => held,
            "short" => -held,
            other => return Err(strange("side", other)),
        },
        average_price: position.average_price,
    })
}

/// A quote.
pub(super) fn quote(quote: &wire::Quote) -> Result<Quote, Strange> {
    Ok(Quote {
        instrument: instrument(&quote.symbol)?,
        bid: quote.bid,
        ask: quote.ask,
        last: quote.last,
        volume: quote.volume,
        change_pct: quote.change,
        at: quote.at,
    })
}

/// An instrument's rules; a halted one is not tradable now.
pub(super) fn rules(listing: &wire::Listing) -> Result<InstrumentRules, Strange> {
    Ok(InstrumentRules {
        instrument: instrument(&listing.symbol)?,
        tick: listing.tick,
        lot: listing.lot,
        quantity_min: listing.lot,
        notional_min: listing.minimum_notional,
        tradable: listing.tradable && !listing.halted,
        shortable: listing.shortable,
    })
}

/// A session: only the change that comes next is told.
pub(super) fn session(hours: wire::ClassHours) -> Session {
    Session {
        open: hours.open,
        next_open: hours.next_open.filter(|_| !hours.open),
        next_close: hours.next_close.filter(|_| hours.open),
    }
}

/// A bar.
pub(super) fn bar(bar: &wire::Bar) -> Bar {
    Bar {
        at: bar.time,
        open: bar.open,
        high: bar.high,
        low: bar.low,
        close: bar.close,
        volume: bar.volume,
    }
}

/// Why the venue cannot take a request of ours, by name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the paper venue has no {0}")]
pub(super) struct Unsupported(pub(super) &'static str);

fn trail(by: TrailBy) -> (Option<String>, Option<String>) {
    match by {
        TrailBy::Percent(pct) => (Some(plain(pct)), None),
        TrailBy::Amount(amount) => (None, Some(plain(amount))),
    }
}

/// An order as the venue takes it.
pub(super) fn place(order: &OrderRequest) -> Result<wire::PlaceOrder, Unsupported> {
    if order.extended_hours {
        return Err(Unsupported("trading outside regular hours"));
    }
    let time_in_force = match order.time_in_force {
        TimeInForce::Day => "day",
        TimeInForce::Gtc => "gtc",
        TimeInForce::Ioc => "ioc",
        TimeInForce::Fok => "fok",
    };
    let mut out = wire::PlaceOrder {
        client_order_id: order.client_order_id.to_string(),
        symbol: order.instrument.to_string(),
        side: order.side.code(),
        kind: order.order_type.code(),
        time_in_force,
        quantity: order.quantity,
        limit_price: None,
        stop_price: None,
        trail_percent: None,
        trail_amount: None,
        reduce_only: order.reduce_only,
    };
    match order.order_type {
        OrderType::Market => {}
        OrderType::Limit { limit } => out.limit_price = Some(limit),
        OrderType::Stop { stop } => out.stop_price = Some(stop),
        OrderType::StopLimit { stop, limit } => {
            out.stop_price = Some(stop);
            out.limit_price = Some(limit);
        }
        OrderType::Trailing { by } => {
            out.kind = "trailing_stop";
            (out.trail_percent, out.trail_amount) = trail(by);
        }
    }
    Ok(out)
}

fn slice(slice: &ProtectionSlice) -> Result<wire::PutLeg, Unsupported> {
    let stop = slice.stop.as_ref().map(|order| {
        let mut stop = wire::PutStop {
            client_order_id: order.client_order_id.to_string(),
            quantity: order.quantity,
            stop_price: None,
            trail_percent: None,
            trail_amount: None,
            limit_price: None,
        };
        match order.order_type {
            OrderType::Stop { stop: at } => stop.stop_price = Some(at),
            OrderType::StopLimit { stop: at, limit } => {
                stop.stop_price = Some(at);
                stop.limit_price = Some(limit);
            }
            OrderType::Trailing { by } => (stop.trail_percent, stop.trail_amount) = trail(by),
            OrderType::Market | OrderType::Limit { .. } => {
                return Err(Unsupported("protective stop without a trigger"));
            }
        }
        Ok(stop)
    });
    let target = slice.target.as_ref().map(|order| match order.order_type {
        OrderType::Limit { limit } => Ok(wire::PutTarget {
            client_order_id: order.client_order_id.to_string(),
            quantity: order.quantity,
            limit_price: limit,
        }),
        _ => Err(Unsupported("target other than a limit order")),
    });
    Ok(wire::PutLeg {
        stop: stop.transpose()?,
        target: target.transpose()?,
    })
}

/// A protection group as the venue takes it; none when no slice names the instrument, so nothing is to be covered.
pub(super) fn group(group: &ProtectionGroup) -> Result<Option<wire::PutGroup>, Unsupported> {
    let mut legs = group.slices.iter().flat_map(|s| [&s.stop, &s.target]).flatten();
    let Some(first) = legs.next() else {
        return Ok(None);
    };
    let held = group
        .slices
        .iter()
        .filter(|s| s.stop.is_some() || s.target.is_some());
    Ok(Some(wire::PutGroup {
        version: group.version,
        symbol: first.instrument.to_string(),
        side: first.side.code().to_owned(),
        legs: held.map(slice).collect::<Result<_, _>>()?,
    }))
}

/// Whether the order that has our id at the venue is the one we meant.
pub(super) fn same(request: &OrderRequest, order: &VenueOrder) -> bool {
    order.instrument == request.instrument
        && order.side == request.side
        && order.quantity == request.quantity
        && order.client_order_id == request.client_order_id
}

/// A decimal as the venue reads it.
pub(super) fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}
